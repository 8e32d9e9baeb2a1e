package slacksim_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/gorilla/websocket"

	slacksim "slipway/integrations/sim/slack"
)

func TestASlashCommandEnvelope(t *testing.T) {
	t.Parallel()
	claims(t, `"type":"slash_commands","accepts_response_payload":true`, "there is no thread_ts",
		"`is_enterprise_install` is a string, a bool or absent", "(slack-go takes all three")
	for flag, want := range map[slacksim.InstallFlag]any{
		slacksim.InstallString: "false", slacksim.InstallBool: false, slacksim.InstallAbsent: nil,
	} {
		in(t, slacksim.Options{InstallFlag: flag}, func(t *testing.T, r *rig) {
			k := r.socket()
			r.command("status @alice #general <b> & https://x.example/a?b=c")
			f := k.next()
			if f["type"] != "slash_commands" || f["accepts_response_payload"] != true || f["envelope_id"] == "" {
				t.Errorf("envelope: %v", f)
			}
			p := payloadOf(f)
			if got := p["is_enterprise_install"]; got != want {
				t.Errorf("is_enterprise_install: %v, want %v", got, want)
			}
			if _, there := p["is_enterprise_install"]; there != (flag != slacksim.InstallAbsent) {
				t.Errorf("is_enterprise_install present: %v", there)
			}
			want := "status <@U01ALICE00|alice> <#C01GENERAL|general> &lt;b&gt; &amp; <https://x.example/a?b=c>"
			if p["text"] != want || p["command"] != "/deploy" || p["user_id"] != alice || p["channel_name"] != "deploys" {
				t.Errorf("payload: %v", p)
			}
			if _, there := p["thread_ts"]; there {
				t.Error("a slash command has a thread_ts")
			}
		})
	}
}

func TestShouldEscapeFalseLeavesTheTextRaw(t *testing.T) {
	t.Parallel()
	claims(t, "With `false`: raw `@name`, `#name`.")
	in(t, slacksim.Options{Unescaped: true}, func(t *testing.T, r *rig) {
		k := r.socket()
		r.command("@alice #general <b>")
		if got := payloadOf(k.next())["text"]; got != "@alice #general <b>" {
			t.Errorf("text %q", got)
		}
	})
}

func TestPhonesChangePunctuationIfSwitchedOn(t *testing.T) {
	t.Parallel()
	claims(t, "phones turn `--` into it", "quote and dash changes by phones")
	for phone, want := range map[bool]string{false: `of --app "x"`, true: "of —app “x”"} {
		in(t, slacksim.Options{Unverified: slacksim.Unverified{PhonePunctuation: phone}}, func(t *testing.T, r *rig) {
			k := r.socket()
			r.command(`of --app "x"`)
			if got := payloadOf(k.next())["text"]; got != want {
				t.Errorf("text %q, want %q", got, want)
			}
		})
	}
}

func TestThePlainAckIsEitherEmptyOrAbsent(t *testing.T) {
	t.Parallel()
	claims(t, `Bolt sends `+"`"+`{"envelope_id":..,"payload":{}}`+"`"+` for a plain ack`, "`payload:{}` and no payload both fine",
		"or `{\"envelope_id\":\"<id>\",\"payload\":{...}}`; nothing comes back")
	for _, payload := range []any{nil, map[string]any{}} {
		in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
			k := r.socket()
			d := r.command("x")
			sent := time.Now()
			time.Sleep(250 * time.Millisecond)
			k.ack(k.next(), payload)
			out := d.Outcome()
			if out.AckedAt.Sub(sent) != 250*time.Millisecond || out.Payload != nil || out.Failed != "" {
				t.Errorf("outcome %+v", out)
			}
			if diff := cmp.Diff([]time.Duration{250 * time.Millisecond}, r.Stats().Acks); diff != "" {
				t.Error(diff)
			}
			k.quiet()
			if len(r.kinds(0)) != 0 || len(r.Faults()) != 0 || len(r.Open()) != 0 {
				t.Errorf("journal %q, faults %q, open %q", r.kinds(0), r.Faults(), r.Open())
			}
		})
	}
}

func TestTheAckOfASlashCommandIsAMessage(t *testing.T) {
	t.Parallel()
	claims(t, "Slash command ack payload is a message: text/blocks/`response_type` `ephemeral` (default) or `in_channel`")
	for payload, want := range map[string]string{
		`{"text":"hi"}`: "ephemeral:hi",
		`{"text":"hi","response_type":"in_channel"}`:                          "posted:hi",
		`{"blocks":[{"type":"section","text":{"type":"mrkdwn","text":"b"}}]}`: "ephemeral:",
		`{"blocks":[{"type":"nonsense"}]}`:                                    "told:The command's answer could not be shown: invalid_blocks: [ERROR] unsupported type: nonsense [json-pointer:/blocks/0/type]",
		`"text"`:                                                              "",
	} {
		in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
			k := r.socket()
			r.command("x")
			k.ack(k.next(), json.RawMessage(payload))
			if got := strings.Join(r.kinds(0), "|"); got != want {
				t.Errorf("%s: %q, want %q", payload, got, want)
			}
			wrong := strings.HasPrefix(want, "told") || want == ""
			if (len(r.Faults()) > 0) != wrong {
				t.Errorf("%s: faults %q", payload, r.Faults())
			}
		})
	}
}

func TestCommandsAndClicksAreNeverSentAgain(t *testing.T) {
	t.Parallel()
	claims(t, "| slash_commands, interactive | never seen in any thread | `operation_timeout` (no ack in time), `dispatch_failed` (no socket took it) |",
		"Ack within 3 s")
	in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
		d := r.command("x")
		if got := d.Outcome().Failed; got != "dispatch_failed" {
			t.Errorf("without a socket: %q", got)
		}
		k := r.socket()
		d = r.command("x")
		k.next()
		if diff := cmp.Diff([]string{"/deploy of alice"}, r.Open()); diff != "" {
			t.Error(diff)
		}
		start := time.Now()
		<-d.Done()
		if got := d.Outcome(); got.Failed != "operation_timeout" || time.Since(start) != 3*time.Second {
			t.Errorf("after %v: %+v", time.Since(start), got)
		}
		time.Sleep(10 * time.Minute)
		k.quiet()
		want := []string{`told:/deploy failed with the error "dispatch_failed"`, `told:/deploy failed with the error "operation_timeout"`}
		if diff := cmp.Diff(want, r.kinds(0)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestAcksThatAreWrongAreFaults(t *testing.T) {
	t.Parallel()
	claims(t, "double acks and unknown ids counted as faults")
	in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
		k := r.socket()
		r.command("x")
		f := k.next()
		k.ack(f, nil)
		k.ack(f, nil)
		k.ack(map[string]any{"envelope_id": "nobody"}, nil)
		if err := k.conn.WriteMessage(websocket.TextMessage, []byte("hello?")); err != nil {
			t.Fatal(err)
		}
		r.command("y")
		f = k.next()
		time.Sleep(4 * time.Second)
		k.ack(f, nil)
		want := []string{
			"second ack for /deploy of alice", "ack for an unknown envelope nobody", "a frame that is no ack: hello?",
			"late ack for /deploy of alice: 4s after it was sent",
		}
		if diff := cmp.Diff(want, r.Faults()); diff != "" {
			t.Error(diff)
		}
	})
}

func TestAnAckOf20KBIsSilentlyDropped(t *testing.T) {
	t.Parallel()
	claims(t, "An ack of **20 KB or more is silently dropped by Slack**", "ack >= 20 KB or fragmented dropped")
	for size, want := range map[int]string{20479: "", 20480: "operation_timeout"} {
		in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
			k := r.socket()
			d := r.command("x")
			frame := k.next()
			body := fmt.Sprintf(`{"envelope_id":%q,"payload":{"text":""}}`, frame["envelope_id"])
			body = strings.Replace(body, `""}`, `"`+strings.Repeat("x", size-len(body))+`"}`, 1)
			if err := k.conn.WriteMessage(websocket.TextMessage, []byte(body)); err != nil {
				t.Fatal(err)
			}
			<-d.Done()
			if got := d.Outcome().Failed; got != want {
				t.Errorf("%d bytes: %q, want %q", size, got, want)
			}
			if got := r.Stats().Oversize; (got == 1) != (want != "") {
				t.Errorf("%d bytes: %d counted", size, got)
			}
		})
	}
}

func TestFragmentedAcksAreDroppedIfSwitchedOn(t *testing.T) {
	t.Parallel()
	claims(t, "that Slack does not reassemble WebSocket-*fragmented* messages, is a hypothesis", "whether fragmented acks are really dropped")
	for drop, want := range map[bool]string{false: "", true: "operation_timeout"} {
		in(t, slacksim.Options{Unverified: slacksim.Unverified{DropFragments: drop}}, func(t *testing.T, r *rig) {
			conn, _, err := (&websocket.Dialer{NetDialContext: r.net.DialContext, WriteBufferSize: 1024}).Dial(r.ticket(), nil)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			var frame map[string]any
			for frame["type"] != "slash_commands" {
				if err := conn.ReadJSON(&frame); err != nil {
					t.Fatal(err)
				}
				if frame["type"] == "hello" {
					r.command("x")
				}
			}
			body := fmt.Sprintf(`{"envelope_id":%q,"payload":{"text":%q}}`, frame["envelope_id"], strings.Repeat("x", 3000))
			if err := conn.WriteMessage(websocket.TextMessage, []byte(body)); err != nil {
				t.Fatal(err)
			}
			time.Sleep(4 * time.Second)
			if got := strings.Contains(strings.Join(r.kinds(0), " "), "operation_timeout"); got != (want != "") {
				t.Errorf("drop %v: journal %.100q", drop, r.kinds(0))
			}
			if r.Stats().Fragmented != 1 {
				t.Errorf("%d fragmented acks counted", r.Stats().Fragmented)
			}
		})
	}
}

func TestAcksOnAnotherSocketAreTakenAndCounted(t *testing.T) {
	t.Parallel()
	claims(t, "in strict mode on the same socket (real rule unknown; slack-go sends some on the next socket: count them apart)")
	for same, want := range map[bool]string{false: "", true: "operation_timeout"} {
		in(t, slacksim.Options{Unverified: slacksim.Unverified{SameSocketAcks: same}}, func(t *testing.T, r *rig) {
			first, second := r.socket(), r.socket()
			d := r.command("x")
			second.ack(first.next(), nil)
			<-d.Done()
			out := d.Outcome()
			if out.Failed != want || r.Stats().OtherSocket != map[bool]int{false: 1}[same] {
				t.Errorf("same-socket %v: %+v, %d on another", same, out, r.Stats().OtherSocket)
			}
			if !same && (out.Socket != 1 || out.AckSocket != 2) {
				t.Errorf("sockets: %+v", out)
			}
		})
	}
}

func TestAfterADisconnectFrameNothingMoreIsSentButAcksAreTaken(t *testing.T) {
	t.Parallel()
	in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
		k := r.socket()
		d := r.command("x")
		f := k.next()
		r.Disconnect(slacksim.All, "refresh_requested")
		if g := k.next(); g["reason"] != "refresh_requested" {
			t.Errorf("frame: %v", g)
		}
		r.command("y")
		k.quiet()
		k.ack(f, nil)
		if out := d.Outcome(); out.Failed != "" || out.AckedAt.IsZero() {
			t.Errorf("outcome: %+v", out)
		}
	})
}

func TestEventsComeAgainUntilTheyAreAcknowledged(t *testing.T) {
	t.Parallel()
	claims(t, "| events_api | yes: immediately, +1 min, +5 min; `retry_attempt:1..3`, `retry_reason:\"timeout\"` | nothing, or up to 8 min of delay |",
		`"retry_attempt":0,"retry_reason":""`)
	in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
		k := r.socket()
		start := time.Now()
		d, err := r.Say(alice, deploys, "@slipway hi", "")
		if err != nil {
			t.Fatal(err)
		}
		var when []string
		ids, envelopes := map[any]bool{}, map[any]bool{}
		deadline := time.After(20 * time.Minute)
		for open := true; open; {
			select {
			case f := <-k.in:
				when = append(when, fmt.Sprintf("%v %v %v", time.Since(start), f["retry_attempt"], f["retry_reason"]))
				ids[payloadOf(f)["event_id"]] = true
				envelopes[f["envelope_id"]] = true
			case <-d.Done():
				open = false
			case <-deadline:
				t.Fatal("the event never ended")
			}
		}
		want := []string{"0s 0 ", "3s 1 timeout", "1m3s 2 timeout", "5m3s 3 timeout"}
		if diff := cmp.Diff(want, when); diff != "" {
			t.Error(diff)
		}
		if len(ids) != 1 || len(envelopes) != 4 || d.Outcome().Attempts != 4 || d.Outcome().Failed != "operation_timeout" {
			t.Errorf("ids %v, envelopes %v, outcome %+v", ids, envelopes, d.Outcome())
		}
		if got := r.kinds(0); !slices.Equal(got, []string{"posted:<@U01SLIPBOT> hi"}) {
			t.Errorf("people see %q", got)
		}
	})
}

func TestAnAckEndsRedelivery(t *testing.T) {
	t.Parallel()
	in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
		k := r.socket()
		d, err := r.OpenHome(alice)
		if err != nil {
			t.Fatal(err)
		}
		k.next()
		k.ack(k.next(), nil)
		if out := d.Outcome(); out.Failed != "" || out.Attempts != 2 {
			t.Errorf("outcome %+v", out)
		}
		time.Sleep(10 * time.Minute)
		k.quiet()
	})
}

func TestEventsWithoutASocketComeAsRetries(t *testing.T) {
	t.Parallel()
	claims(t, "Events that came while **no socket was open** arrive *only* as retries.")
	in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
		d, err := r.OpenHome(alice)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Second)
		k := r.socket()
		f := k.next()
		if f["retry_attempt"] != 2.0 || f["retry_reason"] != "timeout" {
			t.Errorf("first frame: %v", f)
		}
		k.ack(f, nil)
		if got := d.Outcome().Failed; got != "" {
			t.Errorf("failed %q", got)
		}
	})
}

func TestAnEventCanComeTwice(t *testing.T) {
	t.Parallel()
	claims(t, "The same event can come twice with retry_attempt 0 **and the same envelope_id**, 15 s apart",
		"a duplicate first delivery with the same envelope_id (bolt-js#2487)")
	in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
		k := r.socket()
		r.DoubleEvents(1)
		if _, err := r.OpenHome(alice); err != nil {
			t.Fatal(err)
		}
		f, start := k.next(), time.Now()
		k.ack(f, nil)
		g := k.next()
		k.ack(g, nil)
		if diff := cmp.Diff(f, g); diff != "" || time.Since(start) != 15*time.Second {
			t.Errorf("after %v: %s", time.Since(start), diff)
		}
		if len(r.Faults()) != 0 {
			t.Errorf("faults: %q", r.Faults())
		}
	})
}

func TestAnyFrameAndAnyEnvelopeCanBeSent(t *testing.T) {
	t.Parallel()
	claims(t, "Unknown event types, unknown blocks, wrong-shaped blocks, extra fields")
	in(t, slacksim.Options{}, func(t *testing.T, r *rig) {
		k := r.socket()
		r.SendFrame(0, `{"type":"`)
		if err := <-k.gone; err == nil || !strings.Contains(err.Error(), "EOF") {
			t.Errorf("a truncated frame: %v", err)
		}
		_ = k.conn.Close()
		synctest.Wait()
		k = r.socket()
		d := r.SendEnvelope("brand_new", json.RawMessage(`{"a":1}`))
		f := k.next()
		if f["type"] != "brand_new" || at(f, "payload", "a") != 1.0 {
			t.Errorf("frame: %v", f)
		}
		k.ack(f, nil)
		<-d.Done()
		r.SendEvent(map[string]any{"type": "never_seen", "channel": deploys})
		if f := k.next(); at(f, "payload", "event", "type") != "never_seen" {
			t.Errorf("frame: %v", f)
		}
	})
}

func TestCloseEndsEverything(t *testing.T) {
	t.Parallel()
	in(t, slacksim.Options{RefreshEvery: time.Hour}, func(t *testing.T, r *rig) {
		k := r.socket()
		r.command("x")
		if _, err := r.OpenHome(alice); err != nil {
			t.Fatal(err)
		}
		if len(r.Open()) != 2 {
			t.Errorf("open: %q", r.Open())
		}
		r.Close()
		synctest.Wait()
		for err := error(nil); err == nil; {
			select {
			case <-k.in:
			case err = <-k.gone:
			}
		}
		r.Close() // a second time is harmless
	})
}
