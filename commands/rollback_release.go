package commands

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"slipway/bot"
	"slipway/bot/abreast"
	"slipway/bot/op"
	"slipway/bot/phrase"
	"slipway/bot/say"
	"slipway/integrations/heroku"
)

// madeRelease is the release that a rollback made. It is stored as JSON: add fields, never rename them.
type madeRelease struct {
	ID      string
	Version int
}

func madeOf(r heroku.Release) madeRelease { return madeRelease{r.ID, r.Version} }

// name is what people call it: v125.
func (m madeRelease) name() string { return "v" + strconv.Itoa(m.Version) }

// numberOf is the number in the name of a release; 0 where there is none.
func numberOf(name string) int {
	n, _ := strconv.Atoi(strings.TrimPrefix(name, "v"))
	return n
}

// newestReleases is how many are read to tell what runs: the one that does is older than those whose release command failed.
const newestReleases = 20

// stillLive refuses when another release runs than the plan was made on, or is about to.
func (r rollback) stillLive(ctx context.Context, c *bot.Clients) error {
	var releases []heroku.Release
	var builds []heroku.Build
	var err, buildsErr error
	abreast.Do(
		func() { releases, err = c.Heroku.Releases(ctx, r.App, newestReleases) },
		func() { builds, buildsErr = c.Heroku.Builds(ctx, r.App, 1) },
	)
	if err == nil {
		err = r.live(releases)
	}
	if err == nil && buildsErr == nil {
		err = r.unbuilt(builds)
	}
	if err != nil {
		return err
	}
	return buildsErr
}

// gone refuses because what the plan rests on is gone, and offers a new one. By hand it would rest on nothing either.
func (r rollback) gone(format string, args ...any) error {
	return &op.Failure{
		Refusal: &say.Refusal{Text: fmt.Sprintf(format, args...), Moot: true},
		Choices: []op.Choice{{Label: "New plan", Line: r.line("")}},
	}
}

// live refuses when a release came after the plan was made. One that failed has changed nothing of what runs.
func (r rollback) live(releases []heroku.Release) error {
	for _, other := range releases {
		switch {
		case other.ID == r.LiveID && other.Current:
			return nil
		case other.ID == r.LiveID:
			return r.gone("%s does not run any more, on which this plan was made. Type %s to see what does.",
				say.Code(r.Live), say.Code(r.line("")))
		case other.Status == heroku.Failed && !other.Current:
		default:
			return r.overtaken(other)
		}
	}
	return r.gone("%s is not among the newest %d releases of %s any more, so nothing was gone back to. Type %s to see what runs.",
		say.Code(r.Live), newestReleases, say.Code(r.App), say.Code(r.line("")))
}

// overtaken says what somebody released since the plan was made.
func (r rollback) overtaken(other heroku.Release) error {
	state := "runs now"
	if other.Status == heroku.Pending {
		state = "is being released"
	}
	return r.gone("%s made %s (%s) at %s, and it %s: this plan was made while %s ran. Type %s to see what would go back now.",
		say.Foreign(other.By, phrase.NameLimit), say.Code(other.String()), say.Foreign(other.Description, phrase.TitleLimit),
		say.Date(other.CreatedAt), state, say.Code(r.Live), say.Code(r.line("")))
}

// unbuilt refuses while a build is under way: what it releases would take the place of what was gone back to.
func (r rollback) unbuilt(builds []heroku.Build) error {
	if len(builds) == 0 || builds[0].Status != heroku.Pending {
		return nil
	}
	return r.gone("A build of %s by %s is under way since %s, and would be released on top. Wait for its end, or cancel it; then type %s again.",
		phrase.Short(builds[0].Commit), say.Foreign(builds[0].By, phrase.NameLimit), say.Date(builds[0].CreatedAt), say.Code(r.line(r.To)))
}

// line is what to type for a rollback of this app; to is a release, "before" and one, or "".
func (r rollback) line(to string) string {
	if to != "" {
		to += " "
	}
	return fmt.Sprintf("/rollback %sof %s", to, r.App)
}

// clocks is by how much Heroku's clock, which tells whole seconds, may be behind ours.
const clocks = 30 * time.Second

// find looks for the release that we made: by its description, by the account of our token, and by when. An older one of the same
// description was there when the plan was made.
func (r rollback) find(ctx context.Context, c *bot.Clients, since time.Time) (made madeRelease, found bool, err error) {
	var releases []heroku.Release
	var us heroku.Account
	var accountErr error
	abreast.Do(
		func() { releases, err = c.Heroku.Releases(ctx, r.App, newestReleases) },
		func() { us, accountErr = c.HerokuWrite.Account(ctx) },
	)
	if err != nil || accountErr != nil {
		return madeRelease{}, false, cmp.Or(err, accountErr)
	}
	var ours []heroku.Release
	for _, other := range releases {
		if r.ours(other, us.Email, since) {
			ours = append(ours, other)
		}
	}
	switch len(ours) {
	case 0:
		return madeRelease{}, false, nil
	case 1:
		return madeOf(ours[0]), true, nil
	}
	return madeRelease{}, false, say.Refuse("%s and %s are both rollbacks to %s by %s, made since then. %s shows what runs.", say.Code(ours[1].String()),
		say.Code(ours[0].String()), say.Code(r.To), say.Foreign(us.Email, phrase.NameLimit), say.Code("heroku releases -a "+r.App))
}

// ours tells whether a release is the one that this rollback made.
func (r rollback) ours(other heroku.Release, account string, since time.Time) bool {
	cause := other.Cause()
	return cause.Kind == heroku.Rollback && cause.Version == numberOf(r.To) && strings.EqualFold(other.By, account) &&
		other.Version > max(numberOf(r.Live), numberOf(r.Newest)) && !other.CreatedAt.Before(since.Add(-clocks))
}
