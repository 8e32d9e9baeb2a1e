// Package django reads Django's migration files, as text: no Python runs, and nothing else is read or written.
//
// It never guesses. What it cannot read stands as opaque, with its place and the reason, and whoever plans with it has to say so.
package django
