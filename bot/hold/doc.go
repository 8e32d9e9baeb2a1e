// Package hold stops the automatic deploys of an app: while a hold is set, what would ship is cancelled, or told at once.
//
// It is apart because it acts without being asked each time: a person sets a hold once, and from then on it watches what is known of
// runs and releases, through restarts, until it ends.
//
// What it decides follows from the ledger (held.go, gone.go) and is written down in one transaction (look.go). What it does at GitHub
// comes after that, one row at a time, each looked for before it is done again (cancel.go, status.go).
package hold
