package recipe

import (
	"context"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"sync"
	"time"

	"slipway/bot/abreast"
	"slipway/bot/bell"
	"slipway/bot/ledger"
	"slipway/bot/store"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

// MakerOptions are what a maker needs.
type MakerOptions struct {
	Recipes *Recipes
	GitHub  *github.Client
	Heroku  *heroku.Client
	Store   *store.Store
	Log     *slog.Logger

	// Fold joins what was made with what the ledger knows.
	Fold func(ctx context.Context, tx *store.Tx, now time.Time, facts ...ledger.Fact) ([]ledger.Subject, error)
	Made func() // is called after the commit
}

// Maker makes the undos that somebody wants to show and reads the backups that are the way out where there is none, one after the other, and
// tries again what could not be had.
type Maker struct {
	MakerOptions
	bell *bell.Bell

	mu    sync.Mutex
	wants map[want]*try
	saved map[string]time.Time // when the backups of an app were read last
}

// want is the undo of what lies between two commits, or the backups of an app.
type want struct {
	repo       github.Repo
	base, head string
	app        string
}

func (w want) reading() ledger.Reading {
	if w.app != "" {
		return ledger.Reading{Scope: ledger.AppScope(w.app), What: ledger.Saved, Of: "DATABASE_URL"}
	}
	return ledger.Reading{Scope: ledger.RepoScope(w.repo), What: ledger.Undos, Of: w.base + "..." + w.head}
}

func (w want) String() string {
	r := w.reading()
	return strings.TrimSpace(fmt.Sprintf("%s of %s %s", r.What, r.Scope, r.Of))
}

// try is the next one.
type try struct {
	at    time.Time
	fails int
	since time.Time // when it was first wanted
}

// NewMaker makes one. Nothing is made before Run.
func NewMaker(o MakerOptions) *Maker {
	return &Maker{MakerOptions: o, bell: bell.New(), wants: map[want]*try{}, saved: map[string]time.Time{}}
}

// Want has the undo made of what lies between two commits, unless it waits to be made already. It does not block.
func (m *Maker) Want(repo github.Repo, base, head string) {
	m.want(want{repo: repo, base: base, head: head})
}

// WantBackups has the backups of an app's database read, unless they wait to be read already. It does not block.
func (m *Maker) WantBackups(app string) { m.want(want{app: app}) }

func (m *Maker) want(w want) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.wants[w] == nil {
		now := time.Now()
		t := try{at: now, since: now}
		if again := m.saved[w.app].Add(savedAgain); again.After(now) { // or clocks that differ would have them read without end
			t.at = again
		}
		m.wants[w] = &t
		m.bell.Ring()
	}
}

// Busy is 0 when all is made that can be made now. It is above 0 before the first look.
func (m *Maker) Busy() int { return m.bell.Due() }

const (
	makeWithin = 5 * time.Minute // an archive may be large
	firstAgain = 20 * time.Second
	longAgain  = 15 * time.Minute
	wantedFor  = 24 * time.Hour
	idle       = time.Hour
	savedAgain = time.Minute // backups are not read more often
)

// Run makes what is wanted until ctx ends.
func (m *Maker) Run(ctx context.Context) {
	for ctx.Err() == nil {
		rung := m.bell.Rung()
		w, wait := m.next(time.Now())
		if wait > 0 {
			m.bell.Settle(rung)
			m.bell.Rest(ctx, wait)
			continue
		}
		err := abreast.Guard(func() error { return m.make(ctx, w) })
		if ctx.Err() == nil {
			m.note(ctx, w, err)
		}
	}
}

// next gives what is due first, or how long nothing is.
func (m *Maker) next(now time.Time) (first want, wait time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	wait = idle
	for w, t := range m.wants {
		until := t.at.Sub(now)
		if until < wait || until == wait && w.String() < first.String() {
			first, wait = w, until
		}
	}
	return first, wait
}

// make makes one and keeps it, unless another process has.
func (m *Maker) make(ctx context.Context, w want) error {
	ctx, cancel := context.WithTimeout(ctx, makeWithin)
	defer cancel()
	if known, err := m.known(ctx, w); err != nil || known {
		return err
	}
	read := w.reading()
	read.At = time.Now()
	fact, err := m.fact(ctx, w, read.At)
	if err != nil {
		return err
	}
	return m.fold(ctx, fact, read)
}

// fact is what was wanted.
func (m *Maker) fact(ctx context.Context, w want, began time.Time) (ledger.Fact, error) {
	if w.app != "" {
		list, err := m.backups(ctx, w.app)
		return ledger.Backups{App: w.app, List: list, At: began}, err
	}
	base, err := m.base(ctx, w)
	if err != nil {
		return nil, err
	}
	undo, err := m.Recipes.Undo(ctx, w.repo, base, w.head)
	return ledger.Undo{Repo: w.repo, Base: w.base, Head: w.head, Undo: undo, At: began}, err
}

// sha matches a whole commit.
var sha = regexp.MustCompile(`^[0-9a-f]{40}$`)

// base is the commit that is compared with: of a branch, where the other commit parted from it.
func (m *Maker) base(ctx context.Context, w want) (string, error) {
	if sha.MatchString(w.base) {
		return w.base, nil
	}
	span, err := m.GitHub.Compare(ctx, w.repo, w.base, w.head)
	if err == nil && span.MergeBase == "" {
		err = fmt.Errorf("GitHub does not say where %s parted from %s", w.head, w.base)
	}
	return span.MergeBase, err
}

// keptBackups is how many are kept: the newest.
const keptBackups = 50

// backups are those of an app's database that completed, newest first; none where it has no database of Heroku's.
func (m *Maker) backups(ctx context.Context, app string) (list []heroku.Backup, err error) {
	database, err := m.Heroku.Database(ctx, app)
	if heroku.KindOf(err) == heroku.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	all, err := m.Heroku.Backups(ctx, database.App)
	for _, b := range all {
		if b.Database == database.ID && b.State == heroku.BackupCompleted && len(list) < keptBackups {
			list = append(list, b)
		}
	}
	return list, err
}

// known tells whether somebody else had it meanwhile. Backups come and go, and are read each time.
func (m *Maker) known(ctx context.Context, w want) (bool, error) {
	if w.app != "" {
		return false, nil
	}
	var n int64
	err := m.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		return tx.QueryRow(ctx, "select count(*) from ledger_undos where repo = $1 and base = $2 and head = $3",
			ledger.RepoScope(w.repo), w.base, w.head).Scan(&n)
	})
	return n > 0, err
}

func (m *Maker) fold(ctx context.Context, facts ...ledger.Fact) error {
	err := m.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := m.Fold(ctx, tx, time.Now(), facts...)
		return err
	})
	if err == nil {
		m.Made()
	}
	return err
}

// note strikes out what was made, and says what could not be: first to those who log, and to whoever reads the message.
func (m *Maker) note(ctx context.Context, w want, err error) {
	now := time.Now()
	m.mu.Lock()
	t := m.wants[w]
	if err == nil || now.Sub(t.since) > wantedFor {
		delete(m.wants, w)
		if w.app != "" {
			m.saved[w.app] = now
		}
		m.mu.Unlock()
		return
	}
	t.at = now.Add(min(firstAgain<<min(t.fails, 10), longAgain))
	read := w.reading()
	read.Trouble = ledger.TroubleOf(now, now, err)
	if read.Trouble.Until.After(t.at) {
		t.at = read.Trouble.Until
	}
	t.fails++
	first := t.fails == 1
	m.mu.Unlock()
	if first {
		m.Log.Error("what a message tells of taking back could not be had; it is tried again", "what", w.String(), "error", err)
	}
	if err := m.fold(ctx, read); err != nil && ctx.Err() == nil {
		m.Log.Warn("that it could not be had is not kept", "what", w.String(), "error", fmt.Errorf("fold: %w", err))
	}
}
