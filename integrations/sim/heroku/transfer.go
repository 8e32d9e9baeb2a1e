package herokusim

import (
	"fmt"
	"time"
)

// transfer is what the Data API calls each backup, copy and restore. The server's lock guards it.
type transfer struct {
	id        string
	num       int    // one counter per paying app over all kinds
	database  *addon // that is read
	attached  string // the name by which it was meant: DATABASE
	scheduled string // id of the schedule that began it; "" for one that somebody asked for
	size      int64  // of the database, in bytes
	written   int64
	warnings  int
	why       string // it failed; "": it did not
	logs      []transferLog

	created, started, finished, canceled time.Time // zero: not yet
}

type transferLog struct {
	at          time.Time
	level, text string
}

// A backup's life.
const (
	backupBegins = 2 * time.Second  // from its creation until it runs
	backupTakes  = 40 * time.Second // from then on
	databaseSize = 120 << 20        // bytes, where none is said
	squeezed     = 5                // a dump is so many times smaller
)

// keptBackups is how many backups that somebody asked for an add-on keeps, where none is said: num_keep of the recorded transfer.
const keptBackups = 5

// PastBackup is a backup of a database as it was taken some time ago.
type PastBackup struct {
	At        time.Time // when it began
	Num       int       // of it; 0: the next
	Scheduled bool
	Warnings  int
	Failed    string // the last line of its log; "": it succeeded
}

// AddBackup adds a backup of the app's DATABASE, taken before the story begins, and gives its name: b001, a002. An app that pays for no
// database is a mistake of the caller, and panics.
func (a *App) AddBackup(past PastBackup) string {
	a.server.mu.Lock()
	defer a.server.mu.Unlock()
	if past.Num > 0 {
		a.transfersMade = past.Num - 1
	}
	t := a.newTransfer(a.database(), "DATABASE", past.At)
	if past.Scheduled {
		t.scheduled = uuid("schedule", t.database.id)
	}
	t.started = past.At.Add(backupBegins)
	t.warnings = past.Warnings
	t.end(t.started.Add(backupTakes), past.Failed)
	a.forget(t.database)
	return t.name()
}

// FailNextBackup makes the next backup end as failed, half way, with a last line in its log.
func (a *App) FailNextBackup(why string) {
	a.server.mu.Lock()
	defer a.server.mu.Unlock()
	a.nextBackup = why
}

// Capture begins a backup of the app's DATABASE, as somebody may by hand, and gives its name.
func (a *App) Capture() string {
	a.server.mu.Lock()
	defer a.server.mu.Unlock()
	return a.capture(a.database(), "DATABASE").name()
}

// Backups names the backups that there are, oldest first, each with its state: "b001 completed".
func (a *App) Backups() (list []string) {
	a.server.mu.Lock()
	defer a.server.mu.Unlock()
	for _, t := range a.transfers {
		list = append(list, t.name()+" "+t.state())
	}
	return list
}

// database is the one that the app pays for; the first if there are several.
func (a *App) database() *addon {
	for _, x := range a.addons {
		if x.service() == postgres {
			return x
		}
	}
	panic("herokusim: " + a.name + " pays for no database")
}

// newTransfer adds a backup that is not begun; the lock is held. "Transfers live under the BILLING app".
func (a *App) newTransfer(x *addon, as string, at time.Time) *transfer {
	a.transfersMade++
	t := &transfer{
		id: uuid("transfer", a.id, a.transfersMade), num: a.transfersMade, database: x, attached: as, size: databaseSize, created: at,
	}
	a.transfers = append(a.transfers, t)
	return t
}

// name is "prefix + `num` zero-padded to 3": a for a scheduled backup, b for another.
func (t *transfer) name() string {
	if t.scheduled != "" {
		return fmt.Sprintf("a%03d", t.num)
	}
	return fmt.Sprintf("b%03d", t.num)
}

func (t *transfer) state() string {
	switch {
	case !t.canceled.IsZero():
		return "canceled"
	case !t.finished.IsZero() && t.why != "":
		return "failed"
	case !t.finished.IsZero():
		return "completed"
	case !t.started.IsZero():
		return "running"
	}
	return "pending"
}

func (t *transfer) say(at time.Time, level, format string, args ...any) {
	t.logs = append(t.logs, transferLog{at, level, fmt.Sprintf(format, args...)})
}

// end ends it: well, or for a reason.
func (t *transfer) end(at time.Time, why string) {
	t.finished, t.why = at, why
	t.written = t.size / squeezed
	if why != "" {
		t.written /= 2
		t.say(at, "error", "%s", why)
	}
}

// updated is when something last happened to it.
func (t *transfer) updated() time.Time {
	last := t.created
	for _, at := range []time.Time{t.started, t.finished, t.canceled} {
		if at.After(last) {
			last = at
		}
	}
	return last
}

// capture begins a backup; the lock is held.
func (a *App) capture(x *addon, as string) *transfer {
	t := a.newTransfer(x, as, time.Now())
	why := a.nextBackup
	a.nextBackup = ""
	a.server.begin(func() { a.dump(t, why) })
	return t
}

// dump is the work of a backup. One that was canceled ends there and then.
func (a *App) dump(t *transfer, why string) {
	s := a.server
	if s.pass(s.ctx, backupBegins) != nil || !a.during(t, func() {
		t.started = time.Now()
		t.say(t.started, "info", "pg_dump: last built-in OID is 16383")
	}) {
		return
	}
	takes := backupTakes
	if why != "" {
		takes /= 2
	}
	if s.pass(s.ctx, takes) != nil {
		return
	}
	a.during(t, func() {
		t.end(time.Now(), why)
		a.forget(t.database)
	})
}

// during does something to a backup that has no end yet, and tells whether it did.
func (a *App) during(t *transfer, do func()) bool {
	a.server.mu.Lock()
	defer a.server.mu.Unlock()
	if !t.finished.IsZero() {
		return false
	}
	do()
	return true
}

// forget takes the oldest backups away, of those that somebody asked for and that succeeded, when there are more than the add-on keeps: "A
// capture can push an OLD one out".
func (a *App) forget(x *addon) {
	var kept []*transfer
	for _, t := range a.transfers {
		if t.database == x && t.scheduled == "" && t.state() == "completed" {
			kept = append(kept, t)
		}
	}
	for ; len(kept) > x.keeps; kept = kept[1:] {
		a.drop(kept[0])
	}
}

func (a *App) drop(t *transfer) {
	for i, other := range a.transfers {
		if other == t {
			a.transfers = append(a.transfers[:i:i], a.transfers[i+1:]...)
			return
		}
	}
}
