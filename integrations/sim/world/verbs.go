package world

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	githubsim "slipway/integrations/sim/github"
	herokusim "slipway/integrations/sim/heroku"
	"slipway/integrations/sim/weather"
)

// Do lets something happen: the verb of a "!" line and what follows it. It returns at once; what takes time goes on, and
// Open names it. The error says what such a line reads like.
func (w *World) Do(verb string, args []string) error {
	v, ok := verbs[verb]
	if !ok {
		return fmt.Errorf("nothing is called !%s", verb)
	}
	if len(args) < v.least || len(args) > v.most {
		return fmt.Errorf("write it as %s", v.usage)
	}
	err := v.do(w, args)
	if errors.Is(err, errForm) {
		return fmt.Errorf("write it as %s", v.usage)
	}
	return err
}

// errForm says that the words are not those of the verb's usage.
var errForm = errors.New("not the form of this line")

// Knows tells whether Do has this verb.
func Knows(verb string) bool {
	_, ok := verbs[verb]
	return ok
}

type verb struct {
	usage       string
	least, most int
	do          func(w *World, args []string) error
}

var verbs = map[string]verb{
	"push":          {"!push 45", 1, 1, (*World).doPush},
	"ci":            {`!ci fail 45 test-backend "Test with pytest"`, 2, 4, (*World).doCI},
	"merge":         {"!merge 46, or !merge 46 squash", 1, 2, (*World).doMerge},
	"direct":        {`!direct "hotfix"`, 1, 1, (*World).doDirect},
	"config":        {"!config KEY=VALUE", 1, 1, (*World).doConfig},
	"cli":           {"!cli rollback v120, or !cli deploy", 1, 2, (*World).doCLI},
	"release-phase": {"!release-phase fail", 1, 1, (*World).doReleasePhase},
	"health":        {"!health fail, or !health ok", 1, 1, (*World).doHealth},
	"crash":         {"!crash web", 1, 1, (*World).doCrash},
	"down":          {"!down github (or heroku, slack)", 1, 1, func(w *World, a []string) error { return w.setDown(a[0], true) }},
	"up":            {"!up github (or heroku, slack)", 1, 1, func(w *World, a []string) error { return w.setDown(a[0], false) }},
	"fault":         {"!fault heroku POST /apps/*/releases late 5s", 2, 6, (*World).doFault},
}

func (w *World) pull(word string) (githubsim.Pull, error) {
	n, err := strconv.Atoi(strings.TrimPrefix(word, "#"))
	if err == nil {
		if p, ok := w.Repo.Pull(n); ok {
			return p, nil
		}
	}
	var open []string
	for _, p := range w.Repo.OpenPulls() {
		open = append(open, strconv.Itoa(p.Number))
	}
	return githubsim.Pull{}, fmt.Errorf("there is no pull request %s; open are %s", word, strings.Join(open, ", "))
}

func (w *World) doPush(args []string) error {
	p, err := w.pull(args[0])
	if err != nil {
		return err
	}
	if p.State != "open" {
		return fmt.Errorf("#%d is %s", p.Number, p.State)
	}
	text := fmt.Sprintf("REVIEWED = %q\n", p.HeadSHA)
	_, err = w.Repo.Push(p.Head, githubsim.CommitSpec{
		Author: p.Author, Message: "Address review",
		Files: []githubsim.File{{Path: fmt.Sprintf("pennychat/features/review_%d.py", p.Number), Text: text}},
	})
	return err
}

// doCI scripts a run. A number means the pull request's checks while it is open, and the run on the branch once it is
// merged; the branch's name means the branch.
func (w *World) doCI(args []string) error {
	o := githubsim.Outcome{Kind: args[0]}
	if len(args) > 2 {
		o.Job = args[2]
	}
	if len(args) > 3 {
		o.Step = args[3]
	}
	target := "branch/" + branch
	if args[1] != branch {
		p, err := w.pull(args[1])
		if err != nil {
			return err
		}
		if p.State == "open" {
			target = "pull/" + strconv.Itoa(p.Number)
		}
	}
	return w.Repo.Script(target, o)
}

func (w *World) doMerge(args []string) error {
	p, err := w.pull(args[0])
	if err != nil {
		return err
	}
	method := "merge"
	if len(args) > 1 {
		method = args[1]
	}
	_, err = w.Repo.Merge(p.Number, method, p.Author)
	return err
}

func (w *World) doDirect(args []string) error {
	head := w.Repo.Head(branch)
	_, err := w.Repo.Push(branch, githubsim.CommitSpec{
		Author: "alice", Message: args[0],
		Files: []githubsim.File{{Path: "pennychat/features/direct.py", Text: fmt.Sprintf("AFTER = %q\n", head.SHA)}},
	})
	return err
}

func (w *World) doConfig(args []string) error {
	key, value, ok := strings.Cut(args[0], "=")
	if !ok || key == "" {
		return errForm
	}
	w.begin("config change of "+key, func(ctx context.Context) error {
		_, err := w.app().SetConfig(ctx, key, value, email("alice"))
		return err
	})
	return nil
}

func (w *World) doCLI(args []string) error {
	app := w.app()
	switch {
	case args[0] == "deploy" && len(args) == 1:
		head := w.Repo.Head(branch)
		w.begin("deploy by hand", func(ctx context.Context) error {
			_, err := app.Deploy(ctx, herokusim.DeploySpec{Commit: w.deployedCommit(head.SHA), By: email("alice")})
			return err
		})
		return nil
	case args[0] == "rollback" && len(args) == 2:
		n, err := strconv.Atoi(strings.TrimPrefix(args[1], "v"))
		if err != nil {
			return fmt.Errorf("%q is no release; write it as v120", args[1])
		}
		if !eligible(app, n) {
			return fmt.Errorf("one cannot roll back to v%d", n)
		}
		w.begin("rollback by hand", func(ctx context.Context) error {
			_, err := app.Rollback(ctx, n, email("alice"))
			return err
		})
		return nil
	}
	return errForm
}

func eligible(app *herokusim.App, version int) bool {
	for _, r := range app.Releases() {
		if r.Version == version {
			return r.Eligible
		}
	}
	return false
}

func (w *World) doReleasePhase(args []string) error {
	if args[0] != "fail" {
		return errForm
	}
	w.app().NextReleasePhase(true, failedMigration)
	return nil
}

func (w *World) doHealth(args []string) error {
	if args[0] != "ok" && args[0] != "fail" {
		return errForm
	}
	w.app().SetHealth(args[0] == "ok")
	return nil
}

func (w *World) doCrash(args []string) error { return w.app().Crash(args[0]) }

func (w *World) setDown(name string, down bool) error {
	switch name {
	case "slack":
		w.Slack.SetDown(down)
	case "github":
		w.GitHub.Weather().SetDown(down)
	case "heroku":
		w.Heroku.Weather().SetDown(down)
	case "database":
		return fmt.Errorf("this version keeps nothing in a database that could go down")
	default:
		return unknown("server", name, "github", "heroku", "slack")
	}
	return nil
}

func (w *World) doFault(args []string) error {
	at := map[string]*weather.Weather{"slack": w.Slack.Weather(), "github": w.GitHub.Weather(), "heroku": w.Heroku.Weather()}
	server := at[args[0]]
	if server == nil {
		return unknown("server", args[0], "github", "heroku", "slack")
	}
	if len(args) == 2 && args[1] == "clear" {
		server.Clear()
		return nil
	}
	f, err := weather.ParseFault(args[1:])
	if err != nil {
		return err
	}
	server.Add(f)
	return nil
}
