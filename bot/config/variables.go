package config

import (
	"errors"
	"os"
	"reflect"
	"slices"
	"strings"

	"github.com/kelseyhightower/envconfig"
)

// Variable is what there is to know of one environment variable.
type Variable struct {
	Name     string
	What     string // a phrase for people
	Default  string // "" if there is none
	Required bool

	aliases []string
	instead []string // variables one of which, when it is set, makes this one not required
}

// Variables lists the environment variables in the order of Config, from its tags.
func Variables() []Variable {
	t := reflect.TypeFor[Config]()
	list := make([]Variable, t.NumField())
	for i := range list {
		tag := t.Field(i).Tag
		list[i] = Variable{
			Name: tag.Get("envconfig"), What: tag.Get("what"), Default: tag.Get("default"), Required: tag.Get("required") == "true",
			aliases: listed(tag.Get("alias")), instead: listed(tag.Get("or")),
		}
	}
	return list
}

func listed(tag string) []string {
	return strings.FieldsFunc(tag, func(r rune) bool { return r == ',' })
}

// needed tells whether the variable must be set, in this environment.
func (v Variable) needed() bool {
	return v.Required || len(v.instead) > 0 && !slices.ContainsFunc(v.instead, func(name string) bool { return strings.TrimSpace(os.Getenv(name)) != "" })
}

// read fills one field. Package envconfig stops at the first fault of a struct; given a struct of one field at a time it
// tells them all.
func (v Variable) read(field reflect.StructField, into reflect.Value) Faults {
	value, set := os.LookupEnv(v.Name)
	value = strings.TrimSpace(value)
	switch {
	case value == "":
		return v.unset(set, field, into)
	case len(value) > 1 && value[0] == value[len(value)-1] && strings.ContainsAny(value[:1], `"'`):
		return Faults{{v.Name, "has quotation marks around its value", "Take them away; whatever set the variable did not."}}
	}
	return v.process(field, into)
}

// unset handles a variable without a value.
func (v Variable) unset(set bool, field reflect.StructField, into reflect.Value) Faults {
	if other, ok := v.misspelt(os.Environ()); ok && (v.needed() || len(v.instead) == 0) {
		return Faults{{v.Name, "is not set, but " + other + " is", "Did you mean " + v.Name + "? Rename it."}}
	}
	if v.needed() {
		return Faults{{v.Name, "is missing", howTo[v.Name]}}
	}
	if set && v.Default != "" {
		// envconfig would take the nothing for a value.
		return v.faults(into.Addr().Interface().(envconfig.Decoder).Decode(v.Default))
	}
	return v.process(field, into)
}

func (v Variable) process(field reflect.StructField, into reflect.Value) Faults {
	one := reflect.New(reflect.StructOf([]reflect.StructField{field}))
	err := envconfig.Process("", one.Interface())
	var parse *envconfig.ParseError
	if errors.As(err, &parse) {
		err = parse.Err // without the value, which may be a secret
	}
	into.Set(one.Elem().Field(0))
	return v.faults(err)
}

// faults turns what a Decode method found into faults of this variable.
func (v Variable) faults(err error) Faults {
	if err == nil {
		return nil
	}
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		var all Faults
		for _, one := range several.Unwrap() {
			all = append(all, v.faults(one)...)
		}
		return all
	}
	var p problem
	if !errors.As(err, &p) {
		p.text = "cannot be read"
	}
	if p.fix == "" {
		p.fix = howTo[v.Name]
	}
	return Faults{{v.Name, p.text, p.fix}}
}

// problem is what a Decode method finds wrong with a value: the rest of a sentence that begins with the variable's name,
// and what to do; "" for what howTo says.
type problem struct{ text, fix string }

func (p problem) Error() string { return p.text }
