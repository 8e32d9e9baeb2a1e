package presence

import (
	"slices"
	"sync"
	"time"
)

// fading is how long a connection is still held to count after its end: Slack notices within a minute that a machine is gone.
const fading = 75 * time.Second

// count is how many connections of this process Slack may count.
type count struct {
	mu     sync.Mutex
	open   int         // being tried, or not closed yet
	closed []time.Time // when others were closed, oldest first
}

// opening counts one that is about to be tried.
func (c *count) opening() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open++
}

// ended counts one that was tried in vain, or was closed.
func (c *count) ended(reached bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open--
	if reached {
		c.closed = append(c.closed, time.Now())
	}
}

// held is the most that Slack can count.
func (c *count) held() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	c.closed = slices.DeleteFunc(c.closed, func(at time.Time) bool { return now.Sub(at) >= fading })
	return c.open + len(c.closed)
}
