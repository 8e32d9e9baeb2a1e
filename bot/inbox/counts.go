package inbox

import (
	"sync"
	"sync/atomic"
	"time"

	"slipway/bot/ledger"
)

// Stats count since the start.
type Stats struct {
	Stored       int64 // deliveries that were stored
	Repeated     int64 // that were answered without: they were worked before, or came twice at once
	Transactions int64 // in which they were stored
	Folded       int64
	GivenUp      int64
}

// Stats tells what this process did.
func (in *Inbox) Stats() Stats {
	c := &in.counts
	return Stats{
		Stored: c.fresh.Load(), Repeated: c.repeated.Load(), Transactions: c.transactions.Load(),
		Folded: c.folded.Load(), GivenUp: c.givenUp.Load(),
	}
}

type counts struct {
	fresh, repeated, transactions, folded, givenUp atomic.Int64
}

func (c *counts) stored(fresh, of int) {
	c.transactions.Add(1)
	c.fresh.Add(int64(fresh))
	c.repeated.Add(int64(of - fresh))
}

func (c *counts) worked(all []news) {
	for _, n := range all {
		if n.trouble == "" {
			c.folded.Add(1)
		} else {
			c.givenUp.Add(1)
		}
	}
}

// Refused tells how many requests to a sender's receiver had a wrong signature or none since the start, and when the last
// did. Either somebody else sends them, or the secrets differ.
func (in *Inbox) Refused(s ledger.Sender) (n int, last time.Time) {
	for _, r := range in.receivers {
		if r.sender == s {
			return r.refused.read()
		}
	}
	return 0, time.Time{}
}

// refusals counts requests with a wrong signature or none.
type refusals struct {
	mu     sync.Mutex
	n      int
	last   time.Time
	logged time.Time
}

// betweenLines is how long the log is quiet after a line about a refusal.
const betweenLines = time.Minute

// count tells whether it is time for a line in the log.
func (r *refusals) count(now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.n++
	r.last = now
	if !r.logged.IsZero() && now.Sub(r.logged) < betweenLines {
		return false
	}
	r.logged = now
	return true
}

func (r *refusals) read() (int, time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.n, r.last
}
