package githubsim

import (
	"slices"
	"strings"
)

// change is what happened to one file between two trees.
type change struct {
	path, from           string // from: the former path of a renamed file
	status               string // added, removed, modified, renamed
	sha                  string // the blob, of a removed file the former one
	patch                string
	additions, deletions int
}

// changes lists the differences between two snapshots by path. A file that vanished and one that appeared with
// at least half of its lines are one renamed file, as for git.
func (o *store) changes(from, to map[string]string) []change {
	var out, added []change
	gone := map[string]string{}
	for _, path := range sortedKeys(from) {
		switch to[path] {
		case from[path]:
		case "":
			gone[path] = from[path]
		default:
			out = append(out, o.changed(change{path: path, status: "modified", sha: to[path]}, from[path]))
		}
	}
	for _, path := range sortedKeys(to) {
		if from[path] == "" {
			added = append(added, change{path: path, status: "added", sha: to[path]})
		}
	}
	for _, c := range added {
		was := ""
		if c.from = o.source(c.sha, gone); c.from != "" {
			c.status, was = "renamed", gone[c.from]
			delete(gone, c.from)
		}
		out = append(out, o.changed(c, was))
	}
	for _, path := range sortedKeys(gone) {
		c := change{path: path, status: "removed", sha: gone[path]}
		c.patch, c.additions, c.deletions = patch(o.blobs[c.sha], "")
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b change) int { return strings.Compare(a.path, b.path) })
	return out
}

func (o *store) changed(c change, was string) change {
	c.patch, c.additions, c.deletions = patch(o.blobs[was], o.blobs[c.sha])
	return c
}

// source finds the vanished file that a new one was made from: the same content, else the most alike.
func (o *store) source(blob string, gone map[string]string) string {
	best, most := "", 50
	for _, path := range sortedKeys(gone) {
		if n := alike(o.blobs[gone[path]], o.blobs[blob]); n > most || n == most && best == "" {
			best, most = path, n
		}
	}
	return best
}

// alike says how many of a hundred bytes two texts share, line by line. Empty files are like nothing.
func alike(a, b string) int {
	if a == "" || b == "" {
		return 0
	}
	left := map[string]int{}
	for line := range strings.Lines(a) {
		left[line]++
	}
	shared := 0
	for line := range strings.Lines(b) {
		if left[line] > 0 {
			left[line]--
			shared += len(line)
		}
	}
	return shared * 100 / max(len(a), len(b))
}
