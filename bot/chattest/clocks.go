package chattest

import (
	"errors"
	"testing/synctest"
	"time"
)

// The limits of settling and waiting: the same words in doc.go.
const (
	settleWithin = 5 * time.Second
	waitWithin   = 2 * time.Hour
)

// bubbleClock is the clock of a synctest bubble, where time passes only when everybody waits.
type bubbleClock struct{}

func (bubbleClock) Settle(quiet func() bool) {
	const step = 10 * time.Millisecond
	for range settleWithin / step {
		synctest.Wait()
		if quiet() {
			return
		}
		time.Sleep(step)
	}
}

func (bubbleClock) Sleep(d time.Duration) error {
	time.Sleep(d)
	synctest.Wait()
	return nil
}

func (bubbleClock) Wait(done func() bool) bool {
	const step = time.Second
	for range waitWithin / step {
		synctest.Wait()
		if done() {
			return true
		}
		time.Sleep(step)
	}
	return false
}

// RealClock is the clock on the wall. It cannot be turned.
type RealClock struct{}

// Settle waits for 150 ms of quiet, and for 30 s at most, which is longer than the bot takes for any answer.
func (RealClock) Settle(quiet func() bool) {
	const step, calm, limit = 10 * time.Millisecond, 150 * time.Millisecond, 30 * time.Second
	since := time.Now()
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(step) {
		if !quiet() {
			since = time.Now()
		}
		if time.Since(since) >= calm {
			return
		}
	}
}

// Sleep refuses.
func (RealClock) Sleep(time.Duration) error {
	return errors.New("time cannot be moved here: this is played in real time; !wait waits for what is open")
}

// Wait looks ten times a second. Two hours are as many here.
func (RealClock) Wait(done func() bool) bool {
	for end := time.Now().Add(waitWithin); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if done() {
			return true
		}
	}
	return false
}
