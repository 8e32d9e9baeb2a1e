package djangosim

import (
	"fmt"
	"slices"
)

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
