package access

import "sync/atomic"

// onceValue asks when the answer is first wanted; whoever wants it meanwhile waits. Unlike sync.OnceValue it holds no lock
// while it asks: in a test's bubble that would stop the clock.
func onceValue[T any](ask func() T) func() T {
	var (
		begun atomic.Bool
		done  = make(chan struct{})
		is    T
	)
	return func() T {
		if begun.CompareAndSwap(false, true) {
			defer close(done)
			is = ask()
			return is
		}
		<-done
		return is
	}
}

// onceValues is onceValue for what may fail.
func onceValues[T any](ask func() (T, error)) func() (T, error) {
	type both struct {
		is  T
		err error
	}
	one := onceValue(func() both {
		is, err := ask()
		return both{is, err}
	})
	return func() (T, error) {
		b := one()
		return b.is, b.err
	}
}
