package herokusim

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// "Default 200, max 1000" rows on a page.
const (
	pageDefault = 200
	pageMax     = 1000
)

// list is an answer that may be read in ranges.
type list struct {
	fields []string // that a range may go by; the first without one
	rows   []row
	asIs   bool // without a range the rows keep their order
}

// row is one entry: its view, and its keys in the order of the list's fields (int or string).
type row struct {
	view any
	keys []any
}

// span is what a Range header asks for.
type span struct {
	field       string
	first, last string // in reading order; "" is open
	afterFirst  bool   // "]": without first itself
	max         int
	descending  bool
}

var unsatisfiable = &fault{
	status: http.StatusRequestedRangeNotSatisfiable, ID: "requested_range_not_satisfiable",
	Message: "Validate the `Range` header and try again.",
}

// parseSpan reads "version ..; max=15, order=desc", "id ]<last>..", with and without the spaces: "Accept both spacings
// of Range".
func parseSpan(header string, fields []string) (span, error) {
	sp := span{field: fields[0], max: pageDefault}
	if strings.TrimSpace(header) == "" {
		return sp, nil
	}
	bounds, params, _ := strings.Cut(header, ";")
	first, last, ok := strings.Cut(bounds, "..")
	if !ok {
		return sp, unsatisfiable
	}
	sp.field, sp.first, _ = strings.Cut(strings.TrimSpace(first), " ")
	sp.first, sp.last = strings.TrimSpace(sp.first), strings.TrimSpace(last)
	sp.first, sp.afterFirst = strings.CutPrefix(sp.first, "]")
	sp.field = cmp.Or(sp.field, fields[0])
	if !slices.Contains(fields, sp.field) {
		return sp, unsatisfiable
	}
	err := sp.parseParams(params)
	return sp, err
}

func (sp *span) parseParams(params string) error {
	for _, p := range strings.FieldsFunc(params, func(r rune) bool { return r == ',' || r == ';' }) {
		key, value, _ := strings.Cut(strings.TrimSpace(p), "=")
		switch key {
		case "":
		case "max":
			n, err := strconv.Atoi(value)
			if err != nil || n < 1 {
				return unsatisfiable
			}
			sp.max = min(n, pageMax)
		case "order":
			if value != "asc" && value != "desc" {
				return unsatisfiable
			}
			sp.descending = value == "desc"
		default:
			return unsatisfiable
		}
	}
	return nil
}

// page is the part of a list that a span picks, and the headers that go with it: "206 + `Next-Range` when there is
// more, `Content-Range`, `Accept-Ranges`". Without more there is none of that, and 200.
func (l list) page(header string, h http.Header) (status int, views []any, err error) {
	sp, err := parseSpan(header, l.fields)
	if err != nil {
		return 0, nil, err
	}
	if l.asIs && strings.TrimSpace(header) == "" && len(l.rows) <= sp.max {
		return http.StatusOK, l.views(l.rows), nil
	}
	rows, key, err := l.pick(sp)
	if err != nil {
		return 0, nil, err
	}
	status = http.StatusOK
	if len(rows) > sp.max {
		rows = rows[:sp.max]
		status = http.StatusPartialContent
		first, last := rows[0].keys[key], rows[len(rows)-1].keys[key]
		h.Set("Accept-Ranges", strings.Join(l.fields, ", "))
		h.Set("Content-Range", fmt.Sprintf("%s %v..%v", sp.field, first, last))
		h.Set("Next-Range", sp.next(last))
	}
	return status, l.views(rows), nil
}

func (l list) views(rows []row) []any {
	views := make([]any, 0, len(rows))
	for _, r := range rows {
		views = append(views, r.view)
	}
	return views
}

// next is the Range that reads on after the last row of a page.
func (sp span) next(last any) string {
	next := fmt.Sprintf("%s ]%v..%s; max=%d", sp.field, last, sp.last, sp.max)
	if sp.descending {
		next += ", order=desc"
	}
	return next
}

// pick sorts the rows and leaves out those outside the bounds. Rows with equal keys keep their order.
func (l list) pick(sp span) (rows []row, key int, err error) {
	key = slices.Index(l.fields, sp.field)
	compare := func(a, b any) int {
		c := compareKeys(a, b)
		if sp.descending {
			c = -c
		}
		return c
	}
	sorted := slices.Clone(l.rows)
	slices.SortStableFunc(sorted, func(a, b row) int { return compare(a.keys[key], b.keys[key]) })
	for _, r := range sorted {
		first, last, err := bounds(sp, r.keys[key])
		if err != nil {
			return nil, 0, err
		}
		if first != nil {
			if c := compare(r.keys[key], first); c < 0 || c == 0 && sp.afterFirst {
				continue
			}
		}
		if last != nil && compare(r.keys[key], last) > 0 {
			continue
		}
		rows = append(rows, r)
	}
	return rows, key, nil
}

// bounds reads the ends of a span as the kind of key that a row has; nil for an open end.
func bounds(sp span, like any) (first, last any, err error) {
	read := func(text string) (any, error) {
		if text == "" {
			return nil, nil
		}
		if _, ok := like.(int); !ok {
			return text, nil
		}
		n, err := strconv.Atoi(text)
		if err != nil {
			return nil, unsatisfiable
		}
		return n, nil
	}
	if first, err = read(sp.first); err != nil {
		return nil, nil, err
	}
	last, err = read(sp.last)
	return first, last, err
}

func compareKeys(a, b any) int {
	if n, ok := a.(int); ok {
		return cmp.Compare(n, b.(int))
	}
	return cmp.Compare(a.(string), b.(string))
}
