package inbox

import (
	"fmt"
	"time"

	"slipway/bot/ledger"
)

// arrives is how long a webhook may take.
const arrives = time.Minute

// missedBy names what was read, and webhooks should have told before. That is only what changed since the last reading, and
// long enough ago for a webhook to arrive: what was never read before may be older than the webhooks.
func missedBy(before *ledger.Known, facts []ledger.Fact) []string {
	m := missing{known: before, runs: map[int64]string{}, pulls: map[int]string{}, rest: map[string]string{}, committed: map[string]time.Time{}}
	m.remember(facts)
	var list []string
	for _, f := range facts {
		if what := m.missed(f); what != "" {
			list = append(list, what)
		}
	}
	return list
}

// missing compares what was read with what was known, by the state that webhooks tell.
type missing struct {
	known *ledger.Known
	runs  map[int64]string
	pulls map[int]string
	rest  map[string]string // of an app, by the thing's id

	committed map[string]time.Time // when each commit that was read was made
}

func (m *missing) remember(read []ledger.Fact) {
	for _, f := range read {
		if c, ok := f.(ledger.Commit); ok {
			m.committed[c.Commit.SHA] = c.Commit.At
		}
	}
	for _, r := range m.known.Runs() {
		m.runs[r.Run.ID] = runState(r)
	}
	for _, p := range m.known.Pulls() {
		m.pulls[p.Number] = pullState(ledger.Pull{Pull: p})
	}
	for _, r := range m.known.Releases() {
		m.rest[r.ID] = r.Status
	}
	for _, b := range m.known.Builds() {
		m.rest[b.ID] = b.Status
	}
	for _, d := range m.known.Dynos() {
		m.rest[ledger.DynoKey(d)] = d.State
	}
}

func runState(r ledger.Run) string {
	return fmt.Sprintf("attempt %d %s %s", r.Run.Attempt, r.Run.Status, r.Run.Conclusion)
}

func pullState(p ledger.Pull) string {
	return fmt.Sprintf("%s %t %s", p.Pull.State, p.Pull.Merged, p.Pull.HeadSHA)
}

// missed names a thing that webhooks should have told, "" for any other.
func (m *missing) missed(f ledger.Fact) string {
	switch f := f.(type) {
	case ledger.Head:
		was, _ := m.known.Head() // when it was pushed cannot be read; most are made just before
		return m.unless(was.SHA == f.SHA, ledger.Heads, m.committed[f.SHA], f.Read, "the head of "+f.Branch)
	case ledger.Run:
		return m.unless(m.runs[f.Run.ID] == runState(f), ledger.Runs, f.Run.UpdatedAt, f.Read, fmt.Sprintf("run %d", f.Run.ID))
	case ledger.Pull:
		return m.unless(m.pulls[f.Pull.Number] == pullState(f), ledger.Pulls, f.Pull.UpdatedAt, f.Read, fmt.Sprintf("pull request #%d", f.Pull.Number))
	case ledger.Release:
		return m.unless(m.rest[f.Release.ID] == f.Release.Status, ledger.Releases, f.Release.UpdatedAt, f.Read, "release "+f.Release.String())
	case ledger.Build:
		return m.unless(m.rest[f.Build.ID] == f.Build.Status, ledger.Builds, f.Build.UpdatedAt, f.Read, "a build")
	case ledger.Dyno:
		return m.unless(m.rest[ledger.DynoKey(f.Dyno)] == f.Dyno.State, ledger.Dynos, f.Dyno.UpdatedAt, f.Read, "dyno "+f.Dyno.Name)
	}
	return ""
}

// unless gives the words, unless it was known or webhooks need not have told it yet.
func (m *missing) unless(known bool, list ledger.List, changed, read time.Time, words string) string {
	last := m.known.ReadAt(list)
	if known || last.IsZero() || !changed.After(last) || changed.After(read.Add(-arrives)) {
		return ""
	}
	return words
}
