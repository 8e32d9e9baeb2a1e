// Package slipway_test keeps the house in order: the arrows between packages, their doc comments, and the documents that
// repeat what code says.
//
// It is at the root because it looks at everything.
package slipway_test

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// pkg is one folder of Go files. Its files are parsed rather than listed with the go command, so that cached test results
// know which files they rest on.
type pkg struct {
	path    string              // without the module's name: "bot/say", "" for the root
	doc     bool                // has a doc comment
	shipped bool                // has files that are not tests
	imports map[string][]string // imported path → files that are no tests
	tested  map[string][]string // imported path → test files
}

func TestEveryPackageSaysWhatItIs(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		if p.shipped && !p.doc {
			t.Errorf("%s has no doc comment", name(p.path))
		}
	}
}

// Paths that exist on one machine only. Those of GitHub's runners, as logs show them, lie in /home.
var machinePath = regexp.MustCompile(`(?m)(?:^|[\s"'=(:,` + "`" + `])/(?:root|tmp|work|Users)/[\w.-]+`)

func TestNoFileNamesAPlaceOnOneMachine(t *testing.T) {
	t.Parallel()
	for _, file := range files(t) {
		text, err := os.ReadFile(file)
		if err != nil && !errors.Is(err, fs.ErrNotExist) { // editors and other tests come and go with files
			t.Fatal(err)
		}
		if found := machinePath.Find(text); found != nil {
			t.Errorf("%s: %q", file, found)
		}
	}
}

func name(folder string) string {
	if folder == "" {
		return "the root"
	}
	return folder
}

func packages(t *testing.T) []*pkg {
	t.Helper()
	found := map[string]*pkg{}
	for _, file := range files(t) {
		if !strings.HasSuffix(file, ".go") || strings.Contains(file, "testdata/") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly|parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		folder := strings.TrimPrefix(path.Dir(file), ".")
		if found[folder] == nil {
			found[folder] = &pkg{path: folder, imports: map[string][]string{}, tested: map[string][]string{}}
		}
		found[folder].add(path.Base(file), parsed)
	}
	if len(found) == 0 {
		t.Fatal("no Go files")
	}
	return slices.SortedFunc(maps.Values(found), func(a, b *pkg) int { return strings.Compare(a.path, b.path) })
}

func (p *pkg) add(file string, parsed *ast.File) {
	imports := p.tested
	if !strings.HasSuffix(file, "_test.go") {
		imports = p.imports
		p.shipped = true
		p.doc = p.doc || parsed.Doc != nil
	}
	for _, spec := range parsed.Imports {
		imported, _ := strconv.Unquote(spec.Path.Value)
		imports[imported] = append(imports[imported], file)
	}
}

// files lists the project's files with slashes, without what git, npm and the store put beside them.
func files(t *testing.T) []string {
	t.Helper()
	var list []string
	err := filepath.WalkDir(".", func(file string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && slices.Contains([]string{".git", "node_modules"}, entry.Name()):
			return filepath.SkipDir
		case entry.Type().IsRegular() && !strings.HasPrefix(entry.Name(), "slipway.db"):
			list = append(list, filepath.ToSlash(file))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}
