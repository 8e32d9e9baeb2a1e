//go:build !race

package reader_test

import "os"

// sweep says that every combination is tried. With -race, where a database in Go takes many times as long, half are.
var sweep = os.Getenv("CI") == "true"
