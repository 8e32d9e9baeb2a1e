// Package notices decides what is told without being asked: which messages should stand in an app's channel now, and what
// each of them says.
//
// It is apart from delivery (package board) and from what is known (package ledger): a notice is a function of what is
// known and of the time, and of nothing else. So news in any order, twice or late end as the same messages.
//
// The way of the news: fold.go marks an app in the transaction that changed what is known of it. tell.go works apps that
// are marked, or for which time has come: it draws all their notices (scene.go lists the kinds, one file each) and touches
// the boards of those that say something else than when they were last touched, in one transaction. draw.go draws a board
// again at the moment of sending.
package notices
