// Package doctor looks at a whole set-up (tokens, permissions, channels, webhooks, clock, database), and says of each part
// whether it is well, and what to do if not.
//
// It is apart from what uses those parts because it asks about rights that are there and not needed as much as about those
// that are needed and not there, and because it must go on where the others stop.
package doctor
