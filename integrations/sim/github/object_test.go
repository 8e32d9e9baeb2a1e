package githubsim

import (
	"testing"
	"time"
)

// The names on the right were made by git 2.39.5 from the same files, people and times.
func TestObjectsAreHashedAsGitHashesThem(t *testing.T) {
	t.Parallel()
	s := New(Options{})
	defer s.Close()
	s.AddUser("alice", "Alice", "alice@example.com")
	r := s.AddRepo("o", "r", "master")
	at := time.Unix(1767618000, 0)
	first := r.Commit("master", CommitSpec{Author: "alice", Message: "First\n\nWith a body.\n", At: at, Files: []File{
		{Path: "README.md", Text: "hello\n"},
		{Path: "app/migrations/0001.py", Text: "x = 1"},
		{Path: "lib/empty"},
		{Path: "lib.txt", Text: "a\n"},
		{Path: "lib-x", Text: "b\n"},
	}})
	second := r.Commit("master", CommitSpec{Author: "alice", Message: "Second", At: at.Add(time.Minute), Files: []File{{Path: "README.md", Text: "bye\n"}}})
	c := r.git.commits[first.SHA]
	app, _ := r.git.descend(c.tree, "app")
	for _, o := range []struct{ what, got, want string }{
		{"blob", c.files["README.md"], "ce013625030ba8dba906f756967f9e9ca394464a"},
		{"tree of a directory", app, "2722f541cda048fbe3ee6c3afbe315b5e0b2ddf2"},
		{"tree whose order is git's, not the alphabet's", c.tree, "5bb984603ad2333627e57f61f8f73e06723470e9"},
		{"commit without parents", first.SHA, "327d4530417f04b8a88a063756cd009026c6e1a8"},
		{"commit with a parent", second.SHA, "161e540a0ae91db3938d7acdcbb7ef93b01cda5a"},
		{"empty tree", r.git.tree(nil), "4b825dc642cb6eb9a060e54bf8d69288fbee4904"},
	} {
		if o.got != o.want {
			t.Errorf("%s: %s, git says %s", o.what, o.got, o.want)
		}
	}
}

func TestADeletedFileIsGone(t *testing.T) {
	t.Parallel()
	s := New(Options{})
	defer s.Close()
	r := s.AddRepo("o", "r", "master")
	r.Commit("master", CommitSpec{Author: "nobody", Message: "a", Files: []File{{Path: "a/b", Text: "1\n"}, {Path: "c", Text: "2\n"}}})
	c := r.Commit("master", CommitSpec{Author: "nobody", Message: "b", Files: []File{{Path: "a/b", Gone: true}}})
	if got := sortedKeys(r.git.commits[c.SHA].files); len(got) != 1 || got[0] != "c" {
		t.Errorf("files %v, want [c]", got)
	}
}
