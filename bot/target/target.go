// Package target tells what an app can be rolled back to.
//
// It is apart from the command because it is a rule, not a reading: which of all releases is the one that a person wants when
// something is wrong depends on nothing but the list of releases.
package target

import (
	"cmp"
	"slices"

	"slipway/integrations/heroku"
)

// most is how many codes are offered.
const most = 10

// Target is a release that can be gone back to.
type Target struct {
	Release heroku.Release
	Undoes  []heroku.Release // the config changes that alone are undone, newest first: the code that runs stays; empty: other code comes
	Bad     bool             // its code was rolled back before
	Forward bool             // its code was first released after the code that runs
}

// Targets are what an app can be rolled back to.
type Targets struct {
	Live   heroku.Release
	Newest heroku.Release // of all releases, which may have failed
	List   []Target       // newest release first

	releases []heroku.Release
}

// Of finds the targets among the newest releases of an app, newest first. A target is a slug: of each of the last ten it is the newest
// release that Heroku would roll back to, so that a config change on top of it is kept. Where the newest releases only changed config,
// the release before them is a target as well. Not ok: nothing runs.
func Of(releases []heroku.Release) (t Targets, ok bool) {
	live, ok := heroku.Current(releases)
	if !ok {
		return Targets{}, false
	}
	t = Targets{Live: live, Newest: releases[0], releases: releases}
	h := historyOf(releases)
	seen := map[code]bool{codeOf(live): true}
	for _, r := range releases {
		if c := codeOf(r); eligible(r) && !seen[c] && len(t.List) < most {
			seen[c] = true
			t.List = append(t.List, h.target(live, r))
		}
	}
	if before, undone, ok := configOnly(releases, live); ok {
		t.List = append(t.List, Target{Release: before, Undoes: undone})
	}
	t.sort()
	return t, true
}

func (t *Targets) sort() {
	slices.SortFunc(t.List, func(a, b Target) int { return cmp.Compare(b.Release.Version, a.Release.Version) })
}

// Good is the target that a person most likely wants: the newest that was good. Code that was rolled back before is none, and neither is
// code that is newer than what runs. Not ok: there is none.
func (t Targets) Good() (Target, bool) {
	return t.first(func(x Target) bool { return !x.Bad && !x.Forward })
}

// Before is the newest good target that is older than a release, and whose code is another one than that release's. Not ok: there is none.
func (t Targets) Before(version int) (Target, bool) {
	i := slices.IndexFunc(t.releases, func(r heroku.Release) bool { return r.Version == version })
	return t.first(func(x Target) bool {
		return !x.Bad && !x.Forward && x.Release.Version < version && (i < 0 || codeOf(x.Release) != codeOf(t.releases[i]))
	})
}

func (t Targets) first(is func(Target) bool) (Target, bool) {
	if i := slices.IndexFunc(t.List, is); i >= 0 {
		return t.List[i], true
	}
	return Target{}, false
}

// Find gives the target of a version, which becomes one if a person names it and Heroku would roll back to it though a newer release has
// the same code.
func (t *Targets) Find(version int) (Target, bool) {
	found, ok := t.first(func(x Target) bool { return x.Release.Version == version })
	if ok || version == t.Live.Version {
		return found, ok
	}
	r, ok := t.Release(version)
	if !ok || !eligible(r) {
		return Target{}, false
	}
	x := historyOf(t.releases).target(t.Live, r)
	t.List = append(t.List, x)
	t.sort()
	return x, true
}

// Release is one of the releases that are known, whether it can be gone back to or not.
func (t Targets) Release(version int) (heroku.Release, bool) {
	i := slices.IndexFunc(t.releases, func(r heroku.Release) bool { return r.Version == version })
	if i < 0 {
		return heroku.Release{}, false
	}
	return t.releases[i], true
}

// Above is the newest release that set config on top of one, with the same code, and can be gone back to; not ok: there is none.
func (t Targets) Above(r heroku.Release) (heroku.Release, bool) {
	for _, other := range t.releases {
		if other.Version > r.Version && configures(other) && eligible(other) && codeOf(other) == codeOf(r) && other.Version != t.Live.Version {
			return other, true
		}
	}
	return heroku.Release{}, false
}

// Between are the releases after one up to the one that runs, newest first, or the other way round if the first is the newer one. Those
// that failed are not among them.
func (t Targets) Between(r heroku.Release) (list []heroku.Release) {
	low, high := min(r.Version, t.Live.Version), max(r.Version, t.Live.Version)
	for _, other := range t.releases {
		if other.Version > low && other.Version <= high && other.Status != heroku.Failed {
			list = append(list, other)
		}
	}
	return list
}

// Origin is the release that brought the code of another one; that one itself if none is known.
func (t Targets) Origin(of heroku.Release) heroku.Release {
	for _, r := range slices.Backward(t.releases) {
		if codeOf(r) == codeOf(of) && r.Cause().Kind == heroku.Deploy {
			return r
		}
	}
	return of
}

// SameCode tells whether a release of this version runs the code of another one. Of a release that is not known it does not.
func (t Targets) SameCode(version int, as heroku.Release) bool {
	r, ok := t.Release(version)
	return ok && codeOf(r) == codeOf(as)
}

// eligible tells whether Heroku would roll back to a release, and whether there is code to go back to.
func eligible(r heroku.Release) bool {
	return r.Eligible && r.Status == heroku.Succeeded && codeOf(r) != code{}
}

// code is what a release runs.
type code struct{ slug, image string }

func codeOf(r heroku.Release) code { return code{r.SlugID, r.ImageID} }

// configOnly finds the release before those that only changed config, on the same code; and these, newest first.
func configOnly(releases []heroku.Release, live heroku.Release) (before heroku.Release, undone []heroku.Release, ok bool) {
	for _, r := range releases {
		switch {
		case r.Version > live.Version, r.Status == heroku.Failed:
		case codeOf(r) != codeOf(live):
			return heroku.Release{}, nil, false
		case len(undone) == 0 && !configures(r):
			return heroku.Release{}, nil, false
		case len(undone) > 0 && eligible(r):
			return r, undone, true
		default:
			undone = append(undone, r)
		}
	}
	return heroku.Release{}, nil, false
}

// configures tells whether a release changed config vars and nothing else.
func configures(r heroku.Release) bool {
	kind := r.Cause().Kind
	return kind == heroku.ConfigSet || kind == heroku.ConfigUnset
}

// history is what the releases tell of each code.
type history struct {
	first map[code]int  // the version that it was first released with
	bad   map[code]bool // it was rolled back, and not rolled forward to again
}

func historyOf(releases []heroku.Release) history {
	h := history{first: map[code]int{}, bad: map[code]bool{}}
	var runs code
	for _, r := range slices.Backward(releases) {
		c := codeOf(r)
		if c == (code{}) {
			continue
		}
		if _, ok := h.first[c]; !ok {
			h.first[c] = r.Version
		}
		if r.Status == heroku.Failed || r.Status == heroku.Pending {
			continue
		}
		if r.Cause().Kind == heroku.Rollback && c != runs {
			if h.first[c] < h.first[runs] {
				h.bad[runs] = true
			}
			delete(h.bad, c)
		}
		runs = c
	}
	return h
}

func (h history) target(live, r heroku.Release) Target {
	return Target{Release: r, Bad: h.bad[codeOf(r)], Forward: h.first[codeOf(r)] > h.first[codeOf(live)]}
}
