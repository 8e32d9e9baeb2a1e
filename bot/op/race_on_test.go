//go:build race

package op_test

// raceDetector says whether this is built with -race, where a database in Go takes twenty times as long.
const raceDetector = true
