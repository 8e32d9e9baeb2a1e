package policy

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"slipway/bot/store"
	"slipway/integrations/github"
)

// File is where a repository keeps its settings.
const File = ".slipway.yml"

// longestText is how much of a file is kept: a little more than package settings takes, so that it still says that it is
// too long.
const longestText = 64<<10 + 1

// version is the file as it was read.
type version struct {
	hash  string // "": there is none
	text  []byte
	began time.Time // when the reading was
}

// Refresh reads the file of a repository of APPS and keeps it. Whatever cannot be read leaves in force what was, and so does
// a version with faults.
func (p *Policy) Refresh(ctx context.Context, repo github.Repo) error {
	w := p.watch(repo)
	if w == nil {
		return fmt.Errorf("read the settings of %s: no app of APPS has this repository", repo)
	}
	defer w.lookedOnce.Do(func() { close(w.looked) })
	v, err := w.fetch(ctx)
	if err != nil {
		return fmt.Errorf("read the settings: %w", err)
	}
	news := false
	err = p.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		news, err = w.news(ctx, tx, v)
		return err
	})
	if err != nil || !news {
		return err
	}
	// It is asked only now, as it costs a call, and answers two questions. What the default branch is called; and whether the
	// repository can be read at all, since GitHub says of one that cannot be that there is no such file.
	found, err := p.GitHub.Repository(ctx, repo)
	if err != nil {
		return fmt.Errorf("read the settings: %w", err)
	}
	err = p.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) error { return w.keep(ctx, tx, v, found.DefaultBranch) })
	if err == nil && p.Kept != nil {
		p.Kept()
	}
	return err
}

// fetch reads the file from the default branch.
func (w *watch) fetch(ctx context.Context) (version, error) {
	v := version{text: []byte{}, began: time.Now()}
	data, err := w.GitHub.File(ctx, w.repo, File, "")
	switch {
	case github.KindOf(err) == github.NotFound:
		return v, nil
	case err != nil:
		return version{}, err
	}
	sum := sha256.Sum256(data)
	v.hash, v.text = hex.EncodeToString(sum[:]), data[:min(len(data), longestText)]
	return v, nil
}

// understood is what a version says.
func (w *watch) understood(v version) (parsed, error) {
	return w.understand(v.hash, func() ([]byte, error) { return v.text, nil })
}

// news tells whether a version is another one than is kept, or is understood otherwise by now.
func (w *watch) news(ctx context.Context, tx *store.Tx, v version) (bool, error) {
	r, err := w.row(ctx, tx)
	if err != nil {
		return false, err
	}
	is, err := w.understood(v)
	late := r.read > v.began.UnixMilli() // another process has read it since
	return !late && (!r.known || r.newest != v.hash || r.wrong != (len(is.faults) > 0)), err
}
