package hooks

import (
	"context"
	"fmt"
	"strings"
	"time"

	"slipway/bot/inbox"
	"slipway/bot/say"
)

// visit shows the webhooks of one place, after making them what they are to be.
func (o Options) visit(ctx context.Context, p place) error {
	all, err := p.hooks(ctx)
	if err != nil {
		return err
	}
	var ours []hook
	for _, h := range all {
		if inbox.Receives(h.url, p.sender().path) {
			ours = append(ours, h)
		}
	}
	if o.To == "" {
		return o.show(ctx, p, ours, len(all))
	}
	return o.mend(ctx, p, ours)
}

func (o Options) show(ctx context.Context, p place, ours []hook, all int) error {
	for _, h := range ours {
		o.line("webhook to %s: %s", h.url, h.about)
		if len(h.wrong) > 0 {
			o.line("  not as it is to be: %s", join(h.wrong))
		}
		if err := o.last(ctx, p, h); err != nil {
			return err
		}
	}
	switch others := all - len(ours); {
	case len(ours) == 0:
		o.line("no webhook for slipway; `slipway hooks --to https://…` makes it%s", besides(others))
	case others > 0:
		o.line("%s", strings.TrimPrefix(besides(others), ". "))
	}
	return nil
}

func besides(others int) string {
	if others == 0 {
		return ""
	}
	return ". " + say.Count(others, "webhook is", "webhooks are") + " for somebody else"
}

// mend makes one webhook to our receiver what it is to be. Those to receivers elsewhere are left as they are, and so are
// further ones to ours, which cost nothing but a second delivery; a person is told.
func (o Options) mend(ctx context.Context, p place, ours []hook) error {
	to := o.To + p.sender().path
	var there []hook
	for _, h := range ours {
		if h.url == to {
			there = append(there, h)
			continue
		}
		o.line("another webhook goes to %s. If nobody is there any more: %s", h.url, p.byHand(h))
	}
	if len(there) == 0 {
		return o.create(ctx, p, to)
	}
	for _, h := range there[1:] {
		o.line("a second webhook goes to the same place: %s", p.byHand(h))
	}
	return o.repair(ctx, p, there[0])
}

func (o Options) create(ctx context.Context, p place, to string) error {
	if o.DryRun {
		o.line("would create the webhook to %s", to)
		p.sender().would = p.sender().unknown()
		return nil
	}
	err := p.create(ctx, to)
	if err == nil {
		o.line("created the webhook to %s", to)
	}
	return err
}

func (o Options) repair(ctx context.Context, p place, h hook) error {
	sent, err := p.deliveries(ctx, h)
	if err != nil {
		return err
	}
	wrong := h.wrong
	switch s := p.sender(); {
	case s.unknown():
		wrong = append(wrong, "secret ("+s.variable+" is not set)")
	case o.Secrets:
		wrong = append(wrong, "secret (as you asked)")
	case len(sent) > 0 && sent[0].refused:
		wrong = append(wrong, "secret (the last delivery was refused)")
	}
	switch {
	case len(wrong) == 0:
		o.line("nothing to do for the webhook to %s", h.url)
	case o.DryRun:
		o.line("would repair the webhook to %s: %s", h.url, join(wrong))
		p.sender().would = p.sender().unknown()
	default:
		if err := p.repair(ctx, h); err != nil {
			return err
		}
		o.line("repaired the webhook to %s: %s", h.url, join(wrong))
	}
	o.lines(sent)
	return nil
}

// shownDeliveries is how many of the last deliveries are shown.
const shownDeliveries = 5

func (o Options) last(ctx context.Context, p place, h hook) error {
	sent, err := p.deliveries(ctx, h)
	if err == nil {
		o.lines(sent)
	}
	return err
}

func (o Options) lines(sent []delivery) {
	if len(sent) == 0 {
		o.line("  nothing was delivered in the last days")
	}
	now := time.Now()
	for _, d := range sent[:min(len(sent), shownDeliveries)] {
		o.line("  %s  %s → %s", say.At(now, d.at), d.what, d.outcome)
	}
}

func (o Options) line(format string, args ...any) {
	fmt.Fprintln(o.Out, "  "+fmt.Sprintf(format, args...))
}

func join(words []string) string { return strings.Join(words, ", ") }
