package slack

import "time"

const (
	// answerWithin is how long a goodbye waits for Slack's.
	answerWithin = time.Second
	// handingOver is the time that slack-go gets to hand over what it has read.
	handingOver = 100 * time.Millisecond
)

// part says goodbye as soon as nothing is due on the wire, at the latest when an acknowledgement would be worthless.
func (w *wire) part() {
	w.mu.Lock()
	w.parting = true
	quiet := w.unacked <= 0
	if !quiet && !w.ended {
		w.farewell = time.AfterFunc(lingering, w.sayGoodbye)
	}
	w.mu.Unlock()
	if quiet {
		w.sayGoodbye()
	}
}

// sayGoodbye writes a close frame. Slack sends nothing after its answer to that, and the wire then ends.
func (w *wire) sayGoodbye() {
	w.writing.Lock()
	defer w.writing.Unlock()
	w.mu.Lock()
	again := w.said || w.ended
	w.said = true
	if !again {
		if w.farewell != nil {
			w.farewell.Stop()
		}
		w.farewell = time.AfterFunc(answerWithin, w.end)
	}
	w.mu.Unlock()
	if !again {
		_, _ = w.put(closeFrame(), time.Now().Add(ackAttempt)) // the wire ends in any case
	}
}

// hearOut waits until what came before Slack's answer is handed over, or the wire ends.
func (w *wire) hearOut() {
	t := time.NewTimer(handingOver)
	defer t.Stop()
	select {
	case <-t.C:
	case <-w.over:
	}
}
