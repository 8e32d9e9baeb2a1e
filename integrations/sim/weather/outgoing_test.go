package weather

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// post is a receiver that notes what comes, and when.
type post struct {
	mu    sync.Mutex
	start time.Time
	came  []string
}

func (p *post) note(what string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.came = append(p.came, fmt.Sprintf("%s %s", what, time.Since(p.start)))
}

// got is what has come so far.
func (p *post) got() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.came)
}

func (p *post) parcel(event, action string) Parcel {
	name := event + " " + action
	return Parcel{
		Event: event, Action: action, Words: "delivery of " + name,
		Send: func(context.Context) { p.note(name) }, Lost: func() { p.note("lost " + name) },
	}
}

func inQueue(t *testing.T, play func(o *Outgoing, p *post)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(*testing.T) {
		o := NewOutgoing(1)
		defer o.Close()
		play(o, &post{start: time.Now()})
	})
}

func TestDeliveriesMeetTheFaultsThatMatchThem(t *testing.T) {
	for _, c := range []struct {
		name   string
		faults []string // "run delay 30s"
		want   []string
	}{
		{"none", nil, []string{"push  0s", "run asked 0s", "run done 0s", "push  0s"}},
		{"delay", []string{"run delay 30s"}, []string{"push  0s", "run done 0s", "push  0s", "run asked 30s"}},
		{"delay of an action, always", []string{"run.done delay 2s always"}, []string{"push  0s", "run asked 0s", "push  0s", "run done 2s"}},
		{"drop", []string{"* drop"}, []string{"lost push  0s", "run asked 0s", "run done 0s", "push  0s"}},
		{"duplicate", []string{"push duplicate always"}, []string{"push  0s", "push  0s", "run asked 0s", "run done 0s", "push  0s", "push  0s"}},
		{"reorder", []string{"push reorder"}, []string{"run asked 0s", "run done 0s", "push  0s", "push  0s"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			inQueue(t, func(o *Outgoing, p *post) {
				for _, f := range c.faults {
					fault, err := ParseDeliveryFault(strings.Fields(f))
					if err != nil {
						t.Fatal(err)
					}
					o.Add(fault)
				}
				for _, one := range []Parcel{p.parcel("push", ""), p.parcel("run", "asked"), p.parcel("run", "done"), p.parcel("push", "")} {
					o.Put(one)
				}
				time.Sleep(time.Minute)
				if c.name == "reorder" { // how far it is overtaken is the seed's; that it is, and comes at last, is ours
					if len(p.got()) != 4 || p.got()[0] != "run asked 0s" {
						t.Errorf("%q", p.got())
					}
					return
				}
				if !slices.Equal(p.got(), c.want) {
					t.Errorf("%q, want %q", p.got(), c.want)
				}
			})
		})
	}
}

// A reordered delivery that nobody overtakes comes after five seconds.
func TestAReorderedDeliveryComesInTheEnd(t *testing.T) {
	inQueue(t, func(o *Outgoing, p *post) {
		o.Add(DeliveryFault{Event: "*", Kind: Reorder})
		o.Put(p.parcel("push", ""))
		time.Sleep(time.Minute)
		if !slices.Equal(p.got(), []string{"push  5s"}) {
			t.Errorf("%q", p.got())
		}
	})
}

// A slow receiver holds up the next delivery for a moment only.
func TestASlowReceiverDoesNotHoldUpTheOthers(t *testing.T) {
	inQueue(t, func(o *Outgoing, p *post) {
		slow := p.parcel("slow", "")
		slow.Send = func(ctx context.Context) {
			sleep(ctx, 10*time.Second)
			p.note("slow")
		}
		o.Put(slow)
		o.Put(p.parcel("push", ""))
		time.Sleep(time.Second)
		if waiting := o.Waiting(); !slices.Equal(waiting, []string{"delivery of slow"}) {
			t.Errorf("waiting: %q", waiting)
		}
		time.Sleep(time.Minute)
		if !slices.Equal(p.got(), []string{"push  250ms", "slow 10s"}) {
			t.Errorf("%q", p.got())
		}
	})
}

// Close ends what waits and what is under way; what is put in later is not taken.
func TestCloseGivesUpWhatWaits(t *testing.T) {
	inQueue(t, func(o *Outgoing, p *post) {
		o.Add(DeliveryFault{Event: "*", Kind: Delay, D: time.Hour})
		o.Put(p.parcel("push", ""))
		o.PutAt(p.parcel("push", ""), time.Now().Add(time.Minute))
		o.Close()
		o.Put(p.parcel("push", ""))
		time.Sleep(2 * time.Hour)
		if len(p.got()) != 0 || len(o.Waiting()) != 0 {
			t.Errorf("%q came, %q wait", p.got(), o.Waiting())
		}
	})
}

func TestFaultsOfDeliveriesAreReadOrRefused(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"push":                 "a fault of deliveries reads: EVENT KIND [DURATION] [always]",
		"push delay":           "delay needs a duration, such as 30s",
		"push delay soon":      `"soon" is no duration; write it like 5s or 200ms`,
		"push drop 5s":         "drop takes no duration",
		"push cut":             `"cut" is no kind of fault of deliveries; the kinds are delay, drop, duplicate and reorder`,
		"push drop 5s 5s":      "a fault of deliveries reads: EVENT KIND [DURATION] [always]",
		"push delay 5s always": "",
	} {
		f, err := ParseDeliveryFault(strings.Fields(line))
		if err == nil && want == "" {
			if f != (DeliveryFault{Event: "push", Kind: Delay, D: 5 * time.Second, Always: true}) {
				t.Errorf("%s: %+v", line, f)
			}
			continue
		}
		if err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", line, err, want)
		}
	}
}
