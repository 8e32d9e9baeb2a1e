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
	files, err := w.files(args[1:])
	if err != nil {
		return err
	}
	if len(files) == 0 {
		text := fmt.Sprintf("REVIEWED = %q\n", p.HeadSHA)
		files = []githubsim.File{{Path: fmt.Sprintf("pennychat/features/review_%d.py", p.Number), Text: text}}
	}
	_, err = w.Repo.Push(p.Head, githubsim.CommitSpec{Author: p.Author, Message: "Address review", Files: files})
	return err
}

// doCI scripts a run.
func (w *World) doCI(args []string) error {
	if len(args) == 1 {
		if args[0] != "skip-deploy" {
			return errForm
		}
		args = []string{"skip", branch, "deploy"}
	}
	o := githubsim.Outcome{Kind: args[0]}
	if len(args) > 2 {
		o.Job = args[2]
	}
	if len(args) > 3 {
		o.Step = args[3]
	}
	at, err := w.runsOf(args[1])
	if err != nil {
		return err
	}
	return w.Repo.Script(at.target, o)
}

// meant are the runs that a word means: a number those of the pull request's checks while it is open or when it was closed
// unmerged, and those on the branch once it is merged; the branch's name those on the branch.
type meant struct {
	target    string // as of Repo.Script
	event, on string
	sha       string // of the merge; there may be no run of just that commit
}

func (w *World) runsOf(word string) (meant, error) {
	m := meant{target: "branch/" + branch, event: "push", on: branch}
	if word == branch {
		return m, nil
	}
	p, err := w.pull(word)
	if err != nil {
		return m, err
	}
	if !p.Merged {
		return meant{target: "pull/" + strconv.Itoa(p.Number), event: "pull_request", on: p.Head}, nil
	}
	m.sha = p.MergeSHA
	return m, nil
}

// latestRun is the newest run that a word means: of a merged pull request that of its own merge, if there is one.
func (w *World) latestRun(word string) (githubsim.Run, error) {
	m, err := w.runsOf(word)
	if err != nil {
		return githubsim.Run{}, err
	}
	var found []githubsim.Run
	for _, r := range w.Repo.Runs() {
		if r.Event != m.event || r.Branch != m.on {
			continue
		}
		if r.SHA == m.sha {
			return r, nil
		}
		found = append(found, r)
	}
	if len(found) == 0 {
		return githubsim.Run{}, fmt.Errorf("there is no run of %s", word)
	}
	return found[0], nil
}

func (w *World) doRerun(args []string) error {
	if len(args) > 1 && args[1] != "failed" {
		return errForm
	}
	r, err := w.latestRun(args[0])
	if err != nil {
		return err
	}
	return w.Repo.Rerun(r.ID, len(args) > 1, "alice")
}

func (w *World) doCancel(args []string) error {
	r, err := w.latestRun(args[0])
	if err != nil {
		return err
	}
	return w.Repo.Cancel(r.ID)
}

func (w *World) doClose(args []string) error {
	p, err := w.pull(args[0])
	if err != nil {
		return err
	}
	return w.Repo.ClosePull(p.Number, p.Author)
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

// doDirect pushes a commit straight onto the branch: of the files that are named, or of one of its own.
func (w *World) doDirect(args []string) error {
	files, err := w.files(args[1:])
	if err != nil {
		return err
	}
	if len(files) == 0 {
		head := w.Repo.Head(branch)
		files = []githubsim.File{{Path: "pennychat/features/direct.py", Text: fmt.Sprintf("AFTER = %q\n", head.SHA)}}
	}
	_, err = w.Repo.Push(branch, githubsim.CommitSpec{Author: "alice", Message: args[0], Files: files})
	return err
}

// files are those that words of the form path=name bring.
func (w *World) files(words []string) (files []githubsim.File, err error) {
	for _, word := range words {
		path, name, ok := strings.Cut(word, "=")
		if !ok {
			return nil, errForm
		}
		text, err := w.text(name)
		if err != nil {
			return nil, err
		}
		files = append(files, githubsim.File{Path: path, Text: text})
	}
	return files, nil
}

// text is a file's that a line names.
func (w *World) text(name string) (string, error) {
	if w.options.File == nil {
		return "", fmt.Errorf("there are no files to take %s from", name)
	}
	return w.options.File(name)
}

// settingsFile is where slipway's settings stand in a repository.
const settingsFile = ".slipway.yml"

// doSettings changes slipway's settings by a commit straight onto the branch, or deletes them.
func (w *World) doSettings(args []string) error {
	f, message := githubsim.File{Path: settingsFile, Gone: true}, "Remove slipway's settings"
	if args[0] != "none" {
		text, err := w.text(args[0])
		if err != nil {
			return err
		}
		f, message = githubsim.File{Path: settingsFile, Text: text}, "Change slipway's settings"
	}
	_, err := w.Repo.Push(branch, githubsim.CommitSpec{Author: "alice", Message: message, Files: []githubsim.File{f}})
	return err
}
