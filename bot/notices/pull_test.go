package notices

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slipway/bot/board"
	"slipway/bot/ledger"
	"slipway/integrations/django"
	"slipway/integrations/github"
)

// opened are the facts of pull request #45, which is at a commit since some seconds after the beginning.
func opened(digit string, seconds int, turn ...func(*github.Pull)) []ledger.Fact {
	p := github.Pull{
		Number: 45, Title: "Fill topics", Author: "bob", State: "open", BaseRef: "master", HeadRef: "bob/45", HeadSHA: sha(digit),
		URL: address + "/pull/45", UpdatedAt: at(seconds),
	}
	for _, f := range turn {
		f(&p)
	}
	return facts(ledger.Pull{Repo: repo, Pull: p})
}

// brings is the undo of what a commit would bring the branch.
func brings(digit string, u django.Undo) ledger.Fact {
	return ledger.Undo{Repo: repo, Base: "master", Head: sha(digit), Undo: u, At: at(30)}
}

func TestAPullRequestThatCannotBeUndoneIsToldBeforeItIsMerged(t *testing.T) {
	t.Parallel()
	python := django.Finding{Kind: django.Irreversible, Operation: "RunPython", Line: 14, Why: "RunPython has no reverse_code"}
	own := django.Finding{Kind: django.Irreversible, Operation: "Odd", Line: 3, Why: "it has no reverse"}
	stuck := undone(django.Impossible, django.Safe, python)
	four := undone(django.Impossible, django.Safe, own, own, own, own)
	const small = "\npenny_university · by bob · 5555555"
	merged := func(p *github.Pull) { p.State, p.Merged, p.MergedAt = "closed", true, at(50) }
	closed := func(p *github.Pull) { p.State = "closed" }
	elsewhere := func(p *github.Pull) { p.BaseRef = "develop" }
	for name, tc := range map[string]struct {
		facts [][]ledger.Fact
		stand bool
		want  string
	}{
		"it is not read":          {[][]ledger.Fact{opened("5", 10)}, false, ""},
		"it can be undone":        {[][]ledger.Fact{opened("5", 10), {brings("5", undone(django.Exact, django.Safe))}}, false, ""},
		"it has no migrations":    {[][]ledger.Fact{opened("5", 10), {brings("5", nothing)}}, false, ""},
		"it goes elsewhere":       {[][]ledger.Fact{opened("5", 10, elsewhere), {brings("5", stuck)}}, false, ""},
		"it is from before":       {[][]ledger.Fact{opened("5", -7200), {brings("5", stuck)}}, false, ""},
		"it was closed at once":   {[][]ledger.Fact{opened("5", 10, closed), {brings("5", stuck)}}, false, ""},
		"it cannot, and backups":  {[][]ledger.Fact{opened("5", 10), {brings("5", stuck), backups(-80)}}, false, ":warning: *#45 Fill topics*: cannot be undone once it is merged\n`users.0004_nickname, line 14`: RunPython has no reverse_code; give it one, if only `migrations.RunPython.noop`\nThe way out would be a backup: the newest is b001 of 5 Jan 2026 13:58 UTC" + small},
		"it cannot, no backup":    {[][]ledger.Fact{opened("5", 10), {brings("5", stuck), backups()}}, false, ":warning: *#45 Fill topics*: cannot be undone once it is merged\n`users.0004_nickname, line 14`: RunPython has no reverse_code; give it one, if only `migrations.RunPython.noop`\nThe way out would be a backup, and there is none" + small},
		"it cannot, not known":    {[][]ledger.Fact{opened("5", 10), {brings("5", four)}}, false, ":warning: *#45 Fill topics*: cannot be undone once it is merged\n`users.0004_nickname, line 3`: it has no reverse\n`users.0004_nickname, line 3`: it has no reverse\n`users.0004_nickname, line 3`: it has no reverse\nand 1 more\nThe way out would be a backup" + small},
		"told, then a new commit": {[][]ledger.Fact{opened("6", 20)}, true, ":hourglass_flowing_sand: *#45 Fill topics*: could not be undone; its new commit is being read"},
		"told, then mended":       {[][]ledger.Fact{opened("6", 20), {brings("6", undone(django.Exact, django.Safe))}}, true, ":white_check_mark: *#45 Fill topics*: can be undone now"},
		"told, then merged":       {[][]ledger.Fact{opened("5", 20, merged), {brings("5", stuck)}}, true, ":heavy_minus_sign: *#45 Fill topics*: merged; how it is taken back is said there"},
		"told, then closed":       {[][]ledger.Fact{opened("5", 20, closed), {brings("5", stuck)}}, true, ":heavy_minus_sign: *#45 Fill topics*: closed, and not merged"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := sceneAt(60, together(tc.facts...)...)
			s.repoTeller = true
			if tc.stand {
				s.stand = map[board.Key]bool{"pull penny-university #45": true}
			}
			got := ""
			for _, n := range s.pulls() {
				got += drawn(n)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Each head of an open pull request is read once, of those that are news.
func TestOnlyTheHeadsOfOpenPullRequestsAreRead(t *testing.T) {
	t.Parallel()
	closed := func(p *github.Pull) { p.State = "closed" }
	for name, tc := range map[string]struct {
		facts  [][]ledger.Fact
		teller bool
		want   int
	}{
		"open":                {[][]ledger.Fact{opened("5", 10)}, true, 1},
		"read":                {[][]ledger.Fact{opened("5", 10), {brings("5", nothing)}}, true, 0},
		"closed":              {[][]ledger.Fact{opened("5", 10, closed)}, true, 0},
		"from before":         {[][]ledger.Fact{opened("5", -7200)}, true, 0},
		"another app's to do": {[][]ledger.Fact{opened("5", 10)}, false, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := sceneAt(60, together(tc.facts...)...)
			s.repoTeller = tc.teller
			var asked []string
			s.plan = func(base, head string) { asked = append(asked, base+" "+head) }
			s.pulls()
			if len(asked) != tc.want || tc.want > 0 && asked[0] != fmt.Sprintf("master %s", sha("5")) {
				t.Errorf("asked for %q, want %d", asked, tc.want)
			}
		})
	}
}

func TestTheWarningOfAPullRequestOffersABackup(t *testing.T) {
	t.Parallel()
	python := django.Finding{Kind: django.Irreversible, Operation: "RunPython", Line: 14, Why: "RunPython has no reverse_code"}
	for _, writes := range []bool{true, false} {
		s := sceneAt(60, together(opened("5", 10), facts(brings("5", undone(django.Impossible, django.Safe, python))))...)
		s.repoTeller, s.writes = true, writes
		if list := s.pulls(); len(list) != 1 || len(list[0].page.buttons) != map[bool]int{true: 1}[writes] {
			t.Errorf("where slipway writes (%v): %+v", writes, list)
		}
	}
}
