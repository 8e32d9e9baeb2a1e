// Package presence tells whether somebody else holds Socket Mode connections with our app token: a laptop, a dyno that was
// forgotten, each with a database of its own. Slack gives such a process a share of all commands, so that two that know nothing of
// each other would change one app.
//
// It is apart from the session, which knows only this process, because what is ours is known to the store alone.
//
// Every process writes down how many connections Slack may count as its own (count.go, register.go): each before it is tried, and
// until 75 s after it is closed, since Slack may not notice at once. What a process that died had written counts until it is 100 s
// old. So Slack never counts more than what is written down, unless somebody else is there; and somebody else may hide behind what is
// written too much, for as long.
//
// Slack tells how many connections there are in its hello alone, to each one that connects. verdict.go compares that. Where it counts
// no more than those of ours that are surely open, nobody else is there. Where it counts more than all that is written down, somebody
// is suspected, and known once a second hello says so at least 10 s later while the same processes of ours run. In between it is not
// clear. Where somebody is suspected and it fits only with what other processes of ours hold, it must fit once more 30 s later: one of
// them may have died, and somebody else's connections be taken for its. look.go has the session connect anew to hear the next hello: 10 s after a suspicion, after 80 s while somebody is suspected
// or known or it is not clear, and else after 10 minutes. One process does so for all.
//
// What is known may therefore be old: somebody who comes is noticed within some 10 minutes. With five processes of two connections
// there is no room for an eleventh, and nothing is heard but when Slack renews a connection, hours apart.
package presence
