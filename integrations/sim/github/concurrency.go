package githubsim

import (
	"slices"
	"strings"
	"time"
)

// Concurrency is a workflow's group: one of its runs goes on, and one waits (facts 1.3).
type Concurrency struct {
	Group            string // "${{ github.ref }}" in it stands for the branch
	CancelInProgress bool   // a newer run cancels the one that goes on, too
}

// group is the name of the group that a run is in, or "".
func (r *run) group() string {
	if r.workflow.Concurrency == nil {
		return ""
	}
	return strings.ReplaceAll(r.workflow.Concurrency.Group, "${{ github.ref }}", r.branch)
}

// enter lets the newest attempt go, or wait for its group. The one that waited until now is superseded.
func (r *run) enter() {
	var going *run
	for _, other := range r.mates() {
		if other.last().status == "pending" {
			other.stop()
			continue
		}
		going = other
		if r.workflow.Concurrency.CancelInProgress {
			other.stop()
		}
	}
	if going == nil {
		r.launch()
		return
	}
	r.last().status = "pending"
	r.tell("requested")
}

// mates are the unfinished runs of the same group, oldest first.
func (r *run) mates() []*run {
	var list []*run
	for _, other := range r.repo.server.runs {
		if other != r && other.repo == r.repo && r.group() != "" && other.group() == r.group() && !other.over() {
			list = append(list, other)
		}
	}
	return list
}

// leave lets the run that waits for this one's group go, and the merge queue go on.
func (r *run) leave() {
	if r.repo.server.ctx.Err() != nil {
		return
	}
	list := r.mates()
	if i := slices.IndexFunc(list, func(other *run) bool { return other.last().status == "pending" }); i >= 0 && len(list) == 1 {
		list[i].launch()
	}
	r.repo.settleGroups()
}

// stop cancels a run. One that only waits is over at once: no job of it has begun.
func (r *run) stop() {
	a := r.last()
	if a.status != "pending" {
		if a.stopped == 0 {
			a.stopped, a.stoppedAt = r.repo.server.next("stop"), time.Now()
		}
		r.cancel()
		return
	}
	for _, j := range a.own() {
		close(j.done)
	}
	close(a.done)
	a.status, a.conclusion = "completed", "cancelled"
	r.tell("completed")
	r.tellSuite("completed")
	r.repo.settleGroups()
}
