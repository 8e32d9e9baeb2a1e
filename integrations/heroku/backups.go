package heroku

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Backup is a dump of a database that Heroku keeps. The Data API calls it a transfer, and so it calls copies and restores, which are no
// Backups. Where the dump and the database are is left out: their addresses hold passwords.
type Backup struct {
	ID        string // of the transfer
	Name      string // b041, or a041 for one that a schedule began
	Num       int
	Database  string // id of the add-on that was dumped; "" if it is not said
	Scheduled bool
	State     BackupState
	Warnings  int
	Bytes     int64 // written so far; a dump is compressed, so that this tells nothing of how much is left
	Keeps     int   // how many backups are kept of those that somebody asked for; 0: not said
	CreatedAt time.Time
	StartedAt time.Time // zero: it has not begun
	EndedAt   time.Time // zero: it has not ended
}

// BackupState is how far a backup is.
type BackupState string

// The states, of which the last three are ends.
const (
	BackupPending   BackupState = "pending"
	BackupRunning   BackupState = "running"
	BackupCompleted BackupState = "completed" // Warnings may have come
	BackupFailed    BackupState = "failed"
	BackupCanceled  BackupState = "canceled"
)

// Ended tells whether nothing happens to it any more.
func (b Backup) Ended() bool { return b.State != BackupPending && b.State != BackupRunning }

// dataRoot is where the Data API's backups are. Heroku does not promise that it stays (facts: "not guaranteed to be stable").
const dataRoot = "/client/v11"

// Backups lists the backups of the databases that an app pays for, newest first. A database that is attached from elsewhere has its backups
// under the app that pays for it (Addon.App).
func (c *Client) Backups(ctx context.Context, app string) ([]Backup, error) {
	op := "backups of " + app
	var found []transfer
	if err := c.get(ctx, op, call{accept: v3, data: true}, dataRoot+path("apps", app, "transfers"), &found); err != nil {
		return nil, err
	}
	var list []Backup
	for _, t := range found {
		if !t.backup() {
			continue
		}
		if err := need(op, t.UUID); err != nil {
			return nil, err
		}
		list = append(list, t.ours())
	}
	slices.SortStableFunc(list, func(a, b Backup) int { return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), b.Num-a.Num) })
	return list, nil
}

// Backup reads one by its name. Heroku looks at its number only, so that b041 would also be the restore r041: that is NotFound here.
func (c *Client) Backup(ctx context.Context, app, name string) (Backup, error) {
	op := fmt.Sprintf("backup %s of %s", name, app)
	num, ok := backupNum(name)
	if !ok {
		return Backup{}, &Error{Op: op, Kind: Invalid, Message: "no backup has such a name"}
	}
	t, err := c.transfer(ctx, op, app, num, "")
	if err == nil && (!t.backup() || t.ours().Name != name) {
		err = &Error{Op: op, Kind: NotFound, Message: "its number is another's"}
	}
	if err != nil {
		return Backup{}, err
	}
	return t.ours(), nil
}

// BackupByID reads one by the id of its transfer, and gives the lines of its log.
func (c *Client) BackupByID(ctx context.Context, app, id string) (Backup, []string, error) {
	t, err := c.transfer(ctx, fmt.Sprintf("backup %s of %s", id, app), app, id, "?verbose=true")
	if err != nil {
		return Backup{}, nil, err
	}
	var lines []string
	for _, l := range t.Logs {
		lines = append(lines, l.Message)
	}
	return t.ours(), lines, nil
}

func (c *Client) transfer(ctx context.Context, op, app, id, query string) (transfer, error) {
	var t transfer
	err := c.get(ctx, op, call{accept: v3, data: true}, dataRoot+path("apps", app, "transfers", id)+query, &t)
	if err == nil {
		err = need(op, t.UUID)
	}
	return t, err
}

// CaptureBackup begins a backup of a database, given by the id of its add-on. It goes on at Heroku whatever becomes of the caller. Another
// backup may be dropped for it once it is completed, see Drops.
func (c *Client) CaptureBackup(ctx context.Context, database string) (Backup, error) {
	op := "backup of " + database
	var t transfer
	err := c.change(ctx, op, call{accept: v3, data: true}, http.MethodPost, dataRoot+path("databases", database, "backups"), nil, &t, func() error { return need(op, t.UUID) })
	return t.ours(), err
}

// CancelBackup ends a backup that has not ended.
func (c *Client) CancelBackup(ctx context.Context, app, id string) error {
	op := fmt.Sprintf("cancel backup %s of %s", id, app)
	return c.change(ctx, op, call{accept: v3, data: true}, http.MethodPost, dataRoot+path("apps", app, "transfers", id, "actions", "cancel"), nil, nil)
}

// Drops are the backups that go away when one more of a database is completed: of those that somebody asked for and that completed, the
// oldest, as many as would be too many. List is what Backups gives.
func Drops(list []Backup, database string) (dropped []Backup) {
	keeps, kept := 0, 0
	for _, b := range list { // newest first
		if b.Database != database || b.Scheduled || b.State != BackupCompleted {
			continue
		}
		if keeps == 0 {
			keeps = b.Keeps
		}
		if kept++; keeps > 0 && kept >= keeps {
			dropped = append(dropped, b)
		}
	}
	return dropped
}

var backupName = regexp.MustCompile(`^[ab]0*([0-9]{1,9})$`)

func backupNum(name string) (string, bool) {
	m := backupName.FindStringSubmatch(name)
	if m == nil {
		return "", false
	}
	return m[1], true
}

// transfer is the Data API's. Its numbers come as strings too, and its times in a form of their own.
type transfer struct {
	UUID      string    `json:"uuid"`
	Num       dataInt   `json:"num"`
	FromType  string    `json:"from_type"`
	FromUUID  string    `json:"from_uuid"`
	ToType    string    `json:"to_type"`
	Schedule  *struct{} `json:"schedule"`
	Succeeded bool      `json:"succeeded"`
	Warnings  dataInt   `json:"warnings"`
	Processed dataInt   `json:"processed_bytes"`
	NumKeep   dataInt   `json:"num_keep"`
	Created   dataTime  `json:"created_at"`
	Started   dataTime  `json:"started_at"`
	Finished  dataTime  `json:"finished_at"`
	Canceled  dataTime  `json:"canceled_at"`
	Logs      []struct {
		Message string `json:"message"`
	} `json:"logs"`
}

// backup tells whether it is one: the kinds are told by where from and where to ("Kinds and ids").
func (t transfer) backup() bool { return t.FromType == "pg_dump" && t.ToType == "gof3r" }

func (t transfer) ours() Backup {
	b := Backup{
		ID: t.UUID, Num: int(t.Num), Database: t.FromUUID, Scheduled: t.Schedule != nil, State: t.state(), Warnings: int(t.Warnings),
		Bytes: int64(t.Processed), Keeps: int(t.NumKeep), CreatedAt: t.Created.Time, StartedAt: t.Started.Time, EndedAt: t.Finished.Time,
	}
	letter := "b"
	if b.Scheduled {
		letter = "a"
	}
	b.Name = fmt.Sprintf("%s%03d", letter, b.Num)
	return b
}

// state is the "Status machine".
func (t transfer) state() BackupState {
	switch {
	case !t.Finished.IsZero() && t.Succeeded:
		return BackupCompleted
	case !t.Canceled.IsZero():
		return BackupCanceled
	case !t.Finished.IsZero():
		return BackupFailed
	case !t.Started.IsZero():
		return BackupRunning
	}
	return BackupPending
}

// dataInt is a number, or one in a string.
type dataInt int64

// UnmarshalJSON takes both, and null as 0.
func (n *dataInt) UnmarshalJSON(b []byte) error {
	text := strings.Trim(string(b), `"`)
	if text == "null" || text == "" {
		*n = 0
		return nil
	}
	value, err := strconv.ParseInt(text, 10, 64)
	*n = dataInt(value)
	return err
}

// dataTime is a time as the Data API tells it, or as the Platform API does.
type dataTime struct{ time.Time }

// UnmarshalJSON takes both, and null as the zero time.
func (t *dataTime) UnmarshalJSON(b []byte) error {
	var text *string
	if err := json.Unmarshal(b, &text); err != nil || text == nil || *text == "" {
		return err
	}
	var err error
	for _, layout := range []string{"2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05 MST", time.RFC3339} {
		if t.Time, err = time.Parse(layout, *text); err == nil {
			return nil
		}
	}
	return err
}
