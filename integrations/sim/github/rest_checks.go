package githubsim

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
// run's newest attempt. Those of Apps come behind.
func listCheckRuns(c *call) (any, error) {
	commit, err := c.commit()
	if err != nil {
		return nil, err
	}
	var list []object
	for _, r := range c.repo.runs() {
		attempts := r.attempts
		if c.query.Get("filter") != "all" {
			attempts = attempts[len(attempts)-1:]
		}
		for _, a := range attempts {
			for _, j := range checksOf(a, c.query.Get("filter")) {
				if r.sha == commit.sha && c.checkWanted(j.def.Name, j.status, actionsApp) {
					list = append(list, j.checkObject())
				}
			}
		}
	}
	for _, k := range c.repo.checks {
		if k.sha == commit.sha && c.checkWanted(k.name, k.status, k.app.ID) {
			list = append(list, k.object())
		}
	}
	return object{"total_count": len(list), "check_runs": mapped(paged(c, list), itself)}, nil
}

func itself(o object) object { return o }

func (c *call) checkWanted(name, status string, app int64) bool {
	is := func(filter, value string) bool { return c.query.Get(filter) == "" || c.query.Get(filter) == value }
	return is("check_name", name) && is("status", status) && c.appWanted(app)
}

func (c *call) appWanted(app int64) bool {
	return c.query.Get("app_id") == "" || c.query.Get("app_id") == formatID(app)
}

func listCheckSuites(c *call) (any, error) {
	commit, err := c.commit()
	if err != nil {
		return nil, err
	}
	var list []object
	for _, r := range c.repo.runs() {
		if r.sha == commit.sha && c.appWanted(actionsApp) {
			list = append(list, r.suiteObject())
		}
	}
	seen := map[int64]bool{}
	for _, k := range c.repo.checks {
		if k.sha == commit.sha && !seen[k.suite] && c.appWanted(k.app.ID) {
			seen[k.suite] = true
			list = append(list, k.suiteObject())
		}
	}
	return object{"total_count": len(list), "check_suites": mapped(paged(c, list), itself)}, nil
}

func getCheckRun(c *call) (any, error) {
	if k := c.appCheck(); k != nil {
		return k.object(), nil
	}
	c.r.SetPathValue("job", c.path("check"))
	j, err := c.job()
	if err != nil {
		return nil, notFound()
	}
	return j.checkObject(), nil
}

// listAnnotations is empty but for a failed job of Actions, of which the runner says what facts 5 says: "Without a
// problem matcher only "Process completed with exit code 1."".
func listAnnotations(c *call) (any, error) {
	if c.appCheck() != nil {
		return []object{}, nil
	}
	c.r.SetPathValue("job", c.path("check"))
	j, err := c.job()
	if err != nil {
		return nil, notFound()
	}
	list := []object{}
	if j.conclusion == "failure" {
		list = append(list, object{
			"path": ".github", "blob_href": j.attempt.run.repo.html("/blob/%s/.github", j.attempt.run.sha), "start_line": 1, "start_column": nil,
			"end_line": 1, "end_column": nil, "annotation_level": "failure", "title": "", "message": "Process completed with exit code 1.", "raw_details": "",
		})
	}
	return list, nil
}

// checksOf gives the jobs of an attempt that a list of checks shows.
func checksOf(a *attempt, filter string) []*job {
	if filter == "all" {
		return ownOf(a)
	}
	return a.listed()
}
