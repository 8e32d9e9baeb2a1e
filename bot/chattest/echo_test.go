package chattest

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
	slackgo "github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"

	"slipway/bot/audit"
	slacksim "slipway/integrations/sim/slack"
)

// echo is a bot that has what the real one does not have yet: buttons, modals, a home, edits and writes. It shows what the
// transcript makes of them. "/echo WORD" lets it do one thing; its words are in echoes.
type echo struct {
	stage *stage
	seam  *seam
	http  *http.Client
	api   *slackgo.Client
	busy  atomic.Int32
	tried string // the message that was tried last

	cancel context.CancelFunc
	done   sync.WaitGroup
}

// echoing is the cast of those plays.
var echoing = cast{[]string{
	"app_mentions:read", "channels:read", "chat:write", "commands", "im:history", "im:write", "usergroups:read", "users:read",
}, []string{"/echo"}, []slacksim.Shortcut{{Label: "Say it again", CallbackID: "again"}}, false, func(s *stage) (Bot, error) { return &echo{stage: s}, nil }}

func (e *echo) Start() error {
	e.seam = newSeam(e.stage.net.DialContext)
	e.http = &http.Client{Transport: &http.Transport{DialContext: e.seam.Dial}}
	w := e.stage.World
	e.api = slackgo.New(w.Slack.BotToken(), slackgo.OptionAppLevelToken(w.Slack.AppToken()),
		slackgo.OptionAPIURL("http://"+slackAddr+"/api/"), slackgo.OptionHTTPClient(e.http))
	client := socketmode.New(e.api, socketmode.OptionDialer(&websocket.Dialer{NetDialContext: e.seam.Dial}))
	ctx, cancel := context.WithCancel(context.Background())
	e.cancel = cancel
	connected := make(chan struct{})
	e.done.Go(func() { _ = client.RunContext(ctx) })
	e.done.Go(func() { e.listen(ctx, client, connected) })
	<-connected
	return nil
}

func (e *echo) Stop() error {
	e.cancel()
	e.done.Wait()
	e.http.CloseIdleConnections()
	return nil
}

// Database refuses: this bot keeps nothing.
func (e *echo) Database(bool) error { return errors.New("this bot keeps nothing in a database") }

// Audit refuses: this bot changes nothing.
func (e *echo) Audit(func(audit.Row) error) error { return errors.New("this bot keeps no audit trail") }

func (e *echo) Kill() error {
	e.seam.Cut()
	return e.Stop()
}

func (e *echo) Busy() int { return int(e.busy.Load()) }

// Open is nothing: this bot has no operations.
func (e *echo) Open() (int, error) { return 0, nil }

// listen takes one event after the other until ctx ends.
func (e *echo) listen(ctx context.Context, client *socketmode.Client, connected chan struct{}) {
	for {
		select {
		case <-ctx.Done():
			return
		case event := <-client.Events:
			switch event.Type {
			case socketmode.EventTypeHello:
				close(connected)
			case socketmode.EventTypeSlashCommand:
				e.command(client, event)
			case socketmode.EventTypeInteractive:
				e.interaction(client, event)
			case socketmode.EventTypeEventsAPI:
				e.must(client.Ack(*event.Request))
				e.event(event.Data.(slackevents.EventsAPIEvent))
			}
		}
	}
}

func (e *echo) command(client *socketmode.Client, event socketmode.Event) {
	c := event.Data.(slackgo.SlashCommand)
	word, rest, _ := strings.Cut(c.Text, " ")
	switch word {
	case "silence":
		return
	case "slowly":
		e.busy.Add(1)
		e.must(client.Ack(*event.Request))
		e.done.Go(func() {
			defer e.busy.Add(-1)
			time.Sleep(20 * time.Second)
			e.post(c.ChannelID, "That took 20 s")
		})
		return
	}
	e.must(client.Ack(*event.Request))
	echoes[word](e, c, rest)
}

func (e *echo) event(event slackevents.EventsAPIEvent) {
	switch m := event.InnerEvent.Data.(type) {
	case *slackevents.AppMentionEvent:
		thread := m.ThreadTimeStamp
		if thread == "" {
			thread = m.TimeStamp
		}
		if strings.HasSuffix(m.Text, " ask") {
			_, err := e.api.PostEphemeral(m.Channel, m.User, slackgo.MsgOptionBlocks(question()...))
			e.must(err)
			return
		}
		e.post(m.Channel, "You said: "+m.Text, slackgo.MsgOptionTS(thread))
	case *slackevents.MessageEvent:
		switch {
		case m.BotID != "":
		case m.Text == "ask":
			_, _, err := e.api.PostMessage(m.Channel, slackgo.MsgOptionBlocks(question()...))
			e.must(err)
		default:
			e.post(m.Channel, "You said: "+m.Text)
		}
	}
}

func (e *echo) post(channel, text string, more ...slackgo.MsgOption) string {
	_, ts, err := e.api.PostMessage(channel, append(more, slackgo.MsgOptionText(text, false))...)
	e.must(err)
	return ts
}

func (e *echo) edit(channel, ts, text string, more ...slackgo.MsgOption) {
	_, _, _, err := e.api.UpdateMessage(channel, ts, append(more, slackgo.MsgOptionText(text, false))...)
	e.must(err)
}

// refused says in what way Slack refused, if it did.
func (e *echo) refused(c slackgo.SlashCommand, err error) {
	if err != nil {
		e.post(c.ChannelID, "Slack says "+err.Error())
	}
}

// must fails the test of the play.
func (e *echo) must(err error) {
	if err != nil {
		e.stage.t.Error(err)
	}
}

// write posts to a far end whatever it answers.
func (e *echo) write(address, path string) {
	answer, err := e.http.Post("http://"+address+path, "application/json", strings.NewReader("{}"))
	if err == nil {
		_ = answer.Body.Close()
	}
}
