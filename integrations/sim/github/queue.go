package githubsim

import (
	"fmt"
	"slices"
	"time"
)

// mergeGroup is what the merge queue tries out and lands as one: pull requests one behind the other, each with a
// branch that holds it and all before it.
type mergeGroup struct {
	base    string // where the default branch stood
	entries []queued
	runs    []*run
}

type queued struct {
	pull   *pull
	by     string
	branch string
	onto   string // the commit below
	commit *gitCommit
}

// Enqueue puts pull requests into the merge queue as one group: they are tried together on branches of their own
// ("gh-readonly-queue/master/pr-45-<sha>"), where the workflows of "merge_group" run, and land in one push when all
// runs have passed (facts 1.1, 1.2). One that fails takes all of them out of the queue.
func (r *Repo) Enqueue(by string, numbers ...int) error {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	var pulls []*pull
	for _, n := range numbers {
		if err := r.mergeable(n); err != nil {
			return err
		}
		p := r.pulls[n]
		if p.queued != "" || slices.Contains(pulls, p) {
			return fmt.Errorf("pull request #%d is in the merge queue already", n)
		}
		pulls = append(pulls, p)
	}
	g, err := r.group(pulls, by)
	if err != nil || len(pulls) == 0 {
		return err
	}
	r.server.account(by)
	for _, p := range pulls {
		p.queued, p.UpdatedAt = by, seconds(r.server.now())
		r.tellPull(p, "enqueued", by, nil)
	}
	r.try(g)
	return nil
}

// group makes the commits of a merge group.
func (r *Repo) group(pulls []*pull, by string) (*mergeGroup, error) {
	at := seconds(r.server.now())
	onto := r.git.commits[r.branches[r.base]]
	g := &mergeGroup{base: onto.sha}
	for _, p := range pulls {
		landed, err := r.landing(p, onto, "merge", by, at, wording{})
		if err != nil {
			return nil, err
		}
		branch := fmt.Sprintf("gh-readonly-queue/%s/pr-%d-%s", r.base, p.Number, onto.sha)
		g.entries = append(g.entries, queued{pull: p, by: by, branch: branch, onto: onto.sha, commit: landed[0]})
		onto = landed[0]
	}
	return g, nil
}

// try asks for the checks of a group.
func (r *Repo) try(g *mergeGroup) {
	r.groups = append(r.groups, g)
	for _, q := range g.entries {
		r.branches[q.branch] = q.commit.sha
		r.tellGroup(q, "checks_requested", "")
		r.start(trigger{event: "merge_group", branch: q.branch, commit: q.commit, before: q.onto, actor: q.by, group: g})
	}
	r.settleGroups()
}

// settleGroups lands the groups whose runs have passed, and gives up those with one that has not.
func (r *Repo) settleGroups() {
	for _, g := range slices.Clone(r.groups) {
		if !slices.Contains(r.groups, g) || r.server.owes(g) || slices.ContainsFunc(g.runs, func(one *run) bool { return !one.over() }) {
			continue
		}
		r.groups = slices.DeleteFunc(r.groups, func(other *mergeGroup) bool { return other == g })
		failed := slices.ContainsFunc(g.runs, func(one *run) bool {
			return !slices.Contains([]string{"success", "skipped", "neutral"}, one.last().conclusion)
		})
		switch {
		case failed:
			r.dequeue(g, "CI_FAILURE")
		case g.base != r.branches[r.base]:
			r.retry(g)
		default:
			r.landGroup(g)
		}
	}
}

// landGroup moves the default branch to the group's last commit: each pull request is told as closed, and all of
// them are one push (facts 1.2).
func (r *Repo) landGroup(g *mergeGroup) {
	at := seconds(time.Now())
	last := g.entries[len(g.entries)-1]
	r.branches[r.base] = last.commit.sha
	for _, q := range g.entries {
		q.pull.queued = ""
		q.pull.merged(q.onto, []*gitCommit{q.commit}, "merge", q.by, at)
	}
	for _, q := range g.entries {
		r.tellPull(q.pull, "closed", q.by, nil)
	}
	r.pushedTo(trigger{branch: r.base, commit: last.commit, before: g.base, actor: last.by})
	r.destroy(g, "merged")
}

// retry tries a group again on what the default branch has become.
func (r *Repo) retry(g *mergeGroup) {
	var pulls []*pull
	for _, q := range g.entries {
		if q.pull.State == "open" {
			pulls = append(pulls, q.pull)
		}
	}
	again, err := r.group(pulls, g.entries[0].by)
	if err != nil {
		r.dequeue(g, "MERGE_CONFLICT")
		return
	}
	r.destroy(g, "invalidated")
	if len(pulls) > 0 {
		r.try(again)
	}
}

func (r *Repo) dequeue(g *mergeGroup, reason string) {
	for _, q := range g.entries {
		if q.pull.State == "open" {
			q.pull.queued, q.pull.UpdatedAt = "", seconds(r.server.now())
			r.tellPull(q.pull, "dequeued", q.by, object{"reason": reason})
		}
	}
	r.destroy(g, "invalidated")
}

// destroy deletes a group's branches. Facts 3.3 has the reasons: merged, invalidated, dequeued.
func (r *Repo) destroy(g *mergeGroup, reason string) {
	for _, q := range g.entries {
		r.tellGroup(q, "destroyed", reason)
		delete(r.branches, q.branch)
	}
}

func (r *Repo) tellGroup(q queued, action, reason string) {
	e := Event{Name: "merge_group", Action: action, Pull: q.pull.Number, Ref: "refs/heads/" + q.branch, Before: q.onto, After: q.commit.sha}
	r.server.announce(r, e, q.by, func() object {
		o := object{"merge_group": object{
			"head_sha": q.commit.sha, "head_ref": "refs/heads/" + q.branch, "base_sha": q.onto, "base_ref": "refs/heads/" + r.base,
			"head_commit": headCommit(q.commit),
		}}
		if reason != "" {
			o["reason"] = reason
		}
		return o
	})
}
