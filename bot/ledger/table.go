package ledger

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// table is where the facts of one kind are kept. The column facts, after all others, holds the whole fact; the others are
// there to find it by, and for people.
type table struct {
	name   string
	key    []string // the columns that name the subject, beginning with its scope
	others []string
	read   func([]byte) (Fact, error)
}

// tables are those of migrations/0003_ledger.sql. The columns of each are in the order of its fact's row.
var tables = map[Kind]table{
	KindBranch:  {"ledger_branches", columns("repo"), columns("name"), read[Branch]},
	KindHead:    {"ledger_heads", columns("repo branch"), columns("sha moved_at"), read[Head]},
	KindPush:    {"ledger_pushes", columns("repo ref before_sha after_sha pushed_at"), columns("pushed_by forced"), read[Push]},
	KindPull:    {"ledger_pulls", columns("repo number"), columns("state merged merge_sha updated_at"), read[Pull]},
	KindRun:     {"ledger_runs", columns("repo id attempt"), columns("path number event branch sha status conclusion created_at updated_at"), read[Run]},
	KindJob:     {"ledger_jobs", columns("repo id"), columns("run_id attempt name status conclusion started_at completed_at"), read[Job]},
	KindStatus:  {"ledger_statuses", columns("repo sha context"), columns("state updated_at"), read[Status]},
	KindCheck:   {"ledger_checks", columns("repo id"), columns("sha app name status conclusion started_at"), read[Check]},
	KindCommit:  {"ledger_commits", columns("repo sha"), columns("committed_at"), read[Commit]},
	KindAbsent:  {"ledger_absent", columns("repo sha"), columns("asked_at"), read[Absent]},
	KindSpan:    {"ledger_spans", columns("repo base head"), columns("ahead behind asked_at"), read[Span]},
	KindUndo:    {"ledger_undos", columns("repo base head"), columns("verdict made_at"), read[Undo]},
	KindBackups: {"ledger_backups", columns("app"), columns("read_at"), read[Backups]},
	KindApp:     {"ledger_apps", columns("app"), columns("id maintenance told_at"), read[App]},
	KindRelease: {"ledger_releases", columns("app id"), columns("version status was_current slug_id created_at"), read[Release]},
	KindSlug:    {"ledger_slugs", columns("app id"), columns("commit_sha"), read[Slug]},
	KindBuild:   {"ledger_builds", columns("app id"), columns("status commit_sha release_id created_at"), read[Build]},
	KindDyno:    {"ledger_dynos", columns("app id"), columns("name type state ended exit_status told_at"), read[Dyno]},
	KindProcess: {"ledger_formation", columns("app type"), columns("quantity gone told_at"), read[Process]},
	KindOutput:  {"ledger_outputs", columns("app release_id"), nil, read[Output]},
	KindListed:  {"ledger_lists", columns("app what"), columns("read_at"), read[Listed]},
	KindReading: {"ledger_readings", columns("scope what which"), columns("read_at trouble trouble_at"), read[Reading]},
	KindHeard:   {"ledger_heard", columns("scope sender"), columns("heard_at"), read[Heard]},
}

func columns(names string) []string { return strings.Fields(names) }

func read[F Fact](b []byte) (Fact, error) {
	var f F
	if err := json.Unmarshal(b, &f); err != nil {
		return nil, fmt.Errorf("a %s in the ledger: %w", f.Subject().Kind, err)
	}
	return f, nil
}

// selecting is the statement that reads the fact of one subject.
func (t table) selecting() string {
	where := make([]string, len(t.key))
	for i, column := range t.key {
		where[i] = column + " = $" + strconv.Itoa(i+1)
	}
	return "select facts from " + t.name + " where " + strings.Join(where, " and ")
}

// writing is the statement that writes one fact, new or not.
func (t table) writing() string {
	var names, places, sets []string
	for _, column := range append(append(append([]string{}, t.key...), t.others...), "facts") {
		names = append(names, column)
		places = append(places, "$"+strconv.Itoa(len(names)))
		if len(names) > len(t.key) {
			sets = append(sets, column+" = excluded."+column)
		}
	}
	return fmt.Sprintf("insert into %s (%s) values (%s) on conflict (%s) do update set %s", t.name,
		strings.Join(names, ", "), strings.Join(places, ", "), strings.Join(t.key, ", "), strings.Join(sets, ", "))
}
