package commands

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"slipway/bot/phrase"
	"slipway/bot/say"
	"slipway/integrations/github"
)

// migrationFile matches the path of a Django migration.
var migrationFile = regexp.MustCompile(`(?:^|/)migrations/[0-9]{4}_\w+\.py$`)

// reverted is what is kept of a pull request.
func (f foundPull) reverted() reverted {
	r := reverted{Number: f.pull.Number, NodeID: f.pull.NodeID, Title: f.pull.Title, Merge: f.pull.MergeSHA}
	for _, file := range f.files {
		if (file.Status == "added" || file.Status == "renamed") && migrationFile.MatchString(file.Path) {
			r.Migrations = append(r.Migrations, file.Path)
		}
	}
	slices.Sort(r.Migrations)
	return r
}

// revertLines say of one pull request what will be done.
func revertLines(f foundPull, r reverted) []string {
	lines := []string{fmt.Sprintf("GitHub opens a pull request that takes back %s, on a new branch %s to %s.", phrase.Pull(f.pull),
		say.Code(r.prefix()+"…"), say.ForeignCode(f.pull.BaseRef, phrase.NameLimit))}
	if len(r.Migrations) == 0 {
		return lines
	}
	files := make([]string, len(r.Migrations))
	for i, path := range r.Migrations {
		files[i] = say.ForeignCode(path, phrase.TitleLimit)
	}
	return append(lines, fmt.Sprintf(":warning: #%d brought %s, which the database still has: %s. The revert takes the files out, and they have to stay."+
		" Put them back on its branch before it is merged; its text has the lines.", r.Number, say.Count(len(files), "migration", "migrations"), phrase.Some(files, ", ")))
}

// revertBody is the text of the pull request, in GitHub's markdown. GitHub links it with the one it names.
func revertBody(repo github.Repo, r reverted, operation string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Reverts %s#%d\n", repo, r.Number)
	if len(r.Migrations) > 0 {
		fmt.Fprintf(&b, "\n**Before this is merged:** #%d brought %s, and the database still has them unless somebody undid them there. "+
			"Their files have to stay: without them Django does not know what was applied, and the next migration gets the same number. On this branch:\n\n",
			r.Number, say.Count(len(r.Migrations), "migration", "migrations"))
		fmt.Fprintf(&b, "    git checkout %s -- %s\n    git commit -m \"Keep the migrations of #%d\"\n    git push\n", r.Merge, strings.Join(quoted(r.Migrations), " "), r.Number)
	}
	fmt.Fprintf(&b, "\nOpened by slipway, operation %s.\n", operation)
	return b.String()
}

// quoted are paths as a shell takes them.
func quoted(paths []string) []string {
	list := make([]string, len(paths))
	for i, p := range paths {
		if list[i] = p; strings.ContainsFunc(p, strange) {
			list[i] = "'" + strings.ReplaceAll(p, "'", `'\''`) + "'"
		}
	}
	return list
}

// strange tells what a shell may take for something else.
func strange(r rune) bool {
	letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	return !letter && !strings.ContainsRune("_-./", r)
}
