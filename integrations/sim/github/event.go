package githubsim

import "time"

// Event is one thing that happened and that GitHub tells about by webhook, under GitHub's own names.
type Event struct {
	At            time.Time
	Repo          string // "owner/name"
	Name, Action  string // "pull_request", "closed"; a push has no action
	Pull          int    // the number, for pull_request
	Run, Job      int64  // ids, for workflow_run and workflow_job
	Attempt       int
	Ref           string // for push: "refs/heads/master"
	Before, After string // for push: the branch's old and new commit
}

// announce is the one place through which everything passes that GitHub would send. It keeps the list that
// Events reads.
func (s *Server) announce(e Event) {
	e.At = time.Now().UTC()
	s.events = append(s.events, e)
}

// Events gives what happened from position from on, oldest first, and the position after it. Building the past
// (Commit, OpenPull, PastMerge, PastRun) is not told.
func (s *Server) Events(from int) ([]Event, int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	from = min(max(from, 0), len(s.events))
	return append([]Event(nil), s.events[from:]...), len(s.events)
}
