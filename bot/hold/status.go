package hold

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"slipway/bot/config"
	"slipway/bot/ledger"
	"slipway/bot/say"
	"slipway/bot/store"
	"slipway/integrations/github"
)

// contextName is what the commit status is called. Of several apps of a repository each has its own.
func (h *Holds) contextName(app config.App) string {
	for _, other := range h.Apps {
		if other.Name != app.Name && ledger.RepoScope(other.Repo) == ledger.RepoScope(app.Repo) {
			return "slipway/hold/" + app.Name
		}
	}
	return "slipway/hold"
}

// informed tells whether an open pull request says that the app is held: it has to be said when it is not any more.
func (h *Holds) informed(ctx context.Context, tx *store.Tx, app config.App) (bool, error) {
	var n int64
	err := tx.QueryRow(ctx, "select count(*) from hold_statuses where app = $1 and state = 'failure'", app.Name).Scan(&n)
	return n > 0, err
}

// statuses writes down what the open pull requests are to say.
func (h *Holds) statuses(ctx context.Context, tx *store.Tx, s *scene) error {
	if !h.writes(s.app.Name) {
		return nil
	}
	repo, name := ledger.RepoScope(s.app.Repo), h.contextName(s.app)
	for _, p := range s.known.Pulls() {
		if p.State != "open" || p.BaseRef != s.known.Branch() || p.HeadSHA == "" {
			continue
		}
		state, said := s.status(p)
		if state == "" {
			continue
		}
		_, err := tx.Exec(ctx, `insert into hold_statuses (repo, app, sha, context, state, said, wake) values ($1, $2, $3, $4, $5, $6, $7)
			on conflict (repo, context, sha) do update set state = excluded.state, said = excluded.said, tries = 0, wake = excluded.wake
			where hold_statuses.state <> excluded.state or hold_statuses.said <> excluded.said`,
			repo, s.app.Name, p.HeadSHA, name, state, said, s.tellAt().UnixMilli())
		if err != nil {
			return fmt.Errorf("note the status of #%d: %w", p.Number, err)
		}
	}
	if s.held {
		return nil
	}
	_, err := tx.Exec(ctx, "delete from hold_statuses where app = $1 and state = 'failure' and tries = 0 and wake > $2 and wake <= $3",
		s.app.Name, s.now.UnixMilli(), s.now.Add(firstTold).UnixMilli())
	if err != nil {
		return fmt.Errorf("forget what was not told of %s: %w", s.app.Name, err)
	}
	_, err = tx.Exec(ctx, `update hold_statuses set state = 'success', said = $1, tries = 0, wake = $2 where app = $3 and state = 'failure'`,
		notHeld, s.now.UnixMilli(), s.app.Name)
	return err
}

// tellAt is when what the pull requests say may be told.
func (s *scene) tellAt() time.Time {
	if at := s.hold.At.Add(firstTold); s.held && at.After(s.now) {
		return at
	}
	return s.now
}

const notHeld = "Automatic deploys go on"

// status is what a pull request is to say. Where nothing is held, only those say it that said the contrary.
func (s *scene) status(p github.Pull) (state, said string) {
	switch {
	case !s.held:
		return "", ""
	case s.hold.lets(p):
		return "success", "This one may deploy though the app is held"
	}
	return "failure", s.hold.inWords()
}

// inWords is why nothing deploys, for GitHub: no marks, no mentions, 140 characters at most.
func (h Hold) inWords() string {
	text := "Deploys are held"
	if h.FromRollback() {
		text += " after the rollback to " + h.Back + ": merge a revert first"
	}
	if h.Reason != "" {
		text += ": " + strings.Join(strings.Fields(say.Scrub(h.Reason)), " ")
	}
	return say.Cut(text, 140)
}

const (
	statusPause = time.Second // between two statuses: GitHub bears no more for long
	statusTries = 6           // then it is left: it informs only
)

// inform tells GitHub one status that is due, and how long nothing more is.
func (h *Holds) inform(ctx context.Context) (time.Duration, error) {
	if early := statusPause - time.Since(h.paced); early > 0 {
		return early, nil // woken for something else
	}
	one, wait, err := h.nextStatus(ctx)
	if err != nil || one == nil {
		return wait, err
	}
	app, ok := h.app(one.app)
	if !ok || !h.writes(one.app) {
		return statusPause, h.keepStatus(ctx, one, 0)
	}
	h.paced = time.Now()
	_, err = h.GitHubWrite.CreateStatus(ctx, app.Repo, one.sha, github.Status{Context: one.context, State: one.state, Description: one.said})
	switch e, _ := errors.AsType[*github.Error](err); {
	case err == nil:
		return statusPause, h.keepStatus(ctx, one, 0)
	case ctx.Err() != nil:
		return wait, ctx.Err()
	case one.tries+1 >= statusTries, e != nil && (e.Kind == github.Invalid || e.Kind == github.Forbidden || e.Kind == github.NotFound):
		h.Log.Warn("a pull request does not say whether deploys are held", "app", one.app, "error", err)
		return statusPause, h.keepStatus(ctx, one, 0)
	}
	return statusPause, h.keepStatus(ctx, one, tryAgain<<one.tries)
}

// told is a status that is to be told.
type told struct {
	repo, app, sha, context, state, said string
	tries                                int64
}

// nextStatus takes the status that has waited longest.
func (h *Holds) nextStatus(ctx context.Context) (one *told, wait time.Duration, err error) {
	err = h.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		one, wait = nil, lookEvery
		var t told
		var wake int64
		now := time.Now()
		err := tx.QueryRow(ctx, `select repo, app, sha, context, state, said, tries, wake from hold_statuses where wake > 0
			order by wake, sha limit 1`).Scan(&t.repo, &t.app, &t.sha, &t.context, &t.state, &t.said, &t.tries, &wake)
		if errors.Is(err, store.ErrNone) {
			return nil
		}
		if err != nil {
			return err
		}
		if wait = moment(wake).Sub(now); wait > 0 {
			return nil
		}
		n, err := tx.Exec(ctx, "update hold_statuses set wake = $1 where repo = $2 and context = $3 and sha = $4 and wake = $5",
			now.Add(claimed).UnixMilli(), t.repo, t.context, t.sha, wake)
		if n > 0 {
			one = &t
		}
		return err
	})
	return one, max(wait, breath), err
}

// keepStatus writes down what became of it. What is to be said by now may be something else: then that is told next.
func (h *Holds) keepStatus(ctx context.Context, one *told, again time.Duration) error {
	return h.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		var wake int64
		if again > 0 {
			wake = time.Now().Add(again).UnixMilli()
		}
		_, err := tx.Exec(ctx, `update hold_statuses set wake = $1, tries = tries + 1 where repo = $2 and context = $3 and sha = $4
			and state = $5 and said = $6`, wake, one.repo, one.context, one.sha, one.state, one.said)
		return err
	})
}
