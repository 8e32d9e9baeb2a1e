package weather

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"
)

// The times of the queue.
const (
	// patience is how long a delivery holds up the next one. Real senders do not wait for each other; here they do
	// as long as the receiver is quick, so that what is sent one after the other arrives so.
	patience = 250 * time.Millisecond
	// overtaken is how long a reordered delivery waits at most for others to overtake it.
	overtaken = 5 * time.Second
)

// Parcel is one delivery on its way.
type Parcel struct {
	Event, Action string // what faults go by
	Words         string // what Waiting calls it
	// Send brings it to its receiver, once more for a duplicate, and returns when it was answered or given up. Its
	// context ends when the queue is closed.
	Send func(ctx context.Context)
	Lost func() // called instead of Send when it was dropped; may be nil
}

// Outgoing is the queue in front of one server's deliveries. What is put into it first goes out first, one after
// the other, unless a fault says otherwise. It has goroutines only while something is in it.
type Outgoing struct {
	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup

	mu      sync.Mutex
	chance  *rand.Rand
	faults  []DeliveryFault
	seq     int
	parcels []*parcel // waiting
	sending []*parcel
	running bool
	changed chan struct{} // closed, and made anew, when a parcel comes
}

// parcel is a Parcel with its turn.
type parcel struct {
	Parcel
	seq   int
	due   time.Time
	after int // how many others overtake it, at most until due
	lost  bool
}

// NewOutgoing gives an empty queue. The seed decides how far reordered deliveries are overtaken.
func NewOutgoing(seed uint64) *Outgoing {
	ctx, cancel := context.WithCancel(context.Background())
	return &Outgoing{ctx: ctx, cancel: cancel, chance: rand.New(rand.NewPCG(seed, seed)), changed: make(chan struct{})} //nolint:gosec // it must repeat
}

// Close gives up what waits and what is under way, and returns when that has ended.
func (o *Outgoing) Close() {
	o.mu.Lock()
	o.cancel()
	o.parcels = nil
	o.mu.Unlock()
	o.wg.Wait()
}

// Add lets a fault hit the next delivery that it matches.
func (o *Outgoing) Add(f DeliveryFault) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.faults = append(o.faults, f)
}

// Clear takes back the faults that have not hit, and those that stay.
func (o *Outgoing) Clear() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.faults = nil
}

// Waiting names what waits or is under way, oldest first.
func (o *Outgoing) Waiting() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	all := append(slices.Clone(o.sending), o.parcels...)
	slices.SortStableFunc(all, func(a, b *parcel) int { return a.seq - b.seq })
	words := make([]string, len(all))
	for i, p := range all {
		words[i] = strings.TrimSpace(p.Words)
	}
	return words
}

// Put takes a delivery. It returns at once; after Close it does nothing.
func (o *Outgoing) Put(p Parcel) { o.PutAt(p, time.Now()) }

// PutAt takes a delivery that goes out at a certain time, as a sender's own retries do.
func (o *Outgoing) PutAt(p Parcel, at time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.ctx.Err() != nil {
		return
	}
	one := &parcel{Parcel: p, due: at}
	switch f := o.fault(p); f.Kind {
	case Delay:
		one.due = one.due.Add(f.D)
	case Drop:
		one.lost = true
	case Reorder:
		one.due, one.after = one.due.Add(overtaken), 1+o.chance.IntN(3)
	case Duplicate:
		o.insert(&parcel{Parcel: p, due: at})
	}
	o.insert(one)
	if !o.running {
		o.running = true
		o.wg.Go(o.run)
	}
	close(o.changed)
	o.changed = make(chan struct{})
}

func (o *Outgoing) insert(p *parcel) {
	o.seq++
	p.seq = o.seq
	o.parcels = append(o.parcels, p)
}

// fault takes the fault that hits a delivery, if there is one.
func (o *Outgoing) fault(p Parcel) DeliveryFault {
	for i, f := range o.faults {
		if !f.hits(p) {
			continue
		}
		if !f.Always {
			o.faults = append(o.faults[:i:i], o.faults[i+1:]...)
		}
		return f
	}
	return DeliveryFault{}
}

// run sends what is in the queue and ends when it is empty.
func (o *Outgoing) run() {
	for {
		p, wait, changed := o.next()
		switch {
		case p != nil:
			o.send(p)
		case wait < 0:
			return
		default:
			t := time.NewTimer(wait)
			select {
			case <-t.C:
			case <-changed:
			case <-o.ctx.Done():
			}
			t.Stop()
		}
	}
}

// next gives the delivery whose turn it is, or how long it is until one's turn; less than 0 when there is none.
func (o *Outgoing) next() (*parcel, time.Duration, <-chan struct{}) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.parcels) == 0 {
		o.running = false
		return nil, -1, nil
	}
	first := slices.MinFunc(o.parcels, func(a, b *parcel) int {
		if n := a.due.Compare(b.due); n != 0 {
			return n
		}
		return a.seq - b.seq
	})
	if wait := time.Until(first.due); wait > 0 {
		return nil, wait, o.changed
	}
	o.parcels = slices.DeleteFunc(o.parcels, func(p *parcel) bool { return p == first })
	for _, p := range o.parcels {
		if p.after > 0 && p.seq < first.seq {
			if p.after--; p.after == 0 {
				p.due = time.Now()
			}
		}
	}
	o.sending = append(o.sending, first)
	return first, 0, nil
}

// send brings one delivery and returns when that is done, or patience is at its end.
func (o *Outgoing) send(p *parcel) {
	done := make(chan struct{})
	o.wg.Go(func() {
		defer close(done)
		switch {
		case !p.lost:
			p.Send(o.ctx)
		case p.Lost != nil:
			p.Lost()
		}
		o.mu.Lock()
		defer o.mu.Unlock()
		o.sending = slices.DeleteFunc(o.sending, func(other *parcel) bool { return other == p })
	})
	t := time.NewTimer(patience)
	defer t.Stop()
	select {
	case <-done:
	case <-t.C:
	}
}
