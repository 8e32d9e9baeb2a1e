package bot_test

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	slacksim "slipway/integrations/sim/slack"
)

const benchWarmUp = 100 // commands

// bench is a simulated Slack on a real port with one responder connected to it.
type bench struct {
	b           *testing.B
	sim         *slacksim.Server
	server      *http.Server
	stop        func() (stalled time.Duration)
	pid         int
	started     time.Time
	before      int // acks of the warm-up
	undelivered int

	answers bool // commands are answered, and one at a time means that each is, before the next
	read    int  // how much of what people see was read
}

func newBench(b *testing.B, r responder) *bench {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	url := "http://" + l.Addr().String()
	n := &bench{b: b, answers: r.answers, sim: slacksim.New(slacksim.Options{URL: url, NoLimits: true})}
	n.sim.AddUser(slacksim.User{ID: "U1", Name: "alice"})
	n.sim.AddChannel(slacksim.Channel{ID: "C1", Name: "deploys", Members: []string{"U1"}, BotIn: true})
	n.server = &http.Server{Handler: n.sim, ReadHeaderTimeout: time.Minute}
	go func() { _ = n.server.Serve(l) }()
	n.started = time.Now()
	n.pid, n.stop = r.start(b, url+"/api/", n.sim)
	for deadline := time.Now().Add(10 * time.Second); n.sim.Sockets() < r.sockets; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			n.close()
			b.Fatalf("%s: %d sockets are open after 10 s, want %d", r.name, n.sim.Sockets(), r.sockets)
		}
	}
	return n
}

// close ends the responder, and gives the longest time for which it stood still.
func (n *bench) close() time.Duration {
	stalled := n.stop()
	n.sim.Close()
	_ = n.server.Close()
	return stalled
}

func (n *bench) warmUp(atOnce int) {
	n.send(benchWarmUp, atOnce, func(int) {})
	n.before, n.undelivered = len(n.sim.Stats().Acks), 0
}

// send sends so many commands, some at once, and waits for what becomes of them. A command that no socket could take
// is counted, and sent again. Meanwhile is called while the command is on its way.
func (n *bench) send(commands, atOnce int, meanwhile func(i int)) {
	var next, lost atomic.Int64
	var workers sync.WaitGroup
	for range atOnce {
		workers.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= commands {
					return
				}
				for !n.deliver(atOnce == 1, func() { meanwhile(i) }) {
					lost.Add(1)
					time.Sleep(time.Millisecond)
				}
			}
		})
	}
	workers.Wait()
	n.undelivered += int(lost.Load())
}

// deliver is false if no socket could take the command. Alone is a command for whose answer, too, is waited.
func (n *bench) deliver(alone bool, meanwhile func()) bool {
	d, err := n.sim.Command("U1", "C1", "/deploy", "help")
	if err != nil {
		n.b.Error(err)
		return true
	}
	meanwhile()
	<-d.Done()
	if d.Outcome().Failed == "dispatch_failed" {
		return false
	}
	if alone {
		n.settle()
	}
	return true
}

// settle waits until the command is answered, if it will be, and nothing is under way; and then a moment more, for both
// responders alike. One at a time is one at a time: what is measured is an acknowledgement by a process at rest.
func (n *bench) settle() {
	if n.answers {
		n.awaitAnswer()
	}
	for n.sim.Weather().InFlight() > 0 {
		time.Sleep(100 * time.Microsecond)
	}
	time.Sleep(time.Millisecond)
}

// awaitAnswer waits until the person has read something new.
func (n *bench) awaitAnswer() {
	for deadline := time.After(5 * time.Second); ; {
		changed := n.sim.Changed()
		entries, next := n.sim.Journal(n.read)
		n.read = next
		if len(entries) > 0 {
			return
		}
		select {
		case <-changed:
		case <-deadline:
			n.b.Error("a command was not answered within 5 s")
			return
		}
	}
}

func (n *bench) result() result {
	st := n.sim.Stats()
	return result{
		acks: slices.Sorted(slices.Values(st.Acks[n.before:])), elsewhere: st.OtherSocket, unacked: st.TimedOut,
		undelivered: n.undelivered, faults: n.sim.Faults(), toHello: st.Connects[0].Hello.Sub(n.started), resident: resident(n.pid),
	}
}

// resident gives the resident memory of a process in MB, where /proc tells it.
func resident(pid int) float64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := bytes.Cut(status, []byte("VmRSS:"))
	kB, err := strconv.ParseFloat(strings.TrimSpace(strings.SplitN(string(rest), "kB", 2)[0]), 64)
	if err != nil {
		return 0
	}
	return kB / 1024
}
