package slacksim

import (
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// bodyBytes is the largest request that is read.
const bodyBytes = 2 << 20

// args are a request's arguments, from a form or a JSON body. In forms, blocks and the like are JSON strings; in
// JSON they are either.
type args struct {
	form    url.Values
	json    map[string]json.RawMessage // nil when the body is a form
	warning string                     // missing_charset or superfluous_charset
}

// readArgs reads the arguments. The code is Slack's error when the body is not what its Content-Type says; else empty.
func readArgs(r *http.Request) (a args, code string) {
	kind, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	r.Body = http.MaxBytesReader(nil, r.Body, bodyBytes)
	if kind == "application/json" {
		if params["charset"] == "" {
			a.warning = "missing_charset"
		}
		a.form = r.URL.Query()
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return a, "request_timeout"
		}
		if len(strings.TrimSpace(string(body))) == 0 {
			a.json = map[string]json.RawMessage{}
			return a, ""
		}
		if json.Unmarshal(body, &a.json) != nil {
			return a, "invalid_json"
		}
		return a, ""
	}
	if kind == "application/x-www-form-urlencoded" && params["charset"] != "" {
		a.warning = "superfluous_charset"
	}
	if kind == "multipart/form-data" {
		if err := r.ParseMultipartForm(bodyBytes); err != nil {
			return a, "invalid_form_data"
		}
	} else if err := r.ParseForm(); err != nil {
		return a, "invalid_form_data"
	}
	a.form = r.Form
	return a, ""
}

// raw gives an argument as JSON, and whether it was given. An argument that is a string holding JSON counts as
// that JSON.
func (a args) raw(name string) (json.RawMessage, bool) {
	if v, ok := a.json[name]; ok {
		var inner string
		if json.Unmarshal(v, &inner) == nil {
			return json.RawMessage(inner), inner != ""
		}
		return v, string(v) != "null"
	}
	v := a.form.Get(name)
	return json.RawMessage(v), v != ""
}

func (a args) str(name string) string {
	v, ok := a.json[name]
	if !ok {
		return a.form.Get(name)
	}
	var s string
	if json.Unmarshal(v, &s) == nil {
		return s
	}
	if string(v) == "null" {
		return ""
	}
	return string(v)
}

func (a args) has(name string) bool {
	_, ok := a.json[name]
	return ok || a.form.Has(name)
}

// yes reads a boolean as Slack does: true or 1.
func (a args) yes(name string) bool {
	v := strings.ToLower(a.str(name))
	return v == "true" || v == "1"
}

// num reads a number, with a default when it is not given.
func (a args) num(name string, def int) (int, error) {
	v := a.str(name)
	if v == "" {
		return def, nil
	}
	n, err := strconv.Atoi(v)
	if err != nil {
		return 0, failure("invalid_arguments", "[ERROR] must be a number [json-pointer:/"+name+"]")
	}
	return n, nil
}
