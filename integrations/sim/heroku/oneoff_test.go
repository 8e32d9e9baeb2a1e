package herokusim

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	heroku "github.com/heroku/heroku-go/v5"
)

const dynos = "/apps/penny-university/dynos"

// start starts a one-off dyno and gives its name.
func (s *site) start(t *testing.T, body string) string {
	t.Helper()
	a := s.send(t, "POST", dynos, body)
	if a.StatusCode != 201 {
		t.Fatalf("%s: %d %s", body, a.StatusCode, a.body)
	}
	return a.object(t)["name"].(string)
}

// log gives the app's log lines of a dyno, without their times.
func (s *site) log(dyno string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for _, l := range s.app.log.since(0, filter{dyno: dyno}) {
		out = append(out, l.source+": "+l.text)
	}
	return strings.Join(out, "\n")
}

// ends gives "state exit_status" of the last dyno event of a dyno.
func (s *site) ends(t *testing.T, name string) string {
	t.Helper()
	events, _ := s.Events(0)
	out := ""
	for _, e := range events {
		if e.Include == "dyno" && strings.Contains(string(e.Data), `"name":"`+name+`"`) {
			data := decode[map[string]any](t, answer{body: string(e.Data)})
			out = fmt.Sprintf("%s %v %v", e.Action, data["state"], data["exit_status"])
		}
	}
	return out
}

// "request, then the 201 answer: … `"state":"starting","attach_url":null`"; "a finished dyno is gone: 404"
func TestAOneOffDynoStartsRunsAndIsGone(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		s.app.OnRun(func(ctx context.Context, r Run) int {
			r.Print("Running migrations:\n  OK")
			if r.Pass(ctx, time.Minute) != nil {
				return 99
			}
			return 1
		})
		a := s.send(t, "POST", dynos, `{"command":"python manage.py migrate","attach":false,"type":"run","size":"standard-1x","time_to_live":1800,"env":{"A":"b"},"force_no_tty":true}`)
		made := a.object(t)
		name := made["name"].(string)
		if a.StatusCode != 201 || made["state"] != "starting" || made["attach_url"] != nil || made["size"] != "Standard-1X" || !strings.HasPrefix(name, "run.") {
			t.Errorf("got %d %s", a.StatusCode, a.body)
		}
		for _, step := range []struct {
			after time.Duration
			want  string
		}{{time.Second, "starting"}, {6 * time.Second, "up"}, {64 * time.Second, "up"}} {
			sleepUntil(step.after)
			for _, id := range []string{name, made["id"].(string)} {
				if got := s.get(t, dynos+"/"+id).object(t)["state"]; got != step.want {
					t.Errorf("after %v it is %v, want %s", step.after, got, step.want)
				}
			}
			if got := s.states(t); !strings.HasSuffix(got, name+" "+step.want) {
				t.Errorf("after %v: %s", step.after, got)
			}
			if got := s.Open(); len(got) != 1 || got[0] != "dyno "+name+" of penny-university" {
				t.Errorf("open: %q", got)
			}
		}
		sleepUntil(66 * time.Second)
		s.get(t, dynos+"/"+name).fault(t, 404, "not_found")
		// "`Process exited with status 1`, then `State changed from up to complete`. **`complete` does not mean success**"
		want := "heroku: State changed from starting to up\napp: Running migrations:\napp:   OK\nheroku: Process exited with status 1\nheroku: State changed from up to complete"
		if got := s.log(name); got != want || len(s.Open()) != 0 {
			t.Errorf("log\n%s\nwant\n%s\nopen %q", got, want, s.Open())
		}
	})
}

// "the final event has `data.exit_status`, absent or null in earlier events"; "`api:dyno` (API-level creation only, no
// exit)"; "`"management":"run:detached"`"
func TestADynosEndIsToldWithItsExitStatus(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		rc := s.receive(t)
		s.hook(t, rc, "sync", "dyno", "api:dyno")
		s.start(t, `{"command":"exit 7"}`)
		time.Sleep(10 * time.Second)
		var got []string
		for _, one := range rc.all() {
			data := one.event["data"].(map[string]any)
			include := one.event["webhook_metadata"].(map[string]any)["event"].(map[string]any)["include"]
			got = append(got, fmt.Sprint(include, " ", one.event["action"], " ", data["state"], " ", data["exit_status"], " ", data["management"]))
		}
		want := "api:dyno create starting <nil> <nil>|dyno create starting <nil> run:detached|dyno update up <nil> run:detached|dyno destroy down 7 run:detached"
		if strings.Join(got, "|") != want {
			t.Errorf("got  %s\nwant %s", strings.Join(got, "|"), want)
		}
	})
}

// "`exit_status` for exit 0 (only 137 seen)" is not known: both are to be had.
func TestAnExitStatusOfZeroIsZeroOrNull(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		opts Options
		want string
	}{{Options{}, "destroy down 0"}, {Options{ZeroIsNull: true}, "destroy down <nil>"}} {
		play(t, c.opts, func(t *testing.T, s *site) {
			name := s.start(t, `{"command":"true"}`)
			time.Sleep(10 * time.Second)
			if got := s.ends(t, name); got != c.want {
				t.Errorf("%+v: %s", c.opts, got)
			}
		})
	}
}

// "`time_to_live`: seconds, max 86400; … the only server-side kill switch"; "143 or 137 at `time_to_live`" is not known.
func TestADynoEndsAtItsTimeLimit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		opts   Options
		status int
	}{{Options{}, 143}, {Options{TimeLimitStatus: 137}, 137}} {
		play(t, c.opts, func(t *testing.T, s *site) {
			s.app.OnRun(func(ctx context.Context, _ Run) int { <-ctx.Done(); return 0 })
			name := s.start(t, `{"command":"sleep 1000","time_to_live":60}`)
			sleepUntil(59 * time.Second)
			if a := s.get(t, dynos+"/"+name); a.StatusCode != 200 {
				t.Errorf("after 59 s: %d", a.StatusCode)
			}
			sleepUntil(61 * time.Second)
			s.get(t, dynos+"/"+name).fault(t, 404, "not_found")
			if got, want := s.ends(t, name), fmt.Sprintf("destroy crashed %d", c.status); got != want {
				t.Errorf("ended as %s, want %s", got, want)
			}
			if want := fmt.Sprintf("Process exited with status %d\nheroku: State changed from up to crashed", c.status); !strings.HasSuffix(s.log(name), want) {
				t.Errorf("log\n%s", s.log(name))
			}
		})
	}
}

// "Stop: `POST /apps/{app}/dynos/{name}/actions/stop` (2xx, body `{}`)"
func TestAOneOffDynoIsStopped(t *testing.T) {
	t.Parallel()
	for method, path := range map[string]string{"POST": "/actions/stop", "DELETE": ""} {
		play(t, Options{}, func(t *testing.T, s *site) {
			s.app.OnRun(func(ctx context.Context, _ Run) int { <-ctx.Done(); return 0 })
			name := s.start(t, `{"command":"sleep 1000"}`)
			sleepUntil(10 * time.Second)
			if a := s.do(t, method, dynos+"/"+name+path); a.StatusCode != 202 || a.body != "{}" {
				t.Errorf("%s: %d %q", method, a.StatusCode, a.body)
			}
			synctest.Wait()
			if got := s.ends(t, name); got != "destroy crashed 143" {
				t.Errorf("%s: %s", method, got)
			}
			s.do(t, method, dynos+"/"+name+path).fault(t, 404, "not_found")
		})
	}
}

// "If the first word of `command` is a Procfile process type, that type's command runs instead"; "`env` values are strings
// and do not persist"
func TestACommandIsToldWhatItRunsIn(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		var got []Run
		s.app.OnRun(func(_ context.Context, r Run) int { got = append(got, r); return 0 })
		s.start(t, `{"command":"worker --once","type":"job","env":{"FEATURE_X":"2"}}`)
		time.Sleep(time.Minute)
		name, err := s.app.RunDyno(RunSpec{Command: "python manage.py background_tasks", Type: "scheduler", Size: "basic"})
		if err != nil || !strings.HasPrefix(name, "scheduler.") {
			t.Fatalf("%s, %v", name, err)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if len(got) != 2 || got[0].Command != "celery -A penny worker --once" || !strings.HasPrefix(got[0].Name, "job.") ||
			got[0].Env["FEATURE_X"] != "2" || got[0].Env["DEBUG"] != "0" || got[0].Release != 122 || got[0].Commit != sha {
			t.Errorf("got %+v", got)
		}
		if r := got[1]; r.Name != name || r.Type != "scheduler" || r.Size != "Basic" || r.Env["FEATURE_X"] != "1" || r.App != s.app {
			t.Errorf("the scheduler's: %+v", r)
		}
	})
}

// "Sent exactly: `<cmd> ; echo "\uFFFF heroku-command-exit-status: $?"`"; "The shell's own exit becomes 0"; "For an own
// marker end with `; rc=$?; echo "<nonce> rc=$rc"; exit $rc`"; "The command goes to a shell (`;`, `$?`, `&&` work)"
func TestADynosShell(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		command, out string
		status       int
	}{
		{"fails ; echo \"\uFFFF heroku-command-exit-status: $?\"", "<fails>|\uFFFF heroku-command-exit-status: 3", 0},
		{"exit 3 ; echo never", "", 3},
		{`fails; rc=$?; echo "n0nce rc=$rc"; exit $rc`, "<fails>|n0nce rc=3", 3},
		{"works && echo yes || echo no", "<works>|yes", 0},
		{"fails && echo yes || echo no", "<fails>|no", 0},
		{"fails && echo yes", "<fails>", 3},
		{`echo 'a; b'  "c $DEBUG" d\;e ${FEATURE_X}f '$DEBUG'`, `a; b c 0 d;e 1f $DEBUG`, 0},
		{`sh -c "exit 4"; echo $?`, "4", 0},
		{`python -c 'print("a && b")'`, `<python -c 'print("a && b")'>`, 0},
		{"false", "", 1},
		{"fails\necho $?", "<fails>|3", 0},
		{" ; ", "", 0},
	} {
		t.Run(c.command, func(t *testing.T) {
			t.Parallel()
			play(t, Options{}, func(t *testing.T, s *site) {
				s.app.OnRun(func(_ context.Context, r Run) int {
					r.Print("<" + r.Command + ">")
					if r.Command == "fails" {
						return 3
					}
					return 0
				})
				name, err := s.app.RunDyno(RunSpec{Command: c.command})
				if err != nil {
					t.Fatal(err)
				}
				time.Sleep(10 * time.Second)
				var out []string
				for line := range strings.SplitSeq(s.log(name), "\n") {
					if text, ok := strings.CutPrefix(line, "app: "); ok {
						out = append(out, text)
					}
				}
				if got := strings.Join(out, "|"); got != c.out {
					t.Errorf("printed %q, want %q", got, c.out)
				}
				if got, want := s.ends(t, name), fmt.Sprintf("destroy down %d", c.status); got != want {
					t.Errorf("ended as %s, want %s", got, want)
				}
			})
		})
	}
}

// "409 = "release not found yet", right after app creation"; "`time_to_live`: seconds, max 86400"
func TestADynoThatCannotBeIsRefused(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		s.AddApp(AppSpec{Name: "fresh", Owner: alice})
		s.send(t, "POST", "/apps/fresh/dynos", `{"command":"true"}`).fault(t, 409, "conflict")
		for _, body := range []string{`{}`, `{"command":"true","time_to_live":86401}`, `{"command":"true","time_to_live":0}`} {
			s.send(t, "POST", dynos, body).fault(t, 422, "invalid_params")
		}
		s.send(t, "POST", dynos, `{"command":`).fault(t, 400, "bad_request")
	})
}

// "422 … `{"id":"cannot_run_above_limit","limit":2,"size":"..","message":".."}`"
func TestThereCanBeTooManyDynos(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		s.app.LimitRuns("standard-1x", 1)
		const body = `{"command":"true","size":"Standard-1X"}`
		s.start(t, body)
		a := s.send(t, "POST", dynos, body)
		a.fault(t, 422, "cannot_run_above_limit")
		if refusal := a.object(t); refusal["limit"] != 1.0 || refusal["size"] != "Standard-1X" {
			t.Errorf("got %v", refusal)
		}
		s.start(t, `{"command":"true"}`)
		time.Sleep(10 * time.Second)
		s.start(t, body)
	})
}

// "404 says "ended", nothing about success, and may also come right after creation."
func TestANewDynoMayAnswer404(t *testing.T) {
	t.Parallel()
	play(t, Options{DynosAppearAfter: 2 * time.Second}, func(t *testing.T, s *site) {
		name := s.start(t, `{"command":"true"}`)
		s.get(t, dynos+"/"+name).fault(t, 404, "not_found")
		time.Sleep(2 * time.Second)
		if a := s.get(t, dynos+"/"+name); a.StatusCode != 200 {
			t.Errorf("2 s later: %d", a.StatusCode)
		}
	})
}

// A release does not end one-off dynos, and they go on with the one they began with.
func TestAOneOffDynoOutlivesARelease(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		s.app.OnRun(func(ctx context.Context, r Run) int { _ = r.Pass(ctx, 5*time.Minute); return 0 })
		name := s.start(t, `{"command":"long"}`)
		if _, err := s.app.SetConfig(t.Context(), "A", "1", ""); err != nil {
			t.Fatal(err)
		}
		d := s.get(t, dynos+"/"+name).object(t)
		if d["state"] != "up" || d["release"].(map[string]any)["version"] != 122.0 {
			t.Errorf("after the release: %v", d)
		}
	})
}

// Close ends what runs, without telling anyone.
func TestCloseEndsOneOffDynos(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		var why error
		s.app.OnRun(func(ctx context.Context, _ Run) int { <-ctx.Done(); why = context.Cause(ctx); return 0 })
		name := s.start(t, `{"command":"long"}`)
		sleepUntil(10 * time.Second)
		s.Close()
		if !errors.Is(why, ErrClosed) || s.ends(t, name) != "update up <nil>" {
			t.Errorf("ended because of %v: %s", why, s.ends(t, name))
		}
	})
}

func TestTheOfficialGoClientRunsDynos(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		c, ctx, app := s.official(), t.Context(), "penny-university"
		d, err := c.DynoCreate(ctx, app, heroku.DynoCreateOpts{Command: "true", TimeToLive: new(60), Size: new("Basic")})
		if err != nil || d.State != "starting" || d.Release.Version != 122 {
			t.Fatalf("%+v, %v", d, err)
		}
		// A fresh LogSession beside it, as a client that wants its output makes one.
		l, err := c.LogSessionCreate(ctx, app, heroku.LogSessionCreateOpts{Dyno: &d.Name, Lines: new(100)})
		if err != nil || !strings.HasPrefix(l.LogplexURL, base) {
			t.Errorf("%+v, %v", l, err)
		}
		if _, err := c.DynoStop(ctx, app, d.Name); err != nil {
			t.Error(err)
		}
		time.Sleep(time.Second)
		_, err = c.DynoInfo(ctx, app, d.Name)
		if he, ok := errors.AsType[heroku.Error](err); !ok || he.StatusCode != http.StatusNotFound {
			t.Errorf("got %v", err)
		}
	})
}
