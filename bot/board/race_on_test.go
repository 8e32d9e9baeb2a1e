//go:build race

package board_test

// raceDetector says that this is built with -race, where all takes many times as long.
const raceDetector = true
