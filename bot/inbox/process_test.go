package inbox_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// The environment that makes this test binary another program.
const (
	roleOf   = "INBOX_ROLE"
	pathOf   = "INBOX_PATH"   // of the SQLite file
	urlOf    = "INBOX_URL"    // of the Postgres
	targetOf = "INBOX_TARGET" // where the generator posts
	countOf  = "INBOX_COUNT"  // how many connections it has
	forOf    = "INBOX_FOR"    // for how long
)

// roles are the programs that tests run beside themselves, each with a process of its own.
var roles = map[string]func(ctx context.Context) error{
	"receiver":  receive,
	"bare":      receiveBare,
	"generator": generate,
	"worker":    workUntilKilled,
}

func TestMain(m *testing.M) {
	if run := roles[os.Getenv(roleOf)]; run != nil {
		if err := untilToldToEnd(run); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// untilToldToEnd runs a role until SIGTERM, or until the test that started it is gone.
func untilToldToEnd(run func(ctx context.Context) error) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		cancel()
	}()
	return run(ctx)
}

// process is a role that runs.
type process struct {
	t     testing.TB
	cmd   *exec.Cmd
	lines chan string // of its output; closed at its end
	stop  func() error
}

// start runs a role with more environment.
func start(t testing.TB, role string, env ...string) *process {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return startProgram(t, exec.Command(self), append(env, roleOf+"="+role)...)
}

func startProgram(t testing.TB, cmd *exec.Cmd, env ...string) *process {
	t.Helper()
	cmd.Env = append(os.Environ(), env...)
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p := &process{t: t, cmd: cmd, lines: make(chan string, 100)}
	var reading sync.WaitGroup
	reading.Go(func() {
		defer close(p.lines)
		for scan := bufio.NewScanner(stdout); scan.Scan(); {
			p.lines <- scan.Text()
		}
	})
	p.stop = sync.OnceValue(func() error {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = stdin.Close()
		reading.Wait()
		return cmd.Wait()
	})
	t.Cleanup(func() { _ = p.stop() })
	return p
}

// says waits for a line of the process that begins so, and gives the rest.
func (p *process) says(what string) string {
	p.t.Helper()
	deadline := time.After(patience)
	for {
		select {
		case line, ok := <-p.lines:
			if !ok {
				p.t.Fatalf("the process ended and never said %q", what)
			}
			if rest, ok := strings.CutPrefix(line, what); ok {
				return strings.TrimSpace(rest)
			}
		case <-deadline:
			p.t.Fatalf("the process does not say %q", what)
		}
	}
}

// kill is kill -9.
func (p *process) kill() {
	p.t.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		p.t.Error(err)
	}
	_ = p.stop()
}
