//go:build race

package chattest

// raceDetector says that this is built with -race, where all takes several times as long.
const raceDetector = true
