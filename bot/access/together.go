package access

import (
	"fmt"
	"runtime/debug"
	"sync"
)

// each calls f for 0 to n-1 side by side, and waits for all. A panic in one goes on in the caller, with the stack where it
// began: in a goroutine of its own it would end the process.
func each(n int, f func(i int)) {
	lost := make([]any, n)
	var asking sync.WaitGroup
	for i := range n {
		asking.Go(func() {
			defer func() {
				if v := recover(); v != nil {
					lost[i] = fmt.Sprintf("%v\n%s", v, debug.Stack())
				}
			}()
			f(i)
		})
	}
	asking.Wait()
	for _, v := range lost {
		if v != nil {
			panic(v)
		}
	}
}

// together is each for functions that differ.
func together(fs ...func()) { each(len(fs), func(i int) { fs[i]() }) }
