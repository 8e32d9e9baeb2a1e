//go:build !race

package board_test

// raceDetector says that this is built without -race.
const raceDetector = false
