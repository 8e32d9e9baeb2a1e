// Package heartbeat calls an address every minute while all is healthy, so that a watchdog outside misses a bot that is dead,
// cut off or stuck.
//
// It is apart because it knows nothing of what health is, and because it alone holds the address, which is a secret: whoever
// knows it can say that a dead bot lives.
package heartbeat
