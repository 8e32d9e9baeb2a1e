package ledger

import (
	"slices"

	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

// Missing are what must be read to answer the questions, as far as that is known by now: the code of what runs and ran
// before, why a newer release failed, the jobs of the runs that matter, and what lies between the commits. Reading some
// may show others.
func (k *Known) Missing() []Want {
	var list []Want
	add := func(w Want) {
		if !slices.Contains(list, w) {
			list = append(list, w)
		}
	}
	shown := k.shown()
	tried := k.tried(shown)
	for _, d := range slices.Concat(shown, tried) {
		if _, ok := k.Slug(d.Code); !ok {
			add(WantSlug{Version: d.Code.Version, SlugID: d.Code.SlugID, ImageID: d.Code.ImageID})
		}
	}
	if r, ok := k.FailedSince(); ok {
		if _, ok := k.Output(r); !ok {
			add(WantOutput{Version: r.Version, ReleaseID: r.ID})
		}
	}
	for _, run := range k.runsThatMatter(shown) {
		if !k.jobsKnown(run) {
			add(WantJobs{RunID: run.ID, Attempt: run.Attempt})
		}
	}
	for _, d := range shown {
		for _, w := range k.attemptsMissing(d.Origin) {
			add(w)
		}
	}
	for _, w := range k.placesMissing(shown) {
		add(w)
	}
	for _, d := range tried {
		if p := k.Placed(d.Code); p.Slug != nil && sha.MatchString(p.Slug.Commit) && p.Place == Unread && !k.absent(p.Slug.Commit) {
			add(WantCommit{Version: d.Code.Version, SHA: p.Slug.Commit})
		}
	}
	return list
}

// shown are the codes that the answers speak of: live, and the one before.
func (k *Known) shown() []Deployed {
	var list []Deployed
	live, before := deployed(k.Releases())
	for _, d := range []Deployed{live, before} {
		if d.Release.ID != "" {
			list = append(list, d)
		}
	}
	return list
}

// tried are the newest releases after the live one that brought, or were to bring, other code.
func (k *Known) tried(shown []Deployed) []Deployed {
	if len(shown) == 0 {
		return nil
	}
	const few = 3
	var list []Deployed
	for _, r := range k.Releases() {
		if r.Version > shown[0].Release.Version && hasCode(r) && !r.SameCode(shown[0].Code) && len(list) < few {
			list = append(list, Deployed{Release: r, Code: r})
		}
	}
	return list
}

func (k *Known) absent(sha string) bool {
	_, absent := find(k, Absent{Repo: k.Repo, SHA: sha})
	return absent
}

// runsThatMatter are those of the branch's head that are not green, those of the last day that are red, all that are not over,
// and those that went on while what is shown was first released.
func (k *Known) runsThatMatter(shown []Deployed) []github.Run {
	head, known := k.Head()
	newest := k.BranchRuns()
	var list []github.Run
	for _, run := range k.attempts() {
		last := slices.Contains(newest, run)
		recent := run.Conclusion == "failure" && newest[0].CreatedAt.Sub(run.CreatedAt) < oldNews
		matters := last && (run.Status != completed || recent || known && run.SHA == head.SHA && run.Conclusion != "success")
		for _, d := range shown {
			matters = matters || d.Origin.Version != 0 && wentOn(run, d.Origin.CreatedAt)
		}
		if matters {
			list = append(list, run)
		}
	}
	return list
}

// jobsKnown tells whether the jobs of an attempt are known as far as the attempt itself is. What webhooks told of a run
// they told of its jobs; what was read was read without them.
func (k *Known) jobsKnown(run github.Run) bool {
	f, _ := find(k, Run{Repo: k.Repo, Run: github.Run{ID: run.ID, Attempt: run.Attempt}})
	read := k.reading(Jobs, attemptKey(run.ID, run.Attempt)).At
	over := run.Status == completed
	switch {
	case over && !read.IsZero() && !read.Before(run.UpdatedAt):
		return true
	case !over && !f.Read.IsZero():
		return !read.Before(f.Read)
	}
	jobs := k.Jobs(run)
	going := slices.ContainsFunc(jobs, func(j github.Job) bool { return j.Status != completed })
	return len(jobs) > 0 && !(over && going)
}

// attemptsMissing are the earlier attempts of which one went on when the release was made.
func (k *Known) attemptsMissing(deploy heroku.Release) []Want {
	var list []Want
	for _, run := range k.BranchRuns() {
		at := deploy.CreatedAt
		if deploy.Version == 0 || at.Before(run.CreatedAt) || !at.Before(began(run)) {
			continue
		}
		for n := 1; n < run.Attempt; n++ {
			if _, ok := find(k, Run{Repo: k.Repo, Run: github.Run{ID: run.ID, Attempt: n}}); !ok {
				list = append(list, WantAttempt{RunID: run.ID, Attempt: n})
			}
		}
	}
	return list
}

// placesMissing are whether GitHub knows the commits, and what lies between them, which is asked at the same time: if it
// turns out that it was asked of the wrong commit, it will be missing again.
func (k *Known) placesMissing(shown []Deployed) []Want {
	var list []Want
	commits := make([]string, 2)
	for i, d := range shown {
		p := k.Placed(d.Code)
		commits[i] = p.Commit
		if p.Place != Unread || p.Slug == nil {
			continue
		}
		if !k.absent(p.Slug.Commit) {
			list = append(list, WantCommit{Version: d.Code.Version, SHA: p.Slug.Commit})
			commits[i] = p.Slug.Commit
			if len(p.Runs) == 1 {
				commits[i] = p.Runs[0].SHA
			}
		}
	}
	if len(shown) == 0 {
		return list
	}
	head, _ := k.Head()
	for _, w := range []WantSpan{{commits[0], head.SHA}, {commits[1], commits[0]}} {
		_, known := k.span(w.Base, w.Head)
		if w.Base != "" && w.Head != "" && !known {
			list = append(list, w)
		}
	}
	return list
}
