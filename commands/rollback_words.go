package commands

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	slackgo "github.com/slack-go/slack"

	"slipway/bot"
	"slipway/bot/phrase"
	"slipway/bot/say"
	"slipway/bot/target"
	"slipway/integrations/heroku"
)

// aim is what somebody said is to be gone back to.
type aim struct {
	version int  // of a release; 0: what was good
	before  bool // what was good before that release
}

// releaseWord matches a release as people name it. Nobody has seen a number of more digits.
var releaseWord = regexp.MustCompile(`^[vV]?([1-9][0-9]{0,8})$`)

// aimOf reads which release is meant.
func aimOf(words []string) (a aim, err error) {
	if i := slices.IndexFunc(words, func(w string) bool { return strings.EqualFold(w, "of") || strings.EqualFold(w, "for") }); i >= 0 {
		return aim{}, say.Refuse("%s names no app that I look after. Type %s.", say.TypedCode(strings.Join(words[i:], " "), phrase.NameLimit), say.Code("/rollback v122"))
	}
	rest := words
	if len(rest) > 0 && strings.EqualFold(rest[0], "to") {
		rest = rest[1:]
	}
	if len(rest) > 0 && strings.EqualFold(rest[0], "before") {
		a.before, rest = true, rest[1:]
	}
	if len(rest) == 0 && len(words) == 0 {
		return aim{}, nil
	}
	if len(rest) != 1 {
		return aim{}, noRelease(strings.Join(words, " "))
	}
	m := releaseWord.FindStringSubmatch(rest[0])
	if m == nil {
		return aim{}, noRelease(strings.Join(words, " "))
	}
	a.version, err = strconv.Atoi(m[1])
	return a, err
}

func noRelease(typed string) error {
	return say.Refuse("%s names no release. Type %s, %s, or %s alone to choose.", say.TypedCode(typed, phrase.NameLimit),
		say.Code("/rollback v122"), say.Code("/rollback v122 of penny-university"), say.Code("/rollback"))
}

// rollbackByHand gives the lines that do the same without slipway. Which release is the good one it cannot tell without reading.
func rollbackByHand(req bot.Request) ([]string, error) {
	a, err := aimOf(req.Words)
	if err != nil {
		return nil, err
	}
	app := " -a " + req.App.Name
	if a.version > 0 && !a.before {
		return []string{fmt.Sprintf("heroku rollback v%d%s", a.version, app)}, nil
	}
	return []string{"heroku releases" + app, "heroku rollback" + app}, nil
}

// rollbackAbout gives the line that the message's own button types: what runs has one.
func rollbackAbout(ctx context.Context, c *bot.Clients, channel, ts string) (line string, err error) {
	blocks, err := c.Shown(ctx, channel, ts)
	if err != nil {
		return "", say.Refuse("My database does not answer, so I cannot tell what this message is about. Type %s.", say.Code("/rollback"))
	}
	for _, b := range blocks {
		row, _ := b.(*slackgo.ActionBlock)
		if row == nil {
			continue
		}
		for _, e := range row.Elements.ElementSet {
			if button, ok := e.(*slackgo.ButtonBlockElement); ok && strings.HasPrefix(button.Value, "/rollback before ") {
				return button.Value, nil
			}
		}
	}
	return "", say.Refuse("This message is not about a change that runs, so there is nothing to take back. Type %s to choose a release.", say.Code("/rollback"))
}

// aimed finds what is to be gone back to, as it is chosen in the modal or was typed. A refusal says what to type instead.
func aimed(all *target.Targets, app string, a aim, chosen bot.Chosen) (target.Target, error) {
	if list := chosen["release"]; len(list) > 0 {
		a = aim{version: numberOf(list[0])}
	}
	switch {
	case a.version == 0:
		if good, ok := all.Good(); ok {
			return good, nil
		}
		return target.Target{}, nothingGood(all, app)
	case a.before:
		if good, ok := all.Before(a.version); ok {
			return good, nil
		}
		return target.Target{}, say.Moot("No release before %s can be gone back to. %s", say.Code(fmt.Sprintf("v%d", a.version)), choices(all, app))
	}
	if found, ok := all.Find(a.version); ok {
		return found, nil
	}
	return target.Target{}, notATarget(all, app, a.version)
}

// notATarget says why a release cannot be gone back to.
func notATarget(all *target.Targets, app string, version int) error {
	name := say.Code(fmt.Sprintf("v%d", version))
	r, known := all.Release(version)
	switch {
	case version == all.Live.Version:
		return say.Moot("%s is what runs now, so there is nothing to go back. %s", name, choices(all, app))
	case version > all.Newest.Version:
		return say.Moot("There is no release %s: the newest is %s. %s", name, say.Code(all.Newest.String()), choices(all, app))
	case !known:
		return say.Moot("%s is not among the newest %d releases of %s, or never was. %s", name, releasesBack, say.Code(app), choices(all, app))
	case r.Status == heroku.Failed:
		return say.Moot("%s failed and never ran, so it cannot be gone back to. %s", name, choices(all, app))
	case r.Status == heroku.Pending:
		return say.Moot("%s is being released just now. %s", name, choices(all, app))
	}
	return say.Moot("Heroku does not go back to %s (%s) any more. %s", name, say.Foreign(r.Description, phrase.TitleLimit), choices(all, app))
}

// choices are what can be typed instead.
func choices(all *target.Targets, app string) string {
	var names []string
	for _, x := range all.List {
		names = append(names, say.Code(x.Release.String()))
	}
	if len(names) == 0 {
		return "There is no other release to go back to."
	}
	return fmt.Sprintf("Type %s to choose; there are %s.", say.Code("/rollback of "+app), phrase.Some(names, ", "))
}

func nothingRuns(app string) error {
	return say.Moot("Nothing of %s runs that was released, so there is nothing to roll back.", say.Code(app))
}

// nothingGood says that nothing can be gone back to by itself.
func nothingGood(all *target.Targets, app string) error {
	if len(all.List) == 0 {
		return say.Moot("%s has no release to go back to: %s runs, and no other code was released that Heroku would go back to.",
			say.Code(app), say.Code(all.Live.String()))
	}
	return say.Refuse("Of what %s could go back to, all was rolled back itself or is newer than what runs (%s). %s",
		say.Code(app), say.Code(all.Live.String()), chooseOne(all, app))
}

// chooseOne names a release to type.
func chooseOne(all *target.Targets, app string) string {
	return fmt.Sprintf("Name the release if you want one of them all the same: %s.", say.Code(fmt.Sprintf("/rollback %s of %s", all.List[0].Release, app)))
}
