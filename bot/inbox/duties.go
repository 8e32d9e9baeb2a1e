package inbox

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"slipway/bot/config"
	"slipway/bot/ledger"
	"slipway/bot/reader"
	"slipway/bot/store"
	"slipway/integrations/github"
)

// DutyOptions are what the duties need.
type DutyOptions struct {
	Store  *store.Store
	Log    *slog.Logger
	Apps   config.Apps
	Reader *reader.Reader
	GitHub *github.Client // is asked for deliveries that failed

	// Whether the receivers have a secret. A sender whose receiver is off is read instead.
	GitHubTells, HerokuTells bool

	// Fold joins what was read with what the ledger knows; nil: ledger.Fold.
	Fold Fold

	// Read is told after each reading was folded, whatever it changed; nil: nobody is told.
	Read func()

	// Missed is told what webhooks should have told of a repository or app and did not, when a catch-up finds it; nil:
	// nobody is told.
	Missed func(ctx context.Context, scope string, what []string)
}

// Duties keep the ledger true where webhooks do not: they catch up on what was missed while nobody listened, read a sender
// that has no webhooks or whose webhooks do not tell all, and read what no webhook tells.
//
// Any number of processes may have the same duties; of those on one database each is done by one at a time.
type Duties struct {
	DutyOptions
	watches []*watch   // one for each sender and repository or app
	wanting []*wanting // one for each app
}

// NewDuties makes them. They are done by Run.
func NewDuties(o DutyOptions) *Duties {
	if o.Fold == nil {
		o.Fold = ledger.Fold
	}
	d := &Duties{DutyOptions: o}
	repos := map[string]*watch{}
	for _, app := range o.Apps {
		wants := &wanting{Duties: d, app: app, nudges: make(chan struct{}, 1), again: make(chan struct{}, 1)}
		d.wanting = append(d.wanting, wants)
		w := repos[ledger.RepoScope(app.Repo)]
		if w == nil {
			w = &watch{Duties: d, asked: make(chan struct{}, 1), sender: ledger.GitHub, scope: ledger.RepoScope(app.Repo), app: app, tells: o.GitHubTells}
			repos[w.scope] = w
			d.watches = append(d.watches, w)
		}
		w.wanting = append(w.wanting, wants)
		d.watches = append(d.watches, &watch{
			Duties: d, asked: make(chan struct{}, 1), sender: ledger.Heroku, scope: ledger.AppScope(app.Name), app: app, tells: o.HerokuTells, wanting: []*wanting{wants},
		})
	}
	return d
}

// Run does the duties until ctx ends. Each goes on whatever becomes of the others.
func (d *Duties) Run(ctx context.Context) {
	var parts sync.WaitGroup
	for _, w := range d.watches {
		parts.Go(func() { w.run(ctx) })
	}
	for _, w := range d.wanting {
		parts.Go(func() { w.run(ctx) })
	}
	parts.Wait()
}

// Folded is for Options.Folded: what webhooks told may show what must still be read. It does not block.
func (d *Duties) Folded(changed []ledger.Subject) {
	for _, w := range d.wanting {
		if w.concerned(changed) {
			w.nudge()
		}
	}
}

// Trust says whose webhooks tell all of an app, as far as that is known now. What cannot be known is not trusted.
func (d *Duties) Trust(ctx context.Context, app config.App) reader.Trust {
	var t reader.Trust
	for _, w := range d.watches {
		if w.scope != ledger.RepoScope(app.Repo) && w.scope != ledger.AppScope(app.Name) {
			continue
		}
		s, err := w.load(ctx)
		switch {
		case err != nil:
			return reader.Trust{} // the database is away for the other sender, too, and a person waits
		case w.sender == ledger.GitHub:
			t.GitHub = w.tells && s.Trusted
		default:
			t.Heroku = w.tells && s.Trusted
		}
	}
	return t
}

// Ask has an app and its repository read now, unless that was asked for less than half a minute ago. It does not block.
func (d *Duties) Ask(app config.App) {
	for _, w := range d.watches {
		if w.scope != ledger.RepoScope(app.Repo) && w.scope != ledger.AppScope(app.Name) {
			continue
		}
		select {
		case w.asked <- struct{}{}:
		default:
		}
	}
}

// watch is one sender, and the repository or app that it tells of.
type watch struct {
	*Duties
	asked   chan struct{} // has something in it when somebody wants it read now
	sender  ledger.Sender
	scope   string
	app     config.App // the first that it is about
	tells   bool       // its receiver has a secret
	wanting []*wanting // of all apps that it is about

	failing bool // it was logged that duties cannot be done
}

// How often the duties are done.
const (
	catchUpEvery = 5 * time.Minute
	pollEvery    = 45 * time.Second
	startEvery   = 9 * time.Second  // of processes that start together one catches up
	lookAgain    = 5 * time.Second  // when another process had the turn
	databaseAway = 10 * time.Second // until the next try
	askedEvery   = 30 * time.Second // however often somebody asks
)

// run catches up at once and then every 5 min, and in between reads a sender that is not trusted.
func (w *watch) run(ctx context.Context) {
	catchUp := duty{verb: "catch up with", every: catchUpEvery, do: w.catchUp, next: time.Now(), hasty: true}
	poll := duty{verb: "read", every: pollEvery, do: w.poll, next: time.Now().Add(pollEvery)}
	var asked time.Time // when it is read because somebody asked, last or next
	for ctx.Err() == nil {
		switch now := time.Now(); {
		case !now.Before(catchUp.next):
			if w.attend(ctx, &catchUp) {
				poll.next = time.Now().Add(pollEvery) // it has been read
			}
		case !now.Before(poll.next):
			w.attend(ctx, &poll)
		}
		next := catchUp.next
		if poll.next.Before(next) {
			next = poll.next
		}
		if w.rest(ctx, time.Until(next)) {
			at := time.Now()
			if soonest := asked.Add(askedEvery); soonest.After(at) {
				at = soonest
			}
			if at.Before(catchUp.next) {
				asked, catchUp.next, catchUp.hasty, catchUp.asked = at, at, true, true
			}
		}
	}
}

// rest waits for d, and tells whether somebody asked meanwhile.
func (w *watch) rest(ctx context.Context, d time.Duration) (asked bool) {
	timer := time.NewTimer(max(d, time.Millisecond))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	case <-w.asked:
		return true
	}
	return false
}

// duty is one of a watch's.
type duty struct {
	verb  string
	every time.Duration
	do    func(context.Context) error
	next  time.Time // when it is due
	hasty bool      // it is due whenever it was done last: this process has just begun, or failed
	asked bool      // somebody waits for it
}

// attend does a duty if it is this process's turn, and says when it is due again.
func (w *watch) attend(ctx context.Context, d *duty) (done bool) {
	began, every := time.Now(), d.every
	if d.hasty {
		every = startEvery
	}
	mine, err := w.Store.Turn(ctx, d.verb+" "+string(w.sender)+" "+w.scope, every)
	if err == nil && !mine {
		d.next, d.hasty = began.Add(lookAgain), d.asked
		return false
	}
	if err == nil {
		err = guard(func() error { return d.do(ctx) })
	}
	if ctx.Err() != nil {
		return false
	}
	w.say(err)
	if err != nil {
		d.next, d.hasty = began.Add(databaseAway), d.hasty || mine
		return false
	}
	d.next, d.hasty, d.asked = began.Add(d.every), false, false
	return true
}

// say logs once that duties cannot be done, and once that they can be again.
func (w *watch) say(err error) {
	log := w.Log.With("sender", w.sender, "scope", w.scope)
	switch failing := err != nil; {
	case failing == w.failing:
	case failing:
		log.Error("what was missed is not caught up with", "error", err)
	default:
		log.Info("what was missed is caught up with again")
	}
	w.failing = err != nil
}
