package slacksim_test

import (
	"testing"
	"time"

	"github.com/gorilla/websocket"

	slacksim "slipway/integrations/sim/slack"
)

func TestForeignSocketsAreCounted(t *testing.T) {
	t.Parallel()
	claims(t, "A second slipway with the same app token steals half of the commands: warn at start when hello's `num_connections` exceeds our own.",
		"Several sockets: at most 10; each payload goes to any one of them")
	in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
		r.ForeignSockets(2, slacksim.Counted)
		k := r.bare()
		if hello := k.next(); hello["num_connections"] != 3.0 {
			t.Errorf("hello: %v", hello)
		}
		for range 4 {
			r.command("status")
			k.ack(k.next(), nil)
		}
		r.ForeignSockets(9, slacksim.Counted)
		if f := r.bare().next(); f["reason"] != "too_many_websockets" {
			t.Errorf("the eleventh: %v", f)
		}
		time.Sleep(2 * time.Second)
		r.ForeignSockets(0, slacksim.Counted)
		if hello := r.bare().next(); hello["num_connections"] != 2.0 {
			t.Errorf("hello when they are gone: %v", hello)
		}
	})
}

func TestADeafForeignSocketTakesItsShare(t *testing.T) {
	t.Parallel()
	in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
		r.ForeignSockets(1, slacksim.Taking)
		k := r.socket()
		var sent []*slacksim.Delivery
		for range 4 {
			sent = append(sent, r.command("status"))
		}
		for range 2 {
			k.ack(k.next(), nil)
		}
		k.quiet()
		time.Sleep(5 * time.Second)
		lost := 0
		for _, d := range sent {
			if d.Outcome().Failed == "operation_timeout" {
				lost++
			}
		}
		if lost != 2 {
			t.Errorf("%d of 4 commands are lost, want 2", lost)
		}
	})
}

func TestASocketThatIsGoneMayBeCountedForAWhile(t *testing.T) {
	t.Parallel()
	claims(t, "No source establishes")
	in(t, slacksim.Options{Unverified: slacksim.Unverified{CountGone: time.Minute}}, func(t *testing.T, r *rig) {
		r.socket()
		r.CutSockets()
		if hello := r.bare().next(); hello["num_connections"] != 2.0 {
			t.Errorf("at once: %v", hello)
		}
		time.Sleep(time.Minute)
		if hello := r.bare().next(); hello["num_connections"] != 2.0 {
			t.Errorf("a minute later: %v", hello)
		}
	})
}

func TestAGoodbyeIsAnsweredBehindWhatWasSent(t *testing.T) {
	t.Parallel()
	in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
		k, other := r.socket(), r.socket()
		for range 6 {
			r.command("status")
		}
		goodbye := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
		if err := k.conn.WriteControl(websocket.CloseMessage, goodbye, time.Now().Add(time.Second)); err != nil {
			t.Fatal(err)
		}
		if err := <-k.gone; !websocket.IsCloseError(err, websocket.CloseNormalClosure) {
			t.Errorf("it ended with %v", err)
		}
		if n := len(k.in); n != 3 {
			t.Errorf("%d of 3 commands came before it", n)
		}
		r.command("status")
		for range 4 {
			other.ack(other.next(), nil)
		}
	})
}
