// Package abreast calls functions side by side and waits for them, and keeps a panic in one of them from ending the process.
//
// It is apart because whoever asks several far ends at once needs it: a person who waits should wait for the longest of the answers,
// not for their sum.
package abreast

import (
	"fmt"
	"runtime/debug"
	"sync"
)

// Panic is a panic that was caught, with the stack where it began.
type Panic struct {
	Value any
	Stack []byte
}

func (p *Panic) Error() string { return fmt.Sprintf("panic: %v", p.Value) }

// Guard calls f and turns a panic in it into a *Panic, so that one piece of work never ends another.
func Guard(f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			if p, ok := v.(*Panic); ok { // of a call side by side
				err = p
				return
			}
			err = &Panic{v, debug.Stack()}
		}
	}()
	return f()
}

// Each calls f for 0 to n-1 side by side, and waits for all. The first panic in them goes on in the caller as a *Panic: in a goroutine
// of its own it would end the process.
func Each(n int, f func(i int)) {
	lost := make([]error, n)
	var calls sync.WaitGroup
	for i := range n {
		calls.Go(func() { lost[i] = Guard(func() error { f(i); return nil }) })
	}
	calls.Wait()
	for _, err := range lost {
		if err != nil {
			panic(err)
		}
	}
}

// Do is Each for functions that differ.
func Do(fs ...func()) { Each(len(fs), func(i int) { fs[i]() }) }
