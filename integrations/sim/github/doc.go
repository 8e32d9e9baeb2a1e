// Package githubsim is a GitHub that runs in memory: repositories with real git objects, pull requests, Actions
// runs that take their time, the REST API that reads and changes them, and the webhooks that tell of it.
//
// It is apart, and imports nothing of the bot, because it is the judge of the integration that talks to it:
// what it answers comes from facts/github.md, whose lines its tests name. Whoever builds a world uses the
// methods of Server and Repo; clients see only HTTP. What is not simulated answers 501.
//
// Four rules hold everywhere. State is read and changed under one mutex, Server.mu: exported methods take it,
// and so do the functions of execute.go and step.go that have a ctx; everything else expects it to be held. Every
// change that GitHub would tell about passes through Server.announce. Ids come from counters, taken when a thing
// is created, so that the same calls make the same ids. What jobs do at one instant they do in turn: see turn.go.
//
// Webhooks wait in Outgoing, in the order in which they were announced, as the bytes that they were then. Where
// facts/github.md marks a rule as [unverified], the comment beside its code says so.
package githubsim
