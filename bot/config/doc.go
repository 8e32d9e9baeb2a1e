// Package config reads the environment into one struct, and tells everything that is wrong with it at once, each fault with
// its fix.
//
// It is apart because main and the tests start from the same Config, and because here alone is decided what a setting may
// hold.
package config
