package ledger_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"slipway/bot/ledger"
	"slipway/integrations/heroku"
)

// releases reads "v5 a live, v4 b failed": the version, the code, and what is special.
func releases(t *testing.T, text string) []ledger.Fact {
	t.Helper()
	var list []ledger.Fact
	for _, part := range strings.Split(text, ", ") {
		r := heroku.Release{Status: heroku.Succeeded}
		words := strings.Fields(part)
		if _, err := fmt.Sscanf(words[0], "v%d", &r.Version); err != nil {
			t.Fatal(err)
		}
		r.ID = words[0]
		if words[1] != "-" {
			r.SlugID = words[1]
			r.Description = "Deploy " + strings.Repeat("a", 8)
		}
		for _, w := range words[2:] {
			switch w {
			case "live":
				r.Current = true
			default:
				r.Status = w
			}
		}
		list = append(list, ledger.Release{App: app, Release: r})
	}
	return list
}

func known(facts ...ledger.Fact) *ledger.Known {
	k := ledger.New(app, repo)
	k.Add(ledger.Branch{Repo: repo, Name: "master", Read: begin})
	k.Add(facts...)
	return k
}

func TestTheCodeThatRunsAndTheCodeBeforeItAreFound(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, releases, want string }{
		{"one after the other", "v3 c live, v2 b, v1 a", "v3 of v3 from v3, before v2 of v2"},
		{"all were live once", "v3 c live, v2 b live, v1 a live", "v3 of v3 from v3, before v2 of v2"},
		{"a config release", "v3 b live, v2 b, v1 a", "v3 of v2 from v2, before v1 of v1"},
		{"config releases before", "v4 c live, v3 b, v2 b, v1 a", "v4 of v4 from v4, before v3 of v2"},
		{"the newest failed", "v3 c failed, v2 b live, v1 a", "v2 of v2 from v2, before v1 of v1"},
		{"the newest is under way", "v3 c pending, v2 b live, v1 a", "v2 of v2 from v2, before v1 of v1"},
		{"one between failed", "v4 c live, v3 b failed, v2 a, v1 a", "v4 of v4 from v4, before v2 of v1"},
		{"a failed one of the same code", "v4 b live, v3 c failed, v2 b, v1 a", "v4 of v2 from v2, before v1 of v1"},
		{"gone back", "v4 a live, v3 b, v2 a, v1 a", "v4 of v4 from v1, before v3 of v3"},
		{"the first", "v1 a live", "v1 of v1 from v1"},
		{"no code yet", "v2 -, v1 -", ""},
		{"code after config alone", "v2 a live, v1 -", "v2 of v2 from v2"},
		{"an expired one counts: it ran", "v2 b live, v1 a expired", "v2 of v2 from v2, before v1 of v1"},
		{"an event that leaves out the code", "v4 - live, v3 c failed, v2 b live, v1 a", "v2 of v2 from v2, before v1 of v1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			k := known(releases(t, tt.releases)...)
			got := ""
			if live, ok := k.Live(); ok {
				got = fmt.Sprintf("%s of %s from %s", live.Release, live.Code, live.Origin)
			}
			if before, ok := k.Before(); ok {
				got += fmt.Sprintf(", before %s of %s", before.Release, before.Code)
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestAReleaseThatFailedAfterTheLiveOneIsFound(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"v3 c failed, v2 b live, v1 a failed": "v3", "v3 c live, v2 b failed": "", "v4 d pending, v3 c failed, v2 b live": "v3", "v1 a failed": "v1",
	} {
		k := known(releases(t, text)...)
		got := ""
		if r, ok := k.FailedSince(); ok {
			got = r.String()
		}
		if got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func TestDynosThatEndedAreNotAmongThoseThatLive(t *testing.T) {
	t.Parallel()
	one := 1
	dyno := func(id, name string, seen time.Duration) ledger.Dyno {
		return ledger.Dyno{App: app, Dyno: heroku.Dyno{ID: id, Name: name, State: "up", UpdatedAt: begin.Add(seen)}, At: begin.Add(seen)}
	}
	ended := func(d ledger.Dyno, exit *int) ledger.Dyno {
		d.Ended, d.Exit = exit == nil, exit
		return d
	}
	listed := func(after time.Duration, ids ...string) ledger.Listed {
		return ledger.Listed{App: app, What: ledger.Dynos, Names: ids, Read: begin.Add(after)}
	}
	for name, tc := range map[string]struct {
		facts []ledger.Fact
		want  string
	}{
		"told":                          {[]ledger.Fact{dyno("a", "web.1", 0)}, "[a]"},
		"ended":                         {[]ledger.Fact{ended(dyno("a", "web.1", 0), nil), dyno("a", "web.1", time.Second)}, "[]"},
		"exited":                        {[]ledger.Fact{dyno("a", "run.1", time.Second), ended(dyno("a", "run.1", 0), &one)}, "[]"},
		"listed":                        {[]ledger.Fact{dyno("a", "web.1", 0), listed(time.Hour, "a")}, "[a]"},
		"listed no more":                {[]ledger.Fact{dyno("a", "web.1", 0), listed(time.Hour)}, "[]"},
		"not listed yet":                {[]ledger.Fact{dyno("a", "run.1", 0), listed(time.Second)}, "[a]"},
		"made after the list":           {[]ledger.Fact{listed(0), dyno("a", "run.1", time.Minute)}, "[a]"},
		"another that has its name now": {[]ledger.Fact{made(dyno("a", "web.1", 0), 0), made(dyno("b", "web.1", 0), time.Second)}, "[b]"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ids := []string{}
			for _, d := range known(tc.facts...).Dynos() {
				ids = append(ids, d.ID)
			}
			if got := fmt.Sprint(ids); got != tc.want {
				t.Errorf("%s live, want %s", got, tc.want)
			}
		})
	}
}

func made(d ledger.Dyno, after time.Duration) ledger.Dyno {
	d.Dyno.CreatedAt = begin.Add(after)
	return d
}
