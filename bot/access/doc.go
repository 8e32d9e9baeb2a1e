// Package access knows who may do what.
//
// It is apart from the router so that every way of asking (a command, a button, a step of an operation) goes through the
// same door, and so that the door can be read on a few pages.
//
// To read, a person must be a full member of the workspace (person.go) and in the app's channel (channel.go). To change
// something they must also be a collaborator of the app on Heroku or an operator of slipway (rights.go), and be among those to
// whom .slipway.yml narrows it (circle.go, groups.go). The rules are asked side by side and speak in this order, whichever
// answer comes first. Whatever cannot be told is a no that says so.
package access
