package djangosim

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Console is where manage.py prints, and where its time goes by.
type Console struct {
	Print func(line string)
	// Begin is called before each migration that is applied or undone; an error ends the process there, as a signal does. Nil: nothing.
	Begin func(Key) error
}

// ErrUnknown says that a command is not one of manage.py's that are simulated.
var ErrUnknown = errors.New("not simulated")

// Manage runs manage.py with its arguments, such as "migrate", "pennychat", "0003_chat_topic", and gives its exit status. The error is
// ErrUnknown for what is not simulated, or that of Begin.
func Manage(p *Project, d *Database, c Console, args ...string) (status int, err error) {
	var rest, flags []string
	for _, arg := range args {
		if strings.HasPrefix(arg, "-") {
			flags = append(flags, arg)
		} else {
			rest = append(rest, arg)
		}
	}
	flags = slices.DeleteFunc(flags, func(f string) bool { return f == "--noinput" || f == "--no-input" || f == "--no-color" })
	plan := slices.Equal(flags, []string{"--plan"})
	switch {
	case len(rest) == 1 && rest[0] == "showmigrations" && plan:
		p.show(d, c)
		return 0, nil
	case len(rest) > 0 && len(rest) <= 3 && rest[0] == "migrate" && (plan || len(flags) == 0):
		return p.migrate(d, c, rest[1:], plan)
	}
	return 1, fmt.Errorf("manage.py %s: %w", strings.Join(args, " "), ErrUnknown)
}

// show is showmigrations --plan. What was applied and has no file any more it does not show.
func (p *Project) show(d *Database, c Console) {
	applied := d.known()
	for _, key := range p.full() {
		mark := "[ ]"
		if applied[key] {
			mark = "[X]"
		}
		c.Print(mark + "  " + key.String())
	}
	if len(p.nodes) == 0 {
		c.Print("(no migrations)")
	}
}

func (p *Project) migrate(d *Database, c Console, args []string, dry bool) (status int, err error) {
	refuse := func(format string, args ...any) (int, error) {
		c.Print("CommandError: " + fmt.Sprintf(format, args...))
		return 1, nil
	}
	applied := d.known()
	if child, parent, ok := p.inconsistent(applied); ok {
		c.Print(fmt.Sprintf("django.db.migrations.exceptions.InconsistentMigrationHistory: Migration %s is applied before its dependency %s on database 'default'.", child, parent))
		return 1, nil
	}
	if words := p.conflicts(); words != "" {
		return refuse("Conflicting migrations detected; multiple leaf nodes in the migration graph: (%s).\nTo fix them run 'python manage.py makemigrations --merge'", words)
	}
	var targets []Key
	var perform string
	switch len(args) {
	case 0:
		targets = p.leaves("")
	case 1, 2:
		app := args[0]
		targets = p.leaves(app)
		if len(targets) == 0 {
			return refuse("No installed app with label '%s'.", app)
		}
		if len(args) == 1 {
			break
		}
		if args[1] == "zero" {
			targets, perform = []Key{{App: app}}, "  Unapply all migrations: "+app
			break
		}
		found := p.named(app, args[1])
		switch {
		case len(found) == 0:
			return refuse("Cannot find a migration matching '%s' from app '%s'.", args[1], app)
		case len(found) > 1:
			return refuse("More than one migration matches '%s' in app '%s'. Please be more specific.", args[1], app)
		}
		targets, perform = found, fmt.Sprintf("  Target specific migration: %s, from %s", found[0].Name, app)
	}
	if perform == "" {
		var apps []string
		for _, t := range targets {
			apps = append(apps, t.App)
		}
		perform = "  Apply all migrations: "
		if apps = slices.Compact(apps); len(apps) > 0 {
			perform += strings.Join(apps, ", ")
		} else {
			perform += "(none)"
		}
	}
	plan := p.plan(applied, targets)
	if dry {
		p.tell(c, plan)
		return 0, nil
	}
	c.Print("Operations to perform:")
	c.Print(perform)
	c.Print("Running migrations:")
	return p.run(d, c, applied, plan)
}

// inconsistent finds a migration that is applied before one that it depends on.
func (p *Project) inconsistent(applied map[Key]bool) (child, parent Key, ok bool) {
	for _, key := range p.keys() {
		for _, parent := range p.nodes[key].parents {
			if applied[key] && !applied[parent] {
				return key, parent, true
			}
		}
	}
	return Key{}, Key{}, false
}

// conflicts names the apps with several last migrations.
func (p *Project) conflicts() string {
	var all []string
	leaves := p.leaves("")
	for i := 0; i < len(leaves); {
		app, names := leaves[i].App, []string{}
		for ; i < len(leaves) && leaves[i].App == app; i++ {
			names = append(names, leaves[i].Name)
		}
		if len(names) > 1 {
			all = append(all, strings.Join(names, ", ")+" in "+app)
		}
	}
	return strings.Join(all, "; ")
}

// named are the migrations of an app that a name means: those that begin with it. A whole name with which another one begins, too, means
// both (django.db.migrations.loader, get_migration_by_prefix).
func (p *Project) named(app, prefix string) (found []Key) {
	for _, key := range p.keys() {
		if key.App == app && strings.HasPrefix(key.Name, prefix) {
			found = append(found, key)
		}
	}
	return found
}

// tell is migrate --plan. An operation that cannot be undone it marks, and exits with 0 all the same.
func (p *Project) tell(c Console, plan []step) {
	c.Print("Planned operations:")
	if len(plan) == 0 {
		c.Print("  No planned migration operations.")
	}
	for _, s := range plan {
		c.Print(s.String())
		for _, o := range s.operations {
			c.Print("    " + planned(o, s.back))
		}
	}
}

// shown is how much of what an operation runs --plan shows, with the arrow before it.
const shown = 40

func planned(o operation, back bool) string {
	own, ok := o.(custom)
	if !ok {
		if back {
			return "Undo " + o.describe()
		}
		return o.describe()
	}
	action := own.there
	switch {
	case back && !own.back:
		action = "IRREVERSIBLE"
	case back:
		action = own.way
	}
	if action = strings.ReplaceAll(action, "\n", ""); action != "" {
		action = " -> " + action
	}
	if utf8.RuneCountInString(action) > shown {
		action = string([]rune(action)[:shown-1]) + "…"
	}
	return o.describe() + action
}

const traceback = "Traceback (most recent call last):\n  File \"manage.py\", line 15, in <module>"

// run applies or undoes one after the other. The first error ends it: what was done before stays done.
func (p *Project) run(d *Database, c Console, applied map[Key]bool, plan []step) (status int, err error) {
	if len(plan) == 0 {
		c.Print("  No migrations to apply.")
		return 0, nil
	}
	if !plan[0].back {
		plan = p.inOrder(plan)
	}
	states, err := p.states(applied, plan)
	if err != nil {
		c.Print(traceback)
		c.Print(err.Error())
		return 1, nil
	}
	if plan[0].back {
		c.Print("  Rendering model states... DONE")
	}
	for i, s := range plan {
		doing := "Applying"
		if s.back {
			doing = "Unapplying"
		}
		if c.Begin != nil {
			if err := c.Begin(s.Key); err != nil {
				c.Print(fmt.Sprintf("  %s %s...", doing, s))
				return 1, err
			}
		}
		if err := d.run(s, states[i]); err != nil {
			c.Print(fmt.Sprintf("  %s %s...%s", doing, s, traceback))
			c.Print(err.Error())
			return 1, nil
		}
		c.Print(fmt.Sprintf("  %s %s... OK", doing, s))
	}
	return 0, nil
}

// inOrder sorts what is applied as on an empty database.
func (p *Project) inOrder(plan []step) (sorted []step) {
	for _, key := range p.full() {
		if i := slices.IndexFunc(plan, func(s step) bool { return s.Key == key }); i >= 0 {
			sorted = append(sorted, plan[i])
		}
	}
	return sorted
}

// states are those before each step's migration: of the models, with what is applied and comes before it in the full order.
func (p *Project) states(applied map[Key]bool, plan []step) ([]state, error) {
	at := map[Key]int{}
	for i, s := range plan {
		at[s.Key] = i
	}
	states := make([]state, len(plan))
	now := state{}
	for _, key := range p.full() {
		i, goes := at[key]
		if goes {
			states[i] = now.clone()
		}
		if goes || applied[key] {
			for _, o := range p.nodes[key].operations {
				if err := o.state(key.App, now); err != nil {
					return nil, err
				}
			}
		}
	}
	return states, nil
}
