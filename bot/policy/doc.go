// Package policy knows which settings of each repository are in force: it reads .slipway.yml from the default branch, keeps
// the last version that was good, and says what is wrong with a newer one that is not.
//
// It is apart from package settings, which only understands the file, because when the file is read and what happens when it
// cannot be, or is wrong, decides what a team can rely on: nothing that stands on a pull request's branch or on another
// branch that deploys means anything, and neither a fault nor a far end that is away takes a setting back.
package policy
