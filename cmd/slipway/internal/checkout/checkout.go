// Package checkout reads files of a local git checkout, as they are at a commit, by running git.
package checkout

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"
)

// Checkout is a local git checkout.
type Checkout struct {
	Dir string // in it; empty: the current folder
}

// ErrNoCommit says that something names no commit.
var ErrNoCommit = errors.New("names no commit here")

// git runs a git command and gives its output. What it says on standard error is in the error.
func (c Checkout) git(ctx context.Context, in io.Reader, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir, cmd.Stdin = c.Dir, in
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		if said := strings.TrimSpace(errs.String()); said != "" {
			err = fmt.Errorf("%w: %s", err, said)
		}
		return nil, fmt.Errorf("git %s: %w", args[0], err)
	}
	return out.Bytes(), nil
}

// Commit gives the hash of what a revision names: a hash, a branch, a tag, HEAD~2. The error is ErrNoCommit where it names none.
func (c Checkout) Commit(ctx context.Context, revision string) (string, error) {
	if _, err := c.git(ctx, nil, "rev-parse", "--git-dir"); err != nil {
		return "", err
	}
	out, err := c.git(ctx, nil, "rev-parse", "--verify", "--quiet", "--end-of-options", revision+"^{commit}")
	if err != nil {
		return "", fmt.Errorf("%q %w", revision, ErrNoCommit)
	}
	return strings.TrimSpace(string(out)), nil
}

// Files gives the files of a commit whose paths are wanted, by their paths from the top of the repository. Links and submodules are no
// files.
func (c Checkout) Files(ctx context.Context, commit string, wanted func(path string) bool) (map[string][]byte, error) {
	list, err := c.git(ctx, nil, "ls-tree", "-r", "-z", "--full-tree", commit)
	if err != nil {
		return nil, err
	}
	var paths, blobs []string
	for entry := range strings.SplitSeq(strings.TrimSuffix(string(list), "\x00"), "\x00") {
		about, path, ok := strings.Cut(entry, "\t") // mode, type, hash
		fields := strings.Fields(about)
		if ok && len(fields) == 3 && strings.HasPrefix(fields[0], "100") && wanted(path) {
			paths, blobs = append(paths, path), append(blobs, fields[2])
		}
	}
	content, err := c.git(ctx, strings.NewReader(strings.Join(blobs, "\n")), "cat-file", "--batch")
	if err != nil {
		return nil, err
	}
	files := make(map[string][]byte, len(paths))
	r := bufio.NewReader(bytes.NewReader(content))
	for _, path := range paths {
		if files[path], err = blob(r); err != nil {
			return nil, fmt.Errorf("read %s at %s: %w", path, commit, err)
		}
	}
	return files, nil
}

// blob reads a line of hash, type and size, the content, and a line end.
func blob(r *bufio.Reader) ([]byte, error) {
	head, err := r.ReadString('\n')
	if err != nil {
		return nil, err
	}
	fields := strings.Fields(head)
	if len(fields) != 3 {
		return nil, fmt.Errorf("git cat-file says %q", strings.TrimSpace(head))
	}
	size, err := strconv.Atoi(fields[2])
	if err != nil {
		return nil, err
	}
	content := make([]byte, size+1)
	if _, err := io.ReadFull(r, content); err != nil {
		return nil, err
	}
	return content[:size], nil
}
