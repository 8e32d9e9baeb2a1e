package django

import (
	"cmp"
	"errors"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
)

// Key names a migration: the label of its app, and its name, which is its file's without .py.
type Key struct{ App, Name string }

func (k Key) String() string { return k.App + "." + k.Name }

func compareKeys(a, b Key) int {
	return cmp.Or(cmp.Compare(a.App, b.App), cmp.Compare(a.Name, b.Name))
}

// Options are what neither a project's migration files nor its settings say.
type Options struct {
	// Folders are those with the migrations of an app, by the end of their path, with its label, besides those that MIGRATION_MODULES names.
	Folders map[string]string
	// Users is the label of the app of AUTH_USER_MODEL; empty: that of the settings.
	Users string
}

// Project is what the migrations of one commit say together.
type Project struct {
	files    map[Key]*node
	paths    map[string]*node // the same
	nodes    map[Key]*node    // the files but for those that a squashed one stands for
	stands   map[Key]Key      // what stands for a replaced migration
	apps     map[string]bool  // that have migrations
	first    map[string][]Key // by app: without a parent in the same app; sorted
	last     map[string][]Key // without a child there
	users    string
	astray   map[string]fingerprint // files that are not taken for any app's, by path
	findings []Finding              // of those
}

// node is a migration among the others.
type node struct {
	key  Key
	path string
	err  error // the file could not be read
	// blind says that not all is known of what it depends on.
	blind bool
	// labelled says that something tells the label, and that it is not only the folder's name.
	labelled bool
	*Migration
	says              fingerprint
	parents, children []Key // sorted
	findings          []Finding
}

// inFolder is the path of a file in a folder for migrations. Such folders are called migrations, or, with MIGRATION_MODULES, mostly
// something with that word.
var inFolder = regexp.MustCompile(`^((?:.*/)?([^/]+)/([^/]*migrations[^/]*))/([^/]+)\.py$`)

// Wanted tells whether Load reads a file, by its path: those in folders for migrations, the apps.py beside them, which may give an app
// another label than its folder's name, and settings. Folders that only the settings name are wanted With these.
func (o Options) Wanted(file string) bool {
	_, _, ok := o.place(file)
	return ok || path.Base(file) == "apps.py" || IsSettings(file)
}

// place splits the path of a migration file.
func (o Options) place(file string) (folder, name string, ok bool) {
	folder, base := path.Split(file)
	folder = strings.TrimSuffix(folder, "/")
	name, isPython := strings.CutSuffix(base, ".py")
	if !isPython || name == "" || name[0] == '_' || name[0] == '~' { // those Django passes over
		return "", "", false
	}
	return folder, name, o.label(folder) != "" || inFolder.MatchString(file)
}

// label is that of the app to which a folder is given.
func (o Options) label(folder string) string {
	for end, label := range o.Folders {
		if strings.HasSuffix("/"+folder, "/"+end) {
			return label
		}
	}
	return ""
}

// Load reads the migrations of a commit from its files, by path. Paths that are not Wanted are passed over.
func Load(files map[string][]byte, o Options) *Project {
	o, doubts := o.known(files)
	p := &Project{
		findings: doubts,
		files:    map[Key]*node{}, paths: map[string]*node{}, nodes: map[Key]*node{}, stands: map[Key]Key{}, apps: map[string]bool{},
		first: map[string][]Key{}, last: map[string][]Key{}, users: o.Users, astray: map[string]fingerprint{},
	}
	folders := map[string]*folder{}
	for _, file := range slices.Sorted(maps.Keys(files)) {
		in, name, ok := o.place(file)
		if !ok {
			continue
		}
		f := folders[in]
		if f == nil {
			f = &folder{path: in, label: o.label(in), named: o.label(in) != "", apps: files[path.Join(path.Dir(in), "apps.py")]}
			folders[in] = f
		}
		n := &node{key: Key{Name: name}, path: file}
		n.Migration, n.says, n.err = read(files[file])
		f.nodes = append(f.nodes, n)
	}
	for _, in := range slices.Sorted(maps.Keys(folders)) {
		if f := folders[in]; f.foreign() {
			delete(folders, in)
		}
	}
	label(folders)
	p.take(folders)
	p.connect()
	return p
}

// take makes one project of the folders. Of two that seem to be of one app, that which the settings name is.
func (p *Project) take(folders map[string]*folder) {
	at := map[string]*folder{} // by label
	order := slices.Sorted(maps.Keys(folders))
	slices.SortStableFunc(order, func(a, b string) int { return rank(folders[a]) - rank(folders[b]) })
	for _, in := range order {
		f := folders[in]
		if other, ok := at[f.label]; ok {
			p.pass(f, other)
			continue
		}
		at[f.label] = f
		for _, n := range f.nodes {
			n.key.App = f.label
			if f.doubt != "" {
				n.find(Unclear, 0, f.doubt)
			}
			if n.err != nil {
				n.find(Unreadable, 0, n.path+": "+n.err.Error())
				n.Migration = &Migration{Atomic: true}
			}
			n.blind = n.err != nil || n.Blind(Graph)
			n.labelled = f.sure
			p.files[n.key], p.nodes[n.key], p.paths[n.path], p.apps[f.label] = n, n, n, true
		}
	}
}

func rank(f *folder) int {
	if f.named {
		return 0
	}
	return 1
}

// pass leaves a folder out whose app has another one.
func (p *Project) pass(f, other *folder) {
	if other.named {
		return
	}
	p.findings = append(p.findings, Finding{
		Kind: Unclear, Why: "the migrations in " + f.path + " seem to belong to the same app as those in " + other.path + ", " + f.label + "; they are not looked at",
	})
	for _, n := range f.nodes {
		p.astray[n.path] = n.says
	}
}

func (n *node) find(kind Kind, line int, why string) {
	n.findings = append(n.findings, Finding{Migration: n.key, Kind: kind, Line: line, Why: why})
}

// folder is one with migrations.
type folder struct {
	path  string
	label string
	named bool   // by the settings or options
	sure  bool   // something tells the label
	doubt string // why the label may be another one
	apps  []byte // the apps.py beside it
	nodes []*node
}

// foreign tells that the folder is for something else: none of its files is a migration of Django's.
func (f *folder) foreign() bool {
	return !slices.ContainsFunc(f.nodes, func(n *node) bool {
		return n.err == nil || !errors.Is(n.err, ErrNone) && path.Base(f.path) == "migrations"
	})
}
