package inbox_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime/pprof"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"slipway/bot/inbox"
	"slipway/bot/store"
)

// receive is the whole receiver: each delivery on the disk before it is answered, and folded beside it.
func receive(ctx context.Context) error {
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	st, err := store.Open(ctx, store.Options{Path: os.Getenv(pathOf), Log: log})
	if err != nil {
		return err
	}
	in := inbox.New(inbox.Options{Store: st, Log: log, GitHubSecrets: [][]byte{[]byte(gitHubSecret)}})
	if file := os.Getenv("INBOX_PROFILE"); file != "" {
		f, err := os.Create(file)
		if err != nil {
			return err
		}
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
		defer f.Close()
		defer pprof.StopCPUProfile()
	}
	running, cancel := context.WithCancel(context.Background())
	defer cancel()
	var parts sync.WaitGroup
	parts.Go(func() { in.Run(running) })
	parts.Go(func() {
		for range time.NewTicker(100 * time.Millisecond).C {
			if running.Err() != nil {
				return
			}
			stats, _ := json.Marshal(in.Stats())
			fmt.Printf("stats %d %s\n", in.Busy(), stats)
		}
	})
	err = serve(ctx, in.Handler())
	cancel()
	parts.Wait()
	return errors.Join(err, st.Close())
}

// receiveBare reads, verifies and answers, and stores nothing.
func receiveBare(ctx context.Context) error {
	return serve(ctx, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, inbox.MostBody))
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		if !hmac.Equal([]byte(r.Header.Get("X-Hub-Signature-256")), []byte(signature(gitHubSecret, body))) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.WriteHeader(http.StatusAccepted)
	}))
}

// serve says where it listens and answers until ctx ends.
func serve(ctx context.Context, h http.Handler) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: h}
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()
	fmt.Println("listens", l.Addr())
	<-ctx.Done()
	_ = server.Close()
	<-served
	return nil
}

// generate posts signed deliveries, each another, one after the other on each of its connections, for some time. It says how many
// were taken and how long that took.
func generate(ctx context.Context) error {
	payload, err := os.ReadFile(os.Getenv(pathOf))
	if err != nil {
		return err
	}
	long, err := time.ParseDuration(os.Getenv(forOf))
	if err != nil {
		return err
	}
	connections, err := strconv.Atoi(os.Getenv(countOf))
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, long)
	defer cancel()
	var g generator
	began := time.Now()
	var lines sync.WaitGroup
	for range connections {
		lines.Go(func() { g.post(ctx, os.Getenv(targetOf), payload) })
	}
	lines.Wait()
	took := time.Since(began)
	slices.Sort(g.took)
	if len(g.took) == 0 {
		return errors.Join(append(g.errs, fmt.Errorf("none was taken, %d were refused", g.refused.Load()))...)
	}
	report := generated{
		Taken: len(g.took), Refused: int(g.refused.Load()), Seconds: took.Seconds(),
		P50: g.took[len(g.took)/2], P99: g.took[len(g.took)*99/100], Longest: g.took[len(g.took)-1], Broken: len(g.errs),
	}
	out, err := json.Marshal(report)
	fmt.Println("generated", string(out))
	return errors.Join(err, errors.Join(g.errs...))
}

// generated is what a generator says at its end.
type generated struct {
	Taken, Refused, Broken int
	Seconds                float64
	P50, P99, Longest      time.Duration
}

type generator struct {
	next, refused atomic.Int64

	mu   sync.Mutex
	took []time.Duration
	errs []error
}

// runID is the id of the run in the published payload; there it stands in all its addresses, too.
const runID = "289782451"

// post uses one connection as long as ctx lives. It writes HTTP itself: net/http's client would take from the receiver
// the time that is measured.
func (g *generator) post(ctx context.Context, target string, payload []byte) {
	var took []time.Duration
	err := func() error {
		conn, err := net.Dial("tcp", target)
		if err != nil {
			return err
		}
		defer conn.Close()
		answers := bufio.NewReader(conn)
		body := bytes.Clone(payload)
		places := occurrences(body, runID)
		h := hmac.New(sha256.New, []byte(gitHubSecret))
		var request []byte
		for ctx.Err() == nil {
			n := 100_000_000 + g.next.Add(1)
			for _, at := range places {
				strconv.AppendInt(body[at:at], n, 10)
			}
			h.Reset()
			h.Write(body)
			request = fmt.Appendf(request[:0], "POST /webhooks/github HTTP/1.1\r\nHost: %s\r\nUser-Agent: GitHub-Hookshot/044aadd\r\n"+
				"Content-Type: application/json\r\nContent-Length: %d\r\nX-GitHub-Event: workflow_run\r\nX-GitHub-Hook-ID: 1\r\n"+
				"X-GitHub-Delivery: %08x-9c3a-11f0-8%03x-0242ac120002\r\nX-Hub-Signature-256: sha256=%s\r\n\r\n",
				target, len(body), uint32(n*2654435761), n%4096, hex.EncodeToString(h.Sum(nil)))
			began := time.Now()
			if _, err := (&net.Buffers{request, body}).WriteTo(conn); err != nil {
				return err
			}
			answer, err := http.ReadResponse(answers, nil)
			if err != nil {
				return err
			}
			if _, err := io.Copy(io.Discard, answer.Body); err != nil {
				return err
			}
			if answer.StatusCode/100 != 2 {
				g.refused.Add(1)
				continue
			}
			took = append(took, time.Since(began))
		}
		return nil
	}()
	g.mu.Lock()
	defer g.mu.Unlock()
	g.took = append(g.took, took...)
	if err != nil {
		g.errs = append(g.errs, err)
	}
}

func occurrences(in []byte, of string) (at []int) {
	for i := 0; ; {
		j := bytes.Index(in[i:], []byte(of))
		if j < 0 {
			return at
		}
		at = append(at, i+j)
		i += j + len(of)
	}
}
