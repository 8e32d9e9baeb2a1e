package djangosim

import (
	"fmt"
	"slices"
	"strings"
)

// operation is a step of a migration.
type operation interface {
	describe() string
	// reversible tells whether Django begins to undo a migration with it.
	reversible() bool
	repr() string
	state(app string, s state) error
	run(d *Database, app string, before, after state) error
	undo(d *Database, app string, after, before state) error
}

// maker reads the operation that a call makes.
type maker func(c call, functions map[string]string) (operation, error)

var makers map[string]maker

func init() { // some have operations inside
	makers = map[string]maker{
		"CreateModel": readCreateModel,
		"DeleteModel": func(c call, _ map[string]string) (operation, error) {
			return deleteModel{plain{}, c.text(0, "name")}, nil
		},
		"RenameModel": func(c call, _ map[string]string) (operation, error) {
			return renameModel{plain{}, c.text(0, "old_name"), c.text(1, "new_name")}, nil
		},
		"AddField": func(c call, _ map[string]string) (operation, error) {
			f, err := readField(c.arg(2, "field"))
			return addField{plain{}, c.text(0, "model_name"), c.text(1, "name"), f}, err
		},
		"RemoveField": func(c call, _ map[string]string) (operation, error) {
			return removeField{plain{}, c.text(0, "model_name"), c.text(1, "name")}, nil
		},
		"AlterField": func(c call, _ map[string]string) (operation, error) {
			f, err := readField(c.arg(2, "field"))
			return alterField{plain{}, c.text(0, "model_name"), c.text(1, "name"), f}, err
		},
		"RenameField": func(c call, _ map[string]string) (operation, error) {
			return renameField{plain{}, c.text(0, "model_name"), c.text(1, "old_name"), c.text(2, "new_name")}, nil
		},
		"AlterModelOptions": func(c call, _ map[string]string) (operation, error) {
			return quiet{plain{}, "Change Meta options on " + c.text(0, "name")}, nil
		},
		"RunPython":                func(c call, functions map[string]string) (operation, error) { return readRunPython(c, functions) },
		"RunSQL":                   func(c call, _ map[string]string) (operation, error) { return readRunSQL(c) },
		"SeparateDatabaseAndState": readSeparate,
	}
}

func operations(all list, functions map[string]string) (made []operation, err error) {
	for _, one := range all {
		c, ok := one.(call)
		class, own := strings.CutPrefix(c.of, "migrations.")
		if !ok || !own || makers[class] == nil {
			return nil, fmt.Errorf("the operation %v is not simulated", one)
		}
		o, err := makers[class](c, functions)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.of, err)
		}
		made = append(made, o)
	}
	return made, nil
}

// fields that may be blank and have no default are without a value where there are rows; those of text are empty.
var untextual = []string{
	"AutoField", "BigAutoField", "BigIntegerField", "BooleanField", "DateField", "DateTimeField", "DecimalField", "DurationField",
	"FloatField", "ForeignKey", "IntegerField", "JSONField", "OneToOneField", "PositiveIntegerField", "TimeField", "UUIDField",
}

func readField(v any) (field, error) {
	c, ok := v.(call)
	class, own := strings.CutPrefix(c.of, "models.")
	if !ok || !own {
		return field{}, fmt.Errorf("the field %v is not simulated", v)
	}
	for _, other := range []string{"db_column", "db_table", "through", "db_default"} {
		if _, ok := c.named[other]; ok {
			return field{}, fmt.Errorf("%s is not simulated", other)
		}
	}
	f := field{null: c.named["null"] == true, key: class == "ForeignKey" || class == "OneToOneField", many: class == "ManyToManyField"}
	_, given := c.named["default"]
	blank := c.named["blank"] == true && !f.null && !slices.Contains(untextual, class)
	now := c.named["auto_now"] == true || c.named["auto_now_add"] == true
	f.filled = given && c.named["default"] != nil || blank || now
	return f, nil
}

// plain is what most operations have in common.
type plain struct{}

func (plain) reversible() bool { return true }
func (plain) repr() string     { return "" } // only irreversible ones are shown so

// create makes the tables of a model.
func create(d *Database, of string, fields map[string]field) error {
	t := &table{columns: map[string]*column{}}
	if err := d.create(tableOf(of), t); err != nil {
		return err
	}
	for called, f := range fields {
		if !f.many {
			t.columns[f.column(called)] = &column{null: f.null}
		} else if err := d.join(of, called); err != nil {
			return err
		}
	}
	return nil
}

func (d *Database) join(of, called string) error {
	return d.create(tableOf(of)+"_"+called, &table{columns: map[string]*column{"id": {}, "one_id": {}, "other_id": {}}})
}

func drop(d *Database, of string, fields map[string]field) error {
	for called, f := range fields {
		if f.many {
			if err := d.drop(tableOf(of) + "_" + called); err != nil {
				return err
			}
		}
	}
	return d.drop(tableOf(of))
}

// put adds a field's column or table.
func put(d *Database, of, called string, f field) error {
	if f.many {
		return d.join(of, called)
	}
	return d.add(tableOf(of), f.column(called), f)
}

// take takes it away.
func take(d *Database, of, called string, f field) error {
	if f.many {
		return d.drop(tableOf(of) + "_" + called)
	}
	t, _, err := d.column(tableOf(of), f.column(called))
	if err == nil {
		delete(t.columns, f.column(called))
	}
	return err
}

type createModel struct {
	plain
	name   string
	fields map[string]field
}

func readCreateModel(c call, _ map[string]string) (operation, error) {
	o := createModel{plain{}, c.text(0, "name"), map[string]field{}}
	all, _ := c.arg(1, "fields").(list)
	for _, one := range all {
		pair, _ := one.(list)
		if len(pair) != 2 {
			return nil, fmt.Errorf("the field %v is not simulated", one)
		}
		called, _ := pair[0].(string)
		f, err := readField(pair[1])
		if err != nil {
			return nil, err
		}
		o.fields[called] = f
	}
	if options, _ := c.named["options"].(dict); options["db_table"] != nil || options["managed"] == false || options["proxy"] == true {
		return nil, fmt.Errorf("the options of %s are not simulated", o.name)
	}
	if !slices.ContainsFunc(all, func(one any) bool { return one.(list)[0] == "id" }) {
		return nil, fmt.Errorf("%s has no id: its primary key is not simulated", o.name)
	}
	return o, nil
}

func (o createModel) describe() string { return "Create model " + o.name }
func (o createModel) state(app string, s state) error {
	fields := map[string]field{}
	for called, f := range o.fields {
		fields[called] = f
	}
	s[model(app, o.name)] = fields
	return nil
}

func (o createModel) run(d *Database, app string, _, after state) error {
	return create(d, model(app, o.name), after[model(app, o.name)])
}

func (o createModel) undo(d *Database, app string, after, _ state) error {
	return drop(d, model(app, o.name), after[model(app, o.name)])
}

type deleteModel struct {
	plain
	name string
}

func (o deleteModel) describe() string { return "Delete model " + o.name }
func (o deleteModel) state(app string, s state) error {
	_, err := s.fields(app, o.name)
	delete(s, model(app, o.name))
	return err
}

func (o deleteModel) run(d *Database, app string, before, _ state) error {
	return drop(d, model(app, o.name), before[model(app, o.name)])
}

func (o deleteModel) undo(d *Database, app string, _, before state) error {
	return create(d, model(app, o.name), before[model(app, o.name)])
}

type renameModel struct {
	plain
	old, now string
}

func (o renameModel) describe() string { return fmt.Sprintf("Rename model %s to %s", o.old, o.now) }
func (o renameModel) state(app string, s state) error {
	fields, err := s.fields(app, o.old)
	delete(s, model(app, o.old))
	s[model(app, o.now)] = fields
	return err
}

func (o renameModel) run(d *Database, app string, _, after state) error {
	return move(d, model(app, o.old), model(app, o.now), after[model(app, o.now)])
}

func (o renameModel) undo(d *Database, app string, _, before state) error {
	return move(d, model(app, o.now), model(app, o.old), before[model(app, o.old)])
}

func move(d *Database, from, to string, fields map[string]field) error {
	for called, f := range fields {
		if f.many {
			if err := d.rename(tableOf(from)+"_"+called, tableOf(to)+"_"+called); err != nil {
				return err
			}
		}
	}
	return d.rename(tableOf(from), tableOf(to))
}

type addField struct {
	plain
	model, name string
	field       field
}

func (o addField) describe() string { return fmt.Sprintf("Add field %s to %s", o.name, o.model) }

func (o addField) state(app string, s state) error {
	return s.put(app, o.model, o.name, o.field)
}

func (o addField) run(d *Database, app string, _, _ state) error {
	return put(d, model(app, o.model), o.name, o.field)
}

func (o addField) undo(d *Database, app string, _, _ state) error {
	return take(d, model(app, o.model), o.name, o.field)
}

type removeField struct {
	plain
	model, name string
}

func (o removeField) describe() string {
	return fmt.Sprintf("Remove field %s from %s", o.name, o.model)
}

func (o removeField) state(app string, s state) error {
	return s.take(app, o.model, o.name)
}

func (o removeField) run(d *Database, app string, before, _ state) error {
	return take(d, model(app, o.model), o.name, before[model(app, o.model)][o.name])
}

func (o removeField) undo(d *Database, app string, _, before state) error {
	return put(d, model(app, o.model), o.name, before[model(app, o.model)][o.name])
}

type alterField struct {
	plain
	model, name string
	field       field
}

func (o alterField) describe() string {
	return fmt.Sprintf("Alter field %s on %s", o.name, o.model)
}

func (o alterField) state(app string, s state) error {
	if err := s.take(app, o.model, o.name); err != nil {
		return err
	}
	return s.put(app, o.model, o.name, o.field)
}

func (o alterField) run(d *Database, app string, before, _ state) error {
	return o.turn(d, app, before, o.field)
}

func (o alterField) undo(d *Database, app string, after, before state) error {
	return o.turn(d, app, after, before[model(app, o.model)][o.name])
}

func (o alterField) turn(d *Database, app string, from state, to field) error {
	of := model(app, o.model)
	was := from[of][o.name]
	if was.many && to.many {
		return nil
	}
	return d.alter(tableOf(of), was.column(o.name), to.column(o.name), to)
}

type renameField struct {
	plain
	model, old, now string
}

func (o renameField) describe() string {
	return fmt.Sprintf("Rename field %s on %s to %s", o.old, o.model, o.now)
}

func (o renameField) state(app string, s state) error {
	f := s[model(app, o.model)][o.old]
	if err := s.take(app, o.model, o.old); err != nil {
		return err
	}
	return s.put(app, o.model, o.now, f)
}

func (o renameField) run(d *Database, app string, _, after state) error {
	return o.turn(d, app, o.old, o.now, after[model(app, o.model)][o.now])
}

func (o renameField) undo(d *Database, app string, _, before state) error {
	return o.turn(d, app, o.now, o.old, before[model(app, o.model)][o.old])
}

func (o renameField) turn(d *Database, app, from, to string, f field) error {
	of := tableOf(model(app, o.model))
	if f.many {
		return d.rename(of+"_"+from, of+"_"+to)
	}
	return d.alter(of, f.column(from), f.column(to), f)
}

// quiet changes nothing that is simulated.
type quiet struct {
	plain
	words string
}

func (o quiet) describe() string                           { return o.words }
func (quiet) state(string, state) error                    { return nil }
func (quiet) run(*Database, string, state, state) error    { return nil }
func (o quiet) undo(*Database, string, state, state) error { return nil }

// custom is a RunPython or a RunSQL.
type custom struct {
	words      string
	there, way string // what --plan tells of applying and undoing it
	back       bool
	shown      string
}

func readRunPython(c call, functions map[string]string) (operation, error) {
	o := custom{words: "Raw Python operation"}
	told := func(v any) (string, bool, error) {
		switch f := v.(type) {
		case nil:
			return "", false, nil
		case name:
			if f == "migrations.RunPython.noop" {
				return "", true, nil
			}
			if doc, ok := functions[string(f)]; ok {
				return doc, true, nil
			}
		}
		return "", false, fmt.Errorf("the function %v is not simulated", v)
	}
	var ok bool
	var err error
	if o.there, ok, err = told(c.arg(0, "code")); err != nil || !ok {
		return nil, fmt.Errorf("the code of a RunPython: %w", err)
	}
	o.way, o.back, err = told(c.arg(1, "reverse_code"))
	o.shown = fmt.Sprintf("<RunPython <function %s at 0x7f3b8c0d5e50>>", c.arg(0, "code"))
	return o, err
}

func readRunSQL(c call) (operation, error) {
	o := custom{words: "Raw SQL operation"}
	var ok bool
	if o.there, ok = c.arg(0, "sql").(string); !ok {
		return nil, fmt.Errorf("the SQL %v is not simulated", c.arg(0, "sql"))
	}
	reverse := c.arg(1, "reverse_sql")
	if reverse == name("migrations.RunSQL.noop") {
		reverse = ""
	}
	if o.way, o.back = reverse.(string); !o.back && reverse != nil {
		return nil, fmt.Errorf("the SQL %v is not simulated", reverse)
	}
	if c.arg(2, "state_operations") != nil {
		return nil, fmt.Errorf("state_operations of a RunSQL are not simulated")
	}
	o.shown = fmt.Sprintf("<RunSQL '%s'>", o.there)
	return o, nil
}

func (o custom) describe() string                        { return o.words }
func (o custom) reversible() bool                        { return o.back }
func (o custom) repr() string                            { return o.shown }
func (custom) state(string, state) error                 { return nil }
func (custom) run(*Database, string, state, state) error { return nil }
func (o custom) undo(*Database, string, state, state) error {
	if !o.back { // inside a SeparateDatabaseAndState
		return fmt.Errorf("NotImplementedError: You cannot reverse this operation")
	}
	return nil
}

// separate is a SeparateDatabaseAndState. It seems to be reversible, whatever is inside.
type separate struct {
	plain
	database, models []operation
}

func readSeparate(c call, functions map[string]string) (o operation, err error) {
	var s separate
	database, _ := c.arg(0, "database_operations").(list)
	models, _ := c.arg(1, "state_operations").(list)
	if s.database, err = operations(database, functions); err != nil {
		return nil, err
	}
	s.models, err = operations(models, functions)
	return s, err
}

func (separate) describe() string { return "Custom state/database change combination" }
func (o separate) state(app string, s state) error {
	for _, inner := range o.models {
		if err := inner.state(app, s); err != nil {
			return err
		}
	}
	return nil
}

func (o separate) run(d *Database, app string, before, _ state) error {
	states, err := before.through(app, o.database)
	if err != nil {
		return err
	}
	for i, inner := range o.database {
		if err := inner.run(d, app, states[i], states[i+1]); err != nil {
			return err
		}
	}
	return nil
}

func (o separate) undo(d *Database, app string, _, before state) error {
	states, err := before.through(app, o.database)
	if err != nil {
		return err
	}
	for i, inner := range slices.Backward(o.database) {
		if err := inner.undo(d, app, states[i+1], states[i]); err != nil {
			return err
		}
	}
	return nil
}
