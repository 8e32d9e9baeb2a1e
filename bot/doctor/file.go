package doctor

import (
	"cmp"
	"context"
	"fmt"
	"html"
	"slices"
	"strings"

	"slipway/bot/config/settings"
	"slipway/bot/policy"
	"slipway/bot/say"
	"slipway/integrations/github"
)

// holdCheck is the status by which slipway tells pull requests that deploys are stopped.
const holdCheck = "slipway/hold"

// lookAtFile reads the settings that a repository brings, and the branches that deploy by them.
func lookAtFile(ctx context.Context, p *Patient) []Finding {
	return p.eachRepo(func(repo github.Repo) []Finding {
		subject := policy.File + " of " + repo.String()
		var apps []string
		for _, app := range p.Config.Apps {
			if app.Repo == repo {
				apps = append(apps, app.Name)
			}
		}
		var s settings.Settings
		found := []Finding{well(subject, "there is none, so the defaults hold")}
		data, err := p.GitHub.File(ctx, repo, policy.File, "")
		switch kind := github.KindOf(err); {
		case kind == github.Forbidden:
			return nil // of which its permission's finding tells
		case kind == github.NotFound:
		case err != nil:
			return []Finding{unknown(subject, err, githubAway)}
		default:
			var faults settings.Faults
			if s, faults = settings.Parse(data, apps); len(faults) > 0 {
				found = []Finding{faultyFile(subject, faults)}
			} else {
				found = []Finding{well(subject, "is understood")}
			}
		}
		found = append(found, unmarked(subject, found[0], s, apps)...)
		return append(found, p.deployBranches(ctx, repo, s, apps)...)
	})
}

// unmarked tells of several apps none of which is the one that visitors use. Of a file that is not taken it tells nothing.
func unmarked(subject string, read Finding, s settings.Settings, apps []string) []Finding {
	if read.Level != OK || len(apps) < 2 || slices.ContainsFunc(apps, func(app string) bool { return s.For(app).Production }) {
		return nil
	}
	return []Finding{warning(subject, "marks none of "+strings.Join(apps, ", ")+" as the one that visitors use, so messages and plans do not tell production from the rest",
		fmt.Sprintf("Write these lines into %s on the default branch, with the app that is production (below the apps: that is there, if one is): “apps:”, “  %s:”, “    production: yes”.", policy.File, apps[0]))}
}

func faultyFile(subject string, faults settings.Faults) Finding {
	text := html.UnescapeString(faults[0].String()) // it is written for Slack
	if more := len(faults) - 1; more > 0 {
		text += fmt.Sprintf(" (and %s)", say.Count(more, "more fault", "more faults"))
	}
	return fault(subject, "is not taken: "+text, "Mend it on the default branch; until then the last version without faults holds, or the defaults.")
}

// deployBranches looks at each branch that deploys.
func (p *Patient) deployBranches(ctx context.Context, repo github.Repo, s settings.Settings, apps []string) []Finding {
	var branches []string
	for _, app := range apps {
		if b := cmp.Or(s.For(app).Branch, p.main[repo.String()]); !slices.Contains(branches, b) {
			branches = append(branches, b)
		}
	}
	return together(branches, func(branch string) []Finding {
		subject := "Deploy branch " + branch + " of " + repo.String()
		required, err := p.GitHub.Required(ctx, repo, branch)
		switch kind := github.KindOf(err); {
		case kind == github.Forbidden:
			return nil
		case kind == github.NotFound:
			return []Finding{fault(subject, "does not exist", "Push it, or name another as branch in "+policy.File+".")}
		case err != nil:
			return []Finding{unknown(subject, err, githubAway)}
		case slices.Contains(required, holdCheck):
			return []Finding{warning(subject, "nothing is merged into it without the check "+holdCheck+", so that a dead slipway stops all merges",
				"Take "+holdCheck+" out of the required checks, in the repository's settings under Branches or Rules. It informs all the same.")}
		}
		return []Finding{well(subject, "is there, and does not require %s", holdCheck)}
	})
}
