package chattest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"slipway/bot"
	"slipway/integrations/sim/memnet"
	"slipway/integrations/sim/world"
)

// begin is when every conversation takes place: Monday 2026-01-05 14:00 UTC.
var begin = time.Date(2026, 1, 5, 14, 0, 0, 0, time.UTC)

// The addresses of the far ends. They are loopback ones, as the configuration wants them for http, on a network in
// memory.
const (
	slackAddr  = "127.0.0.1:4001"
	githubAddr = "127.0.0.1:4002"
	herokuAddr = "127.0.0.1:4003"
)

// Run plays every conversation below dir and compares. With update it writes what it got into the files.
func Run(t *testing.T, dir string, commands []bot.Command, update bool) {
	t.Helper()
	files := Files(t, dir)
	for _, file := range files {
		name, _ := filepath.Rel(dir, file)
		t.Run(strings.TrimSuffix(name, ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive := read(t, file)
			got := Play(t, archive, commands)
			if update {
				write(t, file, archive, got)
				return
			}
			want := section(archive, "chat")
			if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")); diff != "" {
				t.Errorf("%s (-file +played; go test -update rewrites it):\n%s", file, diff)
			}
		})
	}
}

// Files gives the conversations below dir; there must be some.
func Files(t *testing.T, dir string) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		if strings.HasSuffix(path, ".txtar") {
			files = append(files, path)
		}
		return err
	})
	if err != nil || len(files) == 0 {
		t.Fatalf("no conversations in %s (%v)", dir, err)
	}
	return files
}

// PlayFile plays one conversation and gives the transcript.
func PlayFile(t *testing.T, file string, commands []bot.Command) string {
	t.Helper()
	return Play(t, read(t, file), commands)
}

// Play plays the chat section of an archive in a bubble and gives the transcript. A line that fails ends it with
// "! line N: why".
func Play(t *testing.T, archive *txtar.Archive, commands []bot.Command) string {
	t.Helper()
	var out bytes.Buffer
	synctest.Test(t, func(t *testing.T) {
		s := open(t, strings.Split(section(archive, "world"), "\n"), commands)
		defer s.close()
		playChat(s.player(&out), section(archive, "chat"), &out)
	})
	return out.String()
}

func playChat(p *Player, chat string, out io.Writer) {
	for i, l := range strings.Split(strings.TrimSuffix(chat, "\n"), "\n") {
		if !isTyped(l) {
			continue
		}
		if err := p.Line(l); err != nil {
			fmt.Fprintf(out, "! line %d: %v\n", i+1, err)
			return
		}
	}
}

// isTyped tells the lines that somebody typed from those of the transcript.
func isTyped(l string) bool { return !strings.HasPrefix(l, " ") && !strings.HasPrefix(l, "! ") }

// stage is a world with the bot in it, in memory.
type stage struct {
	t       *testing.T
	World   *world.World
	host    *Host
	servers []*http.Server
	net     *memnet.Network
	log     *bytes.Buffer
}

// open sets the stage. It must be called in a bubble.
func open(t *testing.T, changes []string, commands []bot.Command) *stage {
	t.Helper()
	time.Sleep(time.Until(begin))
	w, err := world.New(world.Options{
		Changes: changes, SlackURL: "http://" + slackAddr, GitHubURL: "http://" + githubAddr, HerokuURL: "http://" + herokuAddr,
		Scopes: bot.Scopes(), Commands: bot.Slashes(commands),
	})
	if err != nil {
		t.Fatal(err)
	}
	s := &stage{t: t, World: w, net: &memnet.Network{}, log: &bytes.Buffer{}}
	for addr, h := range map[string]http.Handler{slackAddr: w.Slack, githubAddr: w.GitHub, herokuAddr: w.Heroku} {
		s.serve(addr, h)
	}
	cfg, err := Config(w)
	s.host = &Host{Config: cfg, Commands: commands, Dial: s.net.DialContext, Log: slog.New(slog.NewTextHandler(s.log, nil))}
	if err = errors.Join(err, s.host.Start()); err != nil {
		t.Error(err)
		s.close()
		t.FailNow()
	}
	return s
}

func (s *stage) serve(addr string, h http.Handler) {
	l, err := s.net.Listen(addr)
	if err != nil {
		panic(err) // two servers at one address
	}
	server := &http.Server{Handler: h, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)}
	s.servers = append(s.servers, server)
	go func() { _ = server.Serve(l) }()
}

func (s *stage) player(out io.Writer) *Player { return NewPlayer(s.World, s.host, bubbleClock{}, out) }

// close ends all of it, and fails the test when the bot broke Slack's rules.
func (s *stage) close() {
	t := s.t
	if err := s.host.Stop(); err != nil {
		t.Errorf("the bot ended with %v", err)
	}
	if faults := s.World.Slack.Faults(); len(faults) > 0 {
		t.Errorf("the bot broke Slack's rules:\n%s", strings.Join(faults, "\n"))
	}
	s.World.Close()
	for _, server := range s.servers {
		_ = server.Close()
	}
	if t.Failed() {
		t.Logf("the bot's log:\n%s", s.log)
	}
}

func read(t *testing.T, file string) *txtar.Archive {
	t.Helper()
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return archive
}

func section(a *txtar.Archive, name string) string {
	i := slices.IndexFunc(a.Files, func(f txtar.File) bool { return f.Name == name })
	if i < 0 {
		return ""
	}
	return string(a.Files[i].Data)
}

func write(t *testing.T, file string, a *txtar.Archive, chat string) {
	t.Helper()
	for i := range a.Files {
		if a.Files[i].Name == "chat" {
			a.Files[i].Data = []byte(chat)
		}
	}
	if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
		t.Fatal(err)
	}
}
