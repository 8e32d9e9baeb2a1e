package github_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"slipway/integrations/github"
	githubsim "slipway/integrations/sim/github"
)

// inbox is a receiver of webhooks that refuses the first one.
type inbox struct {
	mu    sync.Mutex
	guids []string
	got   []github.Event
	wrong []error
}

func (i *inbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	i.mu.Lock()
	defer i.mu.Unlock()
	e, err := github.ParseEvent(r.Header.Get("X-GitHub-Event"), body)
	if err != nil || e.Payload == nil {
		i.wrong = append(i.wrong, fmt.Errorf("%s %s: %w", e.Name, body, err))
	}
	i.guids, i.got = append(i.guids, r.Header.Get("X-GitHub-Delivery")), append(i.got, e)
	if len(i.got) == 1 {
		w.WriteHeader(500)
	}
}

var everyEvent = strings.Fields("push pull_request workflow_run workflow_job check_suite check_run status deployment deployment_status merge_group release")

func TestSimAHookBringsEventsThatAreRead(t *testing.T) {
	played(t, func(t *testing.T, w *world) {
		ctx, c, in := t.Context(), w.client, &inbox{}
		w.far.listen(t, "bot.test:80", in)
		spec := github.HookSpec{URL: "http://bot.test:80/webhooks/github", Secret: "s3cret", Events: everyEvent[:1]}
		made, err := c.CreateHook(ctx, penny, spec)
		if err != nil || !made.Active || made.ContentType != "json" {
			t.Fatalf("%+v, %v", made, err)
		}
		if e := fails(t, func() error { _, err := c.CreateHook(ctx, penny, spec); return err }()); e.Kind != github.Invalid || e.Ambiguous {
			t.Error(e)
		}
		time.Sleep(time.Minute)
		failed, _, err := c.Deliveries(ctx, penny, made.ID, github.DeliveryQuery{Failed: true})
		if err != nil || len(failed) != 1 || failed[0].StatusCode != 500 || failed[0].Event != "ping" {
			t.Fatalf("%+v, %v", failed, err)
		}
		must(t, c.Redeliver(ctx, penny, made.ID, failed[0].ID))
		must(t, c.PingHook(ctx, penny, made.ID))
		spec.Events = everyEvent
		edited, err := c.EditHook(ctx, penny, made.ID, spec)
		if err != nil || len(edited.Events) != len(everyEvent) {
			t.Errorf("%+v, %v", edited, err)
		}
		hooks, err := c.Hooks(ctx, penny)
		equal(t, []github.Hook{edited}, hooks, err)
		time.Sleep(time.Minute)
		if _, err := w.repo.Merge(45, "squash", "bob"); err != nil {
			t.Fatal(err)
		}
		if err := w.repo.SetStatus(githubsim.Status{SHA: w.merged.SHA, Context: "ci", State: "success"}); err != nil {
			t.Error(err)
		}
		time.Sleep(time.Hour)
		in.mu.Lock()
		defer in.mu.Unlock()
		for _, err := range in.wrong {
			t.Error(err)
		}
		if len(in.guids) < 10 || in.guids[0] != in.guids[1] || in.guids[1] == in.guids[2] {
			t.Fatalf("%d deliveries: %v", len(in.guids), in.guids)
		}
		seen := map[string]bool{}
		for _, e := range in.got {
			if e.Repo != penny.String() {
				t.Errorf("%s of %q", e.Name, e.Repo)
			}
			if p, ok := e.Payload.(*github.PullEvent); ok && e.Action == "closed" && (!p.Pull.Merged || p.Pull.MergedBy != "bob" || p.Pull.MergeSHA == "") {
				t.Errorf("%+v", p)
			}
			seen[e.Name+" "+e.Action] = true
		}
		for _, want := range []string{"ping ", "push ", "pull_request closed", "workflow_run requested", "workflow_run completed", "workflow_job completed", "status "} {
			if !seen[want] {
				t.Errorf("no %q among %v", want, seen)
			}
		}
	})
}

func TestSimAnAppDoesWhatATokenDoes(t *testing.T) {
	played(t, func(t *testing.T, w *world) {
		w.AddApp(githubsim.AppSpec{
			ID: 77, Slug: "slipway", Name: "slipway", Owner: penny.Owner, Key: &rsaKey().PublicKey,
			Permissions: githubsim.Permissions{"metadata": "read", "actions": "write", "contents": "read"},
		}, penny.String())
		c := w.asApp(t, appKey())
		must(t, c.Rerun(t.Context(), penny, w.deploy.ID, github.RerunOptions{}))
		time.Sleep(2 * time.Hour) // its token is renewed
		if _, err := c.Branch(t.Context(), penny, "master"); err != nil {
			t.Error(err)
		}
		_, err := c.CreateStatus(t.Context(), penny, w.merged.SHA, github.Status{Context: "x", State: "success"})
		if e := fails(t, err); e.Kind != github.Forbidden || e.Accepted == "" || e.Ambiguous {
			t.Errorf("accepted %q: %v", e.Accepted, e)
		}
		_, err = c.Repository(t.Context(), github.Repo{Owner: "elsewhere", Name: "x"})
		if e := fails(t, err); e.Kind != github.NotFound {
			t.Error(e)
		}
	})
}

func (w *world) asApp(t *testing.T, key string) *github.Client {
	t.Helper()
	c, err := github.New(github.Options{
		URL: farURL, App: &github.App{ID: 77, PrivateKey: key},
		HTTP: &http.Transport{DialContext: w.far.net.DialContext, DisableKeepAlives: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}
