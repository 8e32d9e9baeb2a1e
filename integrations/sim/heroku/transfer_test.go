package herokusim

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const transfers = "/client/v11/apps/penny-university/transfers"

// database is the address of the app's own.
func (s *site) database() string {
	return "/client/v11/databases/" + s.app.addons[0].id
}

// fields gives fields of a JSON object.
func fields(o map[string]any, names ...string) string {
	var words []string
	for _, f := range names {
		words = append(words, fmt.Sprint(o[f]))
	}
	return strings.Join(words, " ")
}

// "**Transfer JSON**" and "**Status machine**": pending, running, completed, each with its times in the form of their own.
func TestABackupGoesFromPendingToCompleted(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		a := s.send(t, "POST", s.database()+"/backups", "")
		made := a.object(t)
		if a.StatusCode != 201 || fields(made, "num", "from_name", "from_type", "to_name", "to_type", "schedule") != "1 DATABASE pg_dump BACKUP gof3r <nil>" {
			t.Fatalf("%d %s", a.StatusCode, a.body)
		}
		id := made["uuid"].(string)
		look := func() map[string]any { return s.get(t, transfers+"/"+id).object(t) }
		if got := fields(look(), "succeeded", "started_at", "finished_at", "canceled_at"); got != "<nil> <nil> <nil> <nil>" {
			t.Errorf("pending it is %s", got)
		}
		time.Sleep(22 * time.Second)
		running := look()
		if got := fields(running, "succeeded", "finished_at"); got != "<nil> <nil>" || running["started_at"] == nil || running["processed_bytes"] == 0.0 {
			t.Errorf("running it is %v", running)
		}
		if open := s.Open(); !cmp.Equal(open, []string{"backup b001 of penny-university"}) {
			t.Errorf("open is %q", open)
		}
		time.Sleep(30 * time.Second)
		done := s.get(t, transfers+"/1").object(t) // "any kind is addressed by bare num"
		if got := fields(done, "uuid", "succeeded", "warnings", "num_keep"); got != id+" true 0 5" || len(s.Open()) != 0 {
			t.Errorf("completed it is %s (open %q)", got, s.Open())
		}
		for _, field := range []string{"created_at", "started_at", "updated_at", "finished_at"} {
			if at := fmt.Sprint(done[field]); !regexp.MustCompile(`^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+0000$`).MatchString(at) {
				t.Errorf("%s is %s", field, at)
			}
		}
		if _, ok := done["logs"]; ok {
			t.Error("it has logs without verbose")
		}
		if logs := s.get(t, transfers+"/1?verbose=true").object(t)["logs"].([]any); len(logs) == 0 {
			t.Error("it has no logs with verbose")
		}
		list := s.get(t, transfers).list(t)
		if len(list) != 1 || list[0]["uuid"] != id || len(s.get(t, s.database()+"/transfers").list(t)) != 1 {
			t.Errorf("the list is %v", list)
		}
	})
}

func TestABackupFailsAndIsCanceled(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		s.app.FailNextBackup("pg_dump: error: canceling statement due to statement timeout")
		s.send(t, "POST", s.database()+"/backups", "")
		time.Sleep(time.Minute)
		failed := s.get(t, transfers+"/1?verbose=true").object(t)
		if fields(failed, "succeeded", "canceled_at") != "false <nil>" || failed["finished_at"] == nil || !strings.Contains(fmt.Sprint(failed["logs"]), "statement timeout") {
			t.Errorf("failed it is %v", failed)
		}
		second := s.send(t, "POST", s.database()+"/backups", "").object(t)["uuid"].(string)
		time.Sleep(10 * time.Second)
		if a := s.send(t, "POST", transfers+"/"+second+"/actions/cancel", ""); a.StatusCode != 200 {
			t.Errorf("cancel: %d %s", a.StatusCode, a.body)
		}
		time.Sleep(time.Minute)
		if got := s.get(t, transfers+"/"+second).object(t); got["canceled_at"] == nil || got["succeeded"] != false {
			t.Errorf("canceled it is %v", got)
		}
		s.send(t, "POST", transfers+"/2/actions/public-url", "").fault(t, 404, "not_found")
		if diff := cmp.Diff([]string{"b001 failed", "b002 canceled"}, s.app.Backups()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// "A capture can push an OLD one out": of those that somebody asked for, the oldest that succeeded, and only once the new one has.
func TestACaptureDropsTheOldestBackupThatSomebodyAskedFor(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		s.app.addons[0].keeps = 2
		for i, past := range []PastBackup{{Scheduled: true}, {}, {Failed: "timeout"}, {}} {
			past.At = time.Now().Add(time.Duration(i-10) * time.Hour)
			s.app.AddBackup(past)
		}
		s.send(t, "POST", s.database()+"/backups", "")
		time.Sleep(20 * time.Second)
		before := []string{"a001 completed", "b002 completed", "b003 failed", "b004 completed", "b005 running"}
		if diff := cmp.Diff(before, s.app.Backups()); diff != "" {
			t.Errorf("while it runs (-want +got):\n%s", diff)
		}
		time.Sleep(time.Minute)
		if diff := cmp.Diff([]string{"a001 completed", "b003 failed", "b004 completed", "b005 completed"}, s.app.Backups()); diff != "" {
			t.Errorf("afterwards (-want +got):\n%s", diff)
		}
		s.get(t, transfers+"/2").fault(t, 404, "not_found")
	})
}

func TestABackupIsDeletedAndFetched(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		if name := s.app.AddBackup(PastBackup{At: time.Now().Add(-time.Hour)}); name != "b001" {
			t.Errorf("it is named %s", name)
		}
		signed := s.send(t, "POST", transfers+"/1/actions/public-url", "").object(t)
		if signed["url"] == "" || signed["expires_at"] == nil {
			t.Errorf("signed it is %v", signed)
		}
		if gone := s.send(t, "DELETE", transfers+"/1", "").object(t); gone["deleted_at"] == nil {
			t.Errorf("deleted it is %v", gone)
		}
		for _, path := range []string{transfers + "/1", transfers + "/x", "/client/v11/databases/nosuch", "/client/v11/databases/nosuch/transfers", "/client/v11/databases/nosuch/wait_status"} {
			s.get(t, path).fault(t, 404, "not_found")
		}
		for _, path := range []string{transfers + "/1/actions/cancel", transfers + "/1/actions/public-url", "/client/v11/databases/nosuch/backups"} {
			s.send(t, "POST", path, "").fault(t, 404, "not_found")
		}
		s.send(t, "DELETE", transfers+"/1", "").fault(t, 404, "not_found")
	})
}

// Whoever may not see the app may not see its backups; "Transfers live under the BILLING app".
func TestBackupsAreShownToThoseOfThePayingApp(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		s.AddAccount("dave@example.com", "HRKU-dave")
		qa := s.AddApp(AppSpec{Name: "penny-qa", Owner: "dave@example.com"})
		if err := qa.Attach(s.app.addons[0].name, "DATABASE", ""); err != nil {
			t.Fatal(err)
		}
		s.app.AddBackup(PastBackup{At: time.Now().Add(-time.Hour)})
		const dave = "Authorization: Bearer HRKU-dave"
		s.get(t, transfers, dave).fault(t, 404, "not_found")
		s.get(t, s.database(), dave).fault(t, 404, "not_found")
		s.send(t, "POST", s.database()+"/backups", "", dave).fault(t, 404, "not_found")
		if a := s.get(t, "/client/v11/apps/penny-qa/transfers", dave); a.body != "[]" {
			t.Errorf("the app that it is attached to has %s", a.body)
		}
	})
}

// "DbInfo JSON" and "wait_status": what there is to know before a backup.
func TestADatabaseIsDescribed(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		info := s.get(t, s.database()).object(t)
		if got := fields(info, "plan", "waiting?", "following"); got != "standard-0 false <nil>" || !strings.HasPrefix(fmt.Sprint(info["resource_url"]), "postgres://") {
			t.Errorf("it is %v", info)
		}
		if got := fields(s.get(t, s.database()+"/wait_status").object(t), "waiting?", "message"); got != "false available" {
			t.Errorf("it is %s", got)
		}
		redis := s.app.AddAddon(AddonSpec{Plan: "heroku-redis:mini"})
		s.get(t, "/client/v11/databases/"+redis.ID).fault(t, 404, "not_found")
		// What is not simulated says so.
		s.send(t, "PUT", s.database()+"/reset", "").fault(t, 501, "not_simulated")
	})
}
