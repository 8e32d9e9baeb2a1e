package hold

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"

	"slipway/bot/board"
	"slipway/bot/ledger"
	"slipway/bot/phrase"
	"slipway/bot/store"
	"slipway/integrations/slack"
)

// KeyPrefix begins the keys of all boards that Draw draws.
const KeyPrefix = "hold "

// mainKey is the board of a hold.
func mainKey(id string) board.Key { return board.Key(KeyPrefix + id) }

// endKey is the note in its thread that it has ended.
func endKey(id string) board.Key { return mainKey(id) + " end" }

// runKey is the message about a run that was not stopped.
func runKey(id string, run int64, attempt int) board.Key {
	return board.Key(fmt.Sprintf("%s%s run %d/%d", KeyPrefix, id, run, attempt))
}

// backKey is the message about a release that brought back what a rollback took away.
func backKey(id string, version int) board.Key {
	return board.Key(fmt.Sprintf("%s%s back %d", KeyPrefix, id, version))
}

// Draw is for the boards whose keys begin with KeyPrefix: the latest truth at the moment of sending. Of what is not known there is
// nothing to say.
func (h *Holds) Draw(ctx context.Context, key board.Key) (d board.Drawing, err error) {
	words := strings.Fields(strings.TrimPrefix(string(key), KeyPrefix))
	if len(words) == 0 || !strings.HasPrefix(string(key), KeyPrefix) {
		return board.Drawing{}, fmt.Errorf("board %q shows no hold", key)
	}
	draw := h.drawHold
	if len(words) > 1 {
		switch words[1] {
		case "run":
			draw = h.drawRun
		case "back":
			draw = h.drawReturn
		case "day":
			draw = drawReminder
		case "end":
			draw = h.drawEnd
		}
	}
	err = h.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		d, err = draw(ctx, tx, words)
		return err
	})
	return d, err
}

// one is a hold by its id; nil: it is not known.
func one(ctx context.Context, tx *store.Tx, id string) (*Hold, []stopped, error) {
	list, err := read(ctx, tx, "id = $1", id)
	if err != nil || len(list) == 0 {
		return nil, nil, err
	}
	runs, err := readRuns(ctx, tx, "r.hold = $1 order by r.run desc, r.attempt desc", id)
	return &list[0], runs, err
}

func (h *Holds) drawHold(ctx context.Context, tx *store.Tx, words []string) (board.Drawing, error) {
	hold, runs, err := one(ctx, tx, words[0])
	if err != nil || hold == nil {
		return board.Drawing{}, err
	}
	p := hold.page(time.Now(), runs)
	if hold.ended.IsZero() && h.writes(hold.App) {
		p.buttons = append(p.buttons, phrase.Ask("End the hold", "/deploy unhold of "+hold.App))
	}
	again, err := h.again(ctx, tx, *hold, runs)
	if err != nil {
		return board.Drawing{}, err
	}
	if again && h.writes(hold.App) {
		p.buttons = append(p.buttons, phrase.Ask(runAgain, hold.rerun()))
	}
	return board.Drawing{Message: p.message()}, nil
}

func (h *Holds) drawRun(ctx context.Context, tx *store.Tx, words []string) (board.Drawing, error) {
	if len(words) < 3 {
		return board.Drawing{}, nil
	}
	id, attempt, _ := strings.Cut(words[2], "/")
	list, err := readRuns(ctx, tx, "r.hold = $1 and r.run = "+digits(id)+" and r.attempt = "+digits(attempt), words[0])
	if err != nil || len(list) == 0 {
		return board.Drawing{}, err
	}
	app, _ := h.app(list[0].App)
	p, urgent := list[0].page(app.Repo.String())
	return board.Drawing{Message: p.message(), Urgent: urgent}, nil
}

// digits keeps what is a number, for a statement.
func digits(s string) string {
	n, _ := strconv.ParseInt(s, 10, 64)
	return strconv.FormatInt(n, 10)
}

func (h *Holds) drawReturn(ctx context.Context, tx *store.Tx, words []string) (board.Drawing, error) {
	if len(words) < 3 {
		return board.Drawing{}, nil
	}
	list, err := readWatches(ctx, tx, "id = $1", words[0])
	if err != nil || len(list) == 0 {
		return board.Drawing{}, err
	}
	p := list[0].page("v" + digits(words[2]))
	if h.writes(list[0].App) {
		p.buttons = append(p.buttons, phrase.Ask("Roll back again", "/rollback "+list[0].Back+" of "+list[0].App))
	}
	return board.Drawing{Message: p.message(), Urgent: true}, nil
}

func drawReminder(ctx context.Context, tx *store.Tx, words []string) (board.Drawing, error) {
	hold, _, err := one(ctx, tx, words[0])
	if err != nil || hold == nil || !hold.ended.IsZero() {
		return board.Drawing{}, err
	}
	return board.Drawing{Message: slack.Message{Text: hold.reminder(time.Now())}}, nil
}

func (h *Holds) drawEnd(ctx context.Context, tx *store.Tx, words []string) (board.Drawing, error) {
	hold, runs, err := one(ctx, tx, words[0])
	if err != nil || hold == nil {
		return board.Drawing{}, err
	}
	if hold.ended.IsZero() {
		return board.Drawing{Message: slack.Message{Text: "This hold is set again: the rollback that took its place was not begun."}}, nil
	}
	again, err := h.again(ctx, tx, *hold, runs)
	return board.Drawing{Message: slack.Message{Text: hold.end(runs, again)}}, err
}

// again tells whether to run the newest of what a hold cancelled again deploys what waits: the hold has ended, and nothing newer is on
// the branch, whose own run would.
func (h *Holds) again(ctx context.Context, tx *store.Tx, hold Hold, runs []stopped) (bool, error) {
	app, ok := h.app(hold.App)
	newest := slices.IndexFunc(runs, func(r stopped) bool { return r.state == cancelled })
	if !ok || hold.ended.IsZero() || hold.why == replaced || newest < 0 {
		return false, nil
	}
	known, err := ledger.Load(ctx, tx, app.Name, app.Repo)
	if err != nil {
		return false, err
	}
	head, ok := known.Head()
	return ok && head.SHA == runs[newest].sha, nil
}

// page is one message, all of it mrkdwn in which foreign text is inert by then.
type page struct {
	sentence string
	lines    []string
	small    string
	buttons  []slackgo.BlockElement
}

func (p page) message() slack.Message {
	mrkdwn := func(text string) *slackgo.TextBlockObject {
		return slackgo.NewTextBlockObject(slackgo.MarkdownType, text, false, false)
	}
	blocks := []slackgo.Block{slackgo.NewSectionBlock(mrkdwn(strings.Join(p.lines, "\n")), nil, nil)}
	if p.small != "" {
		blocks = append(blocks, slackgo.NewContextBlock("", mrkdwn(p.small)))
	}
	if len(p.buttons) > 0 {
		blocks = append(blocks, slackgo.NewActionBlock("", p.buttons...))
	}
	return slack.Message{Text: p.sentence, Blocks: blocks}
}
