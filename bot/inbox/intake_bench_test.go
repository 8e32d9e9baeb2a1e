package inbox_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"slipway/bot/inbox"
)

const (
	intakeConnections = 32
	intakeWarmUp      = 2 * time.Second
	intakeTime        = 10 * time.Second
	mostMemory        = 60.0            // MB, resident
	catchingUp        = 3 * time.Second // for which is looked how fast the rest is folded
)

// BenchmarkIntake posts signed payloads of 20 KB to the whole receiver and, in the same run, to one that verifies and stores
// nothing, and to probot where it is installed. Receiver and generator are processes of their own on this machine.
func BenchmarkIntake(b *testing.B) {
	payload := filepath.Join(fixtures(), "github", "workflow_run", "02.json")
	if _, err := os.Stat(payload); err != nil {
		b.Skipf("GitHub's own payloads are not there, set SLIPWAY_FIXTURES: %v", err)
	}
	for _, name := range []string{"receiver", "bare", "probot"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				measure(b, name, payload)
			}
		})
	}
}

func measure(b *testing.B, name, payload string) {
	file := filepath.Join(b.TempDir(), "inbox.db")
	var receiver *process
	if name == "probot" {
		receiver = startProgram(b, probot(b), "WEBHOOK_SECRET="+gitHubSecret)
	} else {
		receiver = start(b, name, pathOf+"="+file)
	}
	target := receiver.says("listens")
	memory := watchMemory(receiver.cmd.Process.Pid)
	post := func(long time.Duration) (g generated) {
		generator := start(b, "generator", pathOf+"="+payload, targetOf+"="+target, countOf+"="+fmt.Sprint(intakeConnections), forOf+"="+long.String())
		if err := json.Unmarshal([]byte(generator.says("generated")), &g); err != nil {
			b.Fatal(err)
		}
		return g
	}
	if warm := post(intakeWarmUp); warm.Refused > 0 {
		b.Errorf("%d were refused", warm.Refused)
	}
	before := receiver.stats(name)
	g := post(intakeTime)
	after := receiver.stats(name)
	b.ReportMetric(float64(g.Taken)/g.Seconds, "req/s")
	b.ReportMetric(float64(g.P50)/1e6, "p50-ms")
	b.ReportMetric(float64(g.P99)/1e6, "p99-ms")
	b.ReportMetric(float64(g.Longest)/1e6, "longest-ms")
	b.ReportMetric(float64(g.Refused), "refused")
	if name == "receiver" {
		stored := after.Stored - before.Stored
		b.ReportMetric(float64(after.Folded-before.Folded)/g.Seconds, "folded/s")
		b.ReportMetric(float64(stored)/float64(max(1, after.Transactions-before.Transactions)), "per-commit")
		time.Sleep(catchingUp)
		later := receiver.stats(name)
		b.ReportMetric(float64(later.Folded-after.Folded)/catchingUp.Seconds(), "folded-after/s")
	}
	most := memory()
	b.ReportMetric(most, "MB")
	if name == "receiver" && (most > mostMemory || g.Refused > 0) {
		b.Errorf("%.0f MB of memory, %d refused", most, g.Refused)
	}
	if err := receiver.stop(); err != nil {
		b.Error(err)
	}
}

// stats are the next that the receiver says.
func (p *process) stats(name string) (s inbox.Stats) {
	if name != "receiver" {
		return s
	}
	for len(p.lines) > 0 {
		<-p.lines
	}
	_, text, _ := strings.Cut(p.says("stats"), " ")
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		p.t.Fatal(err)
	}
	return s
}

// probot is the program that runs probot's bare app.
func probot(b *testing.B) *exec.Cmd {
	b.Helper()
	folder := filepath.Join("testdata", "probot")
	if _, err := os.Stat(filepath.Join(folder, "node_modules", "probot")); err != nil {
		b.Skip("probot is not there: run npm ci in bot/inbox/testdata/probot")
	}
	cmd := exec.Command("node", "app.mjs")
	cmd.Dir = folder
	return cmd
}

// watchMemory looks at the resident memory of a process; what it gives back tells the most that was seen, in MB.
func watchMemory(pid int) func() float64 {
	end := make(chan struct{})
	most := 0.0
	var watching sync.WaitGroup
	watching.Go(func() {
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				most = max(most, resident(pid))
			case <-end:
				return
			}
		}
	})
	return func() float64 {
		close(end)
		watching.Wait()
		return most
	}
}

func resident(pid int) float64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := bytes.Cut(status, []byte("VmRSS:"))
	kB, err := strconv.ParseFloat(strings.TrimSpace(strings.SplitN(string(rest), "kB", 2)[0]), 64)
	if err != nil {
		return 0
	}
	return kB / 1024
}
