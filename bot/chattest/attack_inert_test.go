package chattest

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"slipway/bot/say"
	"slipway/commands"
	githubsim "slipway/integrations/sim/github"
	herokusim "slipway/integrations/sim/heroku"
	slacksim "slipway/integrations/sim/slack"
	"slipway/integrations/sim/world"
)

const (
	packLimit = 50 // characters of an attack, fewer than are shown of any foreign text
	assaults  = 4  // plays; in each, other attacks stand in other places
)

// What people of elsewhere write is shown in messages and answers of all kinds, and says no more than that they wrote it.
func TestForeignTextReachesSlackInert(t *testing.T) {
	t.Parallel()
	packs := packed(attacks, packLimit)
	for i := range assaults {
		if raceDetector {
			continue // nothing of it is about races, and it would take minutes
		}
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			v, seen := vandal{packs, i}, map[string]bool{}
			synctest.Test(t, func(t *testing.T) { v.assault(t, seen) })
			for tag, where := range shownAs {
				if !seen[tag] {
					t.Errorf("%q was not shown as %s", v.as(tag), where)
				}
			}
		})
	}
}

// vandal writes attacks wherever people of elsewhere write, each time with another tag.
type vandal struct {
	packs  []string
	number int
}

// as gives the attack for a place, whose tag stands in it.
func (v vandal) as(tag string) string {
	place, _ := strconv.Atoi(tag)
	pack := v.packs[(v.number*len(v.packs)/assaults+place)%len(v.packs)]
	return strings.NewReplacer(canary+"line", canary+"line", canary, canary+tag+"t").Replace(pack)
}

// shownAs are the places whose text must have been seen, by tag, or the test would show nothing.
var shownAs = map[string]string{
	"1": "a title", "3": "a commit's message", "4": "a workflow", "5": "a job", "6": "a step", "7": "a context",
	"10": "an account", "12": "what was typed", "13": "what was written", "14": "a setting's value", "15": "a setting",
}

// assault plays a team at work whose every word is an attack, and judges all that slipway said.
func (v vandal) assault(t *testing.T, seen map[string]bool) {
	t.Helper()
	s := open(t, setting{file: v.settings}, slipway(commands.All()))
	defer s.close()
	s.misfits = true
	w := s.World
	p := NewPlayer(w, s.bot, bubbleClock{}, io.Discard)
	p.Settle()
	do := func(lines ...string) {
		t.Helper()
		for _, l := range lines {
			if err := p.Line(l); err != nil {
				t.Fatalf("%s: %v", l, err)
			}
		}
	}
	v.propose(t, w)
	do("!settings a", "!settings b", "!settings c", "!settings d", "!clock 1m", "!push 48")
	v.status(t, w, w.Repo.Head(ref(v.as("2"))).SHA)
	v.status(t, w, w.Repo.Head("master").SHA)
	do("!wait", "!clock 1m")
	v.ask(t, w, p)
	w.Apps[0].NextReleasePhase(true, "Running migrations\n"+v.as("8"))
	do("!merge 48", "!wait", "!clock 1m")
	v.change(t, w)
	do("!clock 1m", "!settings none", "!clock 6m")
	v.ask(t, w, p)

	j := judge{people: []string{"U0ALICE", "U0BOB"}, channels: []string{w.Home()}, hosts: []string{githubAddr, "github.com", "ci.example", "dashboard.heroku.com"}}
	entries, _ := w.Slack.Journal(0)
	for _, e := range entries {
		if e.User != "" && e.User != w.Slack.BotUserID() && e.Message != nil && e.Message.BotID == "" && e.Kind == slacksim.Posted {
			continue // what people wrote
		}
		text := drawn(e)
		for tag := range shownAs {
			seen[tag] = seen[tag] || strings.Contains(text, canary+tag+"t")
		}
		for _, fault := range j.entry(e) {
			t.Errorf("%s\n\tin %s: %s", fault, e.Kind, text)
		}
	}
}

// drawn is a change as a failing test shows it.
func drawn(e slacksim.Entry) string {
	if m := e.Message; m != nil {
		return fmt.Sprintf("%q %s %s", m.Text, m.Blocks, m.Attachments)
	}
	return fmt.Sprintf("%q %+v", e.Text, e.View)
}

// propose opens a pull request and has its checks fail.
func (v vandal) propose(t *testing.T, w *world.World) {
	t.Helper()
	branch := ref(v.as("2"))
	w.GitHub.AddUser("mallory", v.as("9"), "mallory@evil.example")
	w.Repo.AddWorkflow(githubsim.Workflow{
		Path: ".github/workflows/foreign.yml", Name: v.as("4"), On: []string{"push", "pull_request"},
		Jobs: []githubsim.Job{
			{Name: v.as("5"), Steps: []githubsim.Step{{Name: v.as("6"), Takes: time.Second, Run: func(context.Context, githubsim.Running) bool { return false }}}},
			{Name: "matrix (" + v.as("5") + ")", Steps: []githubsim.Step{{Name: v.as("6"), Takes: time.Second, Run: func(context.Context, githubsim.Running) bool { return false }}}},
			{Name: "matrix (2)", Steps: []githubsim.Step{{Name: "x", Takes: time.Second}}},
		},
	})
	w.Repo.Branch("master", branch)
	w.Repo.Commit(branch, githubsim.CommitSpec{
		Author: "mallory", Message: v.as("3") + "\n\n" + v.as("3"), At: time.Now(), Files: []githubsim.File{{Path: "foreign.py", Text: "X = 1\n"}},
	})
	w.Repo.OpenPull(githubsim.PullSpec{Number: 48, Title: v.as("1"), Author: "mallory", Head: branch, At: time.Now()})
	if _, err := w.Repo.Push("master", githubsim.CommitSpec{Author: "mallory", Message: v.as("3"), Files: []githubsim.File{{Path: "direct.py", Text: "X = 1\n"}}}); err != nil {
		t.Error(err)
	}
}

// status reports what another service found.
func (v vandal) status(t *testing.T, w *world.World, sha string) {
	t.Helper()
	for i, target := range []string{"https://ci.example/1|" + v.as("7") + ">", "javascript:" + v.as("7"), "https://ci.example/\n" + v.as("7")} {
		err := w.Repo.SetStatus(githubsim.Status{
			SHA: sha, State: "failure", Context: fmt.Sprintf("%s %d", v.as("7"), i), Description: v.as("7"), TargetURL: target, By: "mallory",
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// change changes the app without slipway.
func (v vandal) change(t *testing.T, w *world.World) {
	t.Helper()
	ctx, app := t.Context(), w.Apps[0]
	by := v.as("10")
	_, first := app.SetConfig(ctx, v.as("11"), "x", by)
	_, second := app.Deploy(ctx, herokusim.DeploySpec{Commit: w.Repo.Head("master").SHA, CommitDescription: v.as("3"), By: by})
	_, third := app.Rollback(ctx, 122, by)
	_, fourth := app.RunDyno(herokusim.RunSpec{Command: v.as("16"), By: by})
	app.PastRelease(herokusim.PastRelease{Kind: "config", Description: v.as("11"), By: by, Set: map[string]string{v.as("11"): "x"}})
	for _, err := range []error{first, second, third, fourth} {
		if err != nil {
			t.Error(err)
		}
	}
}

// ask types and writes it in each way of asking.
func (v vandal) ask(t *testing.T, w *world.World, p *Player) {
	t.Helper()
	alice, home := "U0ALICE", w.Home()
	for _, text := range []string{
		"status", "status in channel", "history", "routes", "help", v.as("12"), "status " + v.as("12"), "history " + v.as("12"), "help " + v.as("12"),
		v.as("12") + " in channel", "status penny-university " + v.as("12"),
	} {
		if _, err := w.Slack.Command(alice, home, "/deploy", text); err != nil {
			t.Error(err)
		}
		p.Settle()
	}
	for _, channel := range []string{home, w.Slack.DM(alice)} {
		for _, text := range []string{v.as("13"), "status " + v.as("13"), "help " + v.as("13"), "deploy " + v.as("13")} {
			if channel == home {
				text = "@slipway " + text
			}
			if _, err := w.Slack.Say(alice, channel, text, ""); err != nil {
				t.Error(err)
			}
			p.Settle()
		}
	}
}

// settings are versions of .slipway.yml.
func (v vandal) settings(name string) (string, error) {
	// A text in quotes, as YAML reads JSON's.
	quote := func(tag string) string {
		text, _ := json.Marshal(v.as(tag))
		return string(text)
	}
	return map[string]string{
		"a": "notify:\n  checks: " + quote("14") + "\n",
		"b": quote("15") + ": on\nnotify:\n  " + quote("15") + ": 1\n",
		"c": "people:\n  " + quote("15") + ": " + quote("14") + "\naccess:\n  restore: [" + quote("14") + "]\n",
		"d": "branch: " + quote("14") + "\ndeploy:\n  step: " + quote("14") + "\n  workflow: " + quote("14") + "\n",
	}[name], nil
}

// Each attack in each of the ways to say what somebody else wrote, at the beginning, in the middle and at the end of a line.
func TestEveryWayToSayForeignTextIsInert(t *testing.T) {
	t.Parallel()
	j := judge{hosts: []string{"ci.example"}}
	for _, a := range attacks {
		for way, said := range map[string]string{
			"Foreign": say.Foreign(a, 200), "ForeignCode": say.ForeignCode(a, 200), "Escape": say.Escape(say.Cut(a, 200)),
			"Link": say.Link("https://ci.example/"+a, say.Cut(a, 200)), "a link to nowhere": say.Link("javascript:"+a, "x"),
			"Tail": "```\n" + say.Tail("Running\n"+strings.ReplaceAll(a, canary+"line", canary+"row"), 5, 200) + "\n```",
		} {
			for _, text := range []string{said, "Merged: " + said + ", by alice", "*" + said + "*: live"} {
				if way == "Tail" {
					text = said
				}
				for _, fault := range j.mrkdwn(text, true) {
					t.Errorf("%s of %q: %s: %q", way, a, fault, text)
				}
			}
		}
	}
}

// Every text is put into a pack, whole.
func TestNoAttackIsLeftOut(t *testing.T) {
	t.Parallel()
	all := strings.Join(packed(attacks, packLimit), " ")
	if i := slices.IndexFunc(attacks, func(a string) bool { return !strings.Contains(all, a) }); i >= 0 {
		t.Errorf("%q is left out", attacks[i])
	}
}
