package github

import (
	"container/list"
	"sync"
)

// lru keeps the answers used last, bounded in number and in bytes.
type lru struct {
	maxEntries, maxBytes, maxEntry int

	mu    sync.Mutex
	bytes int
	order *list.List // of *entry, the one used last in front
	byKey map[string]*list.Element
}

type entry struct {
	key   string
	value answer
	bytes int
}

func newLRU(maxEntries, maxBytes, maxEntry int) *lru {
	return &lru{maxEntries: maxEntries, maxBytes: maxBytes, maxEntry: maxEntry, order: list.New(), byKey: map[string]*list.Element{}}
}

func (l *lru) get(key string) (answer, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e, ok := l.byKey[key]
	if !ok {
		return answer{}, false
	}
	l.order.MoveToFront(e)
	return e.Value.(*entry).value, true
}

// put keeps an answer in place of the one before; one that is too large only replaces it by nothing.
func (l *lru) put(key string, value answer) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.remove(l.byKey[key])
	size := len(key) + len(value.body)
	for name, values := range value.header {
		for _, v := range values {
			size += len(name) + len(v)
		}
	}
	if size > l.maxEntry {
		return
	}
	l.byKey[key] = l.order.PushFront(&entry{key: key, value: value, bytes: size})
	l.bytes += size
	for l.order.Len() > l.maxEntries || l.bytes > l.maxBytes {
		l.remove(l.order.Back())
	}
}

func (l *lru) drop(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.remove(l.byKey[key])
}

func (l *lru) remove(e *list.Element) {
	if e == nil {
		return
	}
	gone := l.order.Remove(e).(*entry)
	delete(l.byKey, gone.key)
	l.bytes -= gone.bytes
}
