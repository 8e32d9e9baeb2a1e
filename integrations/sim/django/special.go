package djangosim

import (
	"fmt"
	"slices"
)

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
