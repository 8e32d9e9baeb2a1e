package board

import (
	"crypto/rand"
	"time"
)

// in is a time from now on, in milliseconds since 1970. Leases and paces are measured on the clock that all processes share: Tx.Now.
func in(now int64, d time.Duration) int64 { return now + d.Milliseconds() }

// processID is unlike that of any other process. Nobody sees it.
func processID() string { return rand.Text() }
