package herokusim

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	heroku "github.com/heroku/heroku-go/v5"

	"slipway/integrations/sim/weather"
)

// receiver takes deliveries inside a bubble.
type receiver struct {
	url string

	mu      sync.Mutex
	answers []int // statuses for the next requests; 204 after that
	got     []received
}

type received struct {
	at     time.Time
	header http.Header
	body   []byte
	event  map[string]any
}

const hookAddress = "127.0.0.1:4099"

func (s *site) receive(t *testing.T, answers ...int) *receiver {
	t.Helper()
	rc := &receiver{url: "http://" + hookAddress + "/webhooks/heroku", answers: answers}
	l, err := s.network.Listen(hookAddress)
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: rc}
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close() })
	return rc
}

func (rc *receiver) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	rc.mu.Lock()
	defer rc.mu.Unlock()
	one := received{at: time.Now(), header: r.Header, body: body}
	_ = json.Unmarshal(body, &one.event)
	rc.got = append(rc.got, one)
	status := http.StatusNoContent
	if len(rc.answers) > 0 {
		status, rc.answers = rc.answers[0], rc.answers[1:]
	}
	w.WriteHeader(status)
}

func (rc *receiver) all() []received {
	rc.mu.Lock()
	defer rc.mu.Unlock()
	return append([]received(nil), rc.got...)
}

// told renders what came as "release create", one a line, with how long after the first.
func (rc *receiver) told(times bool) string {
	var out []string
	for _, one := range rc.all() {
		line := fmt.Sprintf("%v %v", one.event["resource"], one.event["action"])
		if data, ok := one.event["data"].(map[string]any); ok && data["status"] != nil {
			line += fmt.Sprintf(" %v", data["status"])
		}
		if times {
			line = fmt.Sprintf("%v %s", one.at.Sub(rc.all()[0].at), line)
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

func (s *site) hook(t *testing.T, rc *receiver, level string, include ...string) Webhook {
	t.Helper()
	w, err := s.app.AddWebhook(WebhookSpec{URL: rc.url, Secret: "s3cret", Level: level, Include: include})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// "`Heroku-Webhook-Hmac-SHA256` = **standard base64 (not hex)** of HMAC-SHA256(secret, raw body bytes)"; the envelope is
// the facts' "real 2023 release event", which "saves two API calls per deploy message"
func TestADeployIsToldToItsWebhooks(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		rc := s.receive(t)
		w := s.hook(t, rc, "sync", "api:release", "api:build")
		if _, err := s.app.Deploy(t.Context(), DeploySpec{Commit: sha2, CommitDescription: "Undo", By: bob}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		want := "build create pending\nrelease create pending\nbuild update succeeded\nrelease update succeeded"
		if got := rc.told(false); got != want {
			t.Fatalf("told\n%s\nwant\n%s", got, want)
		}
		for _, one := range rc.all() {
			if got := one.header.Get("Heroku-Webhook-Hmac-SHA256"); got != sign("s3cret", one.body) || len(got) != 44 {
				t.Errorf("signed %q", got)
			}
			meta := one.event["webhook_metadata"].(map[string]any)
			if meta["event"].(map[string]any)["id"] != one.event["id"] || meta["webhook"].(map[string]any)["id"] != w.ID {
				t.Errorf("metadata %v of event %v", meta, one.event["id"])
			}
		}
		last := rc.all()[3].event
		data := last["data"].(map[string]any)
		slug := data["slug"].(map[string]any)
		if slug["commit"] != sha2 || slug["commit_description"] != "Undo" || data["current"] != true || last["sequence"] != nil {
			t.Errorf("the release reads %v", last)
		}
		if last["actor"].(map[string]any)["email"] != bob || data["app"].(map[string]any)["process_tier"] != "production" {
			t.Errorf("actor %v, app %v", last["actor"], data["app"])
		}
		if entity, _ := data["pstable"].(map[string]any)["web"].(map[string]any); entity["command"] != "gunicorn penny.wsgi" {
			t.Errorf("pstable %v", data["pstable"])
		}
	})
}

// The example of the facts' signature is of bytes that are not known; this one was made with openssl.
func TestTheSignatureIsBase64(t *testing.T) {
	t.Parallel()
	// printf '{"a":1}' | openssl dgst -sha256 -hmac s3cret -binary | base64
	if got, want := sign("s3cret", []byte(`{"a":1}`)), "WRDmIBbvUDQnLJJsJwcZkqRlwjNc7PQYUb2gcVd/T20="; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// "`sync` = retries until 2xx … one subscription's deliveries in order and blocked by a failing one"; "the same [id] over
// retries; `delivery.id` per subscription, `attempt.id` per try"
func TestASyncWebhookIsTriedAgainAndKeepsTheOrder(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		rc := s.receive(t, 500, 503, 302)
		s.hook(t, rc, "sync", "api:app")
		s.app.SetMaintenance(true)
		s.app.SetMaintenance(false)
		time.Sleep(500 * time.Millisecond)
		if got := s.Open(); len(got) != 2 || !strings.HasPrefix(got[0], "delivery of api:app update to http://"+hookAddress) {
			t.Errorf("open: %q", got)
		}
		time.Sleep(time.Minute)
		got := rc.all()
		if len(got) != 5 || len(s.Open()) != 0 {
			t.Fatalf("%d requests, open %q:\n%s", len(got), s.Open(), rc.told(true))
		}
		ids, attempts := map[any]int{}, map[any]bool{}
		for i, one := range got {
			meta := one.event["webhook_metadata"].(map[string]any)
			ids[meta["delivery"].(map[string]any)["id"]]++
			attempts[meta["attempt"].(map[string]any)["id"]] = true
			if on := one.event["data"].(map[string]any)["maintenance"]; on != (i < 4) {
				t.Errorf("request %d tells maintenance %v", i, on)
			}
		}
		if len(ids) != 2 || len(attempts) != 5 {
			t.Errorf("deliveries %v, attempts %v", ids, attempts)
		}
		if gap := got[3].at.Sub(got[0].at); gap != 7*time.Second {
			t.Errorf("three retries took %v, want 1, 2 and 4 s", gap)
		}
	})
}

// "`notify` = one try"
func TestANotifyWebhookIsTriedOnce(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		rc := s.receive(t, 500)
		s.hook(t, rc, "notify", "api:app")
		s.app.SetMaintenance(true)
		s.app.SetMaintenance(false)
		time.Sleep(time.Hour)
		if n := len(rc.all()); n != 2 {
			t.Errorf("%d requests for 2 events", n)
		}
		var statuses []any
		for _, d := range s.get(t, "/apps/penny-university/webhook-deliveries").list(t) {
			statuses = append(statuses, d["status"], d["num_attempts"])
		}
		if fmt.Sprint(statuses) != "[failed 1 succeeded 1]" {
			t.Errorf("deliveries: %v", statuses)
		}
	})
}

// "tries up to 72 h from event creation; after 72 h of failure older events get one try and are marked `skipped`";
// "exponential up to 1 h, then hourly"
func TestAfter72HoursADeliveryIsGivenUpAndOlderOnesAreSkipped(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		rc := s.receive(t, make([]int, 1000)...)
		for i := range rc.answers {
			rc.answers[i] = 500
		}
		s.hook(t, rc, "sync", "api:app")
		s.app.SetMaintenance(true)
		s.app.SetMaintenance(false)
		status := func() string {
			var out []any
			for _, d := range s.get(t, "/apps/penny-university/webhook-deliveries").list(t) {
				out = append(out, d["status"], d["num_attempts"])
			}
			return strings.Trim(fmt.Sprint(out), "[]")
		}
		time.Sleep(71 * time.Hour)
		if got := status(); !strings.HasPrefix(got, "retrying") || !strings.HasSuffix(got, "pending 0") {
			t.Errorf("after 71 h: %s", got)
		}
		got := rc.all()
		if gap := got[len(got)-1].at.Sub(got[len(got)-2].at); gap != time.Hour {
			t.Errorf("the last gap was %v", gap)
		}
		time.Sleep(3 * time.Hour)
		if got := status(); !strings.HasPrefix(got, "failed") || !strings.HasSuffix(got, "skipped 1") || len(s.Open()) != 0 {
			t.Errorf("after 74 h: %s, open %q", got, s.Open())
		}
	})
}

// "Without `secret` one is generated and returned ONCE in header `Heroku-Webhook-Secret`"; "`GET|PATCH|DELETE
// .../webhooks/{id}`"; "The CLI uses Accept 3.webhooks …; plain 3 works by schema"
func TestWebhooksAreMadeAndChangedOverTheAPI(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		rc := s.receive(t)
		const path = "/apps/penny-university/webhooks"
		body := `{"include":["api:app"],"level":"sync","url":"` + rc.url + `","authorization":"Bearer abc"}`
		a := s.send(t, "POST", path, body, "Accept: application/vnd.heroku+json; version=3.webhooks")
		secret, id := a.Header.Get("Heroku-Webhook-Secret"), a.object(t)["id"].(string)
		if a.StatusCode != 201 || secret == "" || strings.Contains(a.body, secret) {
			t.Errorf("got %d %s, secret %q", a.StatusCode, a.body, secret)
		}
		if again := s.get(t, path+"/"+id); again.Header.Get("Heroku-Webhook-Secret") != "" || again.object(t)["level"] != "sync" {
			t.Errorf("read again: %v %s", again.Header, again.body)
		}
		s.app.SetMaintenance(true)
		time.Sleep(time.Second)
		if one := rc.all()[0]; one.header.Get("Heroku-Webhook-Hmac-SHA256") != sign(secret, one.body) || one.header.Get("Authorization") != "Bearer abc" {
			t.Errorf("sent with %v", one.header)
		}
		own := s.send(t, "PATCH", path+"/"+id, `{"include":["api:release","dyno"],"secret":"mine"}`)
		if w := s.app.Webhooks()[0]; own.StatusCode != 200 || w.Secret != "mine" || strings.Join(w.Include, " ") != "api:release dyno" || w.URL != rc.url {
			t.Errorf("changed to %+v (%d)", w, own.StatusCode)
		}
		if a := s.send(t, "POST", path, `{"include":["api:app"],"level":"notify","url":"`+rc.url+`","secret":"x"}`); a.Header.Get("Heroku-Webhook-Secret") != "" {
			t.Error("a secret that was sent came back")
		}
		if a := s.do(t, "DELETE", path+"/"+id); a.StatusCode != 200 || len(s.get(t, path).list(t)) != 1 {
			t.Errorf("deleted: %d, left %s", a.StatusCode, s.get(t, path).body)
		}
		s.get(t, path+"/"+id).fault(t, 404, "not_found")
		for _, wrong := range []string{
			`{"include":[],"level":"sync","url":"https://x.example"}`,
			`{"include":["api:nosuch"],"level":"sync","url":"https://x.example"}`,
			`{"include":["dyno"],"level":"loud","url":"https://x.example"}`,
			`{"include":["dyno"],"level":"sync","url":"x.example"}`,
		} {
			s.send(t, "POST", path, wrong).fault(t, 422, "invalid_params")
		}
	})
}

// A deleted webhook is sent nothing more, not even what it was still to be sent.
func TestADeletedWebhookIsSentNothingMore(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		rc := s.receive(t, 500)
		w := s.hook(t, rc, "sync", "api:app")
		s.app.SetMaintenance(true)
		time.Sleep(500 * time.Millisecond)
		s.app.SetMaintenance(false)
		time.Sleep(300 * time.Millisecond)
		s.do(t, "DELETE", "/apps/penny-university/webhooks/"+w.ID)
		synctest.Wait()
		if open := s.Open(); len(open) != 0 {
			t.Errorf("open %q", open)
		}
		time.Sleep(time.Hour)
		if len(rc.all()) != 1 {
			t.Errorf("%d requests", len(rc.all()))
		}
	})
}

// The faults of deliveries go by entity and action; a lost one of a sync webhook is tried again, as Heroku would.
func TestDeliveriesAreLostDoubledAndLate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, level string
		fault       weather.DeliveryFault
		want        string
	}{
		{"drop, notify", "notify", weather.DeliveryFault{Event: "api:app", Kind: weather.Drop}, ""},
		{"drop, sync", "sync", weather.DeliveryFault{Event: "api:app", Kind: weather.Drop}, "1s"},
		{"duplicate", "sync", weather.DeliveryFault{Event: "api:app.update", Kind: weather.Duplicate}, "0s 0s"},
		{"delay", "sync", weather.DeliveryFault{Event: "*", Kind: weather.Delay, D: 30 * time.Second}, "30s"},
		{"another event", "sync", weather.DeliveryFault{Event: "api:release", Kind: weather.Drop}, "0s"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			play(t, Options{}, func(t *testing.T, s *site) {
				rc := s.receive(t)
				s.hook(t, rc, c.level, "api:app")
				s.Outgoing().Add(c.fault)
				began := time.Now()
				s.app.SetMaintenance(true)
				time.Sleep(time.Minute)
				var at []string
				for _, one := range rc.all() {
					at = append(at, one.at.Sub(began).String())
				}
				if got := strings.Join(at, " "); got != c.want {
					t.Errorf("came after %q, want %q", got, c.want)
				}
			})
		})
	}
}

// Reordered deliveries arrive in another order, and the same one in every run.
func TestDeliveriesAreReordered(t *testing.T) {
	t.Parallel()
	var runs [2]string
	for i := range runs {
		play(t, Options{}, func(t *testing.T, s *site) {
			rc := s.receive(t)
			s.hook(t, rc, "sync", "api:release", "api:build")
			s.Outgoing().Add(weather.DeliveryFault{Event: "api:release.create", Kind: weather.Reorder})
			if _, err := s.app.Deploy(t.Context(), DeploySpec{Commit: sha2}); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Minute)
			runs[i] = rc.told(true)
		})
	}
	if strings.Index(runs[0], "release create") < strings.Index(runs[0], "build update") || runs[0] != runs[1] {
		t.Errorf("told\n%s\nand\n%s", runs[0], runs[1])
	}
}

// "`notify` … `sync` = retries until 2xx": a redirect is no 2xx, and is not followed.
func TestARedirectIsNotFollowed(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		l, err := s.network.Listen(hookAddress)
		if err != nil {
			t.Fatal(err)
		}
		asked := make(chan string, 10)
		server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			asked <- r.Method + " " + r.URL.Path
			http.Redirect(w, r, "/elsewhere", http.StatusFound)
		})}
		go func() { _ = server.Serve(l) }()
		defer server.Close()
		s.hook(t, &receiver{url: "http://" + hookAddress + "/here"}, "notify", "api:app")
		s.app.SetMaintenance(true)
		time.Sleep(time.Second)
		if all, _ := s.Deliveries(0); <-asked != "POST /here" || len(asked) != 0 || all[0].Status != 302 {
			t.Errorf("%d more requests, %+v", len(asked), all)
		}
	})
}

// What was sent is kept, with what came back, for people who look into it.
func TestDeliveriesAreKept(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		rc := s.receive(t, 500)
		w := s.hook(t, rc, "sync", "api:app")
		s.Outgoing().Add(weather.DeliveryFault{Event: "api:app", Kind: weather.Drop})
		s.app.SetMaintenance(true)
		time.Sleep(time.Minute)
		all, next := s.Deliveries(0)
		var got []string
		for _, d := range all {
			got = append(got, fmt.Sprint(d.Event, " ", d.Action, " ", d.Try, " ", d.Status, " ", d.Lost, " ", d.Webhook == w.ID, " ", d.App))
		}
		want := "api:app update 1 0 true true penny-university|api:app update 2 500 false true penny-university|api:app update 3 204 false true penny-university"
		if strings.Join(got, "|") != want || next != 3 || all[2].Request.Get("Heroku-Webhook-Hmac-SHA256") != sign("s3cret", all[2].Body) {
			t.Errorf("got  %s\nwant %s", strings.Join(got, "|"), want)
		}
	})
}

// The official client reads webhooks, their deliveries and their events.
func TestTheOfficialGoClientReadsWebhooks(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		rc := s.receive(t, 500)
		c, ctx, app := s.official(), t.Context(), "penny-university"
		w, err := c.AppWebhookCreate(ctx, app, heroku.AppWebhookCreateOpts{
			Include: []string{"api:app"}, Level: "sync", URL: rc.url, Secret: new("s3cret"),
		})
		if err != nil || w.Level != "sync" {
			t.Fatalf("%+v, %v", w, err)
		}
		s.app.SetMaintenance(true)
		time.Sleep(100 * time.Millisecond)
		ds, err := c.AppWebhookDeliveryList(ctx, app, nil)
		if err != nil || len(ds) != 1 || ds[0].Status != "retrying" || *ds[0].LastAttempt.Code != 500 || ds[0].NextAttemptAt == nil {
			t.Errorf("deliveries %+v, %v", ds, err)
		}
		es, err := c.AppWebhookEventList(ctx, app, nil)
		if err != nil || len(es) != 1 || es[0].Include != "api:app" || es[0].Payload.Action != "update" || es[0].ID != ds[0].Event.ID {
			t.Errorf("events %+v, %v", es, err)
		}
		d, err := c.AppWebhookDeliveryInfo(ctx, app, ds[0].ID)
		if err != nil || d.Webhook.ID != w.ID {
			t.Errorf("delivery %+v, %v", d, err)
		}
		if e, err := c.AppWebhookEventInfo(ctx, app, es[0].ID); err != nil || e.ID != es[0].ID {
			t.Errorf("event %+v, %v", e, err)
		}
	})
}
