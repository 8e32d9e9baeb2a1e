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
