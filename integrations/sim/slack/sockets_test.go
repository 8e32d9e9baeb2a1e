package slacksim_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	slacksim "slipway/integrations/sim/slack"
)

func TestATicketOpensOneSocket(t *testing.T) {
	t.Parallel()
	claims(t, "The URL is a one-use ticket; call again for every connect.", "One-use tickets that expire")
	in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
		url := r.ticket()
		conn, _, err := r.dial(url)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if _, resp, err := r.dial(url); err == nil || resp.StatusCode != 401 {
			t.Errorf("second use of a ticket: %v", err)
		}
		late := r.ticket()
		time.Sleep(time.Minute)
		if _, _, err := r.dial(late); err == nil {
			t.Error("an expired ticket opened a socket")
		}
		if n := len(r.Faults()); n != 2 {
			t.Errorf("faults: %q", r.Faults())
		}
	})
}

func TestAppsConnectionsOpen(t *testing.T) {
	t.Parallel()
	claims(t, `the token must be in the header, "passing it as a POST parameter will result in an error"`,
		`response_metadata:{"scopes":["connections:write","authorizations:read"],"acceptedScopes":["connections:write"]}`)
	in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
		const path, form = "/api/apps.connections.open", "application/x-www-form-urlencoded"
		for _, tt := range []struct{ name, body, bearer, want string }{
			{"in the header", "", r.AppToken(), ""},
			{"in the form", "token=" + r.AppToken(), "", "not_authed"},
			{"none", "", "", "not_authed"},
			{"the bot's", "", r.BotToken(), "not_allowed_token_type"},
			{"unknown", "", "xapp-1-A0-0-0", "invalid_auth"},
		} {
			if got := r.send(path, form, tt.body, tt.bearer).str("error"); got != tt.want {
				t.Errorf("token %s: error %q, want %q", tt.name, got, tt.want)
			}
		}
		a := r.call("apps.connections.open", nil)
		if got := at(a.map_, "response_metadata", "acceptedScopes", 0); got != "connections:write" {
			t.Errorf("response_metadata: %v", a.map_)
		}
		r.RefuseTokens("token_revoked")
		if got := r.call("apps.connections.open", nil).str("error"); got != "token_revoked" {
			t.Errorf("revoked token: %q", got)
		}
	})
}

func TestHelloComesAfterADelayAndCountsConnections(t *testing.T) {
	t.Parallel()
	claims(t, `{"type":"hello","num_connections":1,`, "hello after a delay; num_connections", "No envelope_id, no ack.",
		"`approximate_connection_time` is in seconds")
	in(t, slacksim.Options{HelloAfter: 700 * time.Millisecond}, func(t *testing.T, r *rig) {
		start := time.Now()
		k := r.bare()
		d := r.command("before hello")
		hello := k.next()
		if took := time.Since(start); took != 700*time.Millisecond {
			t.Errorf("hello after %v", took)
		}
		if got := d.Outcome().Failed; got != "dispatch_failed" {
			t.Errorf("a command before hello: %q", got)
		}
		if hello["num_connections"] != 1.0 || at(hello, "connection_info", "app_id") != r.AppID() {
			t.Errorf("hello: %v", hello)
		}
		if at(hello, "debug_info", "approximate_connection_time") != 18000.0 || hello["envelope_id"] != nil {
			t.Errorf("hello: %v", hello)
		}
		second := r.bare()
		if hello := second.next(); hello["num_connections"] != 2.0 {
			t.Errorf("second hello: %v", hello)
		}
	})
}

func TestMoreThanTenSocketsAreTooMany(t *testing.T) {
	t.Parallel()
	claims(t, "more than 10 sockets: `too_many_websockets` disconnect")
	in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
		for range 10 {
			r.socket()
		}
		k := r.bare()
		if f := k.next(); f["type"] != "disconnect" || f["reason"] != "too_many_websockets" {
			t.Errorf("eleventh socket: %v", f)
		}
		time.Sleep(2 * time.Second)
		if n := r.Sockets(); n != 10 {
			t.Errorf("%d sockets, want 10", n)
		}
	})
}

func TestPingsCarryAPayloadAndAreAnswered(t *testing.T) {
	t.Parallel()
	claims(t, "Slack sends WebSocket pings (payload such as `Ping from applink-...`)", "*Do:* slacksim pings every 10 s.",
		"client pings answered; options to stop pinging")
	in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
		conn, _, err := r.dial(r.ticket())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		var pings atomic.Int32
		pongs := make(chan string, 1)
		conn.SetPingHandler(func(p string) error {
			if !strings.HasPrefix(p, "Ping from applink-") {
				t.Errorf("ping payload %q", p)
			}
			pings.Add(1)
			return conn.WriteControl(websocket.PongMessage, []byte(p), time.Now().Add(time.Second))
		})
		conn.SetPongHandler(func(p string) error { pongs <- p; return nil })
		go func() {
			for {
				if _, _, err := conn.ReadMessage(); err != nil {
					return
				}
			}
		}()
		time.Sleep(31 * time.Second)
		if n := pings.Load(); n != 3 {
			t.Errorf("%d pings in 31 s, want 3", n)
		}
		if err := conn.WriteControl(websocket.PingMessage, []byte("mine"), time.Now().Add(time.Second)); err != nil {
			t.Fatal(err)
		}
		if got := <-pongs; got != "mine" {
			t.Errorf("pong %q", got)
		}
		r.StopPinging(true)
		time.Sleep(time.Minute)
		if n := pings.Load(); n != 3 {
			t.Errorf("%d pings after StopPinging, want 3", n)
		}
	})
}

func TestARefreshWarnsThenAsksThenCloses(t *testing.T) {
	t.Parallel()
	claims(t, `"about 10 seconds before the disconnect"`, "disconnect `warning` (10 s), then `refresh_requested`, then close")
	in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
		k := r.socket()
		start := time.Now()
		r.Refresh(0)
		if f := k.next(); f["type"] != "disconnect" || f["reason"] != "warning" || at(f, "debug_info", "host") == nil {
			t.Errorf("first: %v", f)
		}
		if d := r.command("late"); d.Outcome().Failed != "dispatch_failed" {
			t.Errorf("a warned socket got an envelope: %+v", d.Outcome())
		}
		if f := k.next(); f["reason"] != "refresh_requested" || time.Since(start) != 10*time.Second {
			t.Errorf("second, after %v: %v", time.Since(start), f)
		}
		if err := <-k.gone; !websocket.IsCloseError(err, websocket.CloseNormalClosure) || time.Since(start) != 11*time.Second {
			t.Errorf("closed after %v: %v", time.Since(start), err)
		}
		synctest.Wait()
		c := r.Stats().Connects[0]
		if c.Hello.IsZero() || c.Left.IsZero() || c.Ended.IsZero() || c.Why == "" {
			t.Errorf("connect: %+v", c)
		}
	})
}

func TestSocketsRefreshThemselves(t *testing.T) {
	t.Parallel()
	claims(t, "`refresh_requested`: expect it every few hours")
	in(t, slacksim.Options{RefreshEvery: time.Hour}, func(t *testing.T, r *rig) {
		k := r.socket()
		start := time.Now()
		select {
		case f := <-k.in:
			if f["reason"] != "warning" || time.Since(start).Round(time.Second) != time.Hour {
				t.Errorf("after %v: %v", time.Since(start), f)
			}
		case <-time.After(2 * time.Hour):
			t.Error("no refresh")
		}
	})
}

func TestLinkDisabledEndsSocketsAndRefusesNewOnes(t *testing.T) {
	t.Parallel()
	claims(t, "`link_disabled`, then apps.connections.open answers an error")
	for _, code := range []string{"internal_error", "forbidden_team"} {
		opts := slacksim.Options{Unverified: slacksim.Unverified{LinkDisabledCode: code}}
		in(t, opts, func(t *testing.T, r *rig) {
			k, url := r.socket(), r.ticket()
			r.LinkDisabled(true)
			if f := k.next(); f["reason"] != "link_disabled" {
				t.Errorf("frame: %v", f)
			}
			if got := r.call("apps.connections.open", nil).str("error"); got != code {
				t.Errorf("apps.connections.open: %q, want %q", got, code)
			}
			if _, _, err := r.dial(url); err == nil {
				t.Error("an earlier ticket opened a socket")
			}
			r.LinkDisabled(false)
			r.socket()
		})
	}
}

func TestWaysInWhichSocketsEnd(t *testing.T) {
	t.Parallel()
	claims(t, "Closes 1006 and 1001 without a disconnect frame also happen", "stop reading (half open), RST, close 1006")
	for _, tt := range []struct {
		name string
		do   func(*rig)
		code int
	}{
		{"cut", func(r *rig) { r.CutSockets() }, websocket.CloseAbnormalClosure},
		{"reset", func(r *rig) { r.ResetSockets() }, websocket.CloseAbnormalClosure},
		{"close 1001", func(r *rig) { r.CloseSockets(websocket.CloseGoingAway) }, websocket.CloseGoingAway},
		{"Slack goes down", func(r *rig) { r.SetDown(true) }, websocket.CloseAbnormalClosure},
		{"the weather goes down, then an envelope is due", func(r *rig) {
			r.Weather().SetDown(true)
			r.command("x")
		}, websocket.CloseAbnormalClosure},
	} {
		in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
			k := r.socket()
			tt.do(r)
			err := <-k.gone
			if tt.code == websocket.CloseGoingAway != websocket.IsCloseError(err, websocket.CloseGoingAway) {
				t.Errorf("%s: client saw %v", tt.name, err)
			}
			synctest.Wait()
			if r.Sockets() != 0 {
				t.Errorf("%s: sockets left", tt.name)
			}
		})
	}
}

func TestNoSocketsWhileSlackIsDown(t *testing.T) {
	t.Parallel()
	in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
		url := r.ticket()
		r.SetDown(true)
		if _, _, err := r.dial(url); err == nil {
			t.Error("a socket opened")
		}
		if _, err := r.api.AuthTest(); err == nil {
			t.Error("auth.test was answered")
		}
		if f := r.Weather().InFlight(); f != 0 {
			t.Errorf("%d requests in flight", f)
		}
		r.SetDown(false)
		r.socket()
		if f := r.Weather().InFlight(); f != 0 {
			t.Errorf("an open socket counts as %d requests in flight", f)
		}
	})
}

func TestAHalfOpenSocketSwallowsEverything(t *testing.T) {
	t.Parallel()
	claims(t, "Half-open sockets are the commonest silent failure")
	in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
		k := r.socket()
		first := r.command("one")
		frame := k.next()
		r.StopReading(0)
		k.ack(frame, nil)
		second := r.command("two")
		time.Sleep(4 * time.Second)
		k.quiet()
		for _, d := range []*slacksim.Delivery{first, second} {
			if got := d.Outcome().Failed; got != "operation_timeout" {
				t.Errorf("outcome %q, want operation_timeout", got)
			}
		}
		if r.Sockets() != 1 {
			t.Error("Slack noticed")
		}
	})
}

func TestAServerThatFlaps(t *testing.T) {
	t.Parallel()
	claims(t, "A server that says hello then `disconnect` got 9,123 connects in 8 s")
	in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
		r.Flap("too_many_websockets")
		k := r.socket()
		if f := k.next(); f["reason"] != "too_many_websockets" {
			t.Errorf("after hello: %v", f)
		}
		r.Flap("")
		r.socket().quiet()
	})
}

func TestEnvelopesGoRoundFromTheSeed(t *testing.T) {
	t.Parallel()
	claims(t, "each payload goes to any one of them, no pattern promised")
	for seed, want := range [][]int{{1, 2, 3, 1}, {2, 3, 1, 2}} {
		in(t, slacksim.Options{Seed: seed}, func(t *testing.T, r *rig) {
			for range 3 {
				r.socket()
			}
			var got []int
			for range 4 {
				got = append(got, r.command("x").Outcome().Socket)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("seed %d: %s", seed, diff)
			}
		})
	}
}

// TestTheOfficialClientIsServed runs slack-go's socketmode against the simulator, refresh included.
func TestTheOfficialClientIsServed(t *testing.T) {
	t.Parallel()
	claims(t, "the socket URL is taken as returned, so `ws://127.0.0.1:...` works",
		"the old socket is dropped (no close frame, server sees 1006) before the new one is opened")
	in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
		sm := socketmode.New(r.api, socketmode.OptionDialer(&websocket.Dialer{NetDialContext: r.net.DialContext, WriteBufferSize: 32 << 10}))
		ctx, cancel := context.WithCancel(context.Background())
		ended := make(chan error, 1)
		go func() { ended <- sm.RunContext(ctx) }()
		connected := make(chan struct{}, 10)
		go func() {
			for {
				select {
				case <-ctx.Done():
					return
				case ev := <-sm.Events:
					switch ev.Type {
					case socketmode.EventTypeHello:
						connected <- struct{}{}
					case socketmode.EventTypeSlashCommand:
						cmd := ev.Data.(slack.SlashCommand)
						_ = sm.Ack(*ev.Request, map[string]any{"text": "you said " + cmd.Text})
					case socketmode.EventTypeInteractive, socketmode.EventTypeEventsAPI:
						_ = sm.Ack(*ev.Request)
					case socketmode.EventTypeErrorBadMessage:
						t.Errorf("bad message: %v", ev.Data)
					}
				}
			}
		}()
		<-connected
		d := r.command("status")
		<-d.Done()
		r.Refresh(0)
		<-connected
		d2 := r.command("again")
		<-d2.Done()
		for _, out := range []slacksim.Outcome{d.Outcome(), d2.Outcome()} {
			if out.Failed != "" || out.AckedAt.IsZero() {
				t.Errorf("outcome %+v", out)
			}
		}
		want := []string{"ephemeral:you said status", "ephemeral:you said again"}
		if diff := cmp.Diff(want, r.kinds(0)); diff != "" {
			t.Error(diff)
		}
		talk, err := r.Say(alice, deploys, "@slipway hello", "")
		if err != nil {
			t.Fatal(err)
		}
		home, err := r.OpenHome(alice)
		if err != nil {
			t.Fatal(err)
		}
		dm, err := r.Say(alice, r.DM(alice), "hello", "")
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range []*slacksim.Delivery{talk, home, dm} {
			<-d.Done()
			if out := d.Outcome(); out.Failed != "" || out.Attempts != 1 {
				t.Errorf("outcome %+v", out)
			}
		}
		if f := r.Faults(); len(f) != 0 {
			t.Errorf("faults: %q", f)
		}
		cancel()
		<-ended
	})
}

func TestTCPStaysOpenAfterTheCloseHandshake(t *testing.T) {
	t.Parallel()
	claims(t, "Slack does not close TCP after the close handshake", "close 1006, no close handshake")
	for _, tt := range []struct {
		silent, hangUp bool
		open           time.Duration // how long TCP stays, looked at for 5 s
	}{{false, false, 5 * time.Second}, {true, false, 5 * time.Second}, {false, true, 0}} {
		in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
			r.StopClosing(tt.silent)
			r.HangUp(tt.hangUp)
			conn, _, err := r.dial(r.ticket())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			bye := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
			if err := conn.WriteControl(websocket.CloseMessage, bye, time.Now().Add(time.Second)); err != nil {
				t.Fatal(err)
			}
			_ = conn.SetReadDeadline(time.Now().Add(5 * time.Second))
			for err == nil {
				_, _, err = conn.ReadMessage()
			}
			if answered := websocket.IsCloseError(err, websocket.CloseNormalClosure); answered == tt.silent {
				t.Errorf("silent %v: %v", tt.silent, err)
			}
			start := time.Now()
			_ = conn.SetReadDeadline(time.Now().Add(5 * time.Second))
			if _, err := conn.NetConn().Read(make([]byte, 1)); err == nil || time.Since(start) != tt.open {
				t.Errorf("TCP ended %v after the handshake, want %v: %v", time.Since(start), tt.open, err)
			}
			if r.Sockets() != 0 {
				t.Error("the socket still takes envelopes")
			}
		})
	}
}
