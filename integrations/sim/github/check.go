package githubsim

import (
	"net/http"
	"slices"
	"time"
)

// checkRun is a check run that an App made, beside those that Actions makes of its jobs.
type checkRun struct {
	repo                         *Repo
	app                          *app
	id, suite                    int64
	name, sha, external, details string
	status, conclusion           string
	started, completed           time.Time
	title, summary, text         string
}

// checkChange is what a request says of a check run.
type checkChange struct {
	Name, Status, Conclusion *string
	HeadSHA                  string     `json:"head_sha"`
	DetailsURL               *string    `json:"details_url"`
	ExternalID               *string    `json:"external_id"`
	StartedAt                *time.Time `json:"started_at"`
	CompletedAt              *time.Time `json:"completed_at"`
	Output                   *struct{ Title, Summary, Text string }
}

// createCheckRun is for Apps only; a person's token is refused.
func createCheckRun(c *call) (any, error) {
	var asked checkChange
	if err := c.decode(&asked); err != nil {
		return nil, err
	}
	commit := c.repo.git.commits[asked.HeadSHA]
	switch {
	case c.who.integration == nil:
		return nil, &fault{status: http.StatusForbidden, message: "You must authenticate via a GitHub App.", doc: checkDoc}
	case asked.Name == nil || *asked.Name == "":
		return nil, &fault{status: http.StatusUnprocessableEntity, message: "Invalid request.\n\n\"name\" wasn't supplied.", doc: checkDoc}
	case commit == nil:
		return nil, &fault{status: http.StatusUnprocessableEntity, message: "No commit found for SHA: " + asked.HeadSHA, doc: checkDoc}
	}
	k := &checkRun{repo: c.repo, app: c.who.integration, id: c.s.next("job"), sha: commit.sha, status: "queued"}
	i := slices.IndexFunc(c.repo.checks, func(o *checkRun) bool { return o.sha == k.sha && o.app == k.app })
	if i >= 0 {
		k.suite = c.repo.checks[i].suite
	} else {
		k.suite = c.s.next("suite")
	}
	if err := k.change(asked); err != nil {
		return nil, err
	}
	c.repo.checks = append(c.repo.checks, k)
	k.tell("created")
	if k.status == "completed" {
		k.finish()
	}
	return reply{status: http.StatusCreated, body: k.object()}, nil
}

const checkDoc = "rest/checks/runs#create-a-check-run"

// appCheck finds the check run that the address names among those of Apps.
func (c *call) appCheck() *checkRun {
	for _, k := range c.repo.checks {
		if formatID(k.id) == c.path("check") {
			return k
		}
	}
	return nil
}

func updateCheckRun(c *call) (any, error) {
	k := c.appCheck()
	var asked checkChange
	if err := c.decode(&asked); err != nil {
		return nil, err
	}
	switch {
	case k == nil:
		return nil, notFound()
	case c.who.integration != k.app:
		return nil, &fault{status: http.StatusForbidden, message: "Invalid app_id `" + k.app.Slug + "` - check run can only be modified by the GitHub App that created it.", doc: checkDoc}
	}
	was := k.status
	if err := k.change(asked); err != nil {
		return nil, err
	}
	if was != "completed" && k.status == "completed" {
		k.finish()
	}
	return k.object(), nil
}

// change takes over what was said. A conclusion completes the check; one that is completed needs a conclusion.
func (k *checkRun) change(asked checkChange) error {
	for _, field := range []struct{ from, to *string }{
		{asked.Name, &k.name}, {asked.Status, &k.status}, {asked.Conclusion, &k.conclusion}, {asked.DetailsURL, &k.details}, {asked.ExternalID, &k.external},
	} {
		if field.from != nil {
			*field.to = *field.from
		}
	}
	if asked.Conclusion != nil {
		k.status = "completed"
	}
	conclusions := []string{"", "action_required", "cancelled", "failure", "neutral", "success", "skipped", "timed_out"}
	if !slices.Contains([]string{"queued", "in_progress", "completed"}, k.status) || !slices.Contains(conclusions, k.conclusion) ||
		k.status == "completed" && k.conclusion == "" {
		return &fault{status: http.StatusUnprocessableEntity, message: "Invalid request.", doc: checkDoc}
	}
	now := seconds(k.repo.server.now())
	if k.started.IsZero() && k.status != "queued" {
		k.started = now
	}
	if k.status == "completed" && k.completed.IsZero() {
		k.completed = now
	}
	if asked.StartedAt != nil {
		k.started = asked.StartedAt.UTC()
	}
	if asked.CompletedAt != nil {
		k.completed = asked.CompletedAt.UTC()
	}
	if asked.Output != nil {
		k.title, k.summary, k.text = asked.Output.Title, asked.Output.Summary, asked.Output.Text
	}
	return nil
}

func (k *checkRun) finish() {
	k.tell("completed")
	for _, other := range k.mates() {
		if other.status != "completed" {
			return
		}
	}
	e := Event{Name: "check_suite", Action: "completed", Run: k.suite, After: k.sha}
	k.repo.server.announce(k.repo, e, k.app.bot.login, func() object {
		return object{"check_suite": k.repo.ownSuite(k.suiteObject(), k.sha)}
	})
}

// mates are the checks of the same suite.
func (k *checkRun) mates() []*checkRun {
	return slices.DeleteFunc(slices.Clone(k.repo.checks), func(o *checkRun) bool { return o.suite != k.suite })
}

func (k *checkRun) tell(action string) {
	e := Event{Name: "check_run", Action: action, Run: k.suite, Job: k.id, After: k.sha}
	k.repo.server.announce(k.repo, e, k.app.bot.login, func() object {
		o := k.object()
		o["check_suite"] = simple(k.suiteObject())
		return object{"check_run": o}
	})
}
