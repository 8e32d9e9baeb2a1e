package inbox

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"slipway/bot/ledger"
	"slipway/bot/store"
	"slipway/integrations/github"
)

// What is asked for again.
const (
	redeliverable = 3 * 24 * time.Hour // GitHub keeps deliveries for so long (facts/github.md §2)
	late          = 10 * time.Minute   // how much later than others a delivery may appear in the list
	mostAsked     = 100                // deliveries that one catch-up asks for
	mostPages     = 50                 // of 100 deliveries each
	hookEvery     = time.Hour          // how often it is asked which hook is ours, while that is not known
)

// redeliver asks GitHub to bring again what did not arrive, each delivery once, and tells how many it found that are new.
// What GitHub does not answer is left to the next catch-up: an error is the database's.
func (w *watch) redeliver(ctx context.Context, s *hookState) (failed int, err error) {
	if s.ID == 0 {
		if err := w.findHook(ctx, s); err != nil || s.ID == 0 {
			return 0, err
		}
	}
	list, upto, err := w.failures(ctx, s)
	switch {
	case github.KindOf(err) == github.NotFound:
		s.ID, s.LookedAt = 0, time.Time{} // it was taken away; there may be another
		return 0, nil
	case err != nil:
		s.Why = "GitHub does not list what failed: " + string(github.KindOf(err))
		return 0, nil
	}
	s.Why = ""
	list, err = w.unasked(ctx, list)
	if err != nil {
		return 0, err
	}
	for i, f := range list {
		if i == mostAsked {
			return len(list), nil
		}
		asked, err := w.askAgain(ctx, s.ID, f)
		if err != nil {
			return len(list), err
		}
		if !asked {
			return len(list), nil
		}
		s.Asked++
	}
	s.Upto = upto
	return len(list), nil
}

// findHook finds which hook of the repository is ours: the newest that brings deliveries here, or the only one that could.
func (w *watch) findHook(ctx context.Context, s *hookState) error {
	if time.Since(s.LookedAt) < hookEvery {
		return nil
	}
	s.LookedAt = time.Now()
	hooks, err := w.GitHub.Hooks(ctx, w.app.Repo)
	why := ""
	switch kind := github.KindOf(err); {
	case kind == github.NotFound || kind == github.Forbidden:
		why = "the bot's token may not administer hooks"
	case err != nil:
		s.LookedAt = time.Time{} // in the next catch-up
		return nil
	}
	hooks = slices.DeleteFunc(hooks, func(h github.Hook) bool { return !h.Active || !strings.HasSuffix(pathOf(h.URL), "/webhooks/github") })
	slices.SortFunc(hooks, func(a, b github.Hook) int { return int(b.ID - a.ID) })
	for _, h := range hooks {
		ours := len(hooks) == 1
		if !ours {
			if ours, err = w.brings(ctx, h.ID); err != nil {
				return err
			}
		}
		if ours {
			s.ID = h.ID
			break
		}
	}
	if s.ID == 0 && why == "" {
		why = "no hook of the repository brings deliveries here"
	}
	if why != s.Why && why != "" {
		w.Log.Warn("deliveries that failed cannot be asked for again; what they told is read", "scope", w.scope, "why", why)
	}
	s.Why = why
	return nil
}

func pathOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Path
}

// brings tells whether one of a hook's last deliveries arrived here.
func (w *watch) brings(ctx context.Context, hook int64) (bool, error) {
	page, _, err := w.GitHub.Deliveries(ctx, w.app.Repo, hook, github.DeliveryQuery{})
	if err != nil {
		return false, nil
	}
	arrived, err := w.arrived(ctx, page)
	return len(arrived) > 0, err
}

// failures lists deliveries that failed and were not looked at, oldest first, one for each GUID, and up to when that is.
func (w *watch) failures(ctx context.Context, s *hookState) (list []github.Delivery, upto time.Time, err error) {
	upto = time.Now()
	since := upto.Add(-redeliverable)
	if from := s.Upto.Add(-late); from.After(since) {
		since = from
	}
	seen := map[string]bool{}
	query := github.DeliveryQuery{Failed: true}
	for range mostPages {
		page, next, err := w.GitHub.Deliveries(ctx, w.app.Repo, s.ID, query)
		if err != nil {
			return nil, upto, err
		}
		for _, f := range page {
			if !f.DeliveredAt.Before(since) && !seen[f.GUID] {
				seen[f.GUID] = true
				list = append(list, f)
			}
		}
		if next == "" || len(page) == 0 || page[len(page)-1].DeliveredAt.Before(since) {
			break
		}
		query.Cursor = next
	}
	slices.Reverse(list)
	return list, upto, nil
}

// unasked leaves out what arrived all the same, and what was asked for before.
func (w *watch) unasked(ctx context.Context, list []github.Delivery) ([]github.Delivery, error) {
	arrived, err := w.arrived(ctx, list)
	if err != nil {
		return nil, err
	}
	err = w.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		for _, f := range list {
			var guid string
			err := tx.QueryRow(ctx, `select guid from redeliveries where guid = $1`, f.GUID).Scan(&guid)
			switch {
			case err == nil:
				arrived[guid] = true
			case !errors.Is(err, store.ErrNone):
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read what was asked for again: %w", err)
	}
	return slices.DeleteFunc(list, func(f github.Delivery) bool { return arrived[f.GUID] }), nil
}

// arrived are the GUIDs of those deliveries that are stored here.
func (w *watch) arrived(ctx context.Context, list []github.Delivery) (map[string]bool, error) {
	found := map[string]bool{}
	err := w.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		for _, d := range list {
			var id string
			err := tx.QueryRow(ctx, `select id from deliveries where sender = $1 and id = $2`, ledger.GitHub, d.GUID).Scan(&id)
			switch {
			case err == nil:
				found[id] = true
			case !errors.Is(err, store.ErrNone):
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look for deliveries: %w", err)
	}
	return found, nil
}

// askAgain asks for one delivery, and notes that it was asked for or that GitHub refused. It tells whether GitHub answered.
func (w *watch) askAgain(ctx context.Context, hook int64, f github.Delivery) (answered bool, err error) {
	refused := 0
	switch kind := github.KindOf(w.GitHub.Redeliver(ctx, w.app.Repo, hook, f.ID)); kind {
	case "":
	case github.Invalid, github.NotFound:
		refused = 1
	default:
		return false, nil
	}
	err = w.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		now := time.Now()
		_, err := tx.Exec(ctx, `insert into redeliveries (guid, asked, refused) values ($1, $2, $3)
			on conflict (guid) do nothing`, f.GUID, now.UnixMilli(), refused)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `delete from redeliveries where asked < $1`, now.Add(-2*redeliverable).UnixMilli())
		return err
	})
	if err != nil {
		return true, fmt.Errorf("note what was asked for again: %w", err)
	}
	return true, nil
}
