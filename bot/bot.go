package bot

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"
	"golang.org/x/sync/errgroup"

	"slipway/bot/access"
	"slipway/bot/audit"
	"slipway/bot/board"
	"slipway/bot/channels"
	"slipway/bot/config"
	"slipway/bot/doctor"
	"slipway/bot/heartbeat"
	"slipway/bot/hold"
	"slipway/bot/inbox"
	"slipway/bot/ledger"
	"slipway/bot/notices"
	"slipway/bot/op"
	"slipway/bot/people"
	"slipway/bot/policy"
	"slipway/bot/presence"
	"slipway/bot/reader"
	"slipway/bot/recipe"
	"slipway/bot/store"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
	"slipway/integrations/slack"
)

// drain is how long requests under way may go on after the bot was told to stop. With the sockets' own drain it stays
// well under the 30 seconds after which Heroku kills a dyno.
const drain = 15 * time.Second

// Outside is where a bot runs: what is neither configuration nor commands.
type Outside struct {
	Dial    func(ctx context.Context, network, addr string) (net.Conn, error) // nil: the network, through a proxy if one is set
	Store   *store.Store                                                      // open, and not started; whoever opened it closes it
	Log     *slog.Logger
	Version string
	Dyno    string // DYNO: the dyno that this is, such as web.1; "": none
	App     string // HEROKU_APP_NAME: the app that this dyno is of; "": not known
}

// Bot is the whole bot: it takes what people ask from Slack, finds the command, and says the answer.
type Bot struct {
	clients     *Clients
	credentials []credential
	commands    []Command
	transport   *http.Transport
	session     *slack.Session
	inbox       *inbox.Inbox
	duties      *inbox.Duties
	channels    *channels.Channels
	policy      *policy.Policy
	boards      *board.Boards
	notices     *notices.Notices
	maker       *recipe.Maker
	holds       *hold.Holds
	door        *access.Door
	heart       *heartbeat.Heartbeat
	pool        *pool
	identity    *identity
	events      eventIDs
	turns       turns
	metrics     *metrics
	log         *slog.Logger
}

// New puts together the bot that a configuration describes. It connects to nothing before Run.
func New(cfg config.Config, commands []Command, out Outside) (*Bot, error) {
	transport := transport(out.Dial)
	clients, err := newClients(cfg, out, transport)
	if err != nil {
		return nil, err
	}
	slackURL := string(cfg.SlackAPIURL) + "/" // slack-go puts the method right behind it
	web := &http.Client{Transport: transport, Timeout: 10 * time.Second}
	clients.Web = web
	clients.Slack = slack.NewClient(slack.ClientOptions{BotToken: cfg.SlackBotToken.Reveal(), APIURL: slackURL, HTTP: web})
	b := &Bot{
		clients:     clients,
		credentials: credentialsOf(cfg, clients),
		commands:    commands,
		transport:   transport,
		identity:    newIdentity(clients.Slack, out.Log),
		log:         out.Log,
	}
	b.telling(cfg, out)
	b.hearing(cfg, out)
	b.guarding(cfg, out)
	b.acting(cfg, out)
	session := slack.SessionOptions{
		AppToken: cfg.SlackAppToken.Reveal(), APIURL: slackURL, HTTP: web, Dial: out.Dial, Log: out.Log, Handle: b.receive,
	}
	clients.Presence.Hook(&session)
	b.session = slack.NewSession(session)
	b.heart = heartbeat.New(heartbeat.Options{URL: cfg.HeartbeatURL.Reveal(), HTTP: web, Log: out.Log, Healthy: b.healthy})
	b.metrics = newMetrics(b, out.Version)
	b.pool = newPool(
		func() { b.metrics.refused("untold") },
		func(err error) { b.log.Error("a request ended in a panic", "error", err) },
	)
	return b, nil
}

// newClients makes those of GitHub and Heroku: to read, and to change something where the configuration lets us.
func newClients(cfg config.Config, out Outside, transport http.RoundTripper) (*Clients, error) {
	c := &Clients{Apps: cfg.Apps, Mode: cfg.Mode}
	c.GitHubVariable, _ = cfg.GitHubVariables()
	hub := func(o github.Options) (*github.Client, error) {
		o.HTTP, o.Agent = transport, agent(out)
		return github.New(o)
	}
	platform := func(o heroku.Options) (*heroku.Client, error) {
		o.HTTP, o.Agent = transport, agent(out)
		o.Warn = func(text string) { out.Log.Warn("Heroku warns", "text", text) }
		return heroku.New(o)
	}
	var err error
	if c.GitHub, err = hub(cfg.GitHubReading()); err != nil {
		return nil, err
	}
	if c.Heroku, err = platform(cfg.HerokuReading()); err != nil || !cfg.WritesAny() {
		return c, err
	}
	if c.GitHubWrite, err = hub(cfg.GitHubWriting()); err != nil {
		return nil, err
	}
	c.HerokuWrite, err = platform(cfg.HerokuWriting())
	return c, err
}

// telling makes what tells people without being asked.
func (b *Bot) telling(cfg config.Config, out Outside) {
	nudge := b.learnt
	b.channels = channels.New(channels.Options{Store: out.Store, Slack: b.clients.Slack, Log: out.Log, Apps: cfg.Apps, Found: nudge})
	b.clients.Channels = b.channels
	b.policy = policy.New(policy.Options{Store: out.Store, GitHub: b.clients.GitHub, Log: out.Log, Apps: cfg.Apps, Fold: b.fold, Kept: nudge})
	b.clients.Policy = b.policy
	b.boards = board.New(board.Options{Store: out.Store, Slack: b.clients.Slack, Log: out.Log, Draw: b.draw, Fallback: string(cfg.FallbackUser)})
	b.notices = notices.New(notices.Options{
		Store: out.Store, Boards: b.boards, Channels: b.channels, Policy: b.policy,
		People: people.New(people.Options{Store: out.Store, Slack: b.clients.Slack, Log: out.Log}),
		Log:    out.Log, Apps: cfg.Apps,
		Ask:  func(app config.App) { b.duties.Ask(app) },
		Plan: func(repo github.Repo, base, head string) { b.maker.Want(repo, base, head) },
		Save: func(app config.App) { b.maker.WantBackups(app.Name) },
	})
	b.maker = recipe.NewMaker(recipe.MakerOptions{
		Recipes: recipe.New(out.Store, b.clients.GitHub), GitHub: b.clients.GitHub, Heroku: b.clients.Heroku, Store: out.Store, Log: out.Log, Fold: b.fold, Made: nudge,
	})
	b.clients.Recipes = b.maker
	b.holds = hold.New(hold.Options{
		Store: out.Store, Boards: b.boards, Channels: b.channels, Policy: b.policy, Slack: b.clients.Slack,
		GitHub: b.clients.GitHub, GitHubWrite: b.clients.GitHubWrite, Log: out.Log, Apps: cfg.Apps, Mode: cfg.Mode, Fold: b.fold,
	})
	b.clients.Holds = b.holds
}

// learnt has looked at what was learnt, after the commit.
func (b *Bot) learnt() {
	b.notices.Nudge()
	b.holds.Nudge()
}

// guarding makes what says who may do what, and writes down who did.
func (b *Bot) guarding(cfg config.Config, out Outside) {
	b.door = access.New(access.Options{
		Slack: b.clients.Slack, Heroku: b.clients.Heroku, Channels: b.channels, Policy: b.policy, Store: out.Store,
		Operators: cfg.Operators, Home: b.identity.wait, Log: out.Log,
	})
	b.clients.Audit = audit.New(out.Store, out.Log)
	b.clients.Presence = presence.New(presence.Options{Store: out.Store, Log: out.Log})
	b.clients.Doctor = doctor.New(b.patient(cfg, out))
}

// acting makes what carries out what people confirm.
func (b *Bot) acting(cfg config.Config, out Outside) {
	b.clients.Shown = func(ctx context.Context, channel, ts string) ([]slackgo.Block, error) {
		return b.shown(ctx, out.Store, channel, ts)
	}
	b.clients.Operations = op.New(op.Options{
		Store: out.Store, Log: out.Log,
		Allowed:   b.allowedNow,
		Manner:    b.manner,
		MayWrite:  b.mayWrite,
		Alone:     b.clients.Presence.Alone,
		Ambiguous: ambiguous,
		Far:       farEnd,
		Touch:     b.boards.Touch,
		Nudge: func() {
			b.boards.Nudge()
			b.holds.Nudge()
		},
	})
	for _, c := range b.commands {
		if c.Change != nil {
			b.clients.Operations.Register(c.Change.Kind, c.Change.Run(b.clients))
		}
		if c.Change != nil && c.Change.Hooks != nil {
			b.clients.Operations.Hook(c.Change.Kind, c.Change.Hooks(b.clients))
		}
	}
}

// shown is what stands at a place.
func (b *Bot) shown(ctx context.Context, s *store.Store, channel, ts string) ([]slackgo.Block, error) {
	ctx, cancel := context.WithTimeout(ctx, StoreWithin)
	defer cancel()
	var key board.Key
	err := s.Do(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		key, err = board.At(ctx, tx, channel, ts)
		return err
	})
	if err != nil || key == "" {
		return nil, err
	}
	drawing, err := b.draw(ctx, key)
	return drawing.Message.Blocks, err
}

// draw draws a board of whatever kind.
func (b *Bot) draw(ctx context.Context, key board.Key) (board.Drawing, error) {
	if strings.HasPrefix(string(key), string(op.KeyOf(""))) {
		return b.clients.Operations.Draw(ctx, key)
	}
	if strings.HasPrefix(string(key), hold.KeyPrefix) {
		return b.holds.Draw(ctx, key)
	}
	return b.notices.Draw(ctx, key)
}

// fold keeps what is learnt, and sees to it that it is told.
func (b *Bot) fold(ctx context.Context, tx *store.Tx, now time.Time, facts ...ledger.Fact) ([]ledger.Subject, error) {
	return b.notices.Fold(ctx, tx, now, facts...)
}

// hearing makes what learns from the world.
func (b *Bot) hearing(cfg config.Config, out Outside) {
	read := reader.New(b.clients.GitHub, b.clients.Heroku)
	read.Deploys = b.policy.Branch
	b.duties = inbox.NewDuties(inbox.DutyOptions{
		Store: out.Store, Log: out.Log, Apps: cfg.Apps, Reader: read, GitHub: b.clients.GitHub,
		GitHubTells: len(cfg.GitHubSecrets) > 0, HerokuTells: len(cfg.HerokuSecrets) > 0,
		Fold: b.fold, Read: b.learnt, Missed: b.notices.Missed,
	})
	b.inbox = inbox.New(inbox.Options{
		Store: out.Store, Log: out.Log, GitHubSecrets: cfg.GitHubSecrets.Keys(), HerokuSecrets: cfg.HerokuSecrets.Keys(),
		Fold: b.fold,
		Folded: func(changed []ledger.Subject) {
			b.learnt()
			b.duties.Folded(changed)
			b.policy.Folded(changed)
		},
	})
	b.clients.Inbox, b.clients.Duties = b.inbox, b.duties
	b.clients.Knowledge = &Knowledge{
		store: out.Store, reader: read, trust: b.duties.Trust, policy: b.policy, fold: b.fold, folded: b.learnt, log: out.Log,
	}
}

func agent(out Outside) string { return "slipway/" + out.Version }

// transport carries all calls of the Web APIs. A dialled address is where tests and simulators are.
func transport(dial func(ctx context.Context, network, addr string) (net.Conn, error)) *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.ResponseHeaderTimeout = 10 * time.Second
	t.MaxIdleConnsPerHost = workers
	if dial != nil {
		t.DialContext, t.Proxy = dial, nil
	}
	return t
}

// Close lets go of idle connections. The bot does not run any more.
func (b *Bot) Close() { b.transport.CloseIdleConnections() }

// Connected is closed when Slack has said hello for the first time.
func (b *Bot) Connected() <-chan struct{} { return b.session.Connected() }

// Run works until ctx ends, and then finishes what it has begun. It gives nil after that, a *slack.RefusedError when
// Slack refuses one of the tokens, a *TokenError when GitHub or Heroku does, and any other error when it cannot go on.
func (b *Bot) Run(ctx context.Context) error {
	b.pool.start()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var parts errgroup.Group
	for _, part := range []func(context.Context){
		b.inbox.Run, b.duties.Run, b.channels.Run, b.policy.Run, b.boards.Run, b.notices.Run, b.maker.Run, b.holds.Run,
		b.clients.Audit.Run, b.clients.Operations.Run, b.heart.Run, b.checkUp,
		func(ctx context.Context) { b.clients.Presence.Run(ctx, b.session) },
	} {
		parts.Go(func() error {
			part(ctx)
			return nil
		})
	}
	parts.Go(func() error {
		defer stop()
		return b.identity.find(ctx)
	})
	parts.Go(func() error {
		err := b.tryTokens(ctx)
		if err != nil {
			stop()
		}
		return err
	})
	parts.Go(func() error {
		defer stop()
		return b.session.Run(ctx)
	})
	err := parts.Wait()
	b.pool.close(drain)
	return err
}

// Busy is the number of requests that are not answered yet, of webhooks that are not worked yet, of operations that are due, and
// of messages that are not true yet.
func (b *Bot) Busy() int {
	return b.requests() + b.inbox.Busy() + b.policy.Busy() + b.notices.Busy() + b.maker.Busy() + b.holds.Busy() + b.boards.Busy() + b.clients.Operations.Busy()
}

func (b *Bot) requests() int { return int(b.pool.open.Load()) }

// Serve takes webhooks and answers /healthz, /readyz and /metrics on l until ctx ends.
func (b *Bot) Serve(ctx context.Context, l net.Listener) error {
	server := &http.Server{Handler: b.handler(), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: time.Minute}
	stopped := make(chan error, 1)
	go func() { stopped <- server.Serve(l) }()
	select {
	case err := <-stopped:
		return fmt.Errorf("serve %s: %w", l.Addr(), err)
	case <-ctx.Done():
	}
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	err := server.Shutdown(closing)
	if err != nil {
		err = server.Close()
	}
	<-stopped
	return err
}
