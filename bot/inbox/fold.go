package inbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"slipway/bot/ledger"
	"slipway/bot/say"
	"slipway/bot/squeeze"
	"slipway/bot/store"
)

// news is a delivery that was read.
type news struct {
	delivery
	scope   string // the repository or app; "" if it is about none
	facts   []ledger.Fact
	trouble string // why it cannot be folded; "" if it can
}

// read understands a delivery.
func read(d delivery) news {
	n := news{delivery: d}
	body, err := squeeze.Expand(d.body, mostBody)
	if err == nil {
		switch d.sender {
		case ledger.GitHub:
			n.scope, n.facts, err = readGitHub(d, body)
		case ledger.Heroku:
			n.scope, n.facts, err = readHeroku(body)
		default:
			err = errors.New("nothing here reads this sender's deliveries")
		}
	}
	if err != nil {
		n.facts, n.trouble = nil, err.Error()
	}
	n.scope = cut(n.scope)
	return n
}

// settle folds news and marks their deliveries worked, all in one transaction. What is worked already is left out.
func (w *worker) settle(ctx context.Context, all []news) error {
	var changed []ledger.Subject
	var mine []news
	err := guard(func() error {
		return w.store.Do(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
			now := time.Now()
			if mine, err = claim(ctx, tx, now, all); err != nil || len(mine) == 0 {
				return err
			}
			if told := facts(mine); len(told) > 0 {
				if changed, err = w.fold(ctx, tx, now, told...); err != nil {
					return fmt.Errorf("fold: %w", err)
				}
			}
			if err := giveUp(ctx, tx, mine); err != nil {
				return err
			}
			return remember(ctx, tx, mine)
		})
	})
	if err != nil {
		return err
	}
	w.counts.worked(mine)
	w.tell(changed)
	return nil
}

// claim marks deliveries worked and gives those that were not. Of several processes one at a time gets here.
func claim(ctx context.Context, tx *store.Tx, now time.Time, all []news) ([]news, error) {
	if _, err := tx.Exec(ctx, `update inbox set value = value + 1 where name = 'folded'`); err != nil {
		return nil, fmt.Errorf("wait for others that fold: %w", err)
	}
	args := []any{now.UnixMilli()}
	bySeq := map[int64]news{}
	var places []string
	for _, n := range all {
		args = append(args, n.seq)
		places = append(places, fmt.Sprintf("$%d", len(args)))
		bySeq[n.seq] = n
	}
	rows, err := tx.Query(ctx, `update deliveries set worked = $1, times = times + 1
		where worked is null and seq in (`+strings.Join(places, ", ")+`) returning seq`, args...)
	if err != nil {
		return nil, fmt.Errorf("mark deliveries worked: %w", err)
	}
	var mine []news
	for rows.Next() {
		var seq int64
		if err := rows.Scan(&seq); err != nil {
			return nil, fmt.Errorf("mark deliveries worked: %w", err)
		}
		mine = append(mine, bySeq[seq])
	}
	slices.SortFunc(mine, func(a, b news) int { return int(a.seq - b.seq) })
	return mine, rows.Err()
}

// facts are what all the news say, and that their senders are heard.
func facts(all []news) []ledger.Fact {
	var told []ledger.Fact
	for _, n := range all {
		told = append(told, n.facts...)
	}
	for r, n := range last(all) {
		if r.scope != "" && n.trouble == "" {
			told = append(told, ledger.Heard{Scope: r.scope, Sender: r.sender, At: n.arrived})
		}
	}
	return told
}

// giveUp notes why some could not be folded.
func giveUp(ctx context.Context, tx *store.Tx, all []news) error {
	for _, n := range all {
		if n.trouble == "" {
			continue
		}
		_, err := tx.Exec(ctx, `update deliveries set trouble = $1, scope = $2 where sender = $3 and id = $4`,
			cut(say.Scrub(n.trouble)), n.scope, n.sender, n.id)
		if err != nil {
			return fmt.Errorf("give a delivery up: %w", err)
		}
	}
	return nil
}

// route is where deliveries come from.
type route struct {
	sender ledger.Sender
	scope  string
}

// last gives the newest delivery of each route.
func last(all []news) map[route]news {
	newest := map[route]news{}
	for _, n := range all {
		r := route{n.sender, n.scope}
		if was, ok := newest[r]; !ok || !n.arrived.Before(was.arrived) {
			newest[r] = n
		}
	}
	return newest
}

// remember keeps the last delivery of each route.
func remember(ctx context.Context, tx *store.Tx, all []news) error {
	for r, n := range last(all) {
		_, err := tx.Exec(ctx, `insert into routes (sender, scope, event, arrived) values ($1, $2, $3, $4)
			on conflict (sender, scope) do update set event = excluded.event, arrived = excluded.arrived
			where excluded.arrived >= routes.arrived`, r.sender, r.scope, n.event, n.arrived.UnixMilli())
		if err != nil {
			return fmt.Errorf("remember the last delivery: %w", err)
		}
	}
	return nil
}

// longestText is how much of a scope or a trouble is kept, in bytes.
const longestText = 300

func cut(s string) string {
	if len(s) <= longestText {
		return s
	}
	end := longestText
	for !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end]
}
