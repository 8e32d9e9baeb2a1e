package bot_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	slackgo "github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"slipway/bot"
	"slipway/bot/config"
	"slipway/bot/store"
	"slipway/commands"
	slacksim "slipway/integrations/sim/slack"
	"slipway/integrations/slack"
)

// responder is a program that connects to Slack and acknowledges slash commands.
type responder struct {
	name    string
	sockets int                                                   // that it keeps open
	answers bool                                                  // it answers, and does not only acknowledge
	answer  func(ctx context.Context, api, appToken string) error // what a child of ours does
}

// The bot and the session alone are what is measured, bare what they are measured against: the least that slack-go needs.
var (
	whole = responder{name: "bot", sockets: 2, answers: true, answer: func(ctx context.Context, api, appToken string) error {
		cfg := config.Config{
			SlackAppToken: config.NewSecret(appToken), SlackBotToken: config.NewSecret(os.Getenv(answerBotToken)),
			GitHubToken: config.NewSecret("ghp_none"), HerokuAPIKey: config.NewSecret("HRKU-none"),
			SlackAPIURL:  config.APIURL(strings.TrimSuffix(api, "/")),
			GitHubAPIURL: nobody, HerokuAPIURL: nobody, // for /deploy help nobody asks them
		}
		folder, err := os.MkdirTemp("", "slipway-bench-")
		if err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(folder) }()
		st, err := store.Open(ctx, store.Options{Path: filepath.Join(folder, "slipway.db")})
		if err != nil {
			return err
		}
		defer func() { _ = st.Close() }()
		b, err := bot.New(cfg, commands.All(), bot.Outside{Store: st, Log: slog.New(slog.DiscardHandler), Version: "bench"})
		if err != nil {
			return err
		}
		defer b.Close()
		return b.Run(ctx)
	}}
	session = responder{name: "session", sockets: 2, answer: func(ctx context.Context, api, appToken string) error {
		ack := func(e slack.Envelope) { _ = e.Ack(nil) }
		return slack.NewSession(slack.SessionOptions{AppToken: appToken, APIURL: api, Handle: ack}).Run(ctx)
	}}
	bare = responder{name: "bare", sockets: 1, answer: func(ctx context.Context, api, appToken string) error {
		client := socketmode.New(slackgo.New("", slackgo.OptionAppLevelToken(appToken), slackgo.OptionAPIURL(api)))
		go func() {
			for e := range client.Events {
				if e.Type == socketmode.EventTypeSlashCommand {
					_ = client.Ack(*e.Request)
				}
			}
		}()
		return client.RunContext(ctx)
	}}
)

// nobody is an address of this machine at which nobody listens.
const nobody = "http://127.0.0.1:1"

// The environment that makes this test binary a responder.
const (
	answerAs       = "SLIPWAY_TEST_ANSWER_AS"
	answerAPI      = "SLIPWAY_TEST_API"
	answerToken    = "SLIPWAY_TEST_APP_TOKEN"
	answerBotToken = "SLIPWAY_TEST_BOT_TOKEN"
)

func TestMain(m *testing.M) {
	for _, r := range []responder{whole, session, bare, telling} {
		if r.name == os.Getenv(answerAs) {
			os.Exit(r.main())
		}
	}
	os.Exit(m.Run())
}

// main answers until it is told to end, or the parent is gone.
func (r responder) main() int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		cancel()
	}()
	watch := watchStalls()
	defer func() { fmt.Println(int64(watch.stop())) }() // for start
	if err := r.answer(ctx, os.Getenv(answerAPI), os.Getenv(answerToken)); err != nil && ctx.Err() == nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// start runs the responder in a process of its own until the function that it gives back is called, which tells for how
// long at most the process stood still.
func (r responder) start(b *testing.B, api string, sim *slacksim.Server) (pid int, stop func() (stalled time.Duration)) {
	b.Helper()
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), answerAs+"="+r.name, answerAPI+"="+api, answerToken+"="+sim.AppToken(), answerBotToken+"="+sim.BotToken())
	cmd.Stderr = os.Stderr
	var out bytes.Buffer
	cmd.Stdout = &out
	alive, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	return cmd.Process.Pid, func() time.Duration {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = alive.Close()
		if err := cmd.Wait(); err != nil {
			b.Errorf("%s: %v", r.name, err)
		}
		ns, err := strconv.ParseInt(strings.TrimSpace(out.String()), 10, 64)
		if err != nil {
			b.Errorf("%s says %q at its end", r.name, out.String())
		}
		return time.Duration(ns)
	}
}
