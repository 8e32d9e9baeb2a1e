package githubsim

import "strconv"

func combinedStatus(c *call) (any, error) {
	commit, err := c.commit()
	if err != nil {
		return nil, err
	}
	r := c.repo
	list := newest(r.statusesOf(commit.sha))
	return object{
		"state": combined(list), "sha": commit.sha, "total_count": len(list), "statuses": mapped(paged(c, list), r.simpleStatus),
		"repository": r.minimal(), "commit_url": r.api("/commits/%s", commit.sha), "url": r.api("/commits/%s/status", commit.sha),
	}, nil
}

func listStatuses(c *call) (any, error) {
	commit, err := c.commit()
	if err != nil {
		return nil, err
	}
	return mapped(paged(c, c.repo.statusesOf(commit.sha)), func(st *status) object {
		o := c.repo.simpleStatus(st)
		o["creator"] = c.s.userOrNull(st.By)
		return o
	}), nil
}

// simpleStatus is a status inside the combined one: without its creator.
func (r *Repo) simpleStatus(st *status) object {
	u := r.server.known(st.By)
	return object{
		"id": st.id, "node_id": nodeID("SC", r.id, st.id), "url": r.api("/statuses/%s", st.SHA), "state": st.State, "context": st.Context,
		"description": orNull(st.Description), "target_url": orNull(st.TargetURL), "created_at": stamp(st.At), "updated_at": stamp(st.At),
		"avatar_url": r.server.userObject(u)["avatar_url"],
	}
}

// listCheckRuns shows the jobs at a commit as check runs, which they are: with filter "latest" those of each
// run's newest attempt.
func listCheckRuns(c *call) (any, error) {
	commit, err := c.commit()
	if err != nil {
		return nil, err
	}
	var list []*job
	for _, r := range c.repo.runs() {
		attempts := r.attempts
		if c.query.Get("filter") != "all" {
			attempts = attempts[len(attempts)-1:]
		}
		for _, a := range attempts {
			for _, j := range a.listed() {
				if r.sha == commit.sha && c.checkWanted(j.def.Name, j.status) {
					list = append(list, j)
				}
			}
		}
	}
	return object{"total_count": len(list), "check_runs": mapped(paged(c, list), (*job).checkObject)}, nil
}

func (c *call) checkWanted(name, status string) bool {
	is := func(filter, value string) bool { return c.query.Get(filter) == "" || c.query.Get(filter) == value }
	return is("check_name", name) && is("status", status) && is("app_id", strconv.Itoa(actionsApp))
}

func listCheckSuites(c *call) (any, error) {
	commit, err := c.commit()
	if err != nil {
		return nil, err
	}
	var list []*run
	for _, r := range c.repo.runs() {
		if r.sha == commit.sha && (c.query.Get("app_id") == "" || c.query.Get("app_id") == strconv.Itoa(actionsApp)) {
			list = append(list, r)
		}
	}
	return object{"total_count": len(list), "check_suites": mapped(paged(c, list), (*run).suiteObject)}, nil
}
