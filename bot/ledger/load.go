package ledger

import (
	"context"
	"fmt"
	"slices"
	"time"

	"slipway/bot/store"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

// How much is loaded of what grows for ever: the newest, as far as anybody asks.
const (
	loadedRuns     = 60  // of the deploy branch, and as many of all branches
	loadedPulls    = 200 // and those that the newest pushes brought
	loadedPushes   = 50
	loadedReleases = 100
	loadedBuilds   = 20
	loadedEnded    = 20 // dynos that may have ended
	loadedSpans    = 30
	loadedUndos    = 100
	loadedTrials   = 100
	loadedOutputs  = 5 // of releases that failed
)

// Load gives what the database knows of an app and its repository, as far as the questions ask for it.
func Load(ctx context.Context, tx *store.Tx, app string, repo github.Repo) (*Known, error) {
	l := loading{ctx: ctx, tx: tx, known: New(app, repo)}
	l.heroku()
	l.github()
	l.details()
	l.checks()
	l.silences()
	if l.err != nil {
		return nil, fmt.Errorf("load what is known of %s: %w", app, l.err)
	}
	return l.known, nil
}

// loading remembers the first error, after which it reads nothing more.
type loading struct {
	ctx   context.Context
	tx    *store.Tx
	known *Known
	err   error
}

// get adds the facts of one kind that a condition chooses. In it $1 is the scope.
func (l *loading) get(kind Kind, where string, args ...any) {
	if l.err != nil {
		return
	}
	t := tables[kind]
	rows, err := l.tx.Query(l.ctx, "select facts from "+t.name+" where "+where, append([]any{l.scope(t)}, args...)...)
	if err != nil {
		l.err = err
		return
	}
	defer func() { _ = rows.Close() }() // what it could say, Err says
	for rows.Next() {
		var stored string
		if l.err = rows.Scan(&stored); l.err != nil {
			return
		}
		f, err := t.read([]byte(stored))
		if err != nil {
			l.err = err
			return
		}
		l.known.put(f)
	}
	l.err = rows.Err()
}

// scope is the value of a table's first column.
func (l *loading) scope(t table) string {
	if t.key[0] == "app" {
		return AppScope(l.known.App)
	}
	return RepoScope(l.known.Repo)
}

func (l *loading) heroku() {
	l.get(KindApp, "app = $1")
	l.get(KindRelease, "app = $1 order by version desc limit $2", loadedReleases)
	l.get(KindBuild, "app = $1 order by created_at desc limit $2", loadedBuilds)
	l.get(KindListed, "app = $1")
	listed, _ := find(l.known, Listed{App: l.known.App, What: Dynos})
	l.get(KindDyno, "app = $1 and ended = 0 and told_at > $2", millis(listed.Read)-2*unlisted.Milliseconds())
	l.get(KindDyno, "app = $1 order by told_at desc limit $2", loadedEnded)
	l.get(KindProcess, "app = $1")
	l.get(KindBackups, "app = $1")
	for _, scope := range []string{AppScope(l.known.App), RepoScope(l.known.Repo)} {
		l.get(KindReading, "$1 <> '' and scope = $2 and which = ''", scope)
		l.get(KindReading, "$1 <> '' and scope = $2 and which <> '' order by case when trouble_at > read_at then trouble_at else read_at end desc limit $3", scope, loadedTrials)
		l.get(KindHeard, "$1 <> '' and scope = $2", scope)
	}
}

func (l *loading) github() {
	l.get(KindBranch, "repo = $1")
	branch := l.known.Branch()
	l.get(KindHead, "repo = $1 and branch = $2", branch)
	l.get(KindPull, "repo = $1 order by updated_at desc limit $2", loadedPulls)
	l.get(KindPull, `repo = $1 and merge_sha <> '' and merge_sha in
		(select after_sha from ledger_pushes where repo = $1 and ref = $2 order by pushed_at desc limit $3)`, "refs/heads/"+branch, loadedPushes)
	l.get(KindPush, "repo = $1 and ref = $2 order by pushed_at desc limit $3", "refs/heads/"+branch, loadedPushes)
	l.get(KindRun, "repo = $1 order by id desc limit $2", loadedRuns)
	l.get(KindRun, "repo = $1 and branch = $2 and event in ('push', 'workflow_dispatch') order by id desc limit $3", branch, loadedRuns)
	l.get(KindSpan, "repo = $1 order by asked_at desc limit $2", loadedSpans)
	l.get(KindUndo, "repo = $1 order by made_at desc limit $2", loadedUndos)
}

// details are what the lists lead to.
func (l *loading) details() {
	if l.err != nil {
		return
	}
	k := l.known
	if f, ok := find(k, Head{Repo: k.Repo, Branch: k.Branch()}); ok {
		l.get(KindStatus, "repo = $1 and sha = $2", f.SHA)
		l.get(KindCheck, "repo = $1 and sha = $2", f.SHA)
		l.get(KindCommit, "repo = $1 and sha = $2", f.SHA)
	}
	for _, f := range k.pushes() {
		l.get(KindCommit, "repo = $1 and sha = $2", f.Push.After)
	}
	l.get(KindCommit, "repo = $1 and sha in (select merge_sha from ledger_pulls p where p.repo = $1 and merged = 1 order by updated_at desc limit $2)", loadedRuns)
	l.get(KindCommit, "repo = $1 and sha in (select sha from ledger_runs r where r.repo = $1 and branch = $2 order by id desc limit $3)", k.Branch(), loadedRuns)
	l.get(KindSlug, "app = $1 and id in (select slug_id from ledger_releases r where r.app = $1 order by version desc limit $2)", loadedReleases)
	l.get(KindOutput, "app = $1 and release_id in (select id from ledger_releases r where r.app = $1 and status = $2 order by version desc limit $3)",
		heroku.Failed, loadedOutputs)
	for _, kind := range []Kind{KindCommit, KindAbsent} {
		l.get(kind, "repo = $1 and sha in (select commit_sha from ledger_slugs where app = $2)", AppScope(k.App))
	}
	shown := k.shown()
	for _, d := range shown {
		if at := d.Origin.CreatedAt; d.Origin.Version != 0 { // older than the newest runs, perhaps
			l.get(KindRun, "repo = $1 and created_at <= $2 and (updated_at >= $3 or status <> 'completed') order by id desc limit $4",
				millis(at.Add(time.Second)), millis(at.Add(-2*time.Second)), loadedRuns)
		}
	}
	for _, run := range l.runsWithJobs(shown) {
		l.get(KindJob, "repo = $1 and run_id = $2 and attempt = $3", run.ID, run.Attempt)
	}
}

// Of the newest attempts on the deploy branch the jobs are loaded, whether or not they matter: of few at least, and of many at
// most if they are of the last day, of whose changes is told.
const (
	loadedJobs = 10
	recentJobs = 40
)

func (l *loading) runsWithJobs(shown []Deployed) []github.Run {
	list := l.known.runsThatMatter(shown)
	newest := l.known.attempts()
	for i, run := range newest[:min(len(newest), recentJobs)] {
		recent := newest[0].CreatedAt.Sub(latest(run.CreatedAt, run.UpdatedAt)) < oldNews
		if (i < loadedJobs || recent) && !slices.Contains(list, run) {
			list = append(list, run)
		}
	}
	return list
}
