package slack

import (
	"context"
	"crypto/x509"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	slacksim "slipway/integrations/sim/slack"
)

// Slack itself is reached over TLS, and on real sockets.
func TestCommandsAreAcknowledgedOverTLS(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(nil)
	sim := slacksim.New(slacksim.Options{
		URL: "https://" + server.Listener.Addr().String(), NoLimits: true,
		Unverified: slacksim.Unverified{SameSocketAcks: true},
	})
	sim.AddUser(slacksim.User{ID: "U1", Name: "alice"})
	sim.AddChannel(slacksim.Channel{ID: "C1", Name: "deploys", Members: []string{"U1"}, BotIn: true})
	server.Config.Handler = sim
	server.StartTLS()
	defer server.Close()
	defer sim.Close()

	s := NewSession(SessionOptions{
		AppToken: sim.AppToken(), APIURL: server.URL + "/api/", HTTP: server.Client(),
		Handle: func(e Envelope) { _ = e.Ack(nil) },
	})
	s.roots = x509.NewCertPool()
	s.roots.AddCert(server.Certificate())
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	<-s.Connected()
	for range 200 {
		d, err := sim.Command("U1", "C1", "/deploy", strings.Repeat("x", 100))
		if err != nil {
			t.Fatal(err)
		}
		<-d.Done()
		if out := d.Outcome(); out.Failed != "" {
			t.Fatalf("got %+v", out)
		}
	}
	start := time.Now()
	cancel()
	if err := <-ended; err != nil || time.Since(start) > 20*time.Second {
		t.Errorf("Run: %v after %v", err, time.Since(start))
	}
	for _, f := range sim.Faults() {
		t.Errorf("fault: %s", f)
	}
}
