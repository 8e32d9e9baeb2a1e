package commands

import (
	"strings"
	"testing"
	"time"

	"slipway/bot/audit"
)

func TestAuditSaysHowFarTheTrailWasChecked(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 5, 14, 0, 0, 0, time.UTC)
	earlier := now.Add(-3 * time.Hour)
	broken := &audit.Broken{Seq: 7, Text: "row 7 was changed: its hash does not fit what it says"}
	for _, tt := range []struct {
		recent  audit.Recent
		checked audit.Check
		want    string
	}{
		{audit.Recent{All: true}, audit.Check{}, "Nothing has been written into the trail of any app."},
		{audit.Recent{Linked: 1, All: true}, audit.Check{}, ":white_check_mark: The chain is whole: 1 row of all apps, checked just now."},
		{audit.Recent{Linked: 100}, audit.Check{}, ":grey_question: The newest 100 rows of all apps fit together; the whole chain has not been checked since I started."},
		{
			audit.Recent{Linked: 100},
			audit.Check{At: earlier, Head: audit.Head{Seq: 1234}},
			":white_check_mark: The chain is whole: the newest 100 rows of all apps were checked just now, all 1234 at 11:00 UTC (3 h ago).",
		},
		{
			audit.Recent{Linked: 100},
			audit.Check{At: earlier, Broken: broken},
			":x: The trail was broken when all of it was checked at 11:00 UTC (3 h ago): row 7 was changed: its hash does not fit what it says. `slipway audit`, where slipway runs, says more.",
		},
		{
			audit.Recent{Linked: 100, Broken: broken},
			audit.Check{At: earlier},
			":x: The trail is broken: row 7 was changed: its hash does not fit what it says. `slipway audit`, where slipway runs, says more.",
		},
		{
			audit.Recent{Broken: &audit.Broken{Seq: 1, Text: "rows 1 to 6 are missing: they were the last"}},
			audit.Check{},
			":x: The trail is broken: rows 1 to 6 are missing: they were the last. `slipway audit`, where slipway runs, says more.",
		},
	} {
		if got := (&auditTail{now: now, recent: tt.recent, checked: tt.checked}).chainWords(); got != tt.want {
			t.Errorf("got  %s\nwant %s", got, tt.want)
		}
	}
}

func TestRowsOfTheTrailAreInert(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 5, 14, 0, 0, 0, time.UTC)
	tail := auditTail{now: now, names: map[string]string{"": "slipway", "U0ALICE": "alice", "U0BOB": "bob"}}
	tail.recent.Rows = []audit.Row{{Entry: audit.Entry{What: audit.Planned, Operation: "0a", Text: "Restart *shop*\nmore"}}}
	for _, tt := range []struct {
		row  audit.Entry
		want string
	}{
		{audit.Entry{Who: "U0ALICE", What: audit.Asked, Text: "/rollback <!channel> *now*"}, "• 13:59 UTC (1 min ago) alice asked: /rollback !channel now"},
		{audit.Entry{What: audit.Ended, Text: "succeeded"}, "• 13:59 UTC (1 min ago) slipway ended: succeeded"},
		{
			audit.Entry{Who: "U0ALICE", What: audit.Planned, Text: "*Roll back* <https://example.com/46|#46> &lt;b&gt; of `penny`\nsecond line"},
			"• 13:59 UTC (1 min ago) alice planned: Roll back #46 &lt;b&gt; of penny",
		},
		{audit.Entry{Who: "U0ALICE", What: "<@U1>", Text: strings.Repeat("x", 300)}, "• 13:59 UTC (1 min ago) alice &lt;@U1&gt;: " + strings.Repeat("x", 99) + "…"},
		{audit.Entry{Who: "U0ALICE", What: audit.Cancelled}, "• 13:59 UTC (1 min ago) alice cancelled"},
		{audit.Entry{Who: "U0ALICE", What: audit.Cancelled, Operation: "0a"}, "• 13:59 UTC (1 min ago) alice cancelled “Restart shop”"},
		{audit.Entry{What: audit.Expired, Operation: "0b"}, "• 13:59 UTC (1 min ago) slipway let expire operation `0b`"},
		{audit.Entry{Who: "U0ALICE", What: audit.Asked, Operation: "0a", Text: "Stop"}, "• 13:59 UTC (1 min ago) alice asked about “Restart shop”: Stop"},
		{audit.Entry{Who: "U0ALICE", What: audit.Closed, Operation: "0a", Text: "happened"}, "• 13:59 UTC (1 min ago) alice said what became of “Restart shop”: happened"},
		{
			audit.Entry{Who: "U0ALICE", What: audit.Refused, Operation: "0a", Text: "It was started by <@U0BOB>."},
			"• 13:59 UTC (1 min ago) alice was refused “Restart shop”: It was started by bob.",
		},
		{
			audit.Entry{Who: "U0ALICE", What: audit.Refused, Operation: "0a", Text: "No.", Detail: map[string]string{"typed": "/deploy restart"}},
			"• 13:59 UTC (1 min ago) alice was refused `/deploy restart`: No.",
		},
	} {
		tt.row.At = now.Add(-time.Minute)
		if got := tail.rowWords(audit.Row{Entry: tt.row}); got != tt.want {
			t.Errorf("got  %s\nwant %s", got, tt.want)
		}
	}
}
