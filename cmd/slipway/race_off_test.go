//go:build !race

package main

// raceDetector says that this is built without -race.
const raceDetector = false
