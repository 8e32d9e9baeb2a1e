package store

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"unicode/utf8"
)

// arguments turns what callers give into the few types that both engines treat alike.
func arguments(args []any) ([]any, error) {
	values := make([]any, len(args))
	for i, arg := range args {
		value, err := argument(arg)
		if err != nil {
			return nil, fmt.Errorf("$%d: %w", i+1, err)
		}
		values[i] = value
	}
	return values, nil
}

func argument(arg any) (any, error) {
	switch v := arg.(type) {
	case nil:
		return nil, nil
	case string:
		return text(v), nil
	case int64:
		return v, nil
	case int:
		return int64(v), nil
	case json.RawMessage: // text, as all JSON is
		if v == nil {
			return nil, nil
		}
		return text(string(v)), nil
	case []byte:
		if v == nil {
			return nil, nil // or one engine would keep a null and the other an empty value
		}
		return v, nil
	}
	v := reflect.ValueOf(arg)
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return nil, nil
		}
		return argument(v.Elem().Interface())
	case reflect.String:
		return text(v.String()), nil
	case reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Int:
		return v.Int(), nil
	}
	return nil, fmt.Errorf("a %T is no text, whole number or bytes", arg)
}

// text is s as both engines can keep it. Postgres takes neither zero bytes nor bad UTF-8 as text.
func text(s string) string {
	if strings.IndexByte(s, 0) >= 0 {
		s = strings.ReplaceAll(s, "\x00", "\uFFFD")
	}
	if utf8.ValidString(s) {
		return s
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}
