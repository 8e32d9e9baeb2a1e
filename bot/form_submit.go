package bot

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"

	"slipway/bot/abreast"
	"slipway/bot/access"
	"slipway/bot/op"
	"slipway/bot/say"
	"slipway/bot/store"
	"slipway/integrations/slack"
)

// submitWithin is how long a submit may take: Slack waits 3 s for its acknowledgement, which is its only answer, and never sends it again.
const submitWithin = 1800 * time.Millisecond

// submission takes the submit of a modal. It confirms the plan that the modal shows, if that is what was chosen and typed in it; if not,
// the modal shows what is wrong, or the plan of what was chosen.
func (b *Bot) submission(e slack.Envelope) {
	req := b.clicked(e)
	w := req.window
	n, _ := noteOf(e.Interaction.View)
	cmd, ok := b.planned(w.kind)
	chosen, typed := chosenIn(e.Interaction.View)
	typed = cmp.Or(strings.TrimSpace(typed), n.Typed)
	stale := !chosen.equal(n.Chosen)
	switch {
	case !ok || n.Ticket == "":
		b.ackView(e, w.says(Answer{Text: "This window is of another version of mine. Nothing is done. Close it, and ask for a new plan."}))
	case !stale && n.Want != "" && !strings.EqualFold(typed, n.Want):
		b.ack(e, slackgo.NewErrorsViewSubmissionResponse(map[string]string{typedBlock: fmt.Sprintf("To confirm, type %s here.", n.Want)}))
	case !b.pool.reserve():
		b.metrics.refused("full")
		b.ackView(e, w.says(Answer{Text: busyText}))
	case stale:
		w.acked = true
		b.ackView(e, w.view(section(readingText)))
		req.revisit = &revisit{n, chosen}
		b.accept(req)
	default:
		n.Typed = cmp.Or(n.Want, typed) // whatever the keyboard made of its first letter
		b.pool.put(
			func(ctx context.Context) { b.submit(ctx, e, req, cmd, n) },
			func(context.Context) {
				b.metrics.refused("waited")
				b.ackView(e, w.retry(cmd.Change.Form, n, busyText))
			},
		)
	}
}

// submit confirms a plan, and acknowledges with what came of it: nothing, which closes the modal, or a refusal in it.
func (b *Bot) submit(ctx context.Context, e slack.Envelope, req Request, cmd Command, n note) {
	var err error
	if left := time.Until(e.Received.Add(submitWithin)); left > 0 {
		ctx, cancel := context.WithTimeout(ctx, left)
		defer cancel()
		err = abreast.Guard(func() error {
			_, err := b.clients.Operations.Submit(ctx, req.who(), n.Ticket, n.Typed)
			return err
		})
	} else {
		err = say.Refuse("%s", busyText)
	}
	if err == nil {
		b.metrics.answered(cmd.Name(), "submitted", time.Since(req.Received))
		b.ack(e, nil)
		return
	}
	if store.Away(err) {
		err = say.Refuse("The database does not answer, so I cannot tell whether this was confirmed. Submit it again in a moment: it is done once.")
	}
	answer, outcome := b.explain(req, err)
	b.metrics.answered(cmd.Name(), outcome, time.Since(req.Received))
	if op.IsOver(err) {
		b.ackView(e, req.window.view(section(say.Scrub(answer.Text)), anew(n.Line)))
		return
	}
	b.ackView(e, req.window.retry(cmd.Change.Form, n, answer.Text))
}

// retry is a modal that says why its submit did nothing, and can be submitted again.
func (w *window) retry(f *Form, n note, text string) slackgo.ModalViewRequest {
	n.Chosen = Chosen{} // there is nothing to choose in it any more
	if metadata, err := n.String(); err == nil {
		w.metadata = metadata
	}
	return w.submits(f, []slackgo.Block{section(say.Scrub(text))})
}

// ackView acknowledges a submit with what the modal shows next.
func (b *Bot) ackView(e slack.Envelope, v slackgo.ModalViewRequest) {
	b.ack(e, slackgo.NewUpdateViewSubmissionResponse(&v))
}

// closed puts the plan of a modal away that somebody closed. The plan expires all the same if that is not kept.
func (b *Bot) closed(e slack.Envelope) {
	n, ok := noteOf(e.Interaction.View)
	if !ok || n.Ticket == "" {
		return
	}
	who := access.Who{User: e.Interaction.User.ID, Team: e.Interaction.User.TeamID}
	b.pool.say(func(ctx context.Context) {
		ctx, cancel := context.WithTimeout(ctx, StoreWithin)
		defer cancel()
		if err := b.clients.Operations.Cancel(ctx, who, n.Ticket); err != nil {
			b.log.Info("the plan of a modal that was closed is not cancelled", "envelope", e.ID, "error", err)
		}
	})
}
