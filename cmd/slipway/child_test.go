package main

import (
	"bytes"
	"flag"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// asMain, when it is set, makes the test binary be slipway. Children are started so: they are the real program, with the
// race detector in it if the tests have it; but for sandboxes.
const asMain = "TEST_BINARY_IS_SLIPWAY"

func TestMain(m *testing.M) {
	if os.Getenv(asMain) != "" {
		main()
	}
	flag.Parse()
	_ = flag.Set("test.parallel", "8") // most of the time these tests wait for children, which wait for timers
	status := m.Run()
	for _, folder := range removals {
		_ = os.RemoveAll(folder)
	}
	os.Exit(status)
}

// child is slipway in a process of its own, in an empty folder.
type child struct {
	t           testing.TB
	cmd         *exec.Cmd
	folder      string // the working folder and the home
	temp        string // the one for temporary files
	out, errs   *output
	ended       chan struct{}
	secrets     []string // what it must not print on stderr
	stdin       io.WriteCloser
	keepsNoFile bool
}

// how is what a child starts with. Its environment is Env and nothing of ours.
type how struct {
	Args  []string
	Env   []string
	In    io.Reader       // nil, without Cmd: a pipe that stays open, to type into
	Files bool            // it may leave files behind
	Cmd   func(*exec.Cmd) // changes how it is started, if that is not all
}

// start begins a child, which ends with the test at the latest.
func start(t testing.TB, h how) *child {
	t.Helper()
	c := &child{t: t, folder: t.TempDir(), temp: t.TempDir(), out: newOutput(), errs: newOutput(), ended: make(chan struct{}), keepsNoFile: !h.Files}
	program := os.Args[0]
	if raceDetector && slices.Contains(h.Args, "sandbox") {
		var err error
		if program, err = plain(); err != nil {
			t.Fatal(err)
		}
	}
	c.cmd = exec.Command(program, h.Args...)
	c.cmd.Dir = c.folder
	c.cmd.Env = append([]string{
		asMain + "=1", "PATH=" + os.Getenv("PATH"), "HOME=" + c.folder, "TMPDIR=" + c.temp,
		"GORACE=atexit_sleep_ms=0", // or each child would end a second late
	}, h.Env...)
	c.cmd.Stdout, c.cmd.Stderr = c.out, c.errs
	c.secrets = secretsOf(h.Env)
	c.cmd.Stdin = h.In
	if h.Cmd != nil {
		h.Cmd(c.cmd)
	} else if h.In == nil {
		var err error
		if c.stdin, err = c.cmd.StdinPipe(); err != nil {
			t.Fatal(err)
		}
	}
	if !h.Files {
		if err := os.Chmod(c.folder, 0o555); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = c.cmd.Wait()
		close(c.ended)
	}()
	t.Cleanup(c.end)
	return c
}

// secretsOf are the values of an environment that nobody may read.
func secretsOf(env []string) []string {
	var secrets []string
	for _, e := range env {
		name, value, _ := strings.Cut(e, "=")
		if strings.Contains(name, "TOKEN") || strings.Contains(name, "KEY") || strings.Contains(name, "SECRET") || name == "DATABASE_URL" {
			secrets = append(secrets, value)
		}
	}
	return secrets
}

// end ends the child and looks at what it has left.
func (c *child) end() {
	byItself := !c.runs()
	_ = c.cmd.Process.Kill()
	<-c.ended
	if c.t.Failed() {
		c.t.Logf("%v\nstdout:\n%s\nstderr:\n%s", c.cmd.Args[1:], c.out, c.errs)
	}
	for _, s := range c.secrets {
		if s != "" && strings.Contains(c.errs.String(), s) {
			c.t.Errorf("stderr has a secret: %q", s)
		}
	}
	if files, err := os.ReadDir(c.folder); c.keepsNoFile && (err != nil || len(files) > 0) {
		c.t.Errorf("files are left: %v, %v", files, err)
	}
	if files, err := os.ReadDir(c.temp); byItself && (err != nil || len(files) > 0) {
		c.t.Errorf("temporary files are left: %v, %v", files, err)
	}
}

// exits waits for the end and compares the exit status.
func (c *child) exits(status int, within time.Duration) {
	c.t.Helper()
	select {
	case <-c.ended:
	case <-time.After(within):
		c.t.Fatalf("%v did not end within %v\nstdout:\n%s\nstderr:\n%s", c.cmd.Args[1:], within, c.out, c.errs)
	}
	if got := c.cmd.ProcessState.ExitCode(); got != status {
		c.t.Fatalf("%v: exit status %d, want %d\nstdout:\n%s\nstderr:\n%s", c.cmd.Args[1:], got, status, c.out, c.errs)
	}
}

// runs tells whether the child has not ended.
func (c *child) runs() bool {
	select {
	case <-c.ended:
		return false
	default:
		return true
	}
}

func (c *child) signal(s syscall.Signal) {
	c.t.Helper()
	if err := c.cmd.Process.Signal(s); err != nil {
		c.t.Fatal(err)
	}
}

func (c *child) types(lines string) {
	c.t.Helper()
	if _, err := io.WriteString(c.stdin, lines); err != nil {
		c.t.Fatal(err)
	}
}

// patience is how long a test waits for what takes well under a second on a machine that has nothing else to do.
const patience = 3 * time.Minute

// says waits until an output has a text, and gives all of it up to then.
func (c *child) says(o *output, text string) string {
	c.t.Helper()
	return c.saysTimes(o, text, 1)
}

// asks types lines and waits until its output has a text once more. What else happens may be told before the answer.
func (c *child) asks(lines, text string) {
	c.t.Helper()
	before := strings.Count(c.out.String(), text)
	c.types(lines)
	c.saysTimes(c.out, text, before+1)
}

func (c *child) saysTimes(o *output, text string, times int) string {
	c.t.Helper()
	limit := time.NewTimer(patience)
	defer limit.Stop()
	for {
		now, changed := o.state()
		if strings.Count(now, text) >= times {
			return now
		}
		select {
		case <-changed:
		case <-limit.C:
			c.t.Fatalf("no %q within %v\nstdout:\n%s\nstderr:\n%s", text, patience, c.out, c.errs)
		case <-c.ended:
			if now, _ := o.state(); strings.Count(now, text) >= times {
				return now
			}
			c.t.Fatalf("it ended without %q\nstdout:\n%s\nstderr:\n%s", text, c.out, c.errs)
		}
	}
}

// output is what a child has printed so far.
type output struct {
	mu      sync.Mutex
	text    bytes.Buffer
	changed chan struct{}
}

func newOutput() *output { return &output{changed: make(chan struct{})} }

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	close(o.changed)
	o.changed = make(chan struct{})
	return o.text.Write(p)
}

func (o *output) state() (string, <-chan struct{}) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String(), o.changed
}

func (o *output) String() string {
	text, _ := o.state()
	return text
}
