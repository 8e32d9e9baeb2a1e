package recipe_test

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"slipway/bot/ledger"
	"slipway/bot/recipe"
	"slipway/bot/store"
	"slipway/bot/store/storetest"
	"slipway/integrations/heroku"
	githubsim "slipway/integrations/sim/github"
	herokusim "slipway/integrations/sim/heroku"
	"slipway/integrations/sim/memnet"
	"slipway/integrations/sim/weather"
)

const (
	addr       = "github.test:80"
	herokuAddr = "heroku.test:80"
)

// shop is a stage in a bubble, with makers.
type shop struct {
	*stage
	sells  *herokusim.Server
	heroku *heroku.Client // of it
	made   atomic.Int64   // times that a maker said so
	log    logged
}

// logged is what was logged, by many.
type logged struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logged) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func inShop(t *testing.T, play func(s *shop)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &shop{
			stage: &stage{t: t, sim: githubsim.New(githubsim.Options{URL: "http://" + addr, Client: &http.Client{}})},
			sells: herokusim.New(herokusim.Options{URL: "http://" + herokuAddr, Client: &http.Client{}}),
		}
		var network memnet.Network
		transport := &http.Transport{DialContext: network.DialContext}
		gitHubEnds, herokuEnds := s.serve(&network, addr, s.listed()), s.serve(&network, herokuAddr, s.sells)
		defer func() {
			transport.CloseIdleConnections()
			s.sim.Close()
			s.sells.Close()
			gitHubEnds()
			herokuEnds()
			time.Sleep(time.Second) // net/http lets closed connections linger
		}()
		s.sells.AddAccount("ada@example.com", "HRKU-test")
		var err error
		if s.heroku, err = heroku.New(heroku.Options{URL: "http://" + herokuAddr, Token: "HRKU-test", HTTP: transport}); err != nil {
			t.Fatal(err)
		}
		s.furnish(store.Options{Path: storetest.File(t), Unsafe: true}, "http://"+addr, transport)
		defer s.leave()
		play(s)
	})
}

func (s *shop) serve(network *memnet.Network, addr string, h http.Handler) (stop func()) {
	s.t.Helper()
	l, err := network.Listen(addr)
	if err != nil {
		s.t.Fatal(err)
	}
	server := &http.Server{Handler: h}
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(l) })
	return func() {
		_ = server.Close()
		serving.Wait()
	}
}

// maker begins to make, and gives what ends it.
func (s *shop) maker() (m *recipe.Maker, stop func()) {
	m = recipe.NewMaker(recipe.MakerOptions{
		Recipes: recipe.New(s.store, s.client), GitHub: s.client, Heroku: s.heroku, Store: s.store, Log: slog.New(slog.NewTextHandler(&s.log, nil)), Fold: ledger.Fold, Made: func() { s.made.Add(1) },
	})
	ctx, cancel := context.WithCancel(s.t.Context())
	var making sync.WaitGroup
	making.Go(func() { m.Run(ctx) })
	return m, func() {
		cancel()
		making.Wait()
	}
}

// ledger is what is known of an app.
func (s *shop) ledger(app string) (k *ledger.Known) {
	s.t.Helper()
	err := s.store.Do(s.t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
		k, err = ledger.Load(ctx, tx, app, penny)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return k
}

// backups are the names of those that are known, and when they were read.
func (s *shop) backups() (names []string, read time.Time) {
	s.t.Helper()
	list, read := s.ledger("penny-qa").Backups()
	for _, b := range list {
		names = append(names, b.Name)
	}
	return names, read
}

// known is what the ledger says of an undo.
func (s *shop) known(base, head string) string {
	s.t.Helper()
	k := s.ledger("penny-university")
	if u, ok := k.Undo(base, head); ok {
		return wordsOf(u)
	}
	if k.UndoTrouble(base, head) != nil {
		return "trouble"
	}
	return "nothing"
}

func (s *shop) calls() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.asked)
}

func (s *shop) two() (first, second string) {
	return s.begin(), s.commit(map[string]string{"chat/migrations/0002_note.py": migration(adds, "chat.0001_initial")})
}

func TestAnUndoThatIsWantedIsMadeOnce(t *testing.T) {
	inShop(t, func(s *shop) {
		first, second := s.two()
		m, stop := s.maker()
		defer stop()
		m.Want(penny, first, second)
		m.Want(penny, first, second)
		if m.Busy() == 0 {
			t.Error("it says that nothing is to be made")
		}
		time.Sleep(time.Minute)
		if got, want := s.known(first, second), "exact chat:0001_initial loses_data"; got != want || m.Busy() != 0 || s.made.Load() != 1 {
			t.Errorf("got %q (busy %d, made %d), want %q", got, m.Busy(), s.made.Load(), want)
		}
		calls := s.calls()
		other, end := s.maker() // another process, which is told the same
		defer end()
		other.Want(penny, first, second)
		time.Sleep(time.Minute)
		if s.calls() != calls || s.made.Load() != 1 {
			t.Errorf("it was made again: %d calls more", s.calls()-calls)
		}
	})
}

// What a pull request would bring is read from where its branch parted: what the deploy branch got since is not its own.
func TestWhatAPullRequestBringsIsMadeFromWhereItParted(t *testing.T) {
	inShop(t, func(s *shop) {
		s.begin()
		s.repo.Branch(branch, "bob/45")
		s.commit(map[string]string{"chat/migrations/0002_note.py": migration(adds, "chat.0001_initial")})
		head := s.repo.Commit("bob/45", githubsim.CommitSpec{Author: "bob", Message: "Text", Files: []githubsim.File{{Path: "text.md", Text: "Text\n"}}}).SHA
		m, stop := s.maker()
		defer stop()
		m.Want(penny, branch, head)
		time.Sleep(time.Minute)
		if got := s.known(branch, head); got != "none" {
			t.Errorf("got %q", got)
		}
		own := s.repo.Commit("bob/45", githubsim.CommitSpec{Author: "bob", Message: "Note", Files: []githubsim.File{{Path: "chat/migrations/0002_own.py", Text: migration(adds, "chat.0001_initial")}}}).SHA
		m.Want(penny, branch, own)
		time.Sleep(time.Minute)
		if got := s.known(branch, own); got != "exact chat:0001_initial loses_data" {
			t.Errorf("got %q", got)
		}
	})
}

// The message says meanwhile that GitHub did not answer.
func TestAnUndoThatCannotBeMadeIsTriedAgain(t *testing.T) {
	inShop(t, func(s *shop) {
		first, second := s.two()
		s.sim.Weather().Add(weather.Fault{Method: "GET", Path: "/repos/*/*/contents/chat/migrations/0002_note.py", Kind: weather.HTML503, Always: true})
		m, stop := s.maker()
		defer stop()
		m.Want(penny, first, second)
		time.Sleep(15 * time.Second)
		if got := s.known(first, second); got != "trouble" || m.Busy() != 0 || s.made.Load() != 1 {
			t.Errorf("got %q (busy %d, made %d)", got, m.Busy(), s.made.Load())
		}
		time.Sleep(12 * time.Hour)
		tries := s.made.Load()
		if tries < 40 || tries > 60 {
			t.Errorf("it was tried %d times in half a day", tries)
		}
		if n := strings.Count(s.log.String(), "level="); n != 1 {
			t.Errorf("%d lines were logged:\n%s", n, s.log.String())
		}
		s.sim.Weather().Clear()
		time.Sleep(16 * time.Minute)
		if got, want := s.known(first, second), "exact chat:0001_initial loses_data"; got != want || s.made.Load() != tries+1 {
			t.Errorf("got %q (made %d after %d), want %q", got, s.made.Load(), tries, want)
		}
	})
}

// What cannot be made at all is given up in the end, and wanted anew by the next message.
func TestAnUndoThatCannotBeMadeIsGivenUp(t *testing.T) {
	inShop(t, func(s *shop) {
		first, _ := s.two()
		gone := strings.Repeat("0", 40)
		m, stop := s.maker()
		defer stop()
		m.Want(penny, first, gone)
		time.Sleep(30 * time.Hour)
		made := s.made.Load()
		time.Sleep(5 * time.Hour)
		if s.made.Load() != made || s.known(first, gone) != "trouble" {
			t.Errorf("after a day it was tried %d times more, and the ledger has %q", s.made.Load()-made, s.known(first, gone))
		}
		m.Want(penny, first, gone)
		time.Sleep(time.Minute)
		if s.made.Load() == made {
			t.Error("nobody tried again")
		}
	})
}

// GitHub says from when on it answers again, and is not asked before.
func TestAnUndoWaitsAsLongAsGitHubSays(t *testing.T) {
	inShop(t, func(s *shop) {
		first, second := s.two()
		s.sim.Weather().Add(weather.Fault{Method: "GET", Path: "/repos/**", Kind: weather.TooMany, Always: true})
		m, stop := s.maker()
		defer stop()
		m.Want(penny, first, second)
		time.Sleep(30 * time.Second)
		s.sim.Weather().Clear()
		calls := s.calls()
		time.Sleep(20 * time.Second)
		if s.calls() != calls {
			t.Error("GitHub was asked before its time")
		}
		time.Sleep(time.Hour)
		if got := s.known(first, second); got != "exact chat:0001_initial loses_data" {
			t.Errorf("got %q", got)
		}
	})
}

// The backups of an app are those of the database behind its DATABASE_URL that completed; the app that pays for it has them.
func TestTheBackupsOfAnAppAreRead(t *testing.T) {
	inShop(t, func(s *shop) {
		app := s.sells.AddApp(herokusim.AppSpec{Name: "penny-qa", Owner: "ada@example.com", CreatedAt: time.Now()})
		m, stop := s.maker()
		defer stop()
		m.WantBackups("penny-qa")
		time.Sleep(time.Second)
		if list, read := s.backups(); read.IsZero() || len(list) != 0 {
			t.Errorf("without a database there are %q, read at %v", list, read)
		}
		paying := s.sells.AddApp(herokusim.AppSpec{Name: "penny-university", Owner: "ada@example.com", CreatedAt: time.Now()})
		database := paying.AddAddon(herokusim.AddonSpec{Plan: "heroku-postgresql:standard-0"})
		paying.AddBackup(herokusim.PastBackup{At: time.Now().Add(-3 * time.Hour), Scheduled: true})
		paying.AddBackup(herokusim.PastBackup{At: time.Now().Add(-2 * time.Hour), Failed: "out of time"})
		paying.AddBackup(herokusim.PastBackup{At: time.Now().Add(-time.Hour)})
		other := paying.AddAddon(herokusim.AddonSpec{Plan: "heroku-postgresql:mini", Name: "postgresql-other", As: "OTHER"})
		if _, err := s.heroku.CaptureBackup(s.t.Context(), other.ID); err != nil {
			t.Fatal(err)
		}
		if err := app.Attach(database.Name, "DATABASE", ""); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Minute)
		m.WantBackups("penny-qa")
		time.Sleep(time.Second)
		if list, _ := s.backups(); strings.Join(list, " ") != "b003 a001" {
			t.Errorf("they are %q", list)
		}
		_, calls := s.sells.Weather().Requests(0)
		for range 50 { // a second's
			m.WantBackups("penny-qa")
			time.Sleep(time.Second / 50)
		}
		if _, now := s.sells.Weather().Requests(0); now != calls {
			s.t.Error("they are read again at once")
		}
		time.Sleep(2 * time.Minute)
		s.sells.Weather().SetDown(true)
		m.WantBackups("penny-qa")
		time.Sleep(time.Minute)
		s.sells.Weather().SetDown(false)
		paying.AddBackup(herokusim.PastBackup{At: time.Now()})
		time.Sleep(time.Hour)
		if list, _ := s.backups(); strings.Join(list, " ") != "b005 b003 a001" || m.Busy() != 0 {
			t.Errorf("after Heroku was away they are %q", list)
		}
	})
}
