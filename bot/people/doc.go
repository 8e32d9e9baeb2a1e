// Package people finds who in Slack somebody on GitHub is, so that they can be mentioned.
//
// It is apart from package access because what it finds out is good for a mention and for nothing else: anybody can write
// any name and address into a commit, so rights are never derived from it.
package people
