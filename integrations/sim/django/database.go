package djangosim

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
)

// Database is what a project's migrations change. It outlives the code: each commit has a Project, and all of them one database.
type Database struct {
	mu      sync.Mutex
	applied map[Key]int // the number of its row in django_migrations
	rows    int         // of django_migrations, so far
	tables  map[string]*table
	fails   map[Key]string
}

type table struct {
	columns map[string]*column
	rows    int
}

type column struct {
	null  bool
	nulls int // rows without a value
}

// NewDatabase makes an empty one.
func NewDatabase() *Database {
	return &Database{applied: map[Key]int{}, tables: map[string]*table{}, fails: map[Key]string{}}
}

// Applied are the migrations that django_migrations has, in the order in which they were applied.
func (d *Database) Applied() []Key {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.SortedFunc(maps.Keys(d.applied), func(a, b Key) int { return d.applied[a] - d.applied[b] })
}

// Tables are the columns by table, but for those of Django's own: "name" or "name null", sorted.
func (d *Database) Tables() map[string][]string {
	d.mu.Lock()
	defer d.mu.Unlock()
	all := map[string][]string{}
	for of, t := range d.tables {
		all[of] = []string{}
		for _, c := range slices.Sorted(maps.Keys(t.columns)) {
			if t.columns[c].null {
				c += " null"
			}
			all[of] = append(all[of], c)
		}
	}
	return all
}

// Insert adds rows to a table, without values for the columns that may be without one.
func (d *Database) Insert(of string, rows int) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	t := d.tables[of]
	if t == nil {
		return fmt.Errorf("there is no table %s", of)
	}
	t.rows += rows
	for _, c := range t.columns {
		if c.null {
			c.nulls += rows
		}
	}
	return nil
}

// Fail makes the next run of a migration, in either direction, end with an error of the database's, such as
// "django.db.utils.OperationalError: canceling statement due to lock timeout". Others before it in the same command stay done.
func (d *Database) Fail(app, migration, text string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.fails[Key{app, migration}] = text
}

func (d *Database) known() map[Key]bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	known := map[Key]bool{}
	for k := range d.applied {
		known[k] = true
	}
	return known
}

// run applies or undoes one migration in one transaction, if it is atomic.
func (d *Database) run(s step, before state) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	was := map[string]*table{}
	for of, t := range d.tables {
		was[of] = t.clone()
	}
	err := d.change(s, before)
	if err != nil && s.atomic {
		d.tables = was
	}
	switch {
	case err != nil:
		return err
	case s.back:
		delete(d.applied, s.Key)
	default:
		d.rows++
		d.applied[s.Key] = d.rows
	}
	return nil
}

func (d *Database) change(s step, before state) error {
	for _, o := range s.operations {
		if s.back && !o.reversible() {
			return fmt.Errorf("django.db.migrations.exceptions.IrreversibleError: Operation %s in %s is not reversible", o.repr(), s.Key)
		}
	}
	states, err := before.through(s.App, s.operations)
	if err != nil {
		return err
	}
	if text, ok := d.fails[s.Key]; ok {
		delete(d.fails, s.Key)
		return fmt.Errorf("%s", text)
	}
	if !s.back {
		for i, o := range s.operations {
			if err := o.run(d, s.App, states[i], states[i+1]); err != nil {
				return err
			}
		}
		return nil
	}
	for i, o := range slices.Backward(s.operations) {
		if err := o.undo(d, s.App, states[i+1], states[i]); err != nil {
			return err
		}
	}
	return nil
}

func (t *table) clone() *table {
	c := &table{columns: map[string]*column{}, rows: t.rows}
	for of, one := range t.columns {
		same := *one
		c.columns[of] = &same
	}
	return c
}

// What PostgreSQL says of what is not there, and of what is.
func (d *Database) create(of string, t *table) error {
	if d.tables[of] != nil {
		return fmt.Errorf("django.db.utils.ProgrammingError: relation %q already exists", of)
	}
	d.tables[of] = t
	return nil
}

func (d *Database) drop(of string) error {
	if d.tables[of] == nil {
		return fmt.Errorf("django.db.utils.ProgrammingError: table %q does not exist", of)
	}
	delete(d.tables, of)
	return nil
}

func (d *Database) rename(from, to string) error {
	t := d.tables[from]
	if t == nil {
		return fmt.Errorf("django.db.utils.ProgrammingError: relation %q does not exist", from)
	}
	delete(d.tables, from)
	d.tables[to] = t
	return nil
}

func (d *Database) column(of, called string) (*table, *column, error) {
	t := d.tables[of]
	if t == nil {
		return nil, nil, fmt.Errorf("django.db.utils.ProgrammingError: relation %q does not exist", of)
	}
	c := t.columns[called]
	if c == nil {
		return nil, nil, fmt.Errorf("django.db.utils.ProgrammingError: column %q of relation %q does not exist", called, of)
	}
	return t, c, nil
}

// add adds a column for a field. Where there are rows they get its default, or none.
func (d *Database) add(of, called string, f field) error {
	t := d.tables[of]
	switch {
	case t == nil:
		return fmt.Errorf("django.db.utils.ProgrammingError: relation %q does not exist", of)
	case t.columns[called] != nil:
		return fmt.Errorf("django.db.utils.ProgrammingError: column %q of relation %q already exists", called, of)
	}
	c := &column{null: f.null}
	if !f.filled {
		c.nulls = t.rows
	}
	if c.nulls > 0 && !f.null {
		return withoutValues(called, of)
	}
	t.columns[called] = c
	return nil
}

// alter makes a column that of another field. Where it must not be empty any more, empty ones get the default.
func (d *Database) alter(of, called, now string, f field) error {
	t, c, err := d.column(of, called)
	if err != nil {
		return err
	}
	if !f.null && c.nulls > 0 {
		if !f.filled {
			return withoutValues(called, of)
		}
		c.nulls = 0
	}
	c.null = f.null
	delete(t.columns, called)
	t.columns[now] = c
	return nil
}

// withoutValues is what PostgreSQL says.
func withoutValues(column, of string) error {
	return fmt.Errorf("django.db.utils.IntegrityError: column %q of relation %q contains null values", column, of)
}

// state is what the models are after some migrations: the fields by the model's "app.name", in lower case.
type state map[string]map[string]field

func (s state) clone() state {
	c := state{}
	for of, fields := range s {
		c[of] = maps.Clone(fields)
	}
	return c
}

// through gives the state before some operations, and after each of them.
func (s state) through(app string, operations []operation) ([]state, error) {
	states := []state{s}
	for _, o := range operations {
		next := states[len(states)-1].clone()
		if err := o.state(app, next); err != nil {
			return nil, err
		}
		states = append(states, next)
	}
	return states, nil
}

// fields are those of a model that is there.
func (s state) fields(app, called string) (map[string]field, error) {
	fields, ok := s[model(app, called)]
	if !ok {
		return nil, fmt.Errorf("KeyError: ('%s', '%s')", app, strings.ToLower(called))
	}
	return fields, nil
}

func (s state) put(app, called, name string, f field) error {
	fields, err := s.fields(app, called)
	if err == nil {
		fields[name] = f
	}
	return err
}

func (s state) take(app, called, name string) error {
	fields, err := s.fields(app, called)
	if err != nil {
		return err
	}
	if _, ok := fields[name]; !ok {
		return fmt.Errorf("KeyError: '%s'", name)
	}
	delete(fields, name)
	return nil
}

// field is one of a model's.
type field struct {
	null   bool
	filled bool // rows that are there get a value: it has a default, or may be blank and is text
	key    bool // a foreign key, whose column ends with _id
	many   bool // a table of its own
}

func (f field) column(called string) string {
	if f.key {
		return called + "_id"
	}
	return called
}

func model(app, called string) string { return app + "." + strings.ToLower(called) }

func tableOf(model string) string { return strings.Replace(model, ".", "_", 1) }
