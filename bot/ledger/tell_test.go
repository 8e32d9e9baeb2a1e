package ledger_test

import (
	"os"
	"path/filepath"
	"testing"

	"slipway/bot/ledger"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

// examples lists the far ends' own payloads, by a pattern below the folder of fixtures.
func examples(t testing.TB, pattern string) []string {
	t.Helper()
	folder := os.Getenv("SLIPWAY_FIXTURES")
	if folder == "" {
		folder = "../../../shared/fixtures"
	}
	files, err := filepath.Glob(filepath.Join(folder, pattern))
	switch {
	case err == nil && len(files) > 0:
		return files
	case os.Getenv("CI") == "true":
		t.Fatalf("the far ends' own payloads are not there, set SLIPWAY_FIXTURES: %v", err)
	}
	t.Skipf("the far ends' own payloads are not there, set SLIPWAY_FIXTURES: %v", err)
	return nil
}

// tell gives the facts that a payload tells; sender is GitHub's event or "heroku".
func tell(sender string, body []byte) ([]ledger.Fact, error) {
	if sender == "heroku" {
		e, err := heroku.ParseEvent(body)
		return ledger.FromHeroku(e), err
	}
	e, err := github.ParseEvent(sender, body)
	return ledger.FromGitHub(e), err
}

// knows adds facts to a ledger of whatever they are about, twice, and tells what is wrong with that.
func knows(t testing.TB, facts []ledger.Fact) {
	t.Helper()
	for _, f := range facts {
		k := ledger.New(f.Subject().Scope, repo)
		if owner, ok := github.ParseRepo(f.Subject().Scope); ok == nil {
			k = ledger.New(app, owner)
		}
		k.Add(f)
		once := ledger.New(k.App, k.Repo)
		once.Add(k.Facts()...)
		k.Add(f)
		if len(k.Facts()) != 1 || len(once.Compare(k)) > 0 {
			t.Errorf("%s told twice: %s", f.Subject(), differences(once.Compare(k)))
		}
		answers(k, begin)
	}
}

func TestEveryExampleTellsTheSameTwice(t *testing.T) {
	t.Parallel()
	told := map[ledger.Kind]int{}
	files := append(examples(t, "github/*/*.json"), examples(t, "heroku/*.json")...)
	for _, file := range files {
		sender := filepath.Base(filepath.Dir(file))
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		facts, err := tell(sender, body)
		if err != nil {
			t.Errorf("%s: %v", file, err)
		}
		knows(t, facts)
		for _, f := range facts {
			told[f.Subject().Kind]++
		}
	}
	for _, kind := range []ledger.Kind{
		ledger.KindPush, ledger.KindHead, ledger.KindPull, ledger.KindRun, ledger.KindJob, ledger.KindStatus, ledger.KindCheck,
		ledger.KindCommit, ledger.KindApp, ledger.KindRelease, ledger.KindDyno, ledger.KindProcess,
	} {
		if told[kind] == 0 {
			t.Errorf("no example tells of a %s", kind)
		}
	}
}

// Whatever comes, it is told the same twice, and the questions have answers.
func FuzzFacts(f *testing.F) {
	for _, file := range examples(f, "github/*/01.json") {
		if body, err := os.ReadFile(file); err == nil && len(body) < 20_000 {
			f.Add(filepath.Base(filepath.Dir(file)), body)
		}
	}
	for _, file := range examples(f, "heroku/*.json") {
		if body, err := os.ReadFile(file); err == nil {
			f.Add("heroku", body)
		}
	}
	f.Fuzz(func(t *testing.T, sender string, body []byte) {
		if facts, err := tell(sender, body); err == nil {
			knows(t, facts)
		}
	})
}
