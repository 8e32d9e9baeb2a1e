// Package herokusim simulates Heroku: apps with their releases, builds, dynos, logs and config vars, read and changed
// over the Platform API, and changed by what happens to an app (a deploy, a crash); it tells webhooks of all that.
//
// It is apart from the Heroku integration, and shares nothing with it, because it is its judge. Where it is strict it
// is so because Heroku is; each such rule has a test that names its line in the facts.
package herokusim
