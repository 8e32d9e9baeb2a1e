package githubsim

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	gh "github.com/google/go-github/v60/github"

	"slipway/integrations/sim/weather"
)

// facts 6.1, "Real headers (section 2), GUID delivery ids, valid `X-Hub-Signature-256` over the exact bytes sent;
// hook `content_type` json and form; `ping` on create"; facts 2, "Form hooks … are signed over the whole form body".
func TestAHookIsPingedWithRealHeadersAndSignedBytes(t *testing.T) {
	for contentType, mediaType := range map[string]string{"json": "application/json", "form": "application/x-www-form-urlencoded"} {
		t.Run(contentType, func(t *testing.T) {
			inWorld(t, func(w world) {
				rec := w.receive()
				h, res, err := w.gh.Repositories.CreateHook(w.Context(), "penny", "university", &gh.Hook{
					Active: gh.Bool(true), Events: []string{"push", "pull_request"},
					Config: &gh.HookConfig{URL: gh.String("http://" + receiverAddress + "/hook"), ContentType: &contentType, Secret: gh.String(secret)},
				})
				check(w.T, err)
				if res.StatusCode != http.StatusCreated || h.GetConfig().GetSecret() != "********" {
					w.Errorf("%s, secret %q", res.Status, h.GetConfig().GetSecret())
				}
				w.settle()
				got := rec.take()
				if len(got) != 1 || got[0].event() != "ping" || !got[0].signed() {
					w.Fatalf("%v", got)
				}
				ping := got[0]
				for name, want := range map[string]string{
					"Content-Type": mediaType, "X-GitHub-Event": "ping", "X-GitHub-Hook-ID": fmt.Sprint(h.GetID()),
					"X-GitHub-Hook-Installation-Target-Type": "repository", "X-GitHub-Hook-Installation-Target-ID": "98230417", "Accept": "*/*",
				} {
					if v := ping.header.Get(name); v != want {
						w.Errorf("%s is %q, want %q", name, v, want)
					}
				}
				if !strings.HasPrefix(ping.header.Get("User-Agent"), "GitHub-Hookshot/") {
					w.Error(ping.header.Get("User-Agent"))
				}
				if !regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`).MatchString(ping.guid()) {
					w.Errorf("guid %q", ping.guid())
				}
				o := ping.payload()
				if o["zen"] == "" || o["hook_id"] != float64(h.GetID()) || !slices.Equal(at(o, "hook.events").([]any), []any{"push", "pull_request"}) {
					w.Errorf("%v", o)
				}
			})
		})
	}
}

func TestHooksAreListedEditedPingedAndDeleted(t *testing.T) {
	inWorld(t, func(w world) {
		rec := w.receive("push")
		repo := w.gh.Repositories
		hooks, _, err := repo.ListHooks(w.Context(), "penny", "university", nil)
		check(w.T, err)
		if len(hooks) != 1 || hooks[0].GetConfig().GetURL() != "http://"+receiverAddress+"/hook" {
			w.Fatalf("%v", hooks)
		}
		id := hooks[0].GetID()
		edited, _, err := repo.EditHook(w.Context(), "penny", "university", id, &gh.Hook{Events: []string{"push", "status"}})
		check(w.T, err)
		if !slices.Equal(edited.Events, []string{"push", "status"}) || edited.GetConfig().GetSecret() == "" {
			w.Errorf("%v", edited)
		}
		_, err = repo.PingHook(w.Context(), "penny", "university", id)
		check(w.T, err)
		w.settle()
		if names := rec.names(); !slices.Equal(names, []string{"ping"}) {
			w.Errorf("%v", names)
		}
		// A config without the secret takes it away.
		_, _, err = repo.EditHook(w.Context(), "penny", "university", id, &gh.Hook{Config: &gh.HookConfig{URL: hooks[0].Config.URL, ContentType: gh.String("json")}})
		check(w.T, err)
		check(w.T, w.r.SetStatus(Status{SHA: w.r.Head("master").SHA, State: "success", By: "bob"}))
		w.settle()
		if got := rec.take(); len(got) != 1 || got[0].event() != "status" || got[0].header.Get("X-Hub-Signature-256") != "" {
			w.Errorf("%v", got)
		}
		_, err = repo.DeleteHook(w.Context(), "penny", "university", id)
		check(w.T, err)
		first(w.r.Push("master", CommitSpec{Author: "bob", Message: "x [skip ci]"}))
		w.settle()
		if names := rec.names(); len(names) != 0 {
			w.Errorf("after it was deleted: %v", names)
		}
		for _, c := range []struct{ name, body, want string }{
			{"no URL", `{"config":{}}`, "Config must contain URL for webhooks"},
			{"unknown event", `{"config":{"url":"http://x/"},"events":["weather"]}`, "not allowed for this hook: weather"},
			{"content type", `{"config":{"url":"http://x/","content_type":"xml"}}`, "content_type must be json or form"},
		} {
			if a := w.do(http.MethodPost, below("/hooks"), c.body); a.StatusCode != 422 || !strings.Contains(string(a.body), c.want) {
				w.Errorf("%s: %s %s", c.name, a.Status, a.body)
			}
		}
	})
}

// facts 0.5, "GitHub gives up on a delivery after 10 s …, never retries by itself, keeps deliveries 3 days".
func TestADeliveryIsGivenUpAfterTenSecondsAndNeverTriedAgain(t *testing.T) {
	inWorld(t, func(w world) {
		rec := w.receive("push")
		release := make(chan struct{})
		rec.answers(func(_ http.ResponseWriter, r *http.Request) {
			select {
			case <-release:
			case <-r.Context().Done():
			}
		})
		_, from := w.s.Deliveries(0)
		first(w.r.Push("master", CommitSpec{Author: "bob", Message: "x [skip ci]"}))
		time.Sleep(9 * time.Second)
		w.open("delivery of push to " + receiverAddress)
		time.Sleep(10 * time.Minute)
		w.open()
		list, next := w.s.Deliveries(from)
		if len(list) != 1 || list[0].Status != 0 || list[0].Error != "timed out" || list[0].Duration != 10*time.Second {
			w.Fatalf("%+v", list)
		}
		close(release)
		rec.answers(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusInternalServerError) })
		first(w.r.Push("master", CommitSpec{Author: "bob", Message: "y [skip ci]"}))
		w.settle()
		list, _ = w.s.Deliveries(next)
		if len(list) != 1 || list[0].Status != 500 || list[0].Error != "Invalid HTTP Response: 500" || string(list[0].ResponseBody) != "no\n" {
			w.Errorf("%+v", list)
		}
		time.Sleep(time.Hour)
		if names := rec.names(); !slices.Equal(names, []string{"push", "push"}) {
			w.Errorf("it came %v", names)
		}
		time.Sleep(3 * day)
		if list, _ := w.s.Deliveries(0); len(list) != 0 {
			w.Errorf("after three days: %d", len(list))
		}
	})
}

// facts 6.2, deliveries: "per_page, cursor, status; newest first; `Link` rel=next with `cursor=`".
func TestDeliveriesAreListedNewestFirstByCursor(t *testing.T) {
	inWorld(t, func(w world) {
		rec := w.receive("push")
		id := w.hookID()
		for i := range 5 {
			status := map[bool]int{true: 503, false: 200}[i%2 == 1]
			rec.answers(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
			first(w.r.Push("master", CommitSpec{Author: "bob", Message: fmt.Sprintf("%d [skip ci]", i)}))
			w.settle()
			time.Sleep(time.Second)
		}
		var statuses []int
		opts := &gh.ListCursorOptions{PerPage: 2}
		for {
			page, res, err := w.gh.Repositories.ListHookDeliveries(w.Context(), "penny", "university", id, opts)
			check(w.T, err)
			for _, d := range page {
				statuses = append(statuses, d.GetStatusCode())
			}
			if res.Cursor == "" {
				break
			}
			opts.Cursor = res.Cursor
		}
		if want := []int{200, 503, 200, 503, 200, 202}; !slices.Equal(statuses, want) {
			w.Errorf("%v, want %v", statuses, want)
		}
		a := w.get(below(fmt.Sprintf("/hooks/%d/deliveries?status=failure", id)))
		if n := strings.Count(string(a.body), `"status_code":503`); n != 2 || strings.Contains(string(a.body), `"status_code":20`) {
			w.Errorf("%s", a.body)
		}
		for _, field := range []string{
			"id", "guid", "delivered_at", "redelivery", "duration", "status", "status_code", "event", "action", "installation_id", "repository_id", "throttled_at",
		} {
			if !strings.Contains(string(a.body), `"`+field+`":`) {
				w.Errorf("%s is missing", field)
			}
		}
	})
}

// facts 6.2, "`POST .../deliveries/{id}/attempts` | 202 `{}`; a new delivery *id*, the **same guid**, `redelivery: true`,
// same bytes", and 3.2, "redeliver … answers 202 | error `*AcceptedError`".
func TestARedeliveryHasTheSameGUIDAndBytes(t *testing.T) {
	inWorld(t, func(w world) {
		rec := w.receive("push")
		id := w.hookID()
		rec.answers(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) })
		first(w.r.Push("master", CommitSpec{Author: "bob", Message: "x [skip ci]"}))
		w.settle()
		list, from := w.s.Deliveries(0)
		old := list[len(list)-1]
		rec.answers(nil)
		_, res, err := w.gh.Repositories.RedeliverHookDelivery(w.Context(), "penny", "university", id, old.ID)
		var accepted *gh.AcceptedError
		if !errors.As(err, &accepted) || res.StatusCode != http.StatusAccepted {
			w.Fatalf("%v", err)
		}
		w.settle()
		got := rec.take()
		if len(got) != 2 || got[0].guid() != got[1].guid() || string(got[0].body) != string(got[1].body) || !got[1].signed() {
			w.Fatalf("%d came", len(got))
		}
		list, _ = w.s.Deliveries(from)
		if len(list) != 1 || list[0].ID == old.ID || list[0].GUID != old.GUID || !list[0].Redelivery || list[0].Status != 202 {
			w.Errorf("%+v", list)
		}
		d, _, err := w.gh.Repositories.GetHookDelivery(w.Context(), "penny", "university", id, list[0].ID)
		check(w.T, err)
		if !d.GetRedelivery() || d.Request.Headers["X-GitHub-Delivery"] != old.GUID || string(d.Request.GetRawPayload()) != string(got[1].body) {
			w.Errorf("%v", d)
		}
		if a := w.do(http.MethodPost, below(fmt.Sprintf("/hooks/%d/deliveries/1/attempts", id)), ""); a.StatusCode != 404 {
			w.Errorf("an unknown delivery: %s", a.Status)
		}
		w.do(http.MethodPatch, below(fmt.Sprintf("/hooks/%d", id)), `{"active":false}`)
		if a := w.do(http.MethodPost, below(fmt.Sprintf("/hooks/%d/deliveries/%d/attempts", id, old.ID)), ""); a.StatusCode != 422 {
			w.Errorf("to a hook that is off: %s", a.Status)
		}
	})
}

func (w world) hookID() int64 {
	w.Helper()
	hooks, _, err := w.gh.Repositories.ListHooks(w.Context(), "penny", "university", nil)
	check(w.T, err)
	return hooks[0].GetID()
}

// facts 6.1, "A knob for shuffled, delayed, duplicated and dropped deliveries, with a seed".
func TestDeliveriesGoAsTheFaultsSay(t *testing.T) {
	inWorld(t, func(w world) {
		rec := w.receive("push", "pull_request")
		fault := func(words ...string) {
			f := first(weather.ParseDeliveryFault(words))
			w.s.Outgoing().Add(f)
		}
		fault("pull_request.closed", "delay", "30s")
		fault("push", "duplicate")
		first(w.r.Merge(46, "squash", "alice"))
		time.Sleep(time.Second)
		got := rec.take()
		if len(got) != 2 || got[0].event() != "push" || got[0].guid() != got[1].guid() {
			w.Fatalf("%d came", len(got))
		}
		time.Sleep(30 * time.Second)
		if names := rec.names(); !slices.Equal(names, []string{"pull_request closed"}) {
			w.Errorf("%v", names)
		}
		fault("push", "drop")
		_, from := w.s.Deliveries(0)
		first(w.r.Push("master", CommitSpec{Author: "bob", Message: "x [skip ci]"}))
		w.settle()
		list, _ := w.s.Deliveries(from)
		if names := rec.names(); len(names) != 0 || len(list) != 1 || list[0].Status != 0 || list[0].Error != "failed to connect to host" {
			w.Errorf("dropped: %v came, %+v", names, list)
		}
	})
}

// Nothing is listening: GitHub records that.
func TestWithoutAReceiverADeliveryIsRecordedAsFailed(t *testing.T) {
	inWorld(t, func(w world) {
		w.s.AddHook("penny/university", HookSpec{URL: "http://127.0.0.1:1/hook"})
		w.settle()
		list, _ := w.s.Deliveries(0)
		if len(list) != 1 || list[0].Event != "ping" || list[0].Error != "failed to connect to host" {
			w.Errorf("%+v", list)
		}
		if d := cmp.Diff("application/x-www-form-urlencoded", list[0].RequestHeader.Get("Content-Type")); d != "" {
			w.Error(d)
		}
	})
}
