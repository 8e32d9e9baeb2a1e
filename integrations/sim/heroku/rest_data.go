package herokusim

import (
	"net/http"
	"strconv"
	"time"
)

// dataRoutes are the Data API's, as far as backups go. Heroku serves it at a host of its own, with the same tokens, errors and version.
func (s *Server) dataRoutes() map[string]handler {
	const c = "/client/v11"
	return map[string]handler{
		"GET " + c + "/apps/{app}/transfers":                                s.listTransfers,
		"GET " + c + "/apps/{app}/transfers/{transfer}":                     s.showTransfer,
		"DELETE " + c + "/apps/{app}/transfers/{transfer}":                  s.deleteTransfer,
		"POST " + c + "/apps/{app}/transfers/{transfer}/actions/cancel":     s.cancelTransfer,
		"POST " + c + "/apps/{app}/transfers/{transfer}/actions/public-url": s.signTransfer,
		"GET " + c + "/databases/{addon}":                                   s.showDatabase,
		"GET " + c + "/databases/{addon}/transfers":                         s.listDatabaseTransfers,
		"GET " + c + "/databases/{addon}/wait_status":                       s.showWait,
		"POST " + c + "/databases/{addon}/backups":                          s.createBackup,
	}
}

// transferView is the Transfer JSON. Its addresses hold passwords, as Heroku's do.
type transferView struct {
	UUID           string             `json:"uuid"`
	Num            int                `json:"num"`
	FromName       string             `json:"from_name"`
	FromType       string             `json:"from_type"`
	FromURL        string             `json:"from_url"`
	FromUUID       string             `json:"from_uuid"`
	ToName         string             `json:"to_name"`
	ToType         string             `json:"to_type"`
	ToURL          string             `json:"to_url"`
	ToUUID         string             `json:"to_uuid"`
	Options        struct{}           `json:"options"`
	Schedule       *scheduleIdentity  `json:"schedule"`
	SourceBytes    int64              `json:"source_bytes"`
	ProcessedBytes int64              `json:"processed_bytes"`
	Succeeded      *bool              `json:"succeeded"`
	Warnings       int                `json:"warnings"`
	CreatedAt      *string            `json:"created_at"`
	StartedAt      *string            `json:"started_at"`
	UpdatedAt      *string            `json:"updated_at"`
	FinishedAt     *string            `json:"finished_at"`
	CanceledAt     *string            `json:"canceled_at"`
	DeletedAt      *string            `json:"deleted_at"`
	PurgedAt       *string            `json:"purged_at"`
	NumKeep        int                `json:"num_keep"`
	Logs           *[]transferLogView `json:"logs,omitempty"`
}

type scheduleIdentity struct {
	UUID string `json:"uuid"`
}

type transferLogView struct {
	CreatedAt *string `json:"created_at"`
	Level     string  `json:"level"`
	Message   string  `json:"message"`
}

// dataStamp is a time as the Data API tells it: "`2006-01-02 15:04:05 -0700`, NOT RFC 3339"; nil for none.
func dataStamp(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	return new(t.UTC().Format("2006-01-02 15:04:05 -0700"))
}

func (t *transfer) view(verbose bool) transferView {
	x := t.database
	v := transferView{
		UUID: t.id, Num: t.num, FromName: t.attached, FromType: "pg_dump", FromURL: x.url(), FromUUID: x.id,
		ToName: "BACKUP", ToType: "gof3r", ToUUID: uuid("dump", t.id),
		ToURL:       "https://AKIA" + digest("key", t.id)[:16] + ":" + digest("secret", t.id)[:40] + "@s3.amazonaws.com/xfrtu/" + t.id,
		SourceBytes: t.size, ProcessedBytes: t.written, Warnings: t.warnings, NumKeep: x.keeps,
		CreatedAt: dataStamp(t.created), StartedAt: dataStamp(t.started), UpdatedAt: dataStamp(t.updated()),
		FinishedAt: dataStamp(t.finished), CanceledAt: dataStamp(t.canceled),
	}
	if t.scheduled != "" {
		v.ToName, v.Schedule = "SCHEDULED BACKUP", &scheduleIdentity{t.scheduled}
	}
	if !t.finished.IsZero() {
		v.Succeeded = new(t.why == "" && t.canceled.IsZero())
	}
	if t.state() == "running" { // "a dump's `processed_bytes` is compressed"
		v.ProcessedBytes = t.size / squeezed * int64(time.Since(t.started)) / int64(max(x.app.server.life(backupTakes), 1))
	}
	if verbose {
		v.Logs = &[]transferLogView{}
		for _, l := range t.logs {
			*v.Logs = append(*v.Logs, transferLogView{dataStamp(l.at), l.level, l.text})
		}
	}
	return v
}

// url is where the database is, with its password.
func (x *addon) url() string {
	return "postgres://u" + digest("user", x.id)[:13] + ":p" + digest("password", x.id)[:64] + "@ec2-34-0-0-1.compute-1.amazonaws.com:5432/d" + digest("database", x.id)[:13]
}

// listTransfers gives them newest first, without logs; "order not promised".
func (s *Server) listTransfers(r *request) (any, error) {
	return r.app.transfersOf(func(*transfer) bool { return true }), nil
}

func (a *App) transfersOf(wanted func(*transfer) bool) []transferView {
	list := []transferView{}
	for i := len(a.transfers) - 1; i >= 0; i-- {
		if t := a.transfers[i]; wanted(t) {
			list = append(list, t.view(false))
		}
	}
	return list
}

// transfer finds one by its number or id. "any kind is addressed by bare num".
func (r *request) transfer() (*transfer, error) {
	for _, t := range r.app.transfers {
		if id := r.PathValue("transfer"); id == t.id || id == strconv.Itoa(t.num) {
			return t, nil
		}
	}
	return nil, notFound("transfer")
}

func (s *Server) showTransfer(r *request) (any, error) {
	t, err := r.transfer()
	if err != nil {
		return nil, err
	}
	return t.view(r.URL.Query().Get("verbose") == "true"), nil
}

func (s *Server) deleteTransfer(r *request) (any, error) {
	t, err := r.transfer()
	if err != nil {
		return nil, err
	}
	r.app.drop(t)
	v := t.view(false)
	v.DeletedAt = dataStamp(time.Now())
	return v, nil
}

func (s *Server) cancelTransfer(r *request) (any, error) {
	t, err := r.transfer()
	if err != nil {
		return nil, err
	}
	if t.finished.IsZero() {
		t.canceled, t.finished = time.Now(), time.Now()
	}
	return t.view(false), nil
}

// signTransfer gives an address that anybody may fetch the backup from for an hour: "The signed URL is a secret too".
func (s *Server) signTransfer(r *request) (any, error) {
	t, err := r.transfer()
	if err != nil {
		return nil, err
	}
	if t.state() != "completed" {
		return nil, notFound("transfer")
	}
	return struct {
		URL       string  `json:"url"`
		ExpiresAt *string `json:"expires_at"`
	}{s.opts.URL + "/backups/" + digest("signed", t.id, time.Now())[:40], dataStamp(time.Now().Add(time.Hour))}, nil
}

// databaseOf finds the one that a path names, if it is the caller's to see.
func (s *Server) databaseOf(r *request) (*addon, error) {
	x := s.addon(r.PathValue("addon"))
	if x == nil || x.service() != postgres || !x.app.shownTo(r.account) {
		return nil, notFound("database")
	}
	return x, nil
}

func (s *Server) listDatabaseTransfers(r *request) (any, error) {
	x, err := s.databaseOf(r)
	if err != nil {
		return nil, err
	}
	return x.app.transfersOf(func(t *transfer) bool { return t.database == x }), nil
}

func (s *Server) createBackup(r *request) (any, error) {
	x, err := s.databaseOf(r)
	if err != nil {
		return nil, err
	}
	return with{status: http.StatusCreated, view: x.app.capture(x, x.attachedAs()).view(false)}, nil
}

// attachedAs is the name of the attachment that came with the add-on.
func (x *addon) attachedAs() string {
	for _, t := range x.app.attachments {
		if t.addon == x && t.first() {
			return t.name
		}
	}
	return ""
}

type databaseView struct {
	AddonID      string         `json:"addon_id"`
	Name         string         `json:"name"`
	ResourceURL  string         `json:"resource_url"`
	Plan         string         `json:"plan"`
	DatabaseName string         `json:"database_name"`
	NumBytes     int64          `json:"num_bytes"`
	Waiting      bool           `json:"waiting?"`
	Following    *string        `json:"following"`
	Info         []databaseFact `json:"info"`
}

type databaseFact struct {
	Name   string   `json:"name"`
	Values []string `json:"values"`
}

func (s *Server) showDatabase(r *request) (any, error) {
	x, err := s.databaseOf(r)
	if err != nil {
		return nil, err
	}
	return databaseView{
		AddonID: x.id, Name: x.name, ResourceURL: x.url(), Plan: x.plan[len(postgres)+1:], DatabaseName: "d" + digest("database", x.id)[:13], NumBytes: databaseSize,
		Info: []databaseFact{{"Status", []string{"Available"}}, {"Data Size", []string{"120 MB"}}},
	}, nil
}

func (s *Server) showWait(r *request) (any, error) {
	if _, err := s.databaseOf(r); err != nil {
		return nil, err
	}
	return struct {
		Waiting bool   `json:"waiting?"`
		Message string `json:"message"`
	}{false, "available"}, nil
}
