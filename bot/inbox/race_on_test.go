//go:build race

package inbox_test

const sweep = false
