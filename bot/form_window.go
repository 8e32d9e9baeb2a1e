package bot

import (
	"context"
	"errors"
	"sync"
	"time"

	slackgo "github.com/slack-go/slack"

	"slipway/integrations/slack"
)

// window is a modal in which a request is answered, or can be.
type window struct {
	trigger  string // opens it, within 3 s of what the person did
	kind     string // of the change that is planned in it
	title    string
	metadata string          // what it remembers: a note
	round    int             // how often it was filled
	acked    bool            // it says that it is read, by the acknowledgement of its submit
	kept     []slackgo.Block // what stands in it, and is left standing while it is read again

	at   slack.View // without an id it is not open
	turn *turn
	n    int // which of the requests that write into it this one is
}

func (w *window) open() bool { return w != nil && w.at.ID != "" }

// canOpen tells whether there is a window, or something that opens one.
func (w *window) canOpen() bool { return w != nil && (w.at.ID != "" || w.trigger != "") }

// turns say who writes into a modal: of several that were asked for something the last.
type turns struct {
	mu sync.Mutex
	of map[string]*turn // by the id of the modal
}

// turn is the order of those who write into one modal.
type turn struct {
	last    int // guarded by turns
	at      time.Time
	writing chan struct{} // holds a place while somebody writes
}

// turnMemory is how long the order in a modal is remembered: longer than any request takes.
const turnMemory = time.Hour

// take gives a request its place among those that write into a modal. Requests take it in the order in which they arrive.
func (t *turns) take(id string) (*turn, int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := time.Now()
	for other, known := range t.of {
		if now.Sub(known.at) >= turnMemory {
			delete(t.of, other)
		}
	}
	if t.of == nil {
		t.of = map[string]*turn{}
	}
	if t.of[id] == nil {
		t.of[id] = &turn{writing: make(chan struct{}, 1)}
	}
	one := t.of[id]
	one.last++
	one.at = now
	return one, one.last
}

// over tells whether somebody has come after a request.
func (t *turns) over(w *window) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return w.n < w.turn.last
}

// errOvertaken says that a modal is left to who came later.
var errOvertaken = errors.New("the modal shows something that was asked for later")

// enter makes a modal that is open the window of a request.
func (b *Bot) enter(w *window, at slack.View) {
	w.at = at
	w.turn, w.n = b.turns.take(at.ID)
}

// begin opens a window, or says in one that is open that it is read.
func (b *Bot) begin(ctx context.Context, w *window) error {
	if w.acked {
		return rest(ctx, ackLead)
	}
	if w.open() {
		if err := b.write(ctx, w, w.reading()); err != nil {
			b.log.Info("a modal does not say that it is read", "error", err)
		}
		return nil
	}
	at, err := b.clients.Slack.OpenView(ctx, w.trigger, w.reading())
	if err != nil {
		return err
	}
	b.enter(w, at)
	return nil
}

// ackLead is what an acknowledgement, which goes through a socket, is given to arrive before what is written into the same modal, which
// does not. It passes while the modal is read.
const ackLead = 100 * time.Millisecond

func rest(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// write replaces what stands in a window, unless somebody came later. What this request wrote before has to be still there: only then
// nothing newer is overwritten, whichever process it came from.
func (b *Bot) write(ctx context.Context, w *window, v slackgo.ModalViewRequest) error {
	select {
	case w.turn.writing <- struct{}{}:
		defer func() { <-w.turn.writing }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if b.turns.over(w) {
		return errOvertaken
	}
	at, err := b.clients.Slack.UpdateView(ctx, w.at, v)
	if err != nil {
		return err
	}
	w.at = at
	return nil
}

// show answers in a window. That it was closed, or shows something newer, leaves nobody without an answer.
func (b *Bot) show(ctx context.Context, req Request, a Answer) error {
	v := a.view
	if v == nil {
		told := req.window.says(a)
		v = &told
	}
	err := b.write(ctx, req.window, *v)
	far, ok := errors.AsType[*slack.Error](err)
	if errors.Is(err, errOvertaken) || ok && (far.Code == "not_found" || far.Code == "hash_conflict") {
		b.log.Info("nobody waits for an answer in a modal any more", "request", req.ID, "why", err)
		return nil
	}
	return err
}
