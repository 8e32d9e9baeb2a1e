// Package ledger is what is known: facts about code, runs, releases and dynos, told by webhooks or read, and the questions
// that are answered from them.
//
// It is apart so that what is true does not depend on who told it, in which order or how often. A fact is joined with what
// is known of its subject; the join of each kind is commutative, associative and idempotent. So the same facts end as the
// same ledger, in memory (Known.Add) as in the database (Fold), and the questions are functions of Known and nothing else.
package ledger
