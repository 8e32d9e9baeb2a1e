package django

import "strings"

// Ref names a migration as a dependency does.
type Ref struct {
	App  string // its label
	Name string // without .py; or First or Latest
	// Setting is the one that names the app, as in swappable_dependency(settings.AUTH_USER_MODEL); App is empty then.
	Setting string
	Line    int
}

// What a dependency may name in place of a migration.
const (
	First  = "__first__"
	Latest = "__latest__"
)

// Migration is what a migration file says.
type Migration struct {
	Dependencies, RunBefore, Replaces []Ref
	Initial                           bool
	Atomic                            bool // as Django runs it, unless the database cannot
	Operations                        []Operation

	// Unread is what could not be read, and in which part.
	Unread []Unread
}

// Part is one of a migration's.
type Part string

// The parts. Graph are dependencies, run_before and replaces: where one is not read, nothing can be planned with the migration.
const (
	Graph   Part = "graph"
	Changes Part = "operations"
	Other   Part = "other"
)

// Unread is a place that could not be read.
type Unread struct {
	Part   Part
	Line   int
	Source string // up to 200 characters
	Why    string
}

// Blind tells whether something of a part could not be read.
func (m *Migration) Blind(p Part) bool {
	for _, u := range m.Unread {
		if u.Part == p {
			return true
		}
	}
	return false
}

// Operation is one step of a migration.
type Operation struct {
	// Class is the name of one of Django's own, such as AddField; else the whole dotted name, as far as it is known.
	Class string
	Known bool // Class is Django's
	Line  int
	Call  Expr // how it is made; opaque where that cannot be read

	// Database are the operations that a SeparateDatabaseAndState runs, and State those of which only the models get to know, also from
	// a RunSQL; if they can be read.
	Database, State []Operation
}

// Answer is yes, no, or that it cannot be known.
type Answer string

// The answers.
const (
	Yes     Answer = "yes"
	No      Answer = "no"
	Unknown Answer = "unknown"
)

// Reversible tells whether Django can undo an operation (django.db.migrations.operations.*, Operation.reversible). That it can does not
// say that no data is lost.
func (o Operation) Reversible() Answer {
	switch {
	case !o.Known:
		return Unknown
	case o.Class == "RunPython":
		return o.reverse(1, "reverse_code")
	case o.Class == "RunSQL":
		return o.reverse(1, "reverse_sql")
	case o.Class == "SeparateDatabaseAndState":
		return o.separate()
	}
	return Yes
}

// reverse asks for the argument that undoes the operation: None, which is also its default, is none.
func (o Operation) reverse(at int, name string) Answer {
	arg, ok := o.Call.Arg(at, name)
	switch {
	case !ok && o.Call.Spread:
		return Unknown
	case !ok, arg.Form == None:
		return No
	case arg.Form == Opaque && !arg.Some:
		return Unknown
	}
	return Yes
}

// separate looks into what is run on the database. State is changed back in any case.
func (o Operation) separate() Answer {
	arg, ok := o.Call.Arg(0, "database_operations")
	switch {
	case !ok && o.Call.Spread, ok && arg.Form != List && arg.Form != None:
		return Unknown
	}
	all := Yes
	for _, inner := range o.Database {
		switch inner.Reversible() {
		case No:
			return No
		case Unknown:
			all = Unknown
		}
	}
	return all
}

// packages are where Django's own operations are found, from 3.2 to 5.2.
var packages = []string{
	"django.db.migrations.", "django.db.migrations.operations.", "django.db.migrations.operations.models.", "django.db.migrations.operations.fields.",
	"django.db.migrations.operations.special.", "django.contrib.postgres.operations.",
}

// own are Django's operations.
var own = func() map[string]bool {
	all := map[string]bool{}
	for _, c := range strings.Fields(`AddConstraint AddField AddIndex AlterConstraint AlterField AlterIndexTogether AlterModelManagers
		AlterModelOptions AlterModelTable AlterModelTableComment AlterOrderWithRespectTo AlterUniqueTogether CreateModel DeleteModel
		RemoveConstraint RemoveField RemoveIndex RenameField RenameIndex RenameModel RunPython RunSQL SeparateDatabaseAndState
		AddConstraintNotValid AddIndexConcurrently BloomExtension BtreeGinExtension BtreeGistExtension CITextExtension CreateCollation
		CreateExtension CryptoExtension HStoreExtension RemoveCollation RemoveIndexConcurrently TrigramExtension UnaccentExtension
		ValidateConstraint`) {
		all[c] = true
	}
	return all
}()

// djangos gives the class of Django's own that a dotted name means.
func djangos(dotted string) (class string, ok bool) {
	for _, p := range packages {
		if class, found := strings.CutPrefix(dotted, p); found && own[class] {
			return class, true
		}
	}
	return "", false
}
