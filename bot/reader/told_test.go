package reader_test

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"slipway/bot/ledger"
	"slipway/bot/reader/readertest"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

// listener keeps what webhooks tell.
type listener struct {
	mu    sync.Mutex
	facts []ledger.Fact
	wrong []error
}

func (l *listener) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body) // one that breaks off is not understood
	var facts []ledger.Fact
	var err error
	if r.URL.Path == "/webhooks/github" {
		var e github.Event
		if e, err = github.ParseEvent(r.Header.Get("X-GitHub-Event"), body); err == nil {
			facts = ledger.FromGitHub(e)
		}
	} else {
		var e heroku.Event
		if e, err = heroku.ParseEvent(body); err == nil {
			facts = ledger.FromHeroku(e)
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.facts = append(l.facts, facts...)
	if err != nil {
		l.wrong = append(l.wrong, err)
	}
	w.WriteHeader(http.StatusAccepted)
}

// stories are what happens, line by line; "settle" waits until it is over, "again" runs the newest run again.
var stories = []struct{ name, lines string }{
	{"merge", "merge 46; settle"},
	{"squash", "merge 46 squash; settle"},
	{"rebase", "merge 45 rebase; settle"},
	{"queue", "merge 46 queue; merge 45 queue; settle"},
	{"push and checks that fail", "ci fail 45 test-backend; push 45; settle"},
	{"direct", "direct hotfix; settle"},
	{"two merges at once", "merge 46; 5s; merge 45; settle"},
	{"failed run, run again", "ci fail master deploy; merge 46; settle; 10m; again failed; settle"},
	{"failed deploy, run again", "release-phase fail; merge 46; settle; 5m; again; settle"},
	{"rollback", "merge 46; settle; 1h; cli rollback v120; settle"},
	{"config", "config A=1; settle; config B=2; settle"},
	{"crash", "crash web; settle; 10m"},
	{"scaled", "scale; settle; 2m"},
	{"deploy by hand", "merge 46; 10s; cli deploy; settle"},
}

// What reading tells and what webhooks tell is the same, but for what readertest lists, each with its reason.
func TestReadingAloneKnowsWhatWebhooksAloneKnow(t *testing.T) {
	t.Parallel()
	for i, kind := range []string{"world default", "world two-files"} {
		for j, story := range stories {
			if (i+j)%2 == 1 && !sweep {
				continue // a sweep
			}
			t.Run(kind+" "+story.name, func(t *testing.T) {
				t.Parallel()
				changes := []string{kind}
				if story.name == "queue" {
					changes = append(changes, "merge queue")
				}
				l := &listener{}
				on(t, changes, l, func(s *stage) {
					read, told := s.nothing(), s.nothing()
					s.reader.Know(s.t.Context(), s.app, read, nobody)
					told.Add(read.Facts()...)
					s.polling(read, func() {
						s.tell(story.lines)
						time.Sleep(2 * time.Minute) // all was read once more
					})
					l.mu.Lock()
					defer l.mu.Unlock()
					told.Add(l.facts...)
					if len(l.wrong) > 0 {
						t.Error(l.wrong)
					}
					if list := readertest.Different(told, read); len(list) > 0 {
						t.Errorf("%d differences:\n%s", len(list), readertest.Short(list))
					}
					if missing := read.Missing(); len(missing) > 0 {
						t.Errorf("missing is %v", missing)
					}
				})
			})
		}
	}
}

// tell lets a story happen.
func (s *stage) tell(lines string) {
	s.t.Helper()
	for line := range strings.SplitSeq(lines, "; ") {
		d, err := time.ParseDuration(line)
		switch {
		case err == nil:
			time.Sleep(d)
		case line == "settle":
			s.settle()
		case line == "scale":
			s.scale()
		case line == "again":
			s.again(false)
		case line == "again failed":
			s.again(true)
		default:
			s.do(line)
		}
	}
}

// polling reads every 45 s, and what is missing then, while something happens.
func (s *stage) polling(k *ledger.Known, happens func()) {
	end := make(chan struct{})
	var polling sync.WaitGroup
	defer polling.Wait()
	defer close(end)
	polling.Go(func() {
		tick := time.NewTicker(45 * time.Second)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				s.reader.GitHub(s.t.Context(), s.app, k, false)
				s.reader.Heroku(s.t.Context(), s.app, k, false)
				for range 2 {
					k.Add(s.reader.Wanted(s.t.Context(), s.app, k.Missing())...)
				}
			case <-end:
				return
			}
		}
	})
	happens()
}
