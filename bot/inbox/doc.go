// Package inbox takes what GitHub and Heroku tell by webhooks: it verifies a delivery, stores it, answers, and then folds
// it into the ledger.
//
// It is apart because a sender waits only for the storing. A delivery that was answered 202 is on disk, and is worked once:
// by this process, by the next one, or by another on the same database.
//
// The way of a delivery: receiver.go (the answers), body.go and github.go or heroku.go (reading and verifying), commit.go
// (many requests, one transaction), deliveries.go (the tables), work.go and fold.go (folding), prune.go (after a week).
//
// What webhooks did not tell is read: duties.go (who does what when), catchup.go and its neighbours (what was missed),
// duties_state.go (what a sender's webhooks are worth).
package inbox
