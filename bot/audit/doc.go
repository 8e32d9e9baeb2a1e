// Package audit keeps the audit trail: who asked for what, what they were shown and confirmed word for word, what was done, and what
// came of it, each row with the hash of the one before it.
//
// It is apart so that whatever changes something writes into it in its own transaction, and so that it can be read, and found to be
// whole, without anything else of the bot.
//
// The chain shows that no row was changed, taken away, put in or moved, as long as not all of it was written anew. That cannot be seen
// from inside of the database: therefore the head, the number and hash of the newest row, is written to the log each day, and a head
// that was logged once must be in the chain for ever.
package audit
