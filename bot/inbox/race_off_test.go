//go:build !race

package inbox_test

import "os"

// sweep says that every combination is tried: in CI, where that is done without -race. Otherwise a quarter is.
var sweep = os.Getenv("CI") == "true"
