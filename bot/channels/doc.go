// Package channels knows which Slack channel the news of each app go to: the name in APPS is resolved to the channel's id
// once, and the id is kept.
//
// It is apart because a name is not a channel: a channel that is renamed stays the app's, and another one that takes the
// name later gains nothing.
package channels
