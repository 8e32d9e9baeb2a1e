// Package settings reads .slipway.yml, in which a team says how slipway treats its repository: bytes in, Settings or
// everything that is wrong with them out.
//
// It is apart from config because the environment belongs to whoever runs slipway and is read once, while this file belongs
// to whoever may merge and changes at any time. It does no I/O: where the file comes from, and that the last good one stays
// in force, is for others.
//
// The file is read from the repository's default branch and nowhere else, so that nobody helps himself by editing it in a
// pull request. When another branch deploys, the setting “branch” on the default branch names it; a copy of the file on that
// other branch means nothing.
//
// A new setting is a key in the list of its file (notify.go and its like), a field of App, and a row in docs/settings.md,
// which a test asks for. The names, the nearest name and the overrides by app follow from the key.
package settings
