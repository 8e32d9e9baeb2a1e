package ledger

import (
	"slices"
	"strings"
	"time"

	"slipway/integrations/heroku"
)

// unlisted is how long before a reading of the dynos a sign of life must lie for the reading to be the last word: one that
// was just made may not be listed yet (facts/heroku.md, "One-off dynos and exit codes"), and the clocks are two.
const unlisted = 5 * time.Second

// Dynos are those that live, by name.
func (k *Known) Dynos() []heroku.Dyno {
	listed, whole := find(k, Listed{App: k.App, What: Dynos})
	var list []heroku.Dyno
	for _, f := range all[Dyno](k) {
		named := slices.Contains(listed.Names, DynoKey(f.Dyno))
		if !f.over() && (!whole || named || listed.Read.Sub(f.seen()) < unlisted) {
			list = append(list, f.Dyno)
		}
	}
	slices.SortFunc(list, func(a, b heroku.Dyno) int {
		if n := strings.Compare(a.Name, b.Name); n != 0 {
			return n
		}
		if n := b.CreatedAt.Compare(a.CreatedAt); n != 0 {
			return n
		}
		return strings.Compare(a.ID, b.ID)
	})
	// Two that live under one name: the end of the older was not told.
	return slices.CompactFunc(list, func(a, b heroku.Dyno) bool { return a.Name == b.Name })
}

// seen is the last sign of life.
func (f Dyno) seen() time.Time {
	return latest(latest(f.At, f.Read), latest(f.Dyno.CreatedAt, f.Dyno.UpdatedAt))
}

// Formation are the process types, by name.
func (k *Known) Formation() []heroku.Process {
	listed, whole := find(k, Listed{App: k.App, What: Formation})
	var list []heroku.Process
	for _, f := range all[Process](k) {
		named := slices.Contains(listed.Names, f.Process.Type)
		if !f.Gone && (!whole || named || listed.Read.Before(f.At)) {
			list = append(list, f.Process)
		}
	}
	slices.SortFunc(list, func(a, b heroku.Process) int { return strings.Compare(a.Type, b.Type) })
	return list
}
