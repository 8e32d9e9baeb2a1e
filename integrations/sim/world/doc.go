// Package world is the story that ties the simulated Slack, GitHub and Heroku together: a team, its repository with a
// past, its app, and what happens to them next. A merge starts a run, whose deploying job makes the build and the
// release.
//
// It is apart from the three simulators because each of them must be believable alone, to clients that nobody here
// wrote; here is what only makes sense when they are one world.
package world
