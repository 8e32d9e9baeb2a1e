package commands

import (
	"cmp"
	"context"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"slipway/bot"
	"slipway/bot/abreast"
	"slipway/bot/ledger"
	"slipway/bot/phrase"
	"slipway/bot/say"
	"slipway/integrations/github"
)

// revertsAtOnce is how many pull requests one line may name: each is a step of its own, and all of them are read side by side.
const revertsAtOnce = phrase.Listed

// pullNumber matches a pull request as people name it. Nobody has seen a number of more digits.
var pullNumber = regexp.MustCompile(`^#?([1-9][0-9]{0,8})$`)

// pullNumbers reads which pull requests are meant, each once, in the order in which they were typed.
func pullNumbers(words []string) (numbers []int, err error) {
	for i, w := range words {
		if strings.EqualFold(w, "of") || strings.EqualFold(w, "for") {
			return nil, say.Refuse("%s names no app that I look after. Type %s.", say.TypedCode(strings.Join(words[i:], " "), phrase.NameLimit), say.Code("/deploy revert #46"))
		}
		for part := range strings.SplitSeq(w, ",") {
			if part == "" || strings.EqualFold(part, "and") {
				continue
			}
			m := pullNumber.FindStringSubmatch(part)
			if m == nil {
				return nil, say.Refuse("%s is no pull request's number. Type %s.", say.TypedCode(part, phrase.NameLimit), say.Code("/deploy revert #46"))
			}
			n, err := strconv.Atoi(m[1])
			if err != nil {
				return nil, err
			}
			if !slices.Contains(numbers, n) {
				numbers = append(numbers, n)
			}
		}
	}
	switch {
	case len(numbers) == 0:
		return nil, say.Refuse("Say which pull requests are to be taken back: %s.", say.Code("/deploy revert #46"))
	case len(numbers) > revertsAtOnce:
		return nil, say.Refuse("I take back %d pull requests at a time, not %d. Type the first %d, and the others after them.", revertsAtOnce, len(numbers), revertsAtOnce)
	}
	return numbers, nil
}

// foundPull is a pull request as GitHub has it, with the files that it changed.
type foundPull struct {
	pull  github.Pull
	files []github.PullFile
}

// readReverts reads pull requests that can be taken back, and gives them newest first. It refuses if one of them cannot.
func readReverts(ctx context.Context, c *bot.Clients, repo github.Repo, numbers []int) ([]foundPull, error) {
	found := make([]foundPull, len(numbers))
	errs := make([]error, 2*len(numbers)+1)
	var latest []github.Pull
	abreast.Each(len(errs), func(i int) {
		switch one := i / 2; {
		case one == len(numbers):
			latest, errs[i] = latestPulls(ctx, c, repo)
		case i%2 == 0:
			found[one].pull, errs[i] = c.GitHub.Pull(ctx, repo, numbers[one])
		default:
			found[one].files, errs[i] = c.GitHub.PullFiles(ctx, repo, numbers[one])
		}
	})
	for i, err := range errs {
		switch {
		case github.KindOf(err) == github.NotFound && i/2 < len(numbers):
			return nil, unknownPull(numbers[i/2], repo)
		case err != nil:
			return nil, unreadOnGitHub(c, err)
		}
	}
	for _, f := range found {
		if err := revertible(f.pull, latest); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(found, func(a, b foundPull) int {
		return cmp.Or(b.pull.MergedAt.Compare(a.pull.MergedAt), cmp.Compare(b.pull.Number, a.pull.Number))
	})
	return found, nil
}

// latestPulls are the newest pull requests, among which a revert of another would be. GitHub has no list of reverts.
func latestPulls(ctx context.Context, c *bot.Clients, repo github.Repo) ([]github.Pull, error) {
	return c.GitHub.Pulls(ctx, repo, github.PullQuery{State: "all"})
}

func unknownPull(number int, repo github.Repo) error {
	return say.Moot("%s has no pull request #%d that I can see. `/deploy status` shows those that were merged last.", say.Code(repo.String()), number)
}

// revertible refuses what cannot be taken back, or is taken back already.
func revertible(p github.Pull, latest []github.Pull) error {
	switch {
	case !p.Merged && p.State == "open":
		return say.Moot("%s is not merged, so there is nothing to take back. Close it on GitHub if it is not wanted.", phrase.PullTitle(p))
	case !p.Merged:
		return say.Moot("%s was closed and not merged, so there is nothing to take back.", phrase.PullTitle(p))
	}
	made, ok := revertOf(reverted{Number: p.Number}, latest)
	switch {
	case !ok:
		return nil
	case made.Merged:
		return say.Moot("%s was taken back already: %s is merged.", phrase.PullTitle(p), phrase.PullTitle(made))
	}
	return say.Moot("%s has a revert already, which is not merged yet: %s.", phrase.PullTitle(p), phrase.PullTitle(made))
}

// revertOf finds the pull request that takes another one back: open or merged, whoever made it. One that was closed takes nothing back.
func revertOf(r reverted, among []github.Pull) (github.Pull, bool) {
	i := slices.IndexFunc(among, func(p github.Pull) bool {
		return strings.HasPrefix(p.HeadRef, r.prefix()) && (p.Merged || p.State == "open")
	})
	if i < 0 {
		return github.Pull{}, false
	}
	return among[i], true
}

// unreadOnGitHub refuses a plan that GitHub does not tell enough for.
func unreadOnGitHub(c *bot.Clients, err error) error {
	now := time.Now()
	return say.Refuse("%s Without it I cannot show what would happen, so I plan nothing.", githubTrouble(*ledger.TroubleOf(now, now, err), c.GitHubVariable))
}

// revertDenied puts into words why GitHub did not open a revert, and what can be done; any other error stays as it is.
func revertDenied(r reverted, err error) error {
	e, ok := errors.AsType[*github.Error](err)
	if !ok || e.Ambiguous {
		return err
	}
	switch e.Kind {
	case github.Invalid:
		return say.Refuse("GitHub does not take #%d back by itself: %s. Its page may say more; a person takes it back with git.", r.Number,
			strings.TrimSuffix(say.Foreign(e.Message, phrase.TitleLimit), "."))
	case github.Unauthorized, github.Forbidden, github.NotFound:
		return say.Refuse("GitHub does not let my token open a revert of #%d (%s). Whoever runs slipway gives it the permissions"+
			" *Contents: write* and *Pull requests: write*, for workflow files *Workflows: write* too.", r.Number, e.Kind)
	}
	return err
}
