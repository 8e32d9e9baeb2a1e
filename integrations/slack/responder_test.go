package slack_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	slackgo "github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"slipway/integrations/slack"
)

// responder is a program that connects to Slack and acknowledges slash commands.
type responder struct {
	name    string
	sockets int                                                   // that it keeps open
	answer  func(ctx context.Context, api, appToken string) error // what a child of ours does
}

// ours is what is measured, bare what it is measured against: the least that slack-go needs. To measure something
// else, such as the whole bot, put it into the answer of ours.
var (
	ours = responder{name: "session", sockets: 2, answer: func(ctx context.Context, api, appToken string) error {
		return slack.NewSession(slack.SessionOptions{AppToken: appToken, APIURL: api, Handle: ackAll}).Run(ctx)
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

// The environment that makes this test binary a responder.
const (
	answerAs    = "SLIPWAY_TEST_ANSWER_AS"
	answerAPI   = "SLIPWAY_TEST_API"
	answerToken = "SLIPWAY_TEST_APP_TOKEN"
)

func TestMain(m *testing.M) {
	for _, r := range []responder{ours, bare} {
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
func (r responder) start(b *testing.B, api, appToken string) (pid int, stop func() (stalled time.Duration)) {
	b.Helper()
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), answerAs+"="+r.name, answerAPI+"="+api, answerToken+"="+appToken)
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
