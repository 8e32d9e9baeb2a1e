package chattest

import "testing"

// The conversations of the real bot are repeated by the tests of package commands.
func TestTheSameLinesGiveTheSameBytes(t *testing.T) { repeatAll(t, "testdata/echo", echoing) }
