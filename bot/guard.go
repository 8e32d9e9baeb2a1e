package bot

import (
	"fmt"
	"runtime/debug"
	"sync"
)

// panicError is a panic that was caught, with the stack where it began.
type panicError struct {
	value any
	stack []byte
}

func (p *panicError) Error() string { return fmt.Sprintf("panic: %v", p.value) }

// guard calls f and turns a panic in it into an error, so that one command never ends another.
func guard(f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			if p, ok := v.(*panicError); ok { // from a goroutine of Together
				err = p
				return
			}
			err = &panicError{v, debug.Stack()}
		}
	}()
	return f()
}

// Together calls the functions side by side and waits for all of them. Commands read with it: a preview costs its
// longest chain of calls, not their sum. A panic in one of them goes on in the caller, where the router catches it;
// in a bare goroutine it would end the process.
func Together(fs ...func()) {
	var (
		wg    sync.WaitGroup
		first sync.Once
		lost  *panicError
	)
	for _, f := range fs {
		wg.Go(func() {
			err := guard(func() error { f(); return nil })
			if p, ok := err.(*panicError); ok {
				first.Do(func() { lost = p })
			}
		})
	}
	wg.Wait()
	if lost != nil {
		panic(lost)
	}
}
