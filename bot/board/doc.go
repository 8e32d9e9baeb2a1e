// Package board delivers messages to Slack and keeps them true: each board is one message, posted once, edited as what it shows
// changes, and healed when it was lost.
//
// It is apart from what messages say because pacing, doubt and repair are the same for all of them: it knows a board's key and asks
// for a drawing at the moment of sending.
//
// The way of a board: touch.go marks it stale in the transaction that changed what it shows. run.go looks for work when it is nudged,
// when something falls due, and every few seconds. claim.go finds a board, and take.go takes it under a lease, with a place in the paces
// (pace.go). What there is to do for it is one of four errands: show.go draws and posts or edits, and unshown.go judges how that failed
// (verdict.go sorts Slack's refusals); search.go looks for posts of unknown outcome, and for what arrived late; judge.go draws ahead what
// waits in a queue. save.go writes down what came of it; refusal.go remembers channels that refuse.
//
// What holds whatever fails:
//
//   - A post is written down before it is made. If its outcome is not known it is looked for by its key until Slack can no longer
//     apply it late; only then it is posted again.
//   - An edit is idempotent and repeated. After one whose outcome is not known the message is written once more when nothing late can
//     overwrite it.
//   - One process at a time works on a board, under a lease that it renews.
package board
