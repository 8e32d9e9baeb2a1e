package githubsim

import (
	"crypto/sha1" //nolint:gosec // git's object names are SHA-1
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// store holds one repository's git objects by name, hashed as git hashes them.
type store struct {
	blobs   map[string]string
	trees   map[string][]entry
	commits map[string]*gitCommit
}

// entry is one line of a tree.
type entry struct {
	name, sha string
	dir       bool
}

type signature struct {
	name, email string
	at          time.Time // whole seconds, UTC
}

type gitCommit struct {
	sha, tree         string
	parents           []string
	author, committer signature
	message           string            // without a newline at its end
	files             map[string]string // path to blob; never changed after creation
	order             int               // of creation: a parent's is always smaller
}

func newStore() *store {
	return &store{blobs: map[string]string{}, trees: map[string][]entry{}, commits: map[string]*gitCommit{}}
}

// hash names an object: the SHA-1 of "kind length\0content".
func hash(kind, content string) string {
	sum := sha1.Sum([]byte(fmt.Sprintf("%s %d\x00%s", kind, len(content), content))) //nolint:gosec
	return hex.EncodeToString(sum[:])
}

func (o *store) blob(text string) string {
	sha := hash("blob", text)
	o.blobs[sha] = text
	return sha
}

// tree writes the tree objects of a snapshot and gives the name of the topmost.
func (o *store) tree(files map[string]string) string {
	below := map[string]map[string]string{}
	var entries []entry
	for _, p := range sortedKeys(files) {
		dir, rest, nested := strings.Cut(p, "/")
		if !nested {
			entries = append(entries, entry{name: p, sha: files[p]})
			continue
		}
		if below[dir] == nil {
			below[dir] = map[string]string{}
		}
		below[dir][rest] = files[p]
	}
	for _, dir := range sortedKeys(below) {
		entries = append(entries, entry{name: dir, sha: o.tree(below[dir]), dir: true})
	}
	// git sorts a directory as if its name ended in a slash.
	slices.SortFunc(entries, func(a, b entry) int { return strings.Compare(a.key(), b.key()) })
	var content strings.Builder
	for _, e := range entries {
		mode := "100644"
		if e.dir {
			mode = "40000"
		}
		raw, _ := hex.DecodeString(e.sha)
		fmt.Fprintf(&content, "%s %s\x00%s", mode, e.name, raw)
	}
	sha := hash("tree", content.String())
	o.trees[sha] = entries
	return sha
}

func (e entry) key() string {
	if e.dir {
		return e.name + "/"
	}
	return e.name
}

// commit writes a commit object over a snapshot.
func (o *store) commit(files map[string]string, parents []string, author, committer signature, message string) *gitCommit {
	c := &gitCommit{
		tree: o.tree(files), parents: parents, author: author, committer: committer,
		message: strings.TrimRight(message, "\n"), files: maps.Clone(files), order: len(o.commits),
	}
	c.sha = hash("commit", c.content())
	if old := o.commits[c.sha]; old != nil {
		return old // the very same commit again: same parents, files, people and second
	}
	o.commits[c.sha] = c
	return c
}

func (c *gitCommit) content() string {
	var b strings.Builder
	fmt.Fprintf(&b, "tree %s\n", c.tree)
	for _, p := range c.parents {
		fmt.Fprintf(&b, "parent %s\n", p)
	}
	fmt.Fprintf(&b, "author %s\ncommitter %s\n\n%s\n", c.author, c.committer, c.message)
	return b.String()
}

// String is how git writes a signature into a commit.
func (g signature) String() string {
	return fmt.Sprintf("%s <%s> %d +0000", g.name, g.email, g.at.Unix())
}

// title is a message's first line.
func title(message string) string {
	first, _, _ := strings.Cut(message, "\n")
	return first
}

// seconds is a moment as git and GitHub keep it.
func seconds(t time.Time) time.Time { return t.UTC().Truncate(time.Second) }
