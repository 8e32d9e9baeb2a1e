package world

import (
	"fmt"
	"strconv"
	"strings"

	githubsim "slipway/integrations/sim/github"
)

func (w *World) pull(word string) (githubsim.Pull, error) {
	n, err := strconv.Atoi(strings.TrimPrefix(word, "#"))
	if err == nil {
		if p, ok := w.Repo.Pull(n); ok {
			return p, nil
		}
	}
	open := []string{}
	for _, p := range w.Repo.OpenPulls() {
		open = append(open, strconv.Itoa(p.Number))
	}
	if len(open) == 0 {
		open = append(open, "none")
	}
	return githubsim.Pull{}, fmt.Errorf("there is no pull request %s; open are %s", word, strings.Join(open, " and "))
}

func (w *World) doPush(args []string) error {
	p, err := w.pull(args[0])
	if err != nil {
		return err
	}
	if p.State != "open" {
		return fmt.Errorf("#%d is %s: nobody pushes to it any more", p.Number, p.State)
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
	if method == "queue" {
		return w.Repo.Enqueue(p.Author, p.Number)
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
