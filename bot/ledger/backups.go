package ledger

import (
	"time"

	"slipway/integrations/heroku"
)

// Backups are those of an app's database that completed, newest first, as they were when they were read: Heroku drops old ones.
type Backups struct {
	App  string
	List []heroku.Backup
	At   time.Time // of the reading
}

// Subject is the app.
func (f Backups) Subject() Subject { return inApp(KindBackups, f.App) }

func (f Backups) join(other Fact) Fact {
	return greater(f, other.(Backups), func(b Backups) claim { return claim{read: b.At} }, asText)
}

func (f Backups) row() []any { return []any{AppScope(f.App), millis(f.At)} }

// Backups are those of the app's database that completed, newest first, and when they were read; the zero time: never.
func (k *Known) Backups() (list []heroku.Backup, read time.Time) {
	f, _ := find(k, Backups{App: k.App})
	return f.List, f.At
}
