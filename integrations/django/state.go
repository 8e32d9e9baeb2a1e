package django

import (
	"slices"
	"strings"
)

// state is what models there are after some migrations, as far as can be read.
type state struct {
	models map[modelKey]*model
	blurry map[string]bool // apps whose models may be others: something was not read
}

type modelKey struct{ app, name string } // the name in lower case

// model is a Django model.
type model struct {
	fields    map[string]field // by their names in lower case
	added     map[string]bool  // those that came with the change that is looked at
	isAdded   bool             // the model itself did
	unmanaged bool             // Django leaves its table alone
	proxy     bool             // it has none
	table     string           // if it is not the usual one
	unique    Expr             // unique_together
}

func newState() *state { return &state{map[modelKey]*model{}, map[string]bool{}} }

// key of a model that an argument of an operation names.
func (o Operation) model(app string, at int, arg string) (modelKey, bool) {
	e, ok := o.Call.Arg(at, arg)
	return modelKey{app, strings.ToLower(e.Text)}, ok && e.Form == String
}

// text is an argument that is a string, in lower case.
func (o Operation) text(at int, arg string) (string, bool) {
	e, ok := o.Call.Arg(at, arg)
	return strings.ToLower(e.Text), ok && e.Form == String
}

// apply does what an operation does to the models. In a change, what it brings is marked as added.
func (s *state) apply(app string, o Operation, change bool) {
	if !o.Known || !s.applied(app, o, change) {
		s.blurry[app] = true
	}
}

// applied tells whether the operation could be followed.
func (s *state) applied(app string, o Operation, change bool) bool {
	switch o.Class {
	case "CreateModel":
		return s.create(app, o, change)
	case "DeleteModel":
		k, ok := o.model(app, 0, "name")
		delete(s.models, k)
		return ok
	case "RenameModel":
		return s.renameModel(app, o)
	case "AddField", "AlterField", "RemoveField", "RenameField":
		return s.changeField(app, o, change)
	case "AlterModelTable", "AlterUniqueTogether", "AlterModelOptions":
		return s.changeModel(app, o)
	case "SeparateDatabaseAndState", "RunSQL":
		for _, inner := range o.State { // what it makes may have been in the database before
			s.apply(app, inner, false)
		}
		e, ok := o.Call.Arg(map[string]int{"SeparateDatabaseAndState": 1, "RunSQL": 2}[o.Class], "state_operations")
		return !o.Call.Spread && (!ok || e.Form == List || e.Form == None)
	}
	return true // neither models nor fields change
}

func (s *state) create(app string, o Operation, change bool) bool {
	k, ok := o.model(app, 0, "name")
	fields, listed := o.Call.Arg(1, "fields")
	m := &model{fields: map[string]field{}, added: map[string]bool{}, isAdded: change}
	readable := ok && listed && fields.Form == List && m.options(o, 2)
	for _, e := range fields.Items {
		if e.Form != List || len(e.Items) != 2 || e.Items[0].Form != String {
			readable = false
			continue
		}
		name := strings.ToLower(e.Items[0].Text)
		m.fields[name] = asField(name, e.Items[1])
	}
	s.models[k] = m
	return readable
}

// options reads those of a model, which are written as a dictionary.
func (m *model) options(o Operation, at int) bool {
	e, ok := o.Call.Arg(at, "options")
	if !ok || e.Form == None {
		return true
	}
	if e.Form != Dict {
		return false
	}
	for _, option := range e.Named {
		switch option.Name {
		case "managed":
			m.unmanaged = option.Form == Bool && option.Text == "False"
		case "proxy":
			m.proxy = option.Form == Bool && option.Text == "True"
		case "db_table":
			m.table = option.Text
		case "unique_together":
			m.unique = option.Expr
		}
	}
	return true
}

func (s *state) renameModel(app string, o Operation) bool {
	from, ok := o.model(app, 0, "old_name")
	to, ok2 := o.model(app, 1, "new_name")
	m := s.models[from]
	if !ok || !ok2 || m == nil {
		return false
	}
	delete(s.models, from)
	s.models[to] = m
	return true
}

func (s *state) changeModel(app string, o Operation) bool {
	k, ok := o.model(app, 0, "name")
	m := s.models[k]
	if !ok || m == nil {
		return false
	}
	switch o.Class {
	case "AlterModelTable":
		e, _ := o.Call.Arg(1, "table")
		m.table = e.Text
	case "AlterUniqueTogether":
		m.unique, _ = o.Call.Arg(1, "unique_together")
	case "AlterModelOptions": // what is not named is set back
		m.unmanaged = false
		return m.options(o, 1)
	}
	return true
}

func (s *state) changeField(app string, o Operation, change bool) bool {
	k, ok := o.model(app, 0, "model_name")
	m := s.models[k]
	arg := "name"
	if o.Class == "RenameField" {
		arg = "old_name"
	}
	name, ok2 := o.text(1, arg)
	if !ok || !ok2 || m == nil {
		return false
	}
	switch o.Class {
	case "RemoveField":
		delete(m.fields, name)
		delete(m.added, name)
	case "RenameField":
		to, ok := o.text(2, "new_name")
		f, there := m.fields[name]
		if !ok || !there {
			return false
		}
		f.name = to
		delete(m.fields, name)
		m.fields[to] = f
		m.added[to] = m.added[name]
		delete(m.added, name)
	default:
		e, _ := o.Call.Arg(2, "field")
		m.fields[name] = asField(name, e)
		m.added[name] = m.added[name] || change && o.Class == "AddField"
	}
	return true
}

// copy is for operations of which only the database, or only the state, gets to know.
func (s *state) copy() *state {
	c := newState()
	for app := range s.blurry {
		c.blurry[app] = true
	}
	for k, m := range s.models {
		other := *m
		other.fields, other.added = map[string]field{}, map[string]bool{}
		for name, f := range m.fields {
			other.fields[name] = f
		}
		for name, is := range m.added {
			other.added[name] = is
		}
		c.models[k] = &other
	}
	return c
}

// sets are the groups of fields of unique_together, each as one text; not ok, if they are not read.
func sets(e Expr) (groups []string, ok bool) {
	if e.Form == "" || e.Form == None {
		return nil, true
	}
	if e.Form != List {
		return nil, false
	}
	names := func(e Expr) (string, bool) {
		var b []string
		for _, item := range e.Items {
			if item.Form != String {
				return "", false
			}
			b = append(b, strings.ToLower(item.Text))
		}
		return strings.Join(b, ", "), e.Form == List
	}
	if all, flat := names(e); flat && len(e.Items) > 0 { // one group may stand without a list around it
		return []string{all}, true
	}
	for _, item := range e.Items {
		group, ok := names(item)
		if !ok {
			return nil, false
		}
		groups = append(groups, group)
	}
	slices.Sort(groups)
	return groups, true
}
