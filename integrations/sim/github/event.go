package githubsim

import "time"

// Event is one thing that happened and that GitHub tells about by webhook, under GitHub's own names.
type Event struct {
	At            time.Time
	Repo          string // "owner/name"
	Name, Action  string // "pull_request", "closed"; a push has no action
	Pull          int    // the number, for pull_request
	Run, Job      int64  // ids, for workflow_run, workflow_job, check_suite and check_run
	Attempt       int
	Ref           string // for push: "refs/heads/master"
	Before, After string // for push: the branch's old and new commit; After is the commit of other events
}

// announce is the one place through which everything passes that GitHub sends. It keeps the list that Events
// reads, and sends the webhooks. What the payload says is taken down now; it is asked for only if a hook wants it.
func (s *Server) announce(r *Repo, e Event, sender string, payload func() object) {
	e.At, e.Repo = s.now(), r.full()
	s.events = append(s.events, e)
	var about object
	for _, h := range s.wanting(r, e.Name) {
		if about == nil {
			about = payload()
			if e.Action != "" {
				about["action"] = e.Action
			}
			if about["repository"] == nil {
				about["repository"] = r.inWebhook()
			}
			about["sender"] = s.userOrNull(sender)
			if owner := s.known(r.owner); owner.kind == "Organization" {
				about["organization"] = s.organization(owner)
			}
		}
		s.send(h, r, e, about)
	}
}

// Events gives what happened from position from on, oldest first, and the position after it. Building the past
// (Commit, OpenPull, PastMerge, PastRun) is not told.
func (s *Server) Events(from int) ([]Event, int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	from = min(max(from, 0), len(s.events))
	return append([]Event(nil), s.events[from:]...), len(s.events)
}
