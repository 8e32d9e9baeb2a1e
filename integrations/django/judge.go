package django

import (
	"slices"
	"strings"
)

// CodeOnly tells whether the code from before a change works on the database after it.
type CodeOnly string

// The answers.
const (
	Safe    CodeOnly = "safe"
	Breaks  CodeOnly = "breaks"
	NotSure CodeOnly = "unknown"
)

// judge looks at one migration of a change, on the models that there are before it, which it then changes.
type judge struct {
	*state
	node     *node
	op       Operation
	code     CodeOnly
	findings []Finding
}

// judge is what is known of undoing a migration, and of leaving it. What one brings that is not part of the change, old code knows.
func (s *state) judge(n *node, change bool) (CodeOnly, []Finding) {
	j := &judge{state: s, node: n, code: Safe}
	if !n.Atomic {
		j.findings = append(j.findings, Finding{Migration: n.key, Kind: NonAtomic, Why: "atomic = False: a failure leaves half of it"})
	}
	for _, u := range n.Unread {
		j.findings = append(j.findings, Finding{Migration: n.key, Kind: NotRead, Line: u.Line, Why: u.Why + ": " + u.Source})
		j.code = NotSure
	}
	for _, o := range n.Operations {
		j.database(o)
		j.apply(n.key.App, o, change)
	}
	return j.code, j.findings
}

func (j *judge) find(k Kind, why string) {
	j.findings = append(j.findings, Finding{j.node.key, k, j.op.Class, j.op.Line, why})
	switch {
	case k == OldCodeBreaks:
		j.code = Breaks
	case k == OldCodeUnknown && j.code == Safe:
		j.code = NotSure
	}
}

// database looks at what an operation does to the database.
func (j *judge) database(o Operation) {
	j.op = o
	if !o.Known {
		if o.Class != "" {
			j.find(UnknownOperation, o.Class+" is not one of Django's operations")
			j.find(OldCodeUnknown, "what "+o.Class+" does is not known")
		}
		return
	}
	if strings.HasSuffix(o.Class, "Concurrently") {
		j.find(NonAtomic, "it runs outside of a transaction")
	}
	if look := looks[o.Class]; look != nil {
		look(j, o)
		return
	}
	if !harmless[o.Class] {
		j.find(OldCodeUnknown, "what "+o.Class+" means to the old code is not known")
	}
}

// harmless are operations of which old code, and the data, notice nothing in either direction.
var harmless = func() map[string]bool {
	all := map[string]bool{}
	for _, c := range strings.Fields(`AddIndex AddIndexConcurrently AlterConstraint AlterIndexTogether AlterModelManagers AlterModelOptions
		AlterModelTableComment RemoveIndex RemoveIndexConcurrently RenameIndex BloomExtension BtreeGinExtension BtreeGistExtension
		CITextExtension CreateCollation CreateExtension CryptoExtension HStoreExtension TrigramExtension UnaccentExtension`) {
		all[c] = true
	}
	return all
}()

// looks are the operations that are not harmless. Each is asked with the models as they are before it.
var looks map[string]func(*judge, Operation)

func init() { // SeparateDatabaseAndState looks at others
	looks = map[string]func(*judge, Operation){
		"CreateModel": (*judge).createModel, "DeleteModel": (*judge).deleteModel, "RenameModel": (*judge).renameModel,
		"AlterModelTable": (*judge).alterTable, "AlterOrderWithRespectTo": (*judge).alterOrder, "AlterUniqueTogether": (*judge).alterUnique,
		"AddField": (*judge).addField, "RemoveField": (*judge).removeField, "RenameField": (*judge).renameField, "AlterField": (*judge).alterField,
		"AddConstraint": (*judge).addConstraint, "AddConstraintNotValid": (*judge).addConstraint, "ValidateConstraint": (*judge).validate,
		"RemoveConstraint": (*judge).removeConstraint, "RunPython": (*judge).run, "RunSQL": (*judge).run, "SeparateDatabaseAndState": (*judge).separate,
	}
}

// about gives the model that an operation changes, and what to call it. Without a model it is not known.
func (j *judge) about(o Operation, arg string) (*model, string) {
	k, ok := o.model(j.node.key.App, 0, arg)
	e, _ := o.Call.Arg(0, arg)
	if !ok {
		return nil, "a model"
	}
	return j.models[k], e.Text
}

// old tells whether code from before the change knows of a model.
func (m *model) old() bool { return m == nil || !m.isAdded }

// stored tells whether the database has a table of its own for a model.
func (m *model) stored() bool { return m == nil || !m.unmanaged && !m.proxy }

func (j *judge) createModel(o Operation) {
	after := j.copyOf(o)
	m, called := after.about(o, "name")
	if !m.stored() {
		return
	}
	j.find(LosesData, "undoing drops the table of "+called+", and what is in it")
	for _, name := range sortedFields(m) {
		j.restricts(called+"."+name, m.fields[name])
	}
}

// copyOf is the judge after an operation, to look at what it makes.
func (j *judge) copyOf(o Operation) *judge {
	next := *j
	next.state = j.state.copy()
	next.apply(j.node.key.App, o, true)
	return &next
}

func sortedFields(m *model) (names []string) {
	if m == nil {
		return nil
	}
	for name := range m.fields {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// restricts says that what a new reference refers to cannot be deleted by code that does not know of it.
func (j *judge) restricts(called string, f field) {
	family := stored[f.class].family
	if family != "reference" && family != "table" || f.is("db_constraint") == No && f.given("db_constraint") {
		return
	}
	app, name, dotted := strings.Cut(f.to(), ".")
	if !dotted {
		app, name = j.node.key.App, f.to()
	}
	if m := j.models[modelKey{app, name}]; m != nil && m.isAdded || name == "self" {
		return
	}
	j.find(OldCodeDelete, "old code cannot delete what "+called+" refers to")
}

func (j *judge) deleteModel(o Operation) {
	m, called := j.about(o, "name")
	if !m.stored() {
		return
	}
	j.find(LostData, "what was in the table of "+called+" does not come back")
	if m.old() {
		j.find(OldCodeBreaks, "it removes "+called)
	}
}

func (j *judge) renameModel(o Operation) {
	m, called := j.about(o, "old_name")
	switch {
	case !m.old(), !m.stored():
	case m != nil && m.table != "":
		j.find(OldCodeUnknown, "it renames "+called+", whose table keeps its name; tables of many-to-many fields may not")
	default:
		j.find(OldCodeBreaks, "it renames "+called)
	}
}

func (j *judge) alterTable(o Operation) {
	m, called := j.about(o, "name")
	if e, ok := o.Call.Arg(1, "table"); m.old() && m.stored() && !(m != nil && ok && e.Form == String && e.Text == m.table) {
		j.find(OldCodeBreaks, "the table of "+called+" gets another name")
	}
}

func (j *judge) alterOrder(o Operation) {
	m, called := j.about(o, "name")
	e, ok := o.Call.Arg(1, "order_with_respect_to")
	if !ok || e.Form != None {
		j.find(LosesData, "undoing drops the order of "+called)
	} else {
		j.find(LostData, "the order of "+called+" does not come back")
	}
	if m.old() && m.stored() {
		j.find(OldCodeBreaks, "it changes the column that "+called+" is ordered by")
	}
}

func (j *judge) alterUnique(o Operation) {
	m, called := j.about(o, "name")
	if !m.stored() {
		return
	}
	e, _ := o.Call.Arg(1, "unique_together")
	to, readable := sets(e)
	var from []string
	known := m != nil && !j.blurry[j.node.key.App]
	if known {
		from, known = sets(m.unique)
	}
	added := slices.ContainsFunc(to, func(group string) bool { return !slices.Contains(from, group) })
	removed := slices.ContainsFunc(from, func(group string) bool { return !slices.Contains(to, group) })
	switch {
	case !known || !readable:
		j.find(MayFail, "which fields of "+called+" had to be unique together is not known")
		if m.old() {
			j.find(OldCodeUnknown, "which fields of "+called+" must be unique together is not known")
		}
		return
	case removed:
		j.find(MayFail, "rows of "+called+" may be alike by now that must be unique again")
	}
	if added && m.old() {
		j.find(OldCodeBreaks, "rows of "+called+" must be unique, which old code does not know")
	}
}

func (j *judge) addConstraint(o Operation) {
	if m, called := j.about(o, "model_name"); m.old() && m.stored() {
		j.find(OldCodeBreaks, "a constraint on "+called+" may refuse what old code writes")
	}
}

// validate is of a constraint that holds for new rows already; undoing it does nothing.
func (j *judge) validate(Operation) {}

func (j *judge) removeConstraint(o Operation) {
	if m, called := j.about(o, "model_name"); m.stored() {
		j.find(MayFail, "rows of "+called+" may have been written that the constraint refuses")
	}
}

// run is of what only running it could tell.
func (j *judge) run(o Operation) {
	arg := map[string]string{"RunPython": "reverse_code", "RunSQL": "reverse_sql"}[o.Class]
	switch o.Reversible() {
	case No:
		j.find(Irreversible, o.Class+" has no "+arg)
	case Unknown:
		j.find(NotRead, "whether "+o.Class+" has a "+arg+" cannot be read")
	}
	if !o.idle() {
		j.find(OldCodeUnknown, "what "+o.Class+" changes is not known")
	}
}

// idle tells that an operation is written to do nothing.
func (o Operation) idle() bool {
	e, _ := o.Call.Arg(0, map[string]string{"RunPython": "code", "RunSQL": "sql"}[o.Class])
	noop := e.Form == Name && strings.HasSuffix(e.Text, "."+o.Class+".noop")
	return noop || o.Class == "RunSQL" && (e.Form == String && e.Text == "" || e.Form == List && len(e.Items) == 0)
}

// separate looks at the operations of which only the database gets to know. Each sees what those before it did.
func (j *judge) separate(o Operation) {
	e, ok := o.Call.Arg(0, "database_operations")
	if o.Call.Spread || ok && e.Form != List && e.Form != None {
		j.find(NotRead, "what it does to the database cannot be read")
		j.find(OldCodeUnknown, "what it does to the database cannot be read")
	}
	before := j.state
	j.state = before.copy()
	for _, inner := range o.Database {
		j.database(inner)
		j.apply(j.node.key.App, inner, true)
	}
	j.state = before
}
