package slack_test

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
}

func newBench(b *testing.B, r responder) *bench {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	url := "http://" + l.Addr().String()
	n := &bench{b: b, sim: slacksim.New(slacksim.Options{URL: url, NoLimits: true})}
	n.sim.AddUser(slacksim.User{ID: "U1", Name: "alice"})
	n.sim.AddChannel(slacksim.Channel{ID: "C1", Name: "deploys", Members: []string{"U1"}, BotIn: true})
	n.server = &http.Server{Handler: n.sim, ReadHeaderTimeout: time.Minute}
	go func() { _ = n.server.Serve(l) }()
	n.started = time.Now()
	n.pid, n.stop = r.start(b, url+"/api/", n.sim.AppToken())
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
				for !n.deliver(func() { meanwhile(i) }) {
					lost.Add(1)
					time.Sleep(time.Millisecond)
				}
			}
		})
	}
	workers.Wait()
	n.undelivered += int(lost.Load())
}

// deliver is false if no socket could take the command.
func (n *bench) deliver(meanwhile func()) bool {
	d, err := n.sim.Command("U1", "C1", "/deploy", "status")
	if err != nil {
		n.b.Error(err)
		return true
	}
	meanwhile()
	<-d.Done()
	return d.Outcome().Failed != "dispatch_failed"
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
