// Package slacksim simulates Slack for one workspace with one app: the Web API, Socket Mode with its envelopes
// and acks, and the people who type, click and read.
//
// It is apart from the integration that it judges and shares no code with it, or both would be wrong together.
// Where Slack is strict it is strict, with Slack's own error strings; each rule has a test that names the fact
// it comes from, and a rule that nobody has verified is a switch in [Unverified].
//
// Everything is deterministic given the same order of calls: ids come from counters, message timestamps from
// the clock and a counter, and envelopes go round robin over the sockets that are open, the oldest first,
// beginning with number Options.Seed. All of it runs inside a testing/synctest bubble over
// integrations/sim/memnet as well as on real sockets.
//
// server.go is the way in: ServeHTTP leads to the Web API (methods.go lists the methods), to the response URLs
// (responseurl.go) and to the sockets (link.go, socket.go). envelope.go sends and takes acks, events.go
// redelivers. people.go, click.go and fields.go are what persons do; journal.go is what they see.
package slacksim
