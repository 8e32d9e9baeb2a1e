package commands

import (
	"context"
	"fmt"
	"strings"
	"time"

	"slipway/bot"
	"slipway/bot/config"
	"slipway/bot/inbox"
	"slipway/bot/ledger"
	"slipway/bot/phrase"
	"slipway/bot/say"
	"slipway/bot/store"
)

// DeployRoutes says where news comes from and goes to.
var DeployRoutes = bot.Command{
	Slash: "/deploy",
	Verb:  "routes",
	Args:  "[app]",
	About: bot.EachApp,
	Short: "where news comes from and goes to, and what failed on the way",
	Long: "Shows for each app its channel, the last that GitHub and Heroku told by webhook, whether they are read in its place," +
		" and what failed.\n`/deploy routes`\n`/deploy routes penny-university`",
	Answer: answerRoutes,
}

func answerRoutes(ctx context.Context, c *bot.Clients, req bot.Request) (bot.Answer, error) {
	r, err := readRoutes(ctx, c, req.Apps)
	if err != nil && !store.Away(err) {
		return bot.Answer{}, err
	}
	if err != nil {
		return bot.Answer{}, say.Refuse("My own database does not answer, and it is what knows the routes. Webhooks are refused meanwhile, so that "+
			"GitHub and Heroku keep them: I catch up when it is back.\nBy hand: %s shows the last deliveries.", say.Code("slipway hooks"))
	}
	return r.words(), nil
}

// routes are the ways of news, as they are known at one time.
type routes struct {
	now       time.Time
	apps      []config.App
	titles    map[string]string           // of the apps
	hub       string                      // where the credential comes from that GitHub is read with
	standings map[string][]inbox.Standing // by app
	last      map[string]inbox.Route      // by sender and scope
	refused   map[ledger.Sender]refused
	backlog   inbox.Backlog
}

// refused counts requests that were not signed as they should be.
type refused struct {
	n    int
	last time.Time
}

func readRoutes(ctx context.Context, c *bot.Clients, apps []config.App) (*routes, error) {
	ctx, cancel := context.WithTimeout(ctx, min(time.Duration(1+len(apps)), 3)*bot.StoreWithin)
	defer cancel()
	r := &routes{
		now: time.Now(), apps: apps, titles: map[string]string{}, hub: c.GitHubVariable, standings: map[string][]inbox.Standing{}, last: map[string]inbox.Route{},
		refused: map[ledger.Sender]refused{},
	}
	all, err := c.Inbox.Routes(ctx)
	if err != nil {
		return nil, err
	}
	for _, one := range all {
		r.last[routeKey(one.Sender, one.Scope)] = one
	}
	if r.backlog, err = c.Inbox.Backlog(ctx); err != nil {
		return nil, err
	}
	for _, app := range apps {
		r.titles[app.Name] = c.Title(ctx, app)
		if r.standings[app.Name], err = c.Duties.Standings(ctx, app); err != nil {
			return nil, err
		}
	}
	for _, s := range []ledger.Sender{ledger.GitHub, ledger.Heroku} {
		n, last := c.Inbox.Refused(s)
		r.refused[s] = refused{n, last}
	}
	return r, nil
}

func routeKey(s ledger.Sender, scope string) string { return string(s) + " " + scope }

func (r *routes) words() bot.Answer {
	p := &page{title: "Where news comes from and goes to"}
	for _, app := range r.apps {
		p.line(fmt.Sprintf("*%s* goes to %s", r.titles[app.Name], channelWords(app.Channel)))
		for _, s := range r.standings[app.Name] {
			p.line("• " + r.standingWords(app, s))
			for _, odd := range r.oddities(s) {
				p.line("   :warning: " + odd)
			}
			for _, text := range gapWords(s.Gaps, r.hub) {
				p.line("   :grey_question: " + text)
			}
		}
	}
	if b := r.backlog; b.Deliveries > 0 && r.now.Sub(b.Oldest) > time.Minute {
		p.line(fmt.Sprintf(":warning: %s not worked yet, the oldest from %s",
			say.Count(b.Deliveries, "webhook is", "webhooks are"), say.At(r.now, b.Oldest)))
	}
	return p.answer()
}

// channelWords name a channel of the configuration, which is a name or an id.
func channelWords(channel string) string {
	if strings.ToLower(channel) != channel {
		return "<#" + channel + ">"
	}
	return "#" + say.Escape(channel)
}

// standingWords say how news comes from one sender.
func (r *routes) standingWords(app config.App, s inbox.Standing) string {
	text := fmt.Sprintf("%s, %s: ", s.Sender, r.subject(app, s))
	switch last, ok := r.last[routeKey(s.Sender, s.Scope)]; {
	case !s.Tells:
		text += fmt.Sprintf("no webhooks (`%s` is not set), read every 45 s", secretOf[s.Sender])
	case !ok:
		text += "no webhook has come yet"
	default:
		text += fmt.Sprintf("last webhook %s %s", say.ForeignCode(last.Event, phrase.NameLimit), say.At(r.now, last.At))
	}
	if s.Read.IsZero() {
		return text + ", not read yet"
	}
	return text + ", last read " + say.At(r.now, s.Read)
}

func (r *routes) subject(app config.App, s inbox.Standing) string {
	if s.Sender == ledger.GitHub {
		return say.Code(app.Repo.String())
	}
	return say.Code(app.Name)
}

// secretOf names the variable that each sender's webhooks need.
var secretOf = map[ledger.Sender]string{ledger.GitHub: "GITHUB_WEBHOOK_SECRET", ledger.Heroku: "HEROKU_WEBHOOK_SECRET"}

// oddities are what is wrong on the way, with what to do about it.
func (r *routes) oddities(s inbox.Standing) []string {
	var odd []string
	if s.Tells && !s.Trusted {
		odd = append(odd, fmt.Sprintf("Its webhooks do not tell all (%s was missed), so it is read every 45 s since %s. %s shows whether they are set up.",
			say.Foreign(s.Why, phrase.NameLimit), say.At(r.now, s.Since), say.Code("slipway hooks")))
	}
	if last := r.last[routeKey(s.Sender, s.Scope)]; last.Failed > 0 {
		odd = append(odd, fmt.Sprintf("%s of the last 7 days could not be worked, the last from %s: %s",
			say.Count(last.Failed, "webhook", "webhooks"), say.At(r.now, last.FailedAt), say.Foreign(last.Trouble, phrase.TitleLimit)))
	}
	if refused := r.refused[s.Sender]; refused.n > 0 {
		odd = append(odd, fmt.Sprintf("%s since I started had a wrong signature, or none, the last at %s: `%s` differs from the sender's, or somebody else sends them.",
			say.Count(refused.n, "request", "requests"), say.At(r.now, refused.last), secretOf[s.Sender]))
	}
	if s.HookWhy != "" {
		odd = append(odd, fmt.Sprintf("It cannot be asked for webhooks that were missed (%s), so what they told is read.", say.Foreign(s.HookWhy, phrase.TitleLimit)))
	}
	return odd
}
