package recipe

import (
	"context"
	"maps"
	"slices"
	"strings"

	"slipway/bot/abreast"
	"slipway/integrations/django"
	"slipway/integrations/github"
)

const (
	// mostCalls is what an undo may cost of GitHub's calls, besides one for each new migration. Once the migrations of a repository are
	// known, two list both commits.
	mostCalls = 4

	// commitCalls is what one commit may cost of these at the least: to list it, and to read it in one piece after all.
	commitCalls = 2

	mostFiles = 24 // are read one by one; more are read in one piece, which counts as one call
	abreastly = 8
)

// purse is what is left of the calls.
type purse int

func (p *purse) spend(n int) { *p -= purse(n) }

// reading is that of one commit.
type reading struct {
	github *github.Client
	repo   github.Repo
	sha    string
	shelf  shelf
	calls  *purse
	leave  int // so many calls for others

	options django.Options    // what settings that were read say
	texts   map[string][]byte // by git's name of the content
}

// all reads what a commit has, and keeps it.
func (r *reading) all(ctx context.Context) (map[string][]byte, error) {
	names, err := r.listed(ctx)
	if err != nil {
		return nil, err
	}
	if names == nil {
		if names, err = r.archived(ctx); err != nil {
			return nil, err
		}
	}
	if err := r.shelf.keep(ctx, r.sha, names, r.texts); err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for path, name := range names {
		files[path] = r.texts[name]
	}
	return files, nil
}

// listed reads the files of which the content is not known one by one; nil: too much of it is not known for that.
func (r *reading) listed(ctx context.Context) (names map[string]string, err error) {
	if known, err := r.shelf.any(ctx); err != nil || !known {
		return nil, err
	}
	r.calls.spend(1)
	tree, err := r.github.Tree(ctx, r.repo, r.sha)
	if err != nil || tree.Truncated {
		return nil, err
	}
	all := map[string]string{}
	for _, e := range tree.Entries {
		if e.Type == "blob" && e.Mode != link {
			all[e.Path] = e.SHA
		}
	}
	r.texts = map[string][]byte{}
	settings := chosen(all, django.IsSettings) // which may name more folders
	if ok, err := r.load(ctx, settings); err != nil || !ok {
		return nil, err
	}
	r.options = r.told(settings)
	wanted := chosen(all, r.options.Wanted)
	if ok, err := r.load(ctx, wanted); err != nil || !ok {
		return nil, err
	}
	return wanted, nil
}

const link = "120000"

func chosen(all map[string]string, wanted func(string) bool) map[string]string {
	some := map[string]string{}
	for path, name := range all {
		if wanted(path) {
			some[path] = name
		}
	}
	return some
}

func (r *reading) byPath(names map[string]string) map[string][]byte {
	files := map[string][]byte{}
	for path, name := range names {
		files[path] = r.texts[name]
	}
	return files
}

// load gets the contents of files from the shelf and, if they are few, from GitHub; not ok: they are not few.
func (r *reading) load(ctx context.Context, names map[string]string) (ok bool, err error) {
	kept, err := r.shelf.texts(ctx, names)
	if err != nil {
		return false, err
	}
	missing := map[string]string{} // a path, by git's name of the content
	others := 0                    // that are no migrations, such as settings
	for _, path := range slices.Sorted(maps.Keys(names)) {
		if text, is := kept[path]; is {
			r.texts[names[path]] = text
		}
		if r.texts[names[path]] != nil || missing[names[path]] != "" {
			continue
		}
		missing[names[path]] = path
		if django.IsSettings(path) || strings.HasSuffix("/"+path, "/apps.py") {
			others++
		}
	}
	if len(missing) > mostFiles || others > int(*r.calls)-r.leave-1 { // the one is for reading all in one piece
		return false, nil
	}
	r.calls.spend(others)
	return true, r.fetch(ctx, missing)
}

// fetch reads files one by one.
func (r *reading) fetch(ctx context.Context, missing map[string]string) error {
	list := slices.Sorted(maps.Keys(missing))
	texts, errs := make([][]byte, len(list)), make([]error, len(list))
	for from := 0; from < len(list); from += abreastly {
		abreast.Each(min(abreastly, len(list)-from), func(i int) {
			texts[from+i], errs[from+i] = r.github.File(ctx, r.repo, missing[list[from+i]], r.sha)
		})
	}
	for i, name := range list {
		if errs[i] != nil {
			return errs[i]
		}
		r.texts[name] = append([]byte{}, texts[i][:min(len(texts[i]), github.MaxFile)]...)
	}
	return nil
}

// archived reads a commit in one piece. Folders that only its settings name are not among what is asked for at first; if there are some
// of which nothing was known, it is read once more.
func (r *reading) archived(ctx context.Context) (map[string]string, error) {
	for {
		r.calls.spend(1)
		files, err := r.github.Archive(ctx, r.repo, r.sha, r.options.Wanted)
		if err != nil {
			return nil, err
		}
		names := map[string]string{}
		r.texts = map[string][]byte{}
		for _, f := range files {
			names[f.Path], r.texts[f.SHA] = f.SHA, f.Text
		}
		told := r.told(chosen(names, django.IsSettings))
		if maps.Equal(told.Folders, r.options.Folders) {
			return names, nil
		}
		r.options = told
	}
}

// told is what settings say, which are read.
func (r *reading) told(settings map[string]string) django.Options {
	return django.Options{}.With(r.byPath(settings))
}
