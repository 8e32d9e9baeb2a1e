package github_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slipway/integrations/github"
	"slipway/integrations/sim/memnet"
)

func TestEachMethodAsksAsGitHubWantsAndReadsTheAnswer(t *testing.T) {
	t.Parallel()
	for _, m := range slices.Concat(questions, changes) {
		t.Run(m.op, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T) {
				var asked, body string
				client, far := stage(t, func(w http.ResponseWriter, r *http.Request) {
					b, _ := io.ReadAll(r.Body)
					asked, body = r.Method+" "+r.URL.RequestURI(), string(b)
					says(m.status, m.answer)(w, r)
				})
				got, err := m.call(t.Context(), client)
				equal(t, m.want, got, err)
				if asked != m.asks || far.asked() != 1 {
					t.Errorf("asked %d times, %s, want %s", far.asked(), asked, m.asks)
				}
				if m.asks != "POST /graphql" {
					sameJSON(t, m.body, body)
				} else if !strings.Contains(body, `"variables":{"input":{"draft":true,"pullRequestId":"PR_1","title":"T"}}`) {
					t.Errorf("sent %s", body)
				}
			})
		})
	}
}

// trouble is how a far end may fail, and what is to be said of a change.
type trouble struct {
	answer    http.HandlerFunc
	kind      github.Kind
	ambiguous bool
}

var troubles = map[string]trouble{
	"401":       {says(401, `{"message":"Bad credentials"}`), github.Unauthorized, false},
	"403":       {says(403, `{"message":"This workflow is already running"}`, "X-RateLimit-Remaining", "9"), github.Forbidden, false},
	"primary":   {says(403, `{}`, "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "946685000"), github.OutOfQuota, false},
	"secondary": {says(403, secondary, "Retry-After", "9"), github.SlowDown, false},
	"429":       {says(429, ``), github.SlowDown, false},
	"400":       {says(400, `{"message":"no"}`), github.Invalid, false},
	"404":       {says(404, `{"message":"Not Found"}`), github.NotFound, false},
	"409":       {says(409, `{"message":"Cannot cancel a workflow run that is completed."}`), github.Invalid, false},
	"410":       {says(410, `{"message":"Gone"}`), github.NotFound, false},
	"422":       {says(422, `{"message":"Validation Failed"}`), github.Invalid, false},
	"500":       {says(500, ``), github.Unavailable, true},
	"502":       {says(502, ``), github.Unavailable, true},
	"html 503":  {says(503, `<html>`, "Content-Type", "text/html"), github.Unavailable, true},
	"html 200":  {says(200, `<html>`, "Content-Type", "text/html"), github.Unavailable, true},
	"dropped":   {drops, github.Unreachable, true},
	"cut short": {cutShort, github.Unreachable, true},
	"hangs":     {hangsWithBody, github.Unreachable, true},
	"elsewhere": {says(301, ``, "Location", "http://elsewhere.test/x"), github.Unavailable, false},
}

// hangsWithBody is hangs for a request with a body, before whose end the server does not see the client go.
func hangsWithBody(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	hangs(w, r)
}

func TestEveryNewMethodTellsTroublesApartAndWhetherItMayHaveHappened(t *testing.T) {
	t.Parallel()
	for name, c := range troubles {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, m := range slices.Concat(questions, changes) {
				bubble(t, func(t *testing.T) {
					client, far := stage(t, c.answer)
					got, err := m.call(t.Context(), client)
					e := fails(t, err)
					changes := !strings.HasPrefix(m.asks, "GET ")
					if e.Kind != c.kind || !strings.HasPrefix(e.Error(), m.op+": "+string(c.kind)) {
						t.Errorf("%s: got %v, want %q", m.op, e, c.kind)
					}
					if e.Ambiguous != (c.ambiguous && changes) || e.Ambiguous != strings.HasSuffix(e.Error(), "; it may have been done") {
						t.Errorf("%s: ambiguous is %v: %v", m.op, e.Ambiguous, e)
					}
					if changes && far.asked() != 1 {
						t.Errorf("%s: a change was sent %d times", m.op, far.asked())
					}
					if text, _ := json.Marshal(got); strings.Contains(string(text), "abc") {
						t.Errorf("%s: gave %s beside the error", m.op, text)
					}
				})
			}
		})
	}
}

func TestAnAnswerThatCannotBeReadMeansThatTheChangeWasMade(t *testing.T) {
	t.Parallel()
	for _, m := range changes {
		if m.want == nil {
			continue // no answer is wanted
		}
		for name, body := range map[string]string{"cut": m.answer[:len(m.answer)-1], "empty": `{}`, "null": `null`, "another": `"hello"`, "nothing": ``} {
			t.Run(m.op+"/"+name, func(t *testing.T) {
				t.Parallel()
				bubble(t, func(t *testing.T) {
					client, _ := stage(t, says(m.status, body))
					_, err := m.call(t.Context(), client)
					if e := fails(t, err); e.Kind != github.Malformed || !e.Ambiguous {
						t.Errorf("got %v", e)
					}
				})
			})
		}
	}
}

// A change is tried again only if nobody can have seen it.
func TestAChangeThatWasNeverSentIsTriedAgain(t *testing.T) {
	t.Parallel()
	for _, m := range changes {
		t.Run(m.op, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T) {
				far := &far{net: &memnet.Network{}}
				client := far.client(t, github.Options{})
				start := time.Now()
				_, err := m.call(t.Context(), client)
				if e := fails(t, err); e.Kind != github.Unreachable || e.Ambiguous || time.Since(start) != time.Second {
					t.Errorf("after %v: %v, ambiguous %v", time.Since(start), e, e.Ambiguous)
				}
				var body string
				time.AfterFunc(100*time.Millisecond, func() {
					far.listen(t, farAddr, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
						b, _ := io.ReadAll(r.Body)
						body = string(b)
						says(m.status, m.answer)(w, r)
					}))
				})
				got, err := m.call(t.Context(), client)
				equal(t, m.want, got, err)
				if far.asked() != 1 || m.body != "" && body == "" {
					t.Errorf("seen %d times, with %q", far.asked(), body)
				}
			})
		})
	}
}

func TestAChangeThatWasNeverAskedForCannotHaveHappened(t *testing.T) {
	t.Parallel()
	for _, m := range changes {
		bubble(t, func(t *testing.T) {
			client, far := stage(t, says(m.status, m.answer))
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			_, err := m.call(ctx, client)
			if e := fails(t, err); e.Ambiguous || e.Kind != github.Unreachable || far.asked() != 0 {
				t.Errorf("%s: %v, asked %d times", m.op, e, far.asked())
			}
		})
	}
}

// A redirect of a renamed repository would make a question of a change.
func TestAChangeIsNotTurnedIntoAQuestion(t *testing.T) {
	t.Parallel()
	for status, kind := range map[int]github.Kind{301: github.Invalid, 302: github.Invalid, 307: "", 308: ""} {
		for _, m := range changes {
			bubble(t, func(t *testing.T) {
				client, far := stage(t, func(w http.ResponseWriter, r *http.Request) {
					if r.URL.Path != "/repositories/42" {
						http.Redirect(w, r, "/repositories/42", status)
						return
					}
					says(m.status, m.answer)(w, r)
				})
				got, err := m.call(t.Context(), client)
				if kind == "" {
					equal(t, m.want, got, err)
					return
				}
				if e := fails(t, err); e.Kind != kind || e.Ambiguous || far.asked() != 1 {
					t.Errorf("%s after %d: %v, asked %d times", m.op, status, e, far.asked())
				}
			})
		}
	}
}

func sameJSON(t *testing.T, want, got string) {
	t.Helper()
	var a, b any
	if want != "" {
		if err := json.Unmarshal([]byte(want), &a); err != nil {
			t.Fatal(err)
		}
	}
	if strings.TrimSpace(got) != "" {
		if err := json.Unmarshal([]byte(got), &b); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(a, b); diff != "" {
		t.Errorf("sent: want -, got +:\n%s", diff)
	}
}

// body gives one field of a request's JSON.
func body(t *testing.T, r *http.Request, field string) string {
	t.Helper()
	var sent map[string]string
	if err := json.NewDecoder(r.Body).Decode(&sent); err != nil {
		t.Error(err)
	}
	return sent[field]
}
