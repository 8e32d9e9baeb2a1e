package bot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"slipway/bot/config"
	"slipway/bot/doctor"
	"slipway/bot/ledger"
	"slipway/bot/op"
)

// patient is this set-up as the doctor looks at it.
func (b *Bot) patient(cfg config.Config, out Outside) doctor.Patient {
	p := doctor.Patient{
		Config: cfg,
		Slack:  b.clients.Slack, GitHub: b.clients.GitHub, Heroku: b.clients.Heroku,
		Database: out.Store.Vitals, Channels: b.channels, Others: b.clients.Presence.Others,
		Standing: func(ctx context.Context) ([]op.Standing, error) { return b.clients.Operations.Standing(ctx) }, // it is made later
		Refused: func(sender doctor.Sender) int {
			n, _ := b.inbox.Refused(ledger.Sender(sender))
			return n
		},
		Scopes: Needs(), Dyno: out.Dyno, OwnApp: out.App,
	}
	if !cfg.GitHubWriteToken.IsZero() {
		p.GitHubWrite = b.clients.GitHubWrite
	}
	if !cfg.HerokuWriteKey.IsZero() {
		p.HerokuWrite = b.clients.HerokuWrite
	}
	return p
}

// checkUp has the doctor look once, when Slack has said hello, and writes what is wrong to the log.
func (b *Bot) checkUp(ctx context.Context) {
	select {
	case <-b.session.Connected():
	case <-ctx.Done():
		return
	}
	for _, f := range b.clients.Doctor.Quick(ctx) {
		switch {
		case ctx.Err() != nil:
			return
		case f.Level == doctor.Fault:
			b.log.Error("doctor: "+f.Subject+": "+f.Text, "fix", f.Fix)
		case f.Level == doctor.Warning:
			b.log.Warn("doctor: "+f.Subject+": "+f.Text, "fix", f.Fix)
		}
	}
}

// longestQueue is for how long a webhook may wait until slipway is not healthy any more.
const longestQueue = 5 * time.Minute

// healthy says why slipway does not do its work, nil when it does: sockets, database and queue.
func (b *Bot) healthy(ctx context.Context) error {
	select {
	case <-b.identity.known:
	default:
		return errors.New("who we are is not known from Slack yet")
	}
	if b.session.Stats().Open == 0 {
		return errors.New("no connection to Slack is open")
	}
	backlog, err := b.inbox.Backlog(ctx)
	if err != nil {
		return fmt.Errorf("the database does not answer: %w", err)
	}
	if backlog.Deliveries > 0 && time.Since(backlog.Oldest) > longestQueue {
		return fmt.Errorf("%d webhooks wait, the oldest since %s", backlog.Deliveries, backlog.Oldest.UTC().Format(time.RFC3339))
	}
	return nil
}
