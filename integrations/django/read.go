package django

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"slices"
	"strings"
)

// ErrNone says that a file has no migration. Django ignores such a file only if its name begins with an underscore or a tilde, and
// stops at any other.
var ErrNone = errors.New("there is no class Migration")

// Read reads a migration file of up to 1 MB. It gives a *SyntaxError where the file is not Python, as far as that is looked at, and
// ErrNone where it has no migration. What cannot be read of a migration is no error: it is Unread.
func Read(src []byte) (*Migration, error) {
	m, _, err := read(src)
	return m, err
}

// read gives also what tells a file from another that says something else. Comments, line breaks in brackets and the kind of quotes
// make no difference.
func read(src []byte) (*Migration, fingerprint, error) {
	tokens, err := lex(src)
	if err != nil {
		return nil, sha256.Sum256(src), err
	}
	m, err := migration(tokens)
	return m, printOf(tokens), err
}

type fingerprint [sha256.Size]byte

func printOf(tokens []token) fingerprint {
	all := make([]byte, 0, 16*len(tokens))
	for _, t := range tokens {
		what, known := t.src, byte(0)
		if t.known {
			what, known = t.value, 1
		}
		all = append(all, byte(t.kind), known)
		all = binary.AppendUvarint(all, uint64(len(what)))
		all = append(all, what...)
	}
	return sha256.Sum256(all)
}

func migration(tokens []token) (*Migration, error) {
	file := statements(tokens)
	r := &reader{module: survey(file, tokens), Migration: Migration{Atomic: true}, seen: map[string]bool{}}
	if len(r.class) == 0 {
		if t, ok := mention(file); ok {
			r.unread(Graph, opaque([]token{t}, "Migration is no class of this file"))
			return &r.Migration, nil
		}
		return nil, ErrNone
	}
	r.read(file)
	return &r.Migration, nil
}

// reader reads class Migration.
type reader struct {
	*module
	Migration
	seen map[string]bool // attributes
}

func (r *reader) unread(p Part, e Expr) {
	r.Unread = append(r.Unread, Unread{p, e.Line, e.Text, e.Why})
}

func (r *reader) read(file []statement) {
	class := r.class[len(r.class)-1]
	if len(r.class) > 1 || r.loose["Migration"] {
		r.unread(Graph, opaque(class.tokens, "it is not the only class Migration, or stands under a condition"))
	}
	if t, ok := mention(file); ok {
		r.unread(Graph, opaque([]token{t}, "Migration is used outside of its class, which may change it"))
	}
	if r.star != nil {
		r.unread(Changes, opaque(r.star, "it may give any name another meaning"))
	}
	r.base(class)
	for _, s := range class.body {
		r.attribute(s, true)
	}
}

// mention finds Migration at the level of the file, other than as a class.
func mention(file []statement) (token, bool) {
	for _, s := range file {
		t := s.tokens
		if len(t) > 1 && (t[0].word("class") && t[1].word("Migration") || t[0].word("def")) {
			continue
		}
		for i := range t {
			if t[i].word("Migration") && (i == 0 || !t[i-1].is(".")) {
				return t[i], true
			}
		}
		if s.block && !(len(t) > 0 && t[0].word("class")) {
			if found, ok := mention(s.body); ok {
				return found, true
			}
		}
	}
	return token{}, false
}

// bases are the class that a migration is made from.
var bases = []string{"django.db.migrations.Migration", "django.db.migrations.migration.Migration"}

// base looks at what the class is made from: another one than Django's may have parts of its own.
func (r *reader) base(class statement) {
	e := opaque(class.tokens, "its base is not Django's Migration, and may bring parts of its own")
	t := class.tokens
	if len(t) > 3 && t[2].is("(") && behind(t, 2) == len(t) {
		if given := expression(withoutComma(t[3 : len(t)-1])); given.Form == Name && slices.Contains(bases, r.resolve(given).Text) {
			return
		}
	}
	r.unread(Graph, e)
}

// withoutComma is what stands before a comma at the end.
func withoutComma(t []token) []token {
	if n := len(t); n > 0 && t[n-1].is(",") {
		return t[:n-1]
	}
	return t
}

// parts are the attributes that count.
var parts = map[string]Part{
	"dependencies": Graph, "run_before": Graph, "replaces": Graph, "operations": Changes, "initial": Other, "atomic": Other,
}

// attribute reads a statement of the class; sure says that it runs in any case.
func (r *reader) attribute(s statement, sure bool) {
	t := s.tokens
	switch {
	case len(t) == 0:
	case len(t) == 1 && (t[0].kind == text || t[0].word("pass")):
	case t[0].word("def"), t[0].word("async"), t[0].word("class"), t[0].is("@"):
		r.unread(Changes, opaque(t, "the class has a part of its own, which may do more"))
	case s.block:
		r.conditional(s)
	default:
		r.assigned(t, sure)
	}
}

// conditional reads what stands under an if, a for or the like: it may hold or not.
func (r *reader) conditional(s statement) {
	before := len(r.Unread)
	for _, inner := range s.body {
		r.attribute(inner, false)
	}
	if len(r.Unread) == before {
		r.unread(Changes, opaque(s.tokens, "what stands below it may hold or not"))
	}
}

func (r *reader) assigned(t []token, sure bool) {
	target, value, ok := assignment(t)
	if !ok && len(t) > 2 && t[0].kind == name && t[1].is("+=") {
		r.added(t[0].src, t, sure)
		return
	}
	if !ok && len(t) > 1 && t[1].is(":") { // only its type
		return
	}
	if !ok || len(target) != 1 || target[0].kind != name {
		r.unread(Graph, opaque(t, "it may change any part"))
		return
	}
	part, counts := parts[target[0].src]
	switch {
	case !counts:
	case !sure, r.seen[target[0].src], r.moved[target[0].src]:
		r.unread(part, opaque(t, "it may have another value"))
	default:
		r.set(target[0].src, r.resolve(expression(value)))
	}
	r.seen[target[0].src] = true
}

// added reads part += list, behind part = list.
func (r *reader) added(called string, t []token, sure bool) {
	part, counts := parts[called]
	switch {
	case !counts:
	case !sure, !r.seen[called], r.moved[called], part == Other:
		r.unread(part, opaque(t, "it may have another value"))
	default:
		r.set(called, r.resolve(expression(t[2:])))
	}
}

// set reads the value of a part.
func (r *reader) set(called string, value Expr) {
	switch called {
	case "dependencies":
		r.Dependencies = append(r.Dependencies, r.refs(value)...)
	case "run_before":
		r.RunBefore = append(r.RunBefore, r.refs(value)...)
	case "replaces":
		r.Replaces = append(r.Replaces, r.refs(value)...)
	case "operations":
		r.Operations = append(r.Operations, r.operations(value)...)
	case "initial":
		r.Initial = r.truth(value, false)
	case "atomic":
		r.Atomic = r.truth(value, true)
	}
}

func (r *reader) truth(value Expr, otherwise bool) bool {
	switch value.Form {
	case Bool:
		return value.Text == "True"
	case None:
		return false
	}
	r.unread(Other, unclear(value, "it is neither True nor False"))
	return otherwise
}

// unclear says why a value is not what it should be.
func unclear(e Expr, why string) Expr {
	if e.Form != Opaque {
		e.Why = why
	}
	return e
}

// refs reads a list of migrations.
func (r *reader) refs(value Expr) (refs []Ref) {
	if value.Form != List {
		r.unread(Graph, unclear(value, "it is no list"))
		return nil
	}
	for _, e := range value.Items {
		ref, ok := r.ref(r.resolve(e))
		if !ok {
			r.unread(Graph, unclear(e, "it names no migration"))
			continue
		}
		refs = append(refs, ref)
	}
	return refs
}

// ref reads ("app", "name") or swappable_dependency(…).
func (r *reader) ref(e Expr) (Ref, bool) {
	switch {
	case e.Form == List && len(e.Items) == 2:
		app, called := r.resolve(e.Items[0]), r.resolve(e.Items[1])
		return Ref{App: app.Text, Name: called.Text, Line: e.Line}, app.Form == String && called.Form == String
	case e.Form == Call && len(e.Items) == 1 && !e.Spread && slices.Contains(swappable, e.Text):
		return r.swapped(r.resolve(e.Items[0]), e.Line)
	}
	return Ref{}, false
}

var swappable = []string{"django.db.migrations.swappable_dependency", "django.db.migrations.migration.swappable_dependency"}

// swapped reads what a swappable dependency is on: a setting, or a model.
func (r *reader) swapped(e Expr, line int) (Ref, bool) {
	if setting, ok := strings.CutPrefix(e.Text, "django.conf.settings."); ok && e.Form == Name {
		return Ref{Setting: setting, Name: First, Line: line}, true
	}
	app, _, ok := strings.Cut(e.Text, ".")
	return Ref{App: app, Name: First, Line: line}, ok && e.Form == String
}

// operations reads a list of them.
func (r *reader) operations(value Expr) (list []Operation) {
	if value.Form != List {
		r.unread(Changes, unclear(value, "it is no list"))
		return nil
	}
	for _, e := range value.Items {
		list = append(list, r.operation(e))
	}
	return list
}

// operation reads one. Its arguments that are constants of the file are put in their place.
func (r *reader) operation(e Expr) Operation {
	e = r.resolve(e)
	o := Operation{Line: e.Line, Call: e}
	if e.Form != Call {
		o.Call = unclear(e, "it is not made here")
		r.unread(Changes, o.Call)
		return o
	}
	o.Class = e.Text
	if class, ok := djangos(e.Text); ok {
		o.Class, o.Known = class, true
	}
	o.Call = r.within(e)
	if o.Known {
		o.Database = r.inner(o, "SeparateDatabaseAndState", 0, "database_operations")
		o.State = slices.Concat(r.inner(o, "SeparateDatabaseAndState", 1, "state_operations"), r.inner(o, "RunSQL", 2, "state_operations"))
	}
	return o
}

// inner reads the operations that an operation of some class holds.
func (r *reader) inner(o Operation, class string, at int, arg string) []Operation {
	if e, ok := o.Call.Arg(at, arg); ok && o.Class == class && e.Form == List {
		return r.operations(e)
	}
	return nil
}

// within resolves what stands in an expression. What a constant holds is left as it stands: that would be a second step.
func (r *reader) within(e Expr) Expr {
	e.Items, e.Named = slices.Clone(e.Items), slices.Clone(e.Named) // of a constant they may be used again
	for i, item := range e.Items {
		e.Items[i] = r.whole(item)
	}
	for i, item := range e.Named {
		e.Named[i].Expr = r.whole(item.Expr)
	}
	return e
}

func (r *reader) whole(e Expr) Expr {
	if e.Form == Name {
		return r.resolve(e)
	}
	return r.within(r.resolve(e))
}
