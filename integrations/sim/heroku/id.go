package herokusim

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// uuid gives the id of the thing that parts name: the same parts, the same id, in every run.
func uuid(parts ...any) string {
	d := digest(parts...)
	// Version 4, variant 1: what Heroku's ids look like.
	return strings.Join([]string{d[:8], d[8:12], "4" + d[13:16], "a" + d[17:20], d[20:32]}, "-")
}

// digest is the hex SHA-256 of the parts.
func digest(parts ...any) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%v\x00", p)
	}
	return hex.EncodeToString(h.Sum(nil))
}
