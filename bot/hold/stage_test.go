package hold

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"slipway/bot/board"
	"slipway/bot/channels"
	"slipway/bot/config"
	"slipway/bot/ledger"
	"slipway/bot/policy"
	"slipway/bot/store"
	"slipway/bot/store/storetest"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

const appName = "penny-university"

var penny = github.Repo{Owner: "penny-university", Name: "penny_university"}

// sha is a whole commit made of one digit.
func sha(digit string) string { return strings.Repeat(digit, 40) }

// unreachable is a GitHub that nobody reaches; it counts who tries.
type unreachable struct{ asked []string }

func (u *unreachable) RoundTrip(r *http.Request) (*http.Response, error) {
	u.asked = append(u.asked, r.Method+" "+r.URL.Path)
	return nil, errors.New("no route")
}

// stage is a database with holds on it, in a bubble. GitHub is not reached.
type stage struct {
	*Holds
	t   *testing.T
	hub *unreachable
	log bytes.Buffer
}

func onStage(t *testing.T, test func(s *stage)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		test(newStage(t, store.Options{Path: storetest.File(t), Unsafe: true}))
	})
}

// newStage opens a database with what was known before.
func newStage(t *testing.T, o store.Options) *stage {
	t.Helper()
	s := &stage{t: t, hub: &unreachable{}}
	kept, err := storetest.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := kept.Close(); err != nil {
			t.Error(err)
		}
	})
	log := slog.New(slog.NewTextHandler(&s.log, nil))
	hub, err := github.New(github.Options{Token: "ghp_token", HTTP: s.hub})
	if err != nil {
		t.Fatal(err)
	}
	apps := config.Apps{{Name: appName, Repo: penny, Channel: "deploys"}}
	s.Holds = New(Options{
		Store: kept, Log: log, GitHub: hub, GitHubWrite: hub, Apps: apps,
		Boards:   board.New(board.Options{Store: kept, Log: log}),
		Channels: channels.New(channels.Options{Store: kept, Log: log, Apps: apps}),
		Policy:   policy.New(policy.Options{Store: kept, Log: log, Apps: apps}),
	})
	s.learn(past()...)
	return s
}

// do works in a transaction.
func (s *stage) do(work func(ctx context.Context, tx *store.Tx) error) {
	s.t.Helper()
	if err := s.Store.Do(s.t.Context(), work); err != nil {
		s.t.Fatal(err)
	}
}

// learn folds facts.
func (s *stage) learn(facts ...ledger.Fact) {
	s.t.Helper()
	if err := s.fold(s.t.Context(), facts...); err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) set(h Hold) {
	s.t.Helper()
	s.setAt(h, time.Now().Add(-firstTold)) // long enough ago for something to be done because of it
}

func (s *stage) setAt(h Hold, at time.Time) {
	s.t.Helper()
	h.App, h.Channel, h.By, h.At, h.Operation = appName, "C1", "U1", at, "op1"
	s.do(func(ctx context.Context, tx *store.Tx) error { return s.Set(ctx, tx, h) })
}

// looks has the app looked at and what is due done, once.
func (s *stage) looks() {
	s.t.Helper()
	if _, err := s.pass(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

// runs are the runs that were written down, each with its state.
func (s *stage) runs() string {
	s.t.Helper()
	var list []string
	s.do(func(ctx context.Context, tx *store.Tx) error {
		rows, err := readRuns(ctx, tx, "1 = 1 order by r.run")
		for _, r := range rows {
			list = append(list, fmt.Sprintf("%d %s", r.run, r.state))
		}
		return err
	})
	return strings.Join(list, ", ")
}

// held tells whether the app is.
func (s *stage) held() bool {
	s.t.Helper()
	_, ok, err := s.Standing(s.t.Context(), appName)
	if err != nil {
		s.t.Fatal(err)
	}
	return ok
}

// drawn is what a board says; "": nothing.
func (s *stage) drawn(key board.Key) string {
	s.t.Helper()
	d, err := s.Draw(s.t.Context(), key)
	if err != nil {
		s.t.Fatal(err)
	}
	var lines []string
	for _, b := range d.Message.Blocks {
		lines = append(lines, fmt.Sprintf("%+v", textOf(b)))
	}
	return strings.Join(append(lines, d.Message.Text), "\n")
}

// says wants something said on a board.
func (s *stage) says(key board.Key, want string) {
	s.t.Helper()
	if got := s.drawn(key); !strings.Contains(got, want) {
		s.t.Errorf("%s says\n%s\nwithout %q", key, got, want)
	}
}

// past is what was known before: b runs, by a workflow that deploys.
func past() []ledger.Fact {
	return append(append([]ledger.Fact{ledger.Branch{Repo: penny, Name: "master", Read: time.Now()}},
		run(20, "b", "success")...), release(122, "b")...)
}

// run is a run on the deploy branch; without a conclusion it goes on.
func run(id int64, digit, conclusion string) []ledger.Fact {
	now := time.Now()
	r := github.Run{
		ID: id, Number: int(id), Attempt: 1, Name: "CI", Path: ".github/workflows/ci.yml", Event: "push", Branch: "master", SHA: sha(digit),
		Status: "in_progress", Conclusion: conclusion, CreatedAt: now, StartedAt: now, UpdatedAt: now,
	}
	job := github.Job{ID: id * 100, RunID: id, Attempt: 1, Name: "deploy", Status: "queued"}
	if conclusion != "" {
		r.Status, job.Status, job.Conclusion = completed, completed, conclusion
	}
	return []ledger.Fact{ledger.Run{Repo: penny, Run: r}, ledger.Job{Repo: penny, Job: job, SHA: r.SHA, Branch: "master"}}
}

// merge is a pull request that lands as a commit on another.
func merge(number int, title, from, before, after string) []ledger.Fact {
	now := time.Now()
	return []ledger.Fact{
		ledger.Pull{Repo: penny, Pull: github.Pull{
			Number: number, Title: title, State: "closed", BaseRef: "master", HeadRef: from, Merged: true, MergedAt: now, MergeSHA: sha(after), UpdatedAt: now,
		}},
		ledger.Push{Repo: penny, By: "alice", At: now, Push: github.PushEvent{
			Ref: "refs/heads/master", Before: sha(before), After: sha(after), PushedAt: now,
			Commits: []github.PushedCommit{{SHA: sha(after), Message: fmt.Sprintf("Merge pull request #%d from %s", number, from)}},
		}},
		ledger.Head{Repo: penny, Branch: "master", SHA: sha(after), Before: sha(before), At: now},
	}
}

func release(version int, digit string) []ledger.Fact {
	now := time.Now()
	r := heroku.Release{
		ID: fmt.Sprintf("r%d", version), Version: version, Status: heroku.Succeeded, Description: "Deploy " + digit, SlugID: "slug-" + digit,
		Current: true, CreatedAt: now, UpdatedAt: now,
	}
	return []ledger.Fact{ledger.Release{App: appName, Release: r}, ledger.Slug{App: appName, Slug: heroku.Slug{ID: r.SlugID, Commit: sha(digit)}}}
}

// opened is a pull request as it stands.
func opened(p github.Pull) []ledger.Fact { return []ledger.Fact{ledger.Pull{Repo: penny, Pull: p}} }
