package ledger_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slipway/bot/ledger"
	"slipway/bot/store"
	"slipway/integrations/github"
)

// topic is an open pull request from a branch, which may lie in a fork.
func topic(number int, branch, fork string, opened int) ledger.Pull {
	return ledger.Pull{Repo: repo, HeadRepo: fork, Pull: github.Pull{
		Number: number, State: "open", HeadRef: branch, HeadSHA: sha(fmt.Sprint(number % 10)), CreatedAt: at(opened), UpdatedAt: at(opened),
	}}
}

// tested is an attempt for a pull request, one word each: its id and attempt, its commit's letter, when it began and ended, its
// conclusion, and what else is not as usual: "push", "lint", a branch "@b" or a fork "#f". Without an end it goes on.
func tested(words string) ledger.Run {
	f := ledger.Run{Repo: repo}
	r := &f.Run
	r.Event, r.Branch, r.Path, r.Status, r.Attempt = "pull_request", "topic", "ci.yml", "completed", 1
	var from, to int
	var letter string
	word := strings.Fields(words)
	if _, err := fmt.Sscanf(word[0], "%d/%d", &r.ID, &r.Attempt); err != nil {
		panic(err)
	}
	if _, err := fmt.Sscanf(strings.Join(word[1:4], " "), "%1s %d %d", &letter, &from, &to); err != nil {
		panic(err)
	}
	r.SHA, r.Number, r.CreatedAt, r.StartedAt, r.UpdatedAt, r.Conclusion = sha(letter), int(r.ID), at(from), at(from), at(to), word[4]
	if r.Conclusion == "going" {
		r.Status, r.Conclusion, r.UpdatedAt = "in_progress", "", at(from)
	}
	for _, w := range word[5:] {
		switch {
		case w[0] == '@':
			r.Branch = w[1:]
		case w[0] == '#':
			f.HeadRepo = w[1:]
		case w == "lint":
			r.Path = "lint.yml"
		default:
			r.Event = w
		}
	}
	return f
}

// spans are streaks in short: whose, at which commit they began, and the attempts; "." if it is over.
func spans(k *ledger.Known) string {
	var list []string
	for _, s := range k.Streaks() {
		text := fmt.Sprintf("#%d %s%d:", s.Pull.Number, s.First()[:1], s.Nth)
		for _, f := range s.Runs {
			text += fmt.Sprintf(" %d/%d", f.Run.ID, f.Run.Attempt)
		}
		if s.Over {
			text += "."
		}
		list = append(list, text)
	}
	return strings.Join(list, "; ")
}

func TestAStreakGoesFromTheFirstRunToTheMomentWhenAllAreGreen(t *testing.T) {
	t.Parallel()
	pull := topic(45, "topic", "", -1000)
	fork := topic(46, "topic", "ada/fork", -900)
	merged := topic(44, "topic", "", -5000)
	merged.Pull.State, merged.Pull.Merged, merged.Pull.MergedAt = "closed", true, at(-2000)
	for name, tc := range map[string]struct {
		pulls []ledger.Pull
		runs  []string
		want  string
	}{
		"green":                           {nil, []string{"1/1 a 0 9 success"}, "#45 a1: 1/1."},
		"each push":                       {nil, []string{"1/1 a 0 9 success", "2/1 b 10 19 failure", "3/1 c 20 29 success", "4/1 d 30 39 going"}, "#45 a1: 1/1.; #45 b1: 2/1 3/1.; #45 d1: 4/1"},
		"pushed before the end":           {nil, []string{"1/1 a 0 25 success", "2/1 b 10 19 failure"}, "#45 a1: 1/1 2/1"},
		"pushed at the end":               {nil, []string{"1/1 a 0 10 success", "2/1 b 10 19 going"}, "#45 a1: 1/1.; #45 b1: 2/1"},
		"over at once":                    {nil, []string{"1/1 a 10 10 success", "2/1 b 10 19 going"}, "#45 a1: 1/1 2/1"},
		"run again":                       {nil, []string{"1/1 a 0 9 failure", "1/2 a 20 29 success"}, "#45 a1: 1/1 1/2."},
		"run again though green":          {nil, []string{"1/1 a 0 9 success", "1/2 a 20 29 failure"}, "#45 a1: 1/1.; #45 a2: 1/2"},
		"run again after it":              {nil, []string{"1/1 a 0 9 failure", "2/1 b 10 19 success", "1/2 a 20 29 failure"}, "#45 a1: 1/1 2/1."},
		"one of two workflows":            {nil, []string{"1/1 a 0 9 success", "2/1 a 0 9 failure lint"}, "#45 a1: 1/1 2/1"},
		"two workflows":                   {nil, []string{"1/1 a 0 9 success", "2/1 a 0 19 neutral lint"}, "#45 a1: 1/1 2/1."},
		"cancelled":                       {nil, []string{"1/1 a 0 9 cancelled"}, "#45 a1: 1/1"},
		"cancelled for the other event":   {nil, []string{"1/1 a 0 5 cancelled push", "2/1 a 1 9 success"}, "#45 a1: 1/1 2/1."},
		"both events":                     {nil, []string{"1/1 a 0 5 failure push", "2/1 a 1 9 success"}, "#45 a1: 1/1 2/1"},
		"other events":                    {nil, []string{"1/1 a 0 5 failure schedule", "2/1 a 0 9 failure workflow_dispatch"}, ""},
		"pull_request_target":             {nil, []string{"1/1 a 0 5 failure pull_request_target"}, "#45 a1: 1/1"},
		"the deploy branch":               {[]ledger.Pull{topic(47, "master", "", -1000)}, []string{"1/1 a 0 5 failure push @master"}, ""},
		"a fork of the deploy branch":     {[]ledger.Pull{topic(47, "master", "ada/fork", -1000)}, []string{"1/1 a 0 5 failure @master #ada/fork"}, "#47 a1: 1/1"},
		"a fork with the same branch":     {[]ledger.Pull{fork}, []string{"1/1 a 0 5 failure #Ada/Fork"}, "#46 a1: 1/1"},
		"nobody knows whose it is":        {[]ledger.Pull{fork}, []string{"1/1 a 0 5 failure"}, ""},
		"the commit tells whose it is":    {[]ledger.Pull{fork}, []string{"1/1 6 0 5 failure"}, "#46 61: 1/1"},
		"a push to a fork":                {[]ledger.Pull{fork}, []string{"1/1 a 0 5 failure push #ada/fork"}, ""},
		"the branch had another before":   {[]ledger.Pull{merged}, []string{"1/1 a -3000 -2500 failure", "2/1 b 0 9 success"}, "#44 a1: 1/1; #45 b1: 2/1."},
		"after that one was merged":       {[]ledger.Pull{merged}, []string{"1/1 a -1900 -1800 failure push"}, "#45 a1: 1/1"},
		"what it was opened with":         {nil, []string{"1/1 a -3000 -2900 failure push", "2/1 b -1100 -990 success push", "3/1 c 0 9 going"}, "#45 b1: 2/1.; #45 c1: 3/1"},
		"nobody opened one":               {nil, []string{"1/1 a 0 9 failure @other"}, ""},
		"an approval":                     {nil, []string{"1/1 a 0 1 action_required", "1/2 a 20 29 success"}, "#45 a1: 1/1 1/2."},
		"back to what was tested already": {nil, []string{"1/1 a 0 9 failure", "2/1 b 10 19 success", "3/1 a 20 29 failure"}, "#45 a1: 1/1 2/1.; #45 a2: 3/1"},
	} {
		k := known(pull)
		for _, p := range tc.pulls {
			k.Add(p)
		}
		for _, words := range tc.runs {
			k.Add(tested(words))
		}
		if got := spans(k); got != tc.want {
			t.Errorf("%s: got %q, want %q", name, got, tc.want)
		}
	}
}

func TestAFailureIsACommitOrAnotherAttempt(t *testing.T) {
	t.Parallel()
	k := known(topic(45, "topic", "", -1000))
	for _, words := range []string{
		"1/1 a 0 9 failure", "2/1 a 0 9 timed_out lint", "1/2 a 10 19 failure", "3/1 b 20 29 cancelled", "4/1 c 30 39 startup_failure", "5/1 d 40 49 going",
	} {
		k.Add(tested(words))
	}
	s := k.Streaks()[0]
	var failed []int64
	for _, f := range s.Failed() {
		failed = append(failed, f.Run.ID)
	}
	if n := s.Failures(); n != 3 || !cmp.Equal(failed, []int64{4}) || s.Head() != sha("d") || len(s.Newest()) != 1 || !s.Last || s.Over {
		t.Errorf("%d failures; the last of %v; head %s; %+v", n, failed, s.Head(), s.Newest())
	}
}

// The database loads what the checks of pull requests need, and only the jobs of those that fail.
func TestWhatChecksAreToldFromIsLoaded(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		job := func(id, run int64, attempt int) ledger.Job {
			return ledger.Job{Repo: repo, Job: github.Job{ID: id, RunID: run, Attempt: attempt, Name: fmt.Sprint(id), Status: "completed", Conclusion: "failure"}}
		}
		facts := []ledger.Fact{
			ledger.Branch{Repo: repo, Name: "master", Read: begin},
			topic(45, "topic", "", -1000), topic(46, "green", "", -1000),
			tested("1/1 a 0 9 failure"), tested("1/2 a 10 19 failure"), tested("200/1 b 20 29 going"), job(1, 1, 1), job(2, 1, 2), job(3, 200, 1),
			tested("3/1 c 0 9 success @green"), job(4, 3, 1),
			ledger.Commit{Repo: repo, Commit: github.Commit{SHA: sha("a"), Email: "bob@penny.example"}},
			ledger.Status{Repo: repo, SHA: sha("b"), Status: github.Status{Context: "x", State: "failure"}},
			ledger.Check{Repo: repo, Check: github.CheckRun{ID: 1, SHA: sha("b"), Name: "y", App: "z"}},
		}
		for id := range 100 { // newer, of the deploy branch and of no pull request
			facts = append(facts, tested(fmt.Sprintf("%d/1 d 40 49 success push @%s", 300+id, []string{"master", "wild"}[min(id, 50)/50])))
		}
		facts = append(facts, tested("201/1 b 20 29 success lint"), tested("400/1 e 50 59 failure @topic lint"))
		fold(t, s, facts...)
		k := stored(t, s, ledger.Load)
		if want, got := spans(known(facts...)), spans(k); !strings.Contains(got, "#45 a1: 1/1 1/2 200/1 201/1 400/1") || !strings.Contains(want, got) {
			t.Errorf("loaded is %q, known %q", got, want)
		}
		var jobs []string
		for _, run := range k.Runs() {
			for _, j := range k.Standing(run.Run) {
				jobs = append(jobs, j.Name)
			}
		}
		if !cmp.Equal(jobs, []string{"1", "2"}) {
			t.Errorf("jobs are %v", jobs)
		}
		if c, _ := k.Commit(sha("a")); c.Email == "" {
			t.Error("whose commit failed is not loaded")
		}
	})
}

func TestTheJobsOfChecksThatFailAreWanted(t *testing.T) {
	t.Parallel()
	pull := topic(45, "topic", "", -1000)
	red := tested("1/1 a 0 9 failure")
	job := ledger.Job{Repo: repo, Job: github.Job{ID: 1, RunID: 1, Attempt: 1, Status: "completed", Conclusion: "failure"}}
	looked := func(seconds int) ledger.Fact {
		return ledger.Reading{Scope: ledger.RepoScope(repo), What: ledger.Runs, At: at(seconds)}
	}
	for name, tc := range map[string]struct {
		facts []ledger.Fact
		want  int
	}{
		"red":             {[]ledger.Fact{red, looked(60)}, 1},
		"told":            {[]ledger.Fact{red, looked(60), job}, 0},
		"a day ago":       {[]ledger.Fact{red, looked(24*60*60 + 9)}, 0},
		"green since":     {[]ledger.Fact{red, looked(60), tested("2/1 b 10 19 success")}, 0},
		"going since":     {[]ledger.Fact{red, looked(60), tested("2/1 b 10 19 going")}, 1},
		"never began":     {[]ledger.Fact{tested("1/1 a 0 9 startup_failure"), looked(60)}, 0},
		"nothing is red":  {[]ledger.Fact{tested("1/1 a 0 9 going"), looked(60)}, 0},
		"nobody's branch": {[]ledger.Fact{tested("1/1 a 0 9 failure @other"), looked(60)}, 0},
	} {
		k := known(append(tc.facts, pull)...)
		if got := k.MissingChecks(); len(got) != tc.want {
			t.Errorf("%s: wanted is %v", name, got)
		}
		if got := k.Missing(); len(got) != 0 {
			t.Errorf("%s: answers wait for %v", name, got)
		}
	}
	k := known(looked(60))
	for n := range 30 {
		branch := fmt.Sprint("b", n)
		k.Add(topic(100+n, branch, "", -1000), tested(fmt.Sprintf("%d/1 a 0 9 failure @%s", n+1, branch)))
	}
	if got := k.MissingChecks(); len(got) != 10 || got[0] != (ledger.WantJobs{RunID: 30, Attempt: 1}) {
		t.Errorf("of 30 wanted is %v", got)
	}
}
