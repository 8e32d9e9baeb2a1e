// Package op carries out what a person confirmed, step by step, through any crash of the process.
//
// It is apart from the commands because what makes a change safe to repeat, to take over and to stop is the same for all of
// them: a command says what to do in straight lines, and this package sees to it that each line is done once.
//
// The way of an operation: plan.go freezes what was shown, and offer.go stores it. confirm.go turns it into an operation in one
// transaction. engine.go finds operations that are due, claim.go takes one under a lease, keep.go renews it. operation.go is one
// attempt; do.go and wait.go are the two verbs of which a Run is made; begin.go is what is asked before anything is changed, and
// find.go looks for what may have been done. end.go writes down how it ended; press.go is for clicks, draw.go and shown.go are
// what people see.
//
// What holds whatever fails:
//
//   - A step is written down before its effect is begun, and its result after. A step that was begun and has no result is looked
//     for; it is done again only when it is still not there once a late request could not arrive any more.
//   - Every write is made under the epoch of its attempt. Who lost the operation to another process ends without a word.
//   - Nobody's rights, mode or plan are believed from before: they are asked anew before each effect.
//
// In all that a Run gives to this package, an error that is a *say.Refusal is an answer in words and ends the operation; any
// other error means that nobody could tell just now, and is tried again.
package op
