package github_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"slipway/integrations/github"
)

// entry is one of a tar.
type entry struct {
	name string
	kind byte
	text string
}

func packed(t *testing.T, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for _, e := range entries {
		h := &tar.Header{Name: e.name, Typeflag: e.kind, Mode: 0o644, Size: int64(len(e.text))}
		if e.kind == tar.TypeSymlink {
			h.Linkname = "elsewhere"
		}
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, e.text); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAnArchiveGivesTheFilesThatAreWanted(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		body := packed(t,
			entry{"penny-abc/", tar.TypeDir, ""},
			entry{"penny-abc/chat/migrations/0001_initial.py", tar.TypeReg, "class Migration: pass\n"},
			entry{"penny-abc/chat/migrations/empty.py", tar.TypeReg, ""},
			entry{"penny-abc/chat/migrations/large.py", tar.TypeReg, strings.Repeat("#", github.MaxFile+1)},
			entry{"penny-abc/chat/migrations/link.py", tar.TypeSymlink, ""},
			entry{"penny-abc/chat/../../migrations/out.py", tar.TypeReg, "out"},
			entry{"penny-abc/README.md", tar.TypeReg, "# Penny\n"},
		)
		client, far := logStage(t, says(302, ``, "Location", signed), func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(body) })
		files, err := client.Archive(t.Context(), penny, "abc", func(path string) bool { return strings.HasSuffix(path, ".py") })
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range files {
			got = append(got, fmt.Sprintf("%s %s %d", f.Path, f.SHA, len(f.Text)))
		}
		want := []string{ // the names are those that git hash-object gives
			"chat/migrations/0001_initial.py 25f7d63288bd51b0f6d1c19a010b8c16739aec49 22",
			"chat/migrations/empty.py e69de29bb2d1d6434b8b29ae775ad8c2e48c5391 0",
			"chat/migrations/large.py a21d5838a3108c3d87e4fd7276dd753096a43880 1048577",
		}
		if !slices.Equal(got, want) {
			t.Errorf("got\n%s", strings.Join(got, "\n"))
		}
		if r := far.requests(); r[0].URL.Path != repoPath+"/tarball/abc" || len(r) != 2 || r[1].Header.Get("Authorization") != "" {
			t.Errorf("asked %d times", len(r))
		}
	})
}

func TestAnArchiveThatIsNotToBeHadSaysWhy(t *testing.T) {
	t.Parallel()
	whole := packed(t, entry{"p/a.py", tar.TypeReg, strings.Repeat("# a\n", 5000)})
	found := says(302, ``, "Location", signed)
	gives := func(b []byte) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(b) }
	}
	for name, c := range map[string]struct {
		api, store http.HandlerFunc
		kind       github.Kind
	}{
		"no such commit": {says(404, `{"message":"Not Found"}`), nil, github.NotFound},
		"refused":        {found, says(403, `s3cret`), github.Unavailable},
		"hangs":          {found, hangs, github.Unreachable},
		"cut":            {found, cutShort, github.Malformed},
		"html":           {found, gives([]byte("<html>")), github.Malformed},
		"half":           {found, gives(whole[:len(whole)/2]), github.Malformed},
		"no tar":         {found, gives(gzipped(t, "not a tar, though it was zipped"+strings.Repeat(".", 600))), github.Malformed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T) {
				client, _ := logStage(t, c.api, c.store)
				files, err := client.Archive(t.Context(), penny, "abc", func(string) bool { return true })
				e := fails(t, err)
				if e.Kind != c.kind || e.Op != "read the files of abc of penny-university/penny_university" || files != nil {
					t.Errorf("got %v, %d files", e, len(files))
				}
				if text := fmt.Sprintf("%v %+v", err, *e); strings.Contains(text, "s3cret") {
					t.Errorf("shown: %s", text)
				}
			})
		})
	}
}

func gzipped(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.WriteString(z, text); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// The names of the contents are those that the tree has.
func TestSimAnArchiveIsWhatTheTreeSays(t *testing.T) {
	played(t, func(t *testing.T, w *world) {
		tree, err := w.client.Tree(t.Context(), penny, w.merged.SHA)
		if err != nil {
			t.Fatal(err)
		}
		files, err := w.client.Archive(t.Context(), penny, w.merged.SHA, func(string) bool { return true })
		if err != nil {
			t.Fatal(err)
		}
		var listed, got []string
		for _, e := range tree.Entries {
			if e.Type == "blob" {
				listed = append(listed, e.Path+" "+e.SHA)
			}
		}
		for _, f := range files {
			got = append(got, f.Path+" "+f.SHA)
			text, err := w.client.File(t.Context(), penny, f.Path, w.merged.SHA)
			if err != nil || !bytes.Equal(text, f.Text) {
				t.Errorf("%s is %q, %v", f.Path, f.Text, err)
			}
		}
		slices.Sort(listed)
		slices.Sort(got)
		equal(t, listed, got, nil)
	})
}
