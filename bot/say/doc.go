// Package say holds the words: refusals, times, counts, foreign text made harmless for Slack, the nearest word, and the
// removal of secrets from whatever is about to be shown.
//
// It is apart so that every message is worded, escaped and scrubbed in one way, and because none of it needs to know
// what slipway does.
package say
