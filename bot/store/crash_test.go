package store_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	osexec "os/exec"
	"strings"
	"testing"
	"time"

	"slipway/bot/store"
)

// child is a process that begins a job and never ends it. It says so, and is killed.
func child() {
	fail := func(err error) {
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
	}
	ctx := context.Background()
	s, err := store.Open(ctx, store.Options{URL: os.Getenv("STORE_URL"), Path: os.Getenv("STORE_PATH")})
	fail(err)
	store.Handle(s, func(context.Context, note) error {
		fmt.Println("begun")
		select {}
	})
	fail(s.Start(ctx))
	fail(s.Do(ctx, func(ctx context.Context, tx *store.Tx) error { return tx.Enqueue(ctx, note{"unfinished"}) }))
	_, _ = io.ReadAll(os.Stdin) // until the test is gone
}

// crash gives a process in the middle of a job, and what kills it.
func crash(t *testing.T, o store.Options) (pid int, kill func()) {
	t.Helper()
	c := osexec.Command(os.Args[0])
	c.Env = append(os.Environ(), "STORE_CHILD=1", "STORE_URL="+o.URL, "STORE_PATH="+o.Path)
	c.Stderr = os.Stderr
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	killed := false
	kill = func() {
		if killed {
			return
		}
		killed = true
		_ = c.Process.Kill()
		_ = c.Wait() // it was killed, and says so
		_ = in.Close()
	}
	t.Cleanup(kill)
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "begun\n" {
		t.Fatalf("the process said %q, %v", line, err)
	}
	return c.Process.Pid, kill
}

func TestWhatAKilledProcessLeftIsTakenUp(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		said := newNotes()
		within := 5 * time.Second // of its own restart, on a busy machine too; from others' processes it takes longer
		_, kill := crash(t, o)
		if o.URL == "" {
			kill()
		}
		s := open(t, o)
		store.Handle(s, said.work)
		start(t, s)
		if o.URL != "" {
			within = time.Minute // by another process, which takes 6 to 8 s where the machine is not busy
			time.Sleep(3 * time.Second)
			if got := said.all(); len(got) != 0 {
				t.Errorf("%q was taken from a process that lives", got)
			}
			kill()
		}
		begun := time.Now()
		said.wait(t, 1)
		if d := time.Since(begun); d > within {
			t.Errorf("it took %s", d)
		}
	})
}

func TestASecondProcessIsKeptFromTheFile(t *testing.T) {
	t.Parallel()
	o := store.Options{Path: t.TempDir() + "/slipway.db", Unsafe: true}
	pid, kill := crash(t, o)
	_, err := store.Open(t.Context(), o)
	want := fmt.Sprintf("slipway.db is in use by another slipway (process %d): stop that one first, or set DATABASE_URL", pid)
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v", err)
	}
	kill()
	closed(t, open(t, o))
	closed(t, open(t, o))

	// What somebody else wrote into the lock file harms nothing.
	if err := os.WriteFile(o.Path+".lock", []byte("\x00-7 rm"), 0o600); err != nil {
		t.Fatal(err)
	}
	open(t, o)
	if _, err := store.Open(t.Context(), o); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("(process %d)", os.Getpid())) {
		t.Errorf("got %v", err)
	}
}
