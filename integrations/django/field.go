package django

import (
	"slices"
	"strconv"
	"strings"
)

// fieldPackages are where Django's own fields are found.
var fieldPackages = []string{
	"django.db.models.", "django.db.models.fields.", "django.db.models.fields.related.", "django.db.models.fields.json.",
	"django.db.models.fields.files.", "django.contrib.postgres.fields.", "django.contrib.postgres.fields.jsonb.",
	"django.contrib.postgres.fields.array.", "django.contrib.postgres.fields.citext.", "django.contrib.postgres.fields.hstore.",
	"django.contrib.postgres.search.",
}

// field is one of a model's, as a migration writes it.
type field struct {
	name  string
	class string // of Django's own fields; empty: it is none, or is not read
	Expr
}

func asField(name string, e Expr) field {
	f := field{name: name, Expr: e}
	if e.Form != Call || e.Spread {
		return f
	}
	for _, p := range fieldPackages {
		class, ok := strings.CutPrefix(e.Text, p)
		if ok && !strings.Contains(class, ".") && stored[class].family != "" {
			f.class = class
		}
	}
	if len(e.Items) > 2 || len(e.Items) == 2 && stored[f.class].family != "reference" { // by position: verbose_name, or to and on_delete
		f.class = ""
	}
	return f
}

// family is what the values of a column are to the database and to Python.
type family string

// storage is the type of a field's column.
type storage struct {
	family family
	low    int // of whole numbers: how many bits below zero
	high   int // and above
	limit  int // of text: how many characters, if max_length says nothing; 0: any number
}

const unlimited = 0

var stored = map[string]storage{
	"SmallIntegerField":         {family: "whole number", low: 15, high: 15},
	"IntegerField":              {family: "whole number", low: 31, high: 31},
	"BigIntegerField":           {family: "whole number", low: 63, high: 63},
	"PositiveSmallIntegerField": {family: "whole number", high: 15},
	"PositiveIntegerField":      {family: "whole number", high: 31},
	"PositiveBigIntegerField":   {family: "whole number", high: 63},
	"SmallAutoField":            {family: "serial", low: 15, high: 15},
	"AutoField":                 {family: "serial", low: 31, high: 31},
	"BigAutoField":              {family: "serial", low: 63, high: 63},

	"CharField":                  {family: "text", limit: unlimited},
	"TextField":                  {family: "text", limit: unlimited},
	"SlugField":                  {family: "text", limit: 50},
	"EmailField":                 {family: "text", limit: 254},
	"URLField":                   {family: "text", limit: 200},
	"FileField":                  {family: "text", limit: 100},
	"ImageField":                 {family: "text", limit: 100},
	"FilePathField":              {family: "text", limit: 100},
	"CommaSeparatedIntegerField": {family: "text", limit: unlimited},

	"ForeignKey":            {family: "reference"},
	"OneToOneField":         {family: "reference"},
	"ManyToManyField":       {family: "table"},
	"GeneratedField":        {family: "generated"},
	"DecimalField":          {family: "decimal"},
	"BooleanField":          {family: "boolean"},
	"NullBooleanField":      {family: "boolean"},
	"FloatField":            {family: "float"},
	"DateField":             {family: "date"},
	"DateTimeField":         {family: "time stamp"},
	"TimeField":             {family: "time"},
	"DurationField":         {family: "duration"},
	"UUIDField":             {family: "uuid"},
	"BinaryField":           {family: "binary"},
	"JSONField":             {family: "json"},
	"GenericIPAddressField": {family: "inet"},
	"ArrayField":            {family: "array"},
	"HStoreField":           {family: "hstore"},
	"CICharField":           {family: "citext"},
	"CIEmailField":          {family: "citext"},
	"CITextField":           {family: "citext"},
	"SearchVectorField":     {family: "tsvector"},
	"IntegerRangeField":     {family: "int4range"},
	"BigIntegerRangeField":  {family: "int8range"},
	"DecimalRangeField":     {family: "numrange"},
	"DateRangeField":        {family: "daterange"},
	"DateTimeRangeField":    {family: "tstzrange"},
}

// pythonOnly are arguments of which the database knows nothing (django.db.models.Field.non_db_attrs).
var pythonOnly = []string{
	"auto_created", "auto_now", "auto_now_add", "blank", "choices", "db_comment", "db_index", "db_tablespace", "decoder", "default", "editable",
	"encoder", "error_messages", "help_text", "limit_choices_to", "allow_unicode", "on_delete", "parent_link", "protocol", "related_name",
	"related_query_name", "serialize", "storage", "swappable", "symmetrical", "unique_for_date", "unique_for_month", "unique_for_year",
	"unpack_ipv4", "upload_to", "validators", "verbose_name", "width_field", "height_field", "path", "match", "recursive", "allow_files",
	"allow_folders",
}

// is tells whether an argument is set to True.
func (f field) is(arg string) Answer {
	e, ok := f.Arg(-1, arg)
	switch {
	case !ok && f.Spread:
		return Unknown
	case !ok, e.Form == None:
		return No
	case e.Form == Bool && e.Text == "True":
		return Yes
	case e.Form == Bool:
		return No
	}
	return Unknown
}

// empty tells whether the column may hold no value.
func (f field) empty() Answer {
	if f.class == "NullBooleanField" {
		return Yes
	}
	return f.is("null")
}

// unique tells whether no two rows may have the same value.
func (f field) unique() Answer {
	if f.class == "OneToOneField" {
		return Yes
	}
	if f.is("primary_key") == Yes {
		return Yes
	}
	return f.is("unique")
}

func (f field) given(arg string) bool {
	e, ok := f.Arg(-1, arg)
	return ok && e.Form != None
}

// column is the name of the field's column.
func (f field) column() string {
	if e, ok := f.Arg(-1, "db_column"); ok && e.Form == String {
		return e.Text
	}
	if stored[f.class].family == "reference" {
		return strings.ToLower(f.name) + "_id"
	}
	return strings.ToLower(f.name)
}

// to is the model that a reference is to.
func (f field) to() string {
	e, _ := f.Arg(0, "to")
	return strings.ToLower(e.Text)
}

// number is the value of an argument; not ok, if it is not set or is no number.
func (f field) number(arg string) (int, bool) {
	e, ok := f.Arg(-1, arg)
	if !ok || e.Form != Number {
		return 0, false
	}
	n, err := strconv.Atoi(strings.ReplaceAll(e.Text, "_", ""))
	return n, err == nil
}

// length is how many characters a text may have; 0: any number.
func (f field) length() (n int, ok bool) {
	switch {
	case f.class == "TextField", !f.given("max_length"):
		return stored[f.class].limit, true
	}
	return f.number("max_length")
}

// narrower tells whether a value that one field takes may be refused by another, and why.
func narrower(from, to field) (Answer, string) {
	if from.class == "" || to.class == "" {
		return Unknown, "what its values are is not known"
	}
	answer, why := No, ""
	for _, rule := range []func(from, to field) (Answer, string){narrowerEmpty, narrowerUnique, narrowerType, narrowerRest} {
		switch a, w := rule(from, to); {
		case a == Yes:
			return a, w
		case a == Unknown && answer == No:
			answer, why = a, w
		}
	}
	return answer, why
}

func narrowerEmpty(from, to field) (Answer, string) {
	if from.empty() == No || to.empty() == Yes {
		return No, ""
	}
	return worse(from.empty(), to.empty()), "it must have a value"
}

func narrowerUnique(from, to field) (Answer, string) {
	if from.unique() == Yes || to.unique() == No {
		return No, ""
	}
	return worse(from.unique(), to.unique()), "its values must be unique"
}

// worse is unknown if either is.
func worse(a, b Answer) Answer {
	if a == Unknown || b == Unknown {
		return Unknown
	}
	return Yes
}

func narrowerType(from, to field) (Answer, string) {
	a, b := stored[from.class], stored[to.class]
	if a.family != b.family {
		return Yes, "it is a " + string(b.family) + " in place of a " + string(a.family)
	}
	switch a.family {
	case "whole number", "serial":
		if a.low > b.low || a.high > b.high {
			return Yes, "it holds fewer numbers (" + to.class + ")"
		}
	case "text":
		return shorter(from, to)
	case "decimal":
		return coarser(from, to)
	case "reference":
		if from.to() != to.to() {
			return Yes, "it refers to another model"
		}
	}
	return No, ""
}

func shorter(from, to field) (Answer, string) {
	a, ok := from.length()
	b, known := to.length()
	switch {
	case !ok || !known:
		return Unknown, "how long it may be is not known"
	case b != unlimited && (a == unlimited || a > b):
		return Yes, "it may have " + strconv.Itoa(b) + " characters only"
	}
	return No, ""
}

func coarser(from, to field) (Answer, string) {
	digits, ok1 := from.number("max_digits")
	places, ok2 := from.number("decimal_places")
	digitsTo, ok3 := to.number("max_digits")
	placesTo, ok4 := to.number("decimal_places")
	switch {
	case !ok1 || !ok2 || !ok3 || !ok4:
		return Unknown, "how many digits it has is not known"
	case digitsTo-placesTo < digits-places || placesTo < places:
		return Yes, "it has fewer digits"
	}
	return No, ""
}

// judged are the arguments that the rules above look at.
var judged = []string{"null", "unique", "primary_key", "max_length", "max_digits", "decimal_places", "to", "db_column", "db_default"}

// narrowerRest looks at all other arguments: one that differs may mean anything.
func narrowerRest(from, to field) (Answer, string) {
	if from.is("primary_key") != to.is("primary_key") {
		return Unknown, "it is or was the primary key"
	}
	if from.is("db_constraint") == No && from.given("db_constraint") && !(to.is("db_constraint") == No && to.given("db_constraint")) {
		return Yes, "what it refers to must be there"
	}
	for _, arg := range slices.Concat(from.Named, to.Named) {
		if slices.Contains(pythonOnly, arg.Name) || slices.Contains(judged, arg.Name) || arg.Name == "db_constraint" {
			continue
		}
		a, _ := from.Arg(-1, arg.Name)
		b, _ := to.Arg(-1, arg.Name)
		if !equal(a, b) {
			return Unknown, arg.Name + " differs"
		}
	}
	return No, ""
}

// equal tells whether two expressions are written alike.
func equal(a, b Expr) bool {
	return a.Form == b.Form && a.Text == b.Text && a.Spread == b.Spread && slices.EqualFunc(a.Items, b.Items, equal) &&
		slices.EqualFunc(a.Named, b.Named, func(x, y NamedExpr) bool { return x.Name == y.Name && equal(x.Expr, y.Expr) })
}
