package ledger

import (
	"context"
	"fmt"
	"time"

	"slipway/bot/store"
)

// kept are how long what nobody asks for any more is kept.
const (
	keptRuns   = 90 * 24 * time.Hour
	keptDynos  = 30 * 24 * time.Hour
	keptTrials = 7 * 24 * time.Hour // readings of one of many
)

// prunings are the statements that take away what is older than a time. The runs that went on while something was released
// stay, with their jobs: they tell what was released, for as long as it runs.
var prunings = []struct {
	sql  string
	kept time.Duration
}{
	{`delete from ledger_jobs where completed_at < $1 and started_at < $1 and not exists (
		select 1 from ledger_releases r where r.created_at between ledger_jobs.started_at - 2000 and ledger_jobs.completed_at + 2000)`, keptRuns},
	{`delete from ledger_runs where updated_at < $1 and not exists (
		select 1 from ledger_releases r where r.created_at between ledger_runs.created_at - 2000 and ledger_runs.updated_at + 2000)`, keptRuns},
	{"delete from ledger_pushes where pushed_at < $1", keptRuns},
	{`delete from ledger_heads where moved_at < $1 and not exists (
		select 1 from ledger_branches b where b.repo = ledger_heads.repo and b.name = ledger_heads.branch)`, keptRuns},
	{"delete from ledger_statuses where updated_at < $1", keptRuns},
	{"delete from ledger_checks where started_at > 0 and started_at < $1", keptRuns},
	{"delete from ledger_spans where asked_at < $1", keptRuns},
	{"delete from ledger_undos where made_at < $1", keptRuns},
	{`delete from ledger_absent where asked_at < $1 and not exists (
		select 1 from ledger_slugs s where s.commit_sha = ledger_absent.sha)`, keptRuns},
	{"delete from ledger_builds where created_at < $1", keptRuns},
	{"delete from ledger_dynos where told_at < $1", keptDynos},
	{"delete from ledger_readings where which <> '' and read_at < $1 and trouble_at < $1", keptTrials},
}

// Prune takes away what nobody asks for any more. Releases, their code, commits and pull requests stay.
func Prune(ctx context.Context, tx *store.Tx, now time.Time) error {
	for _, p := range prunings {
		if _, err := tx.Exec(ctx, p.sql, millis(now.Add(-p.kept))); err != nil {
			return fmt.Errorf("prune the ledger: %w", err)
		}
	}
	return nil
}
