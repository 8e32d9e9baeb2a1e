package bot_test

import (
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	slackgo "github.com/slack-go/slack"

	"slipway/bot"
	"slipway/bot/chattest"
	"slipway/bot/config/settings"
	"slipway/bot/op"
	"slipway/bot/say"
)

var update = flag.Bool("update", false, "write the transcripts into the conversations")

// lever is a change that is planned in a modal: it is pulled to a level, and holds what stands in its way. To read what the level
// "four" means takes 10 s, all others 1 s.
func lever() bot.Command {
	return bot.Command{
		Slash: "/lever", Args: "[level] [of app]", Short: "pull the lever", Free: true, About: bot.OneApp,
		Change: &bot.Change{
			Kind: "lever", Right: settings.Operate, ByHand: leverByHand, Run: pullLever,
			Form: &bot.Form{Title: "Pull the lever", Submit: "Pull", Shortcut: "Pull it for this", About: aboutLever, Fill: fillLever},
		},
	}
}

var levels = []string{"one", "two", "three", "four", "locked", "stuck", "blocked", "broken", "slow"}

func leverByHand(req bot.Request) ([]string, error) {
	if len(req.Words) > 1 || len(req.Words) == 1 && !slices.Contains(levels, req.Words[0]) {
		return nil, say.Refuse("I know no such level. Type `/lever two`, or `/lever` to choose.")
	}
	return []string{"lever pull -a " + req.App.Name}, nil
}

func aboutLever(_ context.Context, _ *bot.Clients, channel, ts string) (string, error) {
	if channel == "" || ts == "" {
		return "", say.Refuse("This message is nowhere.")
	}
	return "/lever three of penny-university", nil
}

func fillLever(ctx context.Context, _ *bot.Clients, req bot.Request, chosen bot.Chosen) (bot.Sheet, error) {
	level := cmp.Or(append(slices.Clone(chosen["level"]), append(req.Words, "two")...)...)
	reading := time.Second
	if level == "four" {
		reading = 10 * time.Second
	}
	select {
	case <-time.After(reading):
	case <-ctx.Done():
		return bot.Sheet{}, ctx.Err()
	}
	held, choosing := chosen["hold"]
	if !choosing {
		held = []string{"door"}
	}
	s := bot.Sheet{Blocks: leverBlocks(level, held), Plan: op.Plan{
		Title: "Pull the lever to *" + level + "*", Lines: []string{"Held: " + strings.Join(held, ", ")}, Label: "Pull", Data: json.RawMessage(fmt.Sprintf("%q", level)),
	}}
	switch level {
	case "stuck":
		return bot.Sheet{}, say.Refuse("The lever is stuck.")
	case "broken":
		return bot.Sheet{}, fmt.Errorf("ask the lever: it is broken")
	case "locked":
		s.Plan.Typed = req.App.Name
	case "blocked":
		s.Plan.Label = ""
	}
	return s, nil
}

func leverBlocks(level string, held []string) []slackgo.Block {
	text := func(s string) *slackgo.TextBlockObject {
		return slackgo.NewTextBlockObject(slackgo.PlainTextType, s, false, false)
	}
	option := func(s string) *slackgo.OptionBlockObject { return slackgo.NewOptionBlockObject(s, text(s), nil) }
	menu := slackgo.NewOptionsSelectBlockElement(slackgo.OptTypeStatic, nil, "menu")
	for _, l := range levels {
		menu.Options = append(menu.Options, option(l))
	}
	menu.InitialOption = option(level)
	boxes := slackgo.NewCheckboxGroupsBlockElement("boxes", option("door"), option("gate"))
	for _, h := range held {
		boxes.InitialOptions = append(boxes.InitialOptions, option(h))
	}
	where := slackgo.NewSectionBlock(text("The lever goes to "+level), nil, slackgo.NewAccessory(menu))
	where.BlockID = "level"
	return []slackgo.Block{where, slackgo.NewActionBlock("hold", boxes)}
}

// rested is when a slow lever is at rest: half a minute after conversations begin.
var rested = time.Date(2026, 1, 5, 14, 0, 30, 0, time.UTC)

func pullLever(*bot.Clients) op.Run {
	return func(ctx context.Context, o *op.Operation) error {
		var level string
		if err := o.Data(&level); err != nil {
			return err
		}
		_, err := op.Do(ctx, o, "pull", op.Effect[bool]{
			Guard:  func(context.Context) error { return nil },
			Find:   func(context.Context, time.Time) (bool, bool, error) { return false, false, nil },
			Act:    func(context.Context) (bool, error) { return true, nil },
			Settle: time.Second,
		})
		if err != nil || level != "slow" {
			return err
		}
		_, err = op.Wait(ctx, o, "rest", op.Watch[bool]{
			Look:     func(context.Context) (bool, bool, error) { return true, time.Now().After(rested), nil },
			Every:    time.Second,
			Deadline: time.Minute,
		})
		return err
	}
}

func TestFormsInConversation(t *testing.T) {
	t.Parallel()
	chattest.Run(t, "testdata/forms", []bot.Command{lever()}, *update)
}
