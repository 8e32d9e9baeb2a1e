package main

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"slipway/bot"
	"slipway/bot/chattest"
	"slipway/bot/config"
	"slipway/bot/store/storetest"
	"slipway/commands"
	"slipway/integrations/sim/memnet"
	slacksim "slipway/integrations/sim/slack"
	"slipway/integrations/sim/weather"
	"slipway/integrations/sim/world"
)

// stage is a bot for two apps in a bubble: penny-qa lives in #general, penny-university in the private channel #ops. Which
// app a mention is about can only be told by asking Slack for the channel.
type stage struct {
	t        *testing.T
	world    *world.World
	host     *chattest.Host
	net      memnet.Network
	servers  []*http.Server
	log      bytes.Buffer
	alice    string
	channels map[string]string
	seen     int // of Slack's journal
	sent     int
	thread   string

	mu      sync.Mutex
	missing []string // the scopes that Slack has asked for since it was last looked
}

// newStage must be called in a bubble.
func newStage(t *testing.T, scopes []string) *stage {
	t.Helper()
	const slackAt, githubAt, herokuAt = "127.0.0.1:4001", "127.0.0.1:4002", "127.0.0.1:4003"
	w, err := world.New(world.Options{
		Changes: []string{"world pair", "group ops alice"}, Settings: "access: {operate: [\"@ops\"]}\n", SlackURL: "http://" + slackAt, GitHubURL: "http://" + githubAt, HerokuURL: "http://" + herokuAt,
		Scopes: scopes, Commands: bot.Slashes(commands.All()), Shortcuts: chattest.Shortcuts(commands.All()),
	})
	if err != nil {
		t.Fatal(err)
	}
	s := &stage{t: t, world: w, channels: map[string]string{"ops": "C0OPS"}}
	s.alice, _ = w.UserID("alice")
	if s.channels["general"], err = w.ChannelID("general"); err != nil {
		t.Fatal(err)
	}
	w.Slack.AddChannel(slacksim.Channel{ID: s.channels["ops"], Name: "ops", Private: true, Members: []string{s.alice}, BotIn: true})
	s.serve(slackAt, http.HandlerFunc(s.slack))
	s.serve(githubAt, w.GitHub)
	s.serve(herokuAt, w.Heroku)
	cfg, err := chattest.Config(w)
	if err != nil {
		t.Fatal(err)
	}
	const repo = "=penny-university/penny_university#"
	cfg.Apps = config.Apps{}
	if err := cfg.Apps.Decode("penny-qa" + repo + "general,penny-university" + repo + "ops"); err != nil {
		t.Fatal(err)
	}
	s.host = &chattest.Host{
		Config: cfg, Commands: commands.All(), Dial: s.net.DialContext, Path: storetest.File(t),
		Log: slog.New(slog.NewTextHandler(&s.log, nil)),
	}
	cfg.FallbackUser = config.User(s.alice)
	s.host.Config = cfg
	if err := s.host.Start(); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *stage) serve(addr string, h http.Handler) {
	l, err := s.net.Listen(addr)
	if err != nil {
		s.t.Fatal(err)
	}
	server := &http.Server{Handler: h}
	s.servers = append(s.servers, server)
	go func() { _ = server.Serve(l) }()
}

// slack is the simulator, with an ear at what it refuses.
func (s *stage) slack(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/link/") {
		s.world.Slack.ServeHTTP(w, r)
		return
	}
	answer := httptest.NewRecorder()
	s.world.Slack.ServeHTTP(answer, r)
	if m := needed.FindStringSubmatch(answer.Body.String()); m != nil {
		s.mu.Lock()
		s.missing = append(s.missing, m[1])
		s.mu.Unlock()
	}
	for name, values := range answer.Header() {
		w.Header()[name] = values
	}
	w.WriteHeader(answer.Code)
	_, _ = io.Copy(w, answer.Body)
}

var needed = regexp.MustCompile(`"needed":"([^"]+)"`)

// refusals gives the scopes that Slack has asked for since the last call.
func (s *stage) refusals() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	missing := strings.Join(s.missing, ",")
	s.missing = nil
	return missing
}

// close ends all of it, and fails the test when the bot broke Slack's rules.
func (s *stage) close() {
	if err := s.host.Stop(); err != nil {
		s.t.Errorf("the bot ended with %v", err)
	}
	if faults := s.world.Slack.Faults(); len(faults) > 0 {
		s.t.Errorf("the bot broke Slack's rules:\n%s", strings.Join(faults, "\n"))
	}
	s.world.Close()
	for _, server := range s.servers {
		_ = server.Close()
	}
	if s.t.Failed() {
		s.t.Logf("the bot's log:\n%s", s.log.String())
	}
}

// toAnswer is longer than the slowest answer here, its second try included; Slack allows a message a second.
const toAnswer = 5 * time.Second

// after lets something happen, and gives the first line of what somebody reads because of it, "" if nobody does.
func (s *stage) after(happen func()) string { return s.within(toAnswer, happen) }

// within is after with its own time. What begins by itself at the end of it, such as reading, has a second more.
func (s *stage) within(d time.Duration, happen func()) string {
	happen()
	time.Sleep(d)
	synctest.Wait()
	for range 100 {
		if s.host.Busy() == 0 {
			break
		}
		time.Sleep(10 * time.Millisecond)
		synctest.Wait()
	}
	if n := s.host.Busy(); n > 0 {
		s.t.Errorf("%d things are not done within %v", n, d)
	}
	entries, next := s.world.Slack.Journal(s.seen)
	s.seen = next
	for _, e := range entries {
		text := e.Text
		if e.Message != nil {
			if e.Message.BotID == "" {
				continue
			}
			text = e.Message.Text
		}
		if e.View != nil {
			text = s.window()
		}
		line, _, _ := strings.Cut(text, "\n")
		return line
	}
	return ""
}

// window is what stands in alice's window now.
func (s *stage) window() string {
	v, ok := s.world.Slack.View(s.alice)
	if !ok {
		return ""
	}
	return fmt.Sprintf("%s, with %q: %s", v.Title, v.Submit, v.Blocks)
}

// ts is the timestamp of a message that is made up.
func (s *stage) ts() string {
	s.sent++
	return fmt.Sprintf("%d.%06d", time.Now().Unix(), s.sent)
}

// request is something that a person does, or that happens.
type request struct {
	name string
	make func()
	told time.Duration // how long it may take until it is told; 0: toAnswer
}

// requests are all the ways to ask, for oneself and for all.
func (s *stage) requests() []request {
	slack, mention := s.world.Slack, "<@"+s.world.Slack.BotUserID()+"> "
	general, ops := s.channels["general"], s.channels["ops"]
	var list []request
	for _, c := range commands.All() {
		if c.Verb == "doctor" {
			continue // it says which scopes are missing
		}
		for _, ending := range []string{"", " in channel"} {
			text := asked(c) + ending
			ways := map[string]func() (*slacksim.Delivery, error){
				"slash":           func() (*slacksim.Delivery, error) { return slack.Command(s.alice, general, c.Slash, text) },
				"mention":         func() (*slacksim.Delivery, error) { return slack.Say(s.alice, general, mention+text, "") },
				"private mention": func() (*slacksim.Delivery, error) { return slack.Say(s.alice, ops, mention+text, "") },
				"thread":          func() (*slacksim.Delivery, error) { return slack.Say(s.alice, general, mention+text, s.parent()) },
				"direct message": func() (*slacksim.Delivery, error) {
					return slack.Say(s.alice, slack.DM(s.alice), s.named(c)+ending, "")
				},
			}
			for _, way := range slices.Sorted(maps.Keys(ways)) {
				name := way + ": " + text
				list = append(list, request{name: name, make: func() {
					if _, err := ways[way](); err != nil {
						s.t.Errorf("%s: %v", name, err)
					}
				}})
			}
		}
	}
	return list
}

// news are what is told without being asked, and found again where it is not known whether it was told.
func (s *stage) news() []request {
	const read = 2 * time.Minute // nobody sends webhooks here: it is read every 45 s
	cut := func(before ...weather.Kind) {
		for _, kind := range append(before, weather.Cut) {
			s.world.Slack.Weather().Add(weather.Fault{Method: "POST", Path: "/api/chat.postMessage", Kind: kind})
		}
	}
	return []request{
		{"news whose post is cut off", func() { cut(); s.change(0) }, read},
		{"private news whose post is cut off", func() { cut(); s.change(1) }, read},
		{"a failure, whose author is called", func() { s.world.Slack.Weather().Clear(); s.do("merge 46"); s.do("ci fail 46 test-backend") }, 5 * time.Minute},
		{"a channel that takes no posts, told to a person whose message is cut off", func() {
			time.Sleep(10 * time.Minute) // whatever else is to be told has been told by then
			s.world.Slack.Weather().Clear()
			s.do("archive #general")
			cut(weather.Cut) // two, as the channel is tried at the same moment
			s.change(0)
		}, read},
	}
}

// change sets a config var of one of the apps.
func (s *stage) change(app int) {
	if _, err := s.world.Apps[app].SetConfig(s.t.Context(), "COLOUR", fmt.Sprint(time.Now()), "alice@penny.example"); err != nil {
		s.t.Error(err)
	}
}

// do has something happen in the world.
func (s *stage) do(line string) {
	words := strings.Fields(line)
	if err := s.world.Do(words[0], words[1:]); err != nil {
		s.t.Errorf("%s: %v", line, err)
	}
}

// named is a command with its app, which no channel tells in a direct message.
func (s *stage) named(c bot.Command) string {
	if strings.HasSuffix(c.Args, "app]") {
		return asked(c) + " penny-qa"
	}
	return asked(c)
}

// asked is a command with what it must be told.
func asked(c bot.Command) string {
	switch {
	case strings.HasPrefix(c.Args, "on|off"):
		return c.Verb + " on"
	case strings.HasPrefix(c.Args, "#46"):
		return c.Verb + " #46"
	}
	return c.Verb
}

// parent is the message that threads hang on.
func (s *stage) parent() string {
	if s.thread == "" {
		if _, err := s.world.Slack.Say(s.alice, s.channels["general"], "good morning", ""); err != nil {
			s.t.Error(err)
		}
		messages := s.world.Slack.Messages(s.channels["general"])
		s.thread = messages[len(messages)-1].TS
	}
	return s.thread
}
