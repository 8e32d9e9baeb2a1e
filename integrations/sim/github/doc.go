// Package githubsim is a GitHub that runs in memory: repositories with real git objects, pull requests, Actions
// runs that take their time, and the REST API that reads them.
//
// It is apart, and imports nothing of the bot, because it is the judge of the integration that talks to it:
// what it answers comes from facts/github.md, whose lines its tests name. Whoever builds a world uses the
// methods of Server and Repo; clients see only HTTP. What is not simulated answers 501.
//
// Three rules hold everywhere. State is read and changed under one mutex, Server.mu: exported methods take it,
// and so do the functions of execute.go and step.go that have a ctx; everything else expects it to be held. Every
// change that GitHub would tell about passes through Server.announce. Ids come from counters, taken when a thing
// is created and never by a run's own goroutines, so that the same calls make the same ids.
package githubsim
