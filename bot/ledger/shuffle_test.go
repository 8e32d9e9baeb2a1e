package ledger_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"slipway/bot/ledger"
)

// forms are the forms of a merge. The queue lands two pull requests in one push.
var forms = []string{"merge", "squash", "rebase", "queue"}

// change is the story of a change in a world of two workflow files of one name: the checks of its pull request, and a
// deploy that fails and is run again.
func change(t *testing.T, form string) recording {
	t.Helper()
	return record(t, []string{"world two-files", "merge queue"}, func(s story) {
		s.do("push 45", `ci fail master deploy "Add Heroku credentials"`)
		if form == "queue" {
			s.check(s.Repo.Enqueue("bob", 45, 46))
			s.settle()
		} else {
			s.do("merge 45 " + form)
		}
		s.again()
	})
}

func knownOf(told [][]ledger.Fact, read ...ledger.Fact) *ledger.Known {
	k := ledger.New(app, repo)
	for _, facts := range told {
		k.Add(facts...)
	}
	k.Add(read...)
	return k
}

// shuffles is how many there are in all.
func shuffles() int {
	if os.Getenv("CI") == "true" {
		return 10_000
	}
	return 500
}

func TestEveryOrderAndRepetitionEndsAsTheSameLedger(t *testing.T) {
	t.Parallel()
	for _, form := range forms {
		t.Run(form, func(t *testing.T) {
			t.Parallel()
			r := change(t, form)
			want := knownOf(r.told)
			t.Logf("%d deliveries tell of %d subjects", len(r.told), len(want.Facts()))
			for seed := range shuffles() / len(forms) / 2 {
				told := disorder(rand.New(rand.NewPCG(uint64(seed), 1)), r.told)
				if d := want.Compare(knownOf(told)); len(d) > 0 {
					t.Fatalf("shuffle %d of %s ends otherwise:\n%s", seed, form, differences(d))
				}
			}
		})
	}
}

func TestWhatGotLostIsMadeGoodByReading(t *testing.T) {
	t.Parallel()
	for _, form := range forms {
		t.Run(form, func(t *testing.T) {
			t.Parallel()
			r := change(t, form)
			all := readable(r.told)
			read := about(r.read, knownOf(all))
			want := knownOf(all, read...)
			for seed := range shuffles() / len(forms) / 2 {
				rnd := rand.New(rand.NewPCG(uint64(seed), 2))
				told := append(lose(rnd, all), read)
				got := knownOf(disorder(rnd, told))
				if d := want.Compare(got); len(d) > 0 {
					t.Fatalf("shuffle %d of %s ends otherwise:\n%s", seed, form, differences(d))
				}
			}
		})
	}
}

// about leaves out what was read of the time before the story.
func about(read []ledger.Fact, told *ledger.Known) []ledger.Fact {
	subjects := map[ledger.Subject]bool{}
	for _, f := range told.Facts() {
		subjects[f.Subject()] = true
	}
	return slices.DeleteFunc(slices.Clone(read), func(f ledger.Fact) bool { return !subjects[f.Subject()] })
}

// disorder gives all deliveries in any order, some of them twice.
func disorder(rnd *rand.Rand, told [][]ledger.Fact) [][]ledger.Fact {
	list := append([][]ledger.Fact{}, told...)
	for range rnd.IntN(len(told)) {
		list = append(list, told[rnd.IntN(len(told))])
	}
	rnd.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list
}

// lose leaves out some deliveries, up to all of them but one: when an attempt ended that was run again can only be heard.
func lose(rnd *rand.Rand, told [][]ledger.Fact) [][]ledger.Fact {
	var list [][]ledger.Fact
	lost := rnd.Float64()
	for _, facts := range told {
		if run, ok := facts[0].(ledger.Run); rnd.Float64() > lost || ok && run.Run.Conclusion == "failure" {
			list = append(list, facts)
		}
	}
	return list
}

func differences(list []ledger.Difference) (text string) {
	for _, d := range list {
		text += fmt.Sprintf("%s\n  want %s\n  got  %s\n", d.Subject, d.This, d.Other)
	}
	return text
}
