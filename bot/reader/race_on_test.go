//go:build race

package reader_test

const sweep = false
