package slacksim_test

import (
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/gorilla/websocket"

	slacksim "slipway/integrations/sim/slack"
)

func TestTheSameCallsGiveTheSameBytes(t *testing.T) {
	t.Parallel()
	play := func() (out []string) {
		in(t, slacksim.Options{NoLimits: true}, func(t *testing.T, r *rig) {
			payloads := map[string]map[string]any{}
			r.collect(payloads)
			journal, _ := r.Journal(0)
			for _, v := range []any{payloads, journal} {
				raw, err := json.Marshal(v)
				if err != nil {
					t.Fatal(err)
				}
				out = append(out, string(raw))
			}
		})
		return out
	}
	want := play()
	for range 5 {
		if diff := cmp.Diff(want, play()); diff != "" {
			t.Fatal(diff)
		}
	}
}

func TestOnRealSocketsAResetIsAReset(t *testing.T) {
	t.Parallel()
	claims(t, "RST")
	s := slacksim.New(slacksim.Options{})
	defer s.Close()
	srv := httptest.NewServer(s)
	defer srv.Close()
	req, err := http.NewRequest(http.MethodPost, srv.URL+"/api/apps.connections.open", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+s.AppToken())
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var opened struct{ URL string }
	if err := json.NewDecoder(resp.Body).Decode(&opened); err != nil {
		t.Fatal(err)
	}
	conn, _, err := websocket.DefaultDialer.Dial(opened.URL, nil)
	if err != nil {
		t.Fatalf("%s: %v", opened.URL, err)
	}
	defer conn.Close()
	_ = conn.SetReadDeadline(time.Now().Add(time.Minute))
	if _, _, err := conn.ReadMessage(); err != nil {
		t.Fatalf("hello: %v", err)
	}
	s.ResetSockets()
	_, _, err = conn.ReadMessage()
	var op *net.OpError
	if !errors.As(err, &op) || !errors.Is(op, syscall.ECONNRESET) {
		t.Errorf("the client saw %v, want a reset connection", err)
	}
}
