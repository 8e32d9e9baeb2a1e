package herokusim

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// attach starts an attached run and gives where its client is to go: the address and the secret.
func (s *site) attach(t *testing.T, command, more string) (name, secret string) {
	t.Helper()
	a := s.send(t, "POST", dynos, `{"attach":true,"command":"`+command+`"`+more+`}`)
	if a.StatusCode != 201 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	made := a.object(t)
	u, err := url.Parse(made["attach_url"].(string))
	// "`attach_url: rendezvous://rendezvous.runtime.heroku.com:5000/<secret>`"
	if err != nil || u.Scheme != "rendezvous" || u.Host != meeting || len(u.Path) < 20 {
		t.Fatalf("attach_url %v (%v)", made["attach_url"], err)
	}
	return made["name"].(string), strings.TrimPrefix(u.Path, "/")
}

// knock connects and sends a secret: "the client sends `<secret>\r\n`".
func (s *site) knock(t *testing.T, secret string) net.Conn {
	t.Helper()
	conn, err := s.network.DialContext(t.Context(), "tcp", meeting)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if _, err := io.WriteString(conn, secret+"\r\n"); err != nil {
		t.Fatal(err)
	}
	return conn
}

// "the server sends a first line `rendezvous\r\n`, then raw tty bytes both ways, `\r\n` line ends"; "flush
// `rendezvous\r\n` alone, wait (150 ms was enough), then send output"; "close the connection at process end"
func TestAnAttachedRunTalksToItsClient(t *testing.T) {
	t.Parallel()
	for more, end := range map[string]string{"": "\r\n", `,"force_no_tty":true`: "\n"} {
		play(t, Options{}, func(t *testing.T, s *site) {
			s.app.OnRun(func(_ context.Context, r Run) int {
				text, err := io.ReadAll(r.Stdin) // "stdin EOF is sent as byte 0x04"
				r.Print("got " + string(text))
				if err != nil {
					return 1
				}
				return 0
			})
			name, secret := s.attach(t, "cat", more)
			conn := s.knock(t, secret)
			first := make([]byte, 100)
			n, err := conn.Read(first)
			if err != nil || string(first[:n]) != "rendezvous\r\n" {
				t.Fatalf("the first chunk is %q (%v)", first[:n], err)
			}
			met := time.Now()
			if _, err := conn.Write([]byte("some ")); err != nil {
				t.Fatal(err)
			}
			if _, err := conn.Write([]byte("text\x04")); err != nil {
				t.Fatal(err)
			}
			rest, err := io.ReadAll(conn)
			if string(rest) != "got some text"+end || time.Since(met) != 150*time.Millisecond {
				t.Errorf("then %q after %v (%v)", rest, time.Since(met), err)
			}
			synctest.Wait()
			s.get(t, dynos+"/"+name).fault(t, 404, "not_found")
			// What the client was shown is not in the log.
			if got := s.log(name); strings.Contains(got, "got") || !strings.HasSuffix(got, "Process exited with status 0\nheroku: State changed from up to complete") {
				t.Errorf("log\n%s", got)
			}
		})
	}
}

// "The marker must come in one chunk, and only when the command echoes it"
func TestTheMarkerComesInOneChunk(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		_, secret := s.attach(t, `false ; echo \"\uFFFF heroku-command-exit-status: $?\"`, "")
		conn := s.knock(t, secret)
		chunk := make([]byte, 200)
		if _, err := conn.Read(chunk); err != nil {
			t.Fatal(err)
		}
		n, err := conn.Read(chunk)
		if string(chunk[:n]) != "\uFFFF heroku-command-exit-status: 1\r\n" {
			t.Errorf("got %q (%v)", chunk[:n], err)
		}
	})
}

// "**Attached runs die with the connection** (SIGHUP)"
func TestAnAttachedRunDiesWithItsConnection(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		var why error
		s.app.OnRun(func(ctx context.Context, _ Run) int { <-ctx.Done(); why = context.Cause(ctx); return 0 })
		name, secret := s.attach(t, "python manage.py migrate", "")
		conn := s.knock(t, secret)
		if _, err := bufio.NewReader(conn).ReadString('\n'); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		if a := s.get(t, dynos+"/"+name); a.object(t)["state"] != "up" {
			t.Errorf("while it runs: %s", a.body)
		}
		_ = conn.Close()
		synctest.Wait()
		if !errors.Is(why, errHangup) || s.ends(t, name) != "destroy crashed 129" {
			t.Errorf("ended because of %v: %s", why, s.ends(t, name))
		}
	})
}

// "If no client connects in time the dyno gives up (R13 Attach error)."
func TestAnAttachedRunGivesUpWithoutAClient(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		name, secret := s.attach(t, "echo hi", "")
		if got := s.knock(t, "0123456789"); readAll(got) != "" {
			t.Error("a guessed secret was answered")
		}
		time.Sleep(2 * time.Minute)
		s.get(t, dynos+"/"+name).fault(t, 404, "not_found")
		if got := s.log(name); !strings.HasPrefix(got, "heroku: Error R13 (Attach error)") || strings.Contains(got, "hi") {
			t.Errorf("log\n%s", got)
		}
		if got := readAll(s.knock(t, secret)); got != "" {
			t.Errorf("afterwards: %q", got)
		}
	})
}

func readAll(conn net.Conn) string {
	text, _ := io.ReadAll(conn) // an end by error is an end
	return string(text)
}

// An app whose simulator has no rendezvous listener cannot attach, and says so loudly.
func TestWithoutAListenerAttachedRunsAreNotSimulated(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		s.opts.Rendezvous = ""
		s.send(t, "POST", dynos, `{"attach":true,"command":"true"}`).fault(t, 501, "not_simulated")
	})
}

// "Rendezvous is always TLS and verified: the certificate needs SAN `IP:127.0.0.1`"
func TestRendezvousSpeaksTLSOnRealSockets(t *testing.T) {
	t.Parallel()
	cert, trusted, err := Certificate()
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := New(Options{Speed: 1000, Rendezvous: l.Addr().String()})
	app := s.AddApp(pennySpec())
	history(app)
	served := make(chan error, 1)
	go func() {
		served <- s.ServeRendezvous(tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{cert}}))
	}()
	s.mu.Lock()
	o, err := app.newOneOff(RunSpec{Command: "echo hi"})
	if err != nil {
		t.Fatal(err)
	}
	app.expectClient(o)
	app.startOneOff(o, alice)
	s.mu.Unlock()

	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(trusted)
	dialer := &tls.Dialer{Config: &tls.Config{RootCAs: roots}}
	conn, err := dialer.DialContext(t.Context(), "tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, o.secret+"\r\n"); err != nil {
		t.Fatal(err)
	}
	if got := readAll(conn); got != "rendezvous\r\nhi\r\n" {
		t.Errorf("got %q", got)
	}
	s.Close()
	if err := <-served; err != nil {
		t.Error(err)
	}
}
