package abreast_test

import (
	"errors"
	"strings"
	"testing"

	"slipway/bot/abreast"
)

func TestAllAreCalledAndWaitedFor(t *testing.T) {
	t.Parallel()
	done := make([]bool, 20)
	abreast.Each(len(done), func(i int) { done[i] = true })
	for i, ok := range done {
		if !ok {
			t.Errorf("number %d was not called", i)
		}
	}
}

func TestTheyRunAtTheSameTime(t *testing.T) {
	t.Parallel()
	there, back := make(chan int), make(chan int)
	abreast.Do(func() { there <- 1; <-back }, func() { <-there; back <- 1 }) // one after the other would never end
}

func TestAPanicGoesOnInTheCallerWithItsStack(t *testing.T) {
	t.Parallel()
	ended := false
	err := abreast.Guard(func() error {
		abreast.Do(func() { ended = true }, stumble)
		return nil
	})
	lost, ok := errors.AsType[*abreast.Panic](err)
	if !ok || lost.Value != "stumbled" || !strings.Contains(string(lost.Stack), "stumble") || !ended {
		t.Errorf("got %v, the other ended: %v", err, ended)
	}
}

func stumble() { panic("stumbled") }

func TestAnErrorIsLeftAsItIs(t *testing.T) {
	t.Parallel()
	want := errors.New("no")
	if err := abreast.Guard(func() error { return want }); err != want {
		t.Errorf("got %v", err)
	}
}
