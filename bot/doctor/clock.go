package doctor

import (
	"cmp"
	"context"
	"slices"
	"time"

	"slipway/bot/say"
)

// How far our clock may be off. A GitHub App's own token is refused from 60 s on (facts/github.md: iat is set back by as much),
// and every time that slipway tells is wrong by it.
const (
	skewed = 30 * time.Second
	lost   = 60 * time.Second
)

// lookAtClock compares our clock with those of the far ends, as their answers tell them: half of the way back and forth is the
// way there. One far end may be wrong; the middle one of three is not.
func lookAtClock(ctx context.Context, p *Patient) []Finding {
	const subject = "Clock"
	type reading struct {
		off time.Duration // how far our clock is behind
		ok  bool
	}
	var offs []time.Duration
	for _, r := range together(p.clocks(ctx), func(ask func() (time.Time, error)) []reading {
		sent := time.Now()
		date, err := ask()
		took := time.Since(sent)
		if err != nil || date.IsZero() {
			return nil
		}
		return []reading{{date.Sub(sent.Add(took / 2)), took < skewed/2}} // dates have whole seconds, which is near enough
	}) {
		if r.ok {
			offs = append(offs, r.off)
		}
	}
	if len(offs) == 0 {
		return nil // nobody answers, of which there are findings
	}
	off := middle(offs)
	return []Finding{clock(subject, off)}
}

// clocks are the questions whose answers tell the time.
func (p *Patient) clocks(ctx context.Context) (asks []func() (time.Time, error)) {
	if p.Slack != nil {
		asks = append(asks, func() (time.Time, error) { return p.Slack.Date(ctx) })
	}
	if p.GitHub != nil && len(p.Config.Apps) > 0 {
		asks = append(asks, func() (time.Time, error) { r, err := p.GitHub.Permit(ctx, p.Config.Apps[0].Repo); return r.Date, err })
	}
	if p.Heroku != nil {
		asks = append(asks, func() (time.Time, error) { return p.Heroku.Date(ctx) })
	}
	return asks
}

// middle is the median; of an even number the one of both that is nearer to no difference.
func middle(offs []time.Duration) time.Duration {
	slices.Sort(offs)
	a, b := offs[(len(offs)-1)/2], offs[len(offs)/2]
	if cmp.Compare(a.Abs(), b.Abs()) > 0 {
		return b
	}
	return a
}

func clock(subject string, off time.Duration) Finding {
	const fix = "Set it by NTP: on Linux, timedatectl set-ntp true."
	way := "behind"
	if off < 0 {
		way = "ahead of"
	}
	text := "this machine's clock is " + say.For(off.Abs().Round(time.Second)) + " " + way + " those of Slack, GitHub and Heroku"
	switch {
	case off.Abs() >= lost:
		return fault(subject, text+", so that signatures and tokens with a time are refused", fix)
	case off.Abs() >= skewed:
		return warning(subject, text, fix)
	}
	return well(subject, "agrees with those of Slack, GitHub and Heroku")
}
