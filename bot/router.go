package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"

	"slipway/bot/abreast"
	"slipway/bot/op"
	"slipway/bot/say"
	"slipway/integrations/slack"
)

// answerWithin bounds the work on one request. What is not read by then is reported as missing.
const answerWithin = 25 * time.Second

const busyText = "I am busy with other requests and have not started on yours. Try again in a moment."

// receive takes one envelope from a socket's reader and returns at once: it is acknowledged here, and worked by the
// pool. A slash command that finds no room is told so in the acknowledgement itself, which needs no call; the submit of a modal
// is answered in it, whatever comes of it.
func (b *Bot) receive(e slack.Envelope) {
	switch {
	case e.Command != nil:
		b.command(e)
	case e.Event != nil:
		b.ack(e, nil)
		b.event(e)
	case e.Interaction != nil && e.Interaction.Type == slackgo.InteractionTypeViewSubmission:
		b.submission(e)
	case e.Interaction != nil:
		b.ack(e, nil)
		b.interaction(e)
	default:
		b.ack(e, nil)
	}
}

func (b *Bot) ack(e slack.Envelope, payload any) {
	if err := e.Ack(payload); err != nil {
		b.log.Warn("acknowledgement not sent", "envelope", e.ID, "error", err)
	}
}

func (b *Bot) command(e slack.Envelope) {
	words, inChannel := forAll(split(e.Command.Text))
	req := Request{
		ID: e.ID, Way: Typed, Slash: e.Command.Command, Words: words, inChannel: inChannel,
		User: e.Command.UserID, Team: e.Command.TeamID, Channel: e.Command.ChannelID,
		ChannelName: e.Command.ChannelName, Received: e.Received, responseURL: e.Command.ResponseURL,
		window: &window{trigger: e.Command.TriggerID},
	}
	if !b.pool.reserve() {
		b.metrics.refused("full")
		b.ack(e, map[string]string{"response_type": "ephemeral", "text": busyText})
		return
	}
	b.ack(e, nil) // before a worker begins, which would be in its way
	b.accept(req)
}

// event takes mentions and direct messages. Slack sends an event again when it is not sure that we have it, with the
// same event id (facts/slack.md, "What happens without an ack").
func (b *Bot) event(e slack.Envelope) {
	m, ok := spoken(e.Event)
	if !ok || b.events.seen(e.Event.ID) {
		return
	}
	words, inChannel := forAll(split(m.text))
	req := Request{
		ID: e.Event.ID, Way: Mentioned, Words: words, inChannel: inChannel, User: m.user, Team: m.team,
		Channel: m.channel, thread: m.thread, Received: e.Received,
	}
	if m.direct {
		req.Way = Written
	}
	if b.pool.reserve() {
		b.accept(req)
		return
	}
	b.metrics.refused("full")
	if !b.pool.say(func(context.Context) { b.reply(req, Answer{Text: busyText}) }) {
		b.metrics.refused("untold")
		b.log.Warn("no room even to say so", "event", req.ID)
	}
}

// accept puts a request into the place that was reserved for it.
func (b *Bot) accept(req Request) {
	b.pool.put(
		func(ctx context.Context) { b.work(ctx, req) },
		func(context.Context) {
			b.metrics.refused("waited")
			b.reply(req, Answer{Text: busyText})
		},
	)
}

// work answers one request, whatever happens in it.
func (b *Bot) work(ctx context.Context, req Request) {
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	var answer Answer
	verb := "none"
	err := abreast.Guard(func() (err error) {
		answer, verb, err = b.answer(ctx, req)
		return err
	})
	outcome := "answered"
	req.inChannel = req.inChannel && !answer.personal
	if err != nil {
		answer, outcome = b.explain(req, err)
		req.inChannel = false // only answers were asked for in the channel
	}
	b.metrics.answered(verb, outcome, time.Since(req.Received))
	b.reply(req, answer)
}

// explain puts an error into words for the person, and whole into the log.
func (b *Bot) explain(req Request, err error) (Answer, string) {
	var refusal *say.Refusal
	if errors.As(err, &refusal) {
		return Answer{Text: refusal.Text, Blocks: asked(err), replaces: op.IsOver(err)}, "refused"
	}
	attrs := []any{"request", req.ID, "command", req.Slash, "words", say.Cut(strings.Join(req.Words, " "), 200), "error", err}
	outcome := "failed"
	var lost *abreast.Panic
	if errors.As(err, &lost) {
		attrs = append(attrs, "stack", string(lost.Stack))
		outcome = "panicked"
	}
	b.log.Error("request failed", attrs...)
	return Answer{Text: fmt.Sprintf("Something went wrong (request %s); the log has the details. Nothing was changed.", short(req.ID))}, outcome
}

// short is enough of an id to find it in the log.
func short(id string) string {
	if len(id) > 8 {
		return id[:8]
	}
	return id
}

// find gives the command that the words ask for, and the words after its verb. Without a slash command ("status", or
// "deploy status", written to the bot) the first command with that verb is meant. A slash command that is a command by itself takes all
// words. Who asks how to type one is helped with it.
func find(commands []Command, slash string, words []string) (Command, []string, error) {
	if slash == "" && len(words) > 0 {
		name := "/" + strings.ToLower(strings.TrimPrefix(words[0], "/"))
		for _, c := range commands {
			if c.Slash == name {
				slash, words = name, words[1:]
				break
			}
		}
	}
	if i := slices.IndexFunc(commands, func(c Command) bool { return c.Verb == "" && c.Slash == slash }); i >= 0 {
		if asksHelp(words) {
			return find(commands, "", []string{helpVerb, commands[i].Name()})
		}
		return commands[i], words, nil
	}
	typed := helpVerb
	if len(words) > 0 {
		typed, words = words[0], words[1:]
	}
	verb := strings.ToLower(typed)
	if helpFlag(verb) {
		verb = helpVerb
	}
	for _, c := range commands {
		switch {
		case c.Verb != verb || slash != "" && c.Slash != slash:
		case verb != helpVerb && asksHelp(words):
			return find(commands, c.Slash, []string{helpVerb, c.Verb})
		default:
			return c, words, nil
		}
	}
	return Command{}, words, &unknownVerb{slash, typed}
}

const helpVerb = "help"

// helpFlag tells the words by which other programs are asked for help.
func helpFlag(word string) bool { return word == "--help" || word == "-h" || word == "?" }

// asksHelp tells whether what follows a verb asks how to type it.
func asksHelp(words []string) bool {
	return slices.ContainsFunc(words, helpFlag) || len(words) == 1 && strings.EqualFold(words[0], helpVerb)
}

// unknownVerb says that no command has this verb.
type unknownVerb struct{ slash, typed string }

func (u *unknownVerb) Error() string { return "no command " + u.slash + " " + u.typed }

// meant turns an unknown word into a sentence with what was probably meant. Who typed a slash command also reads the list; who wrote
// to us, as to a colleague, reads one line.
func (b *Bot) meant(req Request, err error) error {
	var unknown *unknownVerb
	if !errors.As(err, &unknown) {
		return err
	}
	line := fmt.Sprintf("There is no %s.", say.TypedCode(strings.TrimSpace(unknown.slash+" "+unknown.typed), typedLimit))
	near, ok := b.nearest(unknown)
	if ok {
		line += fmt.Sprintf(" Did you mean %s?", say.Code(near))
	}
	switch {
	case req.Way == Typed:
		return say.Refuse("%s\n%s", line, List(b.commands))
	case chatter(req.Words):
		return say.Refuse("I am slipway: I say what is live, and change it when you ask. `/deploy help` lists what I understand.")
	case ok:
		return say.Refuse("%s", line)
	}
	return say.Refuse("I do not understand %s. `/deploy help` lists what I do understand.", say.TypedCode(strings.Join(req.Words, " "), typedLimit))
}

// nearest is the line that was probably meant.
func (b *Bot) nearest(unknown *unknownVerb) (string, bool) {
	var verbs []string
	for _, c := range b.commands {
		if unknown.slash == "" || c.Slash == unknown.slash {
			verbs = append(verbs, c.Name())
		}
	}
	if app, ok := b.app(strings.ToLower(unknown.typed)); ok {
		return b.commands[0].Typed() + " " + app.Name, true
	}
	for _, c := range b.commands {
		if c.Verb == "" && strings.EqualFold(c.Name(), unknown.typed) {
			return c.Slash, true
		}
	}
	near, ok := say.Nearest(unknown.typed, verbs)
	return strings.TrimSpace(unknown.slash + " " + near), ok
}

// List is what can be typed, a line each, in the order of the one list.
func List(commands []Command) string {
	var lines strings.Builder
	for _, c := range commands {
		fmt.Fprintf(&lines, "%s  %s\n", say.Code(c.Usage()), c.Short)
	}
	return strings.TrimSuffix(lines.String(), "\n")
}
