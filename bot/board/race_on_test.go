//go:build race

package board_test

// raceDetector says that this is built with -race, where a database in Go takes twenty times as long.
const raceDetector = true
