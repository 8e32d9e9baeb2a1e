package herokusim

import "context"

// line is a queue at a door that lets one in at a time, in the order of arrival. The server's lock guards it.
type line struct {
	busy  bool
	queue []chan struct{}
}

// enter waits for its turn: call it without the lock. It gives ErrClosed when ctx ends first.
func (a *App) enter(ctx context.Context, l *line) error {
	a.server.mu.Lock()
	if !l.busy {
		l.busy = true
		a.server.mu.Unlock()
		return nil
	}
	turn := make(chan struct{})
	l.queue = append(l.queue, turn)
	a.server.mu.Unlock()
	select {
	case <-turn:
		return nil
	case <-ctx.Done():
		return ErrClosed // only the end of the server ends ctx, so nobody is behind in the queue who could miss a turn
	}
}

// leave lets the next one in; the lock is held.
func (l *line) leave() {
	if len(l.queue) == 0 {
		l.busy = false
		return
	}
	close(l.queue[0])
	l.queue = l.queue[1:]
}

// waiting is how many stand in the queue; the lock is held.
func (l *line) waiting() int { return len(l.queue) }
