package notices

import (
	"context"
	"fmt"
	"time"

	"slipway/bot/board"
	"slipway/bot/config"
	"slipway/bot/phrase"
	"slipway/bot/policy"
	"slipway/bot/say"
	"slipway/bot/store"
)

// faultNotices tell of the settings of an app's repository: each version of the file that is not taken, once, and what
// became of it. They are asked for the app that tells of what belongs to the repository.
func faultNotices(ctx context.Context, tx *store.Tx, p *policy.Policy, app config.App, now, since time.Time) ([]notice, error) {
	versions, err := p.Faulties(ctx, tx, app, now.Add(-oldNews))
	if err != nil {
		return nil, err
	}
	var list []notice
	for _, f := range versions {
		if !f.Since.Before(since) {
			list = append(list, notice{key: faultKey(app, f), page: faultPage(app, f)})
		}
	}
	return list, nil
}

// faultKey names the app and not its repository, which may feed apps of other channels. A version that comes back after it
// was followed by another is told anew: nobody reads what is edited far up in a channel.
func faultKey(app config.App, f policy.Faulty) board.Key {
	return board.Key(fmt.Sprintf("settings %s %.16s %d", app.Name, f.Hash, f.Since.UnixMilli()))
}

// faultsShown is how many faults of a version are shown; the rest is counted.
const faultsShown = 3

func faultPage(app config.App, f policy.Faulty) page {
	file := policy.File + " of " + say.Foreign(app.Repo.String(), phrase.NameLimit)
	emoji, state := faultState(f)
	p := page{sentence: fmt.Sprintf("%s is %s.", file, state), title: fmt.Sprintf("%s *%s*: %s", emoji, file, state)}
	if f.Became != "" {
		return p
	}
	for _, fault := range f.Faults[:min(len(f.Faults), faultsShown)] {
		p.lines = append(p.lines, fault.String())
	}
	if more := len(f.Faults) - faultsShown; more > 0 {
		p.small = append(p.small, say.Count(more, "more fault", "more faults"))
	}
	p.small = append(p.small, "read at "+say.Date(f.Since))
	return p
}

func faultState(f policy.Faulty) (emoji, state string) {
	left := say.Date(f.Left)
	switch {
	case f.Became == policy.Taken:
		return ":white_check_mark:", "taken since " + left
	case f.Became == policy.Gone:
		return ":white_check_mark:", "gone since " + left + ", the defaults are in force"
	case f.Became == policy.Wrong:
		return ":heavy_minus_sign:", "not taken, and changed again at " + left
	case f.Good:
		return ":warning:", "not taken, the last good one stays in force"
	}
	return ":warning:", "not taken, the defaults stay in force"
}
