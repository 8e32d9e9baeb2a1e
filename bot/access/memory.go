package access

import (
	"sync"
	"time"
)

// set is ids without order.
type set map[string]struct{}

func setOf(ids []string) set {
	s := make(set, len(ids))
	for _, id := range ids {
		s[id] = struct{}{}
	}
	return s
}

func (s set) has(id string) bool {
	_, ok := s[id]
	return ok
}

// memory keeps answers with when they were asked for, which is when they surely were still true. Failures are not kept.
type memory[T any] struct {
	keep time.Duration

	mu    sync.Mutex
	known map[string]answer[T]
}

type answer[T any] struct {
	is    T
	asked time.Time
}

func newMemory[T any](keep time.Duration) *memory[T] {
	return &memory[T]{keep: keep, known: map[string]answer[T]{}}
}

// recall gives an answer that was asked for after a time.
func (m *memory[T]) recall(key string, since time.Time) (is T, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	a, ok := m.known[key]
	if !ok || !a.asked.After(since) {
		return is, false
	}
	return a.is, true
}

// ask gives an answer that was asked for after a time, and asks if there is none.
func (m *memory[T]) ask(key string, since time.Time, ask func() (T, error)) (T, error) {
	if is, ok := m.recall(key, since); ok {
		return is, nil
	}
	asked := time.Now()
	is, err := ask()
	if err != nil {
		var none T
		return none, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.forget()
	if a, ok := m.known[key]; !ok || asked.After(a.asked) {
		m.known[key] = answer[T]{is, asked}
	}
	return is, nil
}

// forget drops what is too old to be believed, so that the map holds what was asked for lately only.
func (m *memory[T]) forget() {
	for key, a := range m.known {
		if time.Since(a.asked) >= m.keep {
			delete(m.known, key)
		}
	}
}

// drop forgets one answer.
func (m *memory[T]) drop(key string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.known, key)
}
