package django

// field gives what an operation says of a field: the model, what to call the field, and the field before it.
func (j *judge) field(o Operation, arg string) (m *model, called string, before field, known bool) {
	m, called = j.about(o, "model_name")
	name, ok := o.text(1, arg)
	if e, _ := o.Call.Arg(1, arg); ok {
		called += "." + e.Text
	}
	if m != nil && ok && !j.blurry[j.node.key.App] {
		before, known = m.fields[name]
	}
	return m, called, before, known
}

// fresh tells whether code from before the change does not know of a field.
func (j *judge) fresh(m *model, o Operation, arg string) bool {
	name, _ := o.text(1, arg)
	return m != nil && (m.isAdded || m.added[name])
}

// made is the field that an operation writes down.
func (o Operation) made() field {
	e, _ := o.Call.Arg(2, "field")
	name, _ := o.text(1, "name")
	return asField(name, e)
}

func (j *judge) addField(o Operation) {
	m, called, _, _ := j.field(o, "name")
	if !m.stored() {
		return
	}
	f := o.made()
	j.find(LosesData, "undoing drops "+what(f, called)+", and what is in it")
	j.restricts(called, f)
	if m.old() {
		j.unwritten(f, called)
	}
}

func what(f field, called string) string {
	if stored[f.class].family == "table" {
		return "the table of " + called
	}
	return "the column " + called
}

// unwritten asks what happens when old code, which does not know of a column, writes a row. Django drops the default that it gave the
// column for the rows that were there; only db_default stays.
func (j *judge) unwritten(f field, called string) {
	family := stored[f.class].family
	switch {
	case family == "table", family == "generated", f.class != "" && f.empty() == Yes:
	case f.class == "", family == "serial":
		j.find(OldCodeUnknown, "what "+called+" is to the database is not known")
	case f.given("db_default"):
	case f.empty() == Unknown:
		j.find(OldCodeUnknown, "whether "+called+" may be empty cannot be read")
	default:
		j.find(OldCodeBreaks, called+" must have a value, and old code writes none")
	}
}

func (j *judge) removeField(o Operation) {
	m, called, before, known := j.field(o, "name")
	if !m.stored() {
		return
	}
	j.find(LostData, "what was in "+called+" does not come back")
	switch {
	case !known, before.class == "":
		j.find(MayFail, "what "+called+" was is not known: on a table with rows it can be made anew only if it may be empty or has a default")
	case !before.fills():
		j.find(MayFail, called+" must have a value and has no default: on a table with rows it cannot be made anew")
	}
	if !j.fresh(m, o, "name") {
		j.find(OldCodeBreaks, "it removes "+called)
	}
}

// fills tells whether Django has a value for the rows that are there when it makes the column (django.db.backends.base.schema,
// _effective_default).
func (f field) fills() bool {
	family := stored[f.class].family
	switch {
	case family == "table", family == "generated", f.empty() == Yes, f.given("default"), f.given("db_default"):
		return true
	case f.is("auto_now") == Yes, f.is("auto_now_add") == Yes:
		return true
	}
	return f.is("blank") == Yes && (family == "text" || family == "citext" || family == "binary")
}

func (j *judge) renameField(o Operation) {
	m, called, before, known := j.field(o, "old_name")
	if !m.stored() {
		return
	}
	if j.fresh(m, o, "old_name") {
		return // whether old code can write without it was asked when it was added
	}
	if known && before.class != "" && before.given("db_column") && stored[before.class].family != "table" {
		return
	}
	j.find(OldCodeBreaks, "it renames "+called)
}

func (j *judge) alterField(o Operation) {
	m, called, before, known := j.field(o, "name")
	if !m.stored() {
		return
	}
	after := o.made()
	if known && equal(before.Expr, after.Expr) {
		return
	}
	if !known {
		before = field{}
	}
	if why := j.undoes(before, after); why != "" {
		j.find(MayFail, "undoing gives "+called+" back what it was: "+why)
	}
	if j.fresh(m, o, "name") {
		if m.old() {
			j.unwritten(after, called)
		}
		return
	}
	j.meets(before, after, called)
}

// undoes says why the way back may fail.
func (j *judge) undoes(before, after field) string {
	switch answer, why := narrower(after, before); answer {
	case Yes:
		return why
	case Unknown:
		return "whether all values fit is not known, for " + why
	}
	return ""
}

// meets asks whether old code can use the column of a field that was altered.
func (j *judge) meets(before, after field, called string) {
	answer, why := narrower(before, after)
	switch {
	case before.class != "" && after.class != "" && before.column() != after.column():
		j.find(OldCodeBreaks, "the column of "+called+" gets another name")
	case before.class != "" && after.class != "" && before.given("db_default") && !after.given("db_default"):
		j.find(OldCodeBreaks, called+" has no default in the database any more")
	case answer == Yes:
		j.find(OldCodeBreaks, "it alters "+called+": "+why)
	case answer == Unknown:
		j.find(OldCodeUnknown, "it alters "+called+": "+why)
	}
}
