package commands

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"slipway/bot/config"
	"slipway/bot/ledger"
	"slipway/bot/phrase"
	"slipway/bot/say"
)

// The longest and the shortest time that a hold is set for.
const (
	longestHold  = 14 * 24 * time.Hour
	shortestHold = time.Minute
)

// reasonLimit is how many characters of a reason are kept.
const reasonLimit = 200

// heldWords are what was typed behind "/deploy hold".
type heldWords struct {
	reason string
	lasts  time.Duration // 0: until somebody ends it
	allow  []int         // pull requests that may deploy all the same; then nothing else is set
}

// askedHold reads why and for how long something is held: "freeze for the demo for 2h". Only a last "for" with a number behind it is a
// time; any other belongs to the reason.
func askedHold(words []string) (a heldWords, err error) {
	if len(words) > 0 && strings.EqualFold(words[0], "allow") {
		if len(words) == 1 {
			return heldWords{}, say.Refuse("Say which pull requests may deploy: %s.", say.Code("/deploy hold allow #47"))
		}
		if a.allow, err = pullNumbers(words[1:]); err != nil {
			return heldWords{}, say.Refuse("%s names no pull request. Type %s, with at most %d numbers.",
				say.TypedCode(strings.Join(words[1:], " "), phrase.NameLimit), say.Code("/deploy hold allow #47"), revertsAtOnce)
		}
		return a, nil
	}
	words, long := untimed(words)
	if long != "" {
		if a.lasts, err = lastsFor(long); err != nil {
			return heldWords{}, err
		}
	}
	a.reason = say.Cut(strings.Join(words, " "), reasonLimit)
	return a, nil
}

// untimed takes the time off the end: "for 2h", or "for 2 hours".
func untimed(words []string) (others []string, long string) {
	for _, n := range []int{1, 2} {
		at := len(words) - n - 1
		if at >= 0 && strings.EqualFold(words[at], "for") && strings.ContainsAny(words[at+1][:1], "0123456789-") {
			return words[:at], strings.Join(words[at+1:], "")
		}
	}
	return words, ""
}

// holdTime matches a time as people write it: 2h, 30m, 90min, 3d, 2hours.
var holdTime = regexp.MustCompile(`^([0-9]{1,6})(m|mins?|minutes?|h|hrs?|hours?|d|days?)$`)

func lastsFor(word string) (time.Duration, error) {
	m := holdTime.FindStringSubmatch(strings.ToLower(word))
	if m == nil {
		return 0, say.Refuse("%s is no time that I understand. Type %s, %s or %s at the end.", say.TypedCode(word, phrase.NameLimit),
			say.Code("for 30m"), say.Code("for 2h"), say.Code("for 3d"))
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		return 0, err
	}
	d := time.Duration(n) * map[string]time.Duration{"m": time.Minute, "h": time.Hour, "d": 24 * time.Hour}[m[2][:1]]
	if d < shortestHold || d > longestHold {
		return 0, say.Refuse("A hold lasts from %s to %d days. Without a time it lasts until somebody ends it with %s.",
			say.For(shortestHold), longestHold/(24*time.Hour), say.Code("/deploy unhold"))
	}
	return d, nil
}

// sharedLine says that runs of a repository's apps are not stopped apart; none where the app has its repository for itself.
func sharedLine(app config.App, all []config.App) (lines []string) {
	for _, other := range all {
		if other.Name != app.Name && ledger.RepoScope(other.Repo) == ledger.RepoScope(app.Repo) {
			lines = append(lines, fmt.Sprintf(":warning: A run that also deploys %s is cancelled as a whole.", say.Code(other.Name)))
		}
	}
	return lines
}

// holdLines say what a hold does.
func (a heldWords) holdLines() []string {
	lines := []string{"Runs that deploy are cancelled before their push step; what cannot be stopped is told at once. Nothing that runs is changed, and `/rollback` goes on working."}
	if a.reason != "" {
		lines = append(lines, "Why: "+say.Foreign(a.reason, reasonLimit))
	}
	if a.lasts > 0 {
		return append(lines, fmt.Sprintf("It ends by itself after %s, or with `/deploy unhold`.", say.For(a.lasts)))
	}
	return append(lines, "It lasts until somebody types `/deploy unhold`.")
}
