package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
)

// plain is slipway built without the race detector. A sandbox is played with it: it runs in real time, reads with deadlines, and
// has its whole world in the same process, which makes it ten times as slow with the detector. What it is made of is tested with the
// detector elsewhere.
var plain = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "slipway-test-")
	if err != nil {
		return "", err
	}
	program := filepath.Join(folder, "slipway")
	if out, err := exec.Command("go", "build", "-buildvcs=false", "-o", program, ".").CombinedOutput(); err != nil {
		return "", errors.Join(fmt.Errorf("go build: %w\n%s", err, out), os.RemoveAll(folder))
	}
	removals = append(removals, folder)
	return program, nil
})

// removals are folders that are removed after the last test.
var removals []string
