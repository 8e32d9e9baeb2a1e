package inbox

import (
	"errors"
	"fmt"
	"path"
	"runtime"
	"strings"
)

// panicError is a panic. Its text says what kind it was; the value itself may hold a part of a payload, unless Go's runtime
// made it.
type panicError struct {
	text string
	file string
	line int
}

func (e *panicError) Error() string { return fmt.Sprintf("%s at %s:%d", e.text, e.file, e.line) }

func isPanic(err error) bool {
	_, ok := errors.AsType[*panicError](err)
	return ok
}

// guard calls f and gives a panic in it as an error.
func guard(f func() error) (err error) {
	defer func() {
		v := recover()
		if v == nil {
			return
		}
		e := &panicError{text: fmt.Sprintf("a panic with a %T", v)}
		if r, ok := v.(runtime.Error); ok {
			e.text = "a panic: " + r.Error()
		}
		e.file, e.line = origin()
		err = e
	}()
	return f()
}

// origin is where the panic was that is being recovered.
func origin() (file string, line int) {
	callers := make([]uintptr, 32)
	frames := runtime.CallersFrames(callers[:runtime.Callers(2, callers)])
	panicked := false
	for {
		f, more := frames.Next()
		if panicked && !strings.HasPrefix(f.Function, "runtime.") {
			return path.Base(f.File), f.Line
		}
		panicked = panicked || f.Function == "runtime.gopanic"
		if !more {
			return "an unknown place", 0
		}
	}
}
