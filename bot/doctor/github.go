package doctor

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"slipway/bot/config"
	"slipway/bot/say"
	"slipway/integrations/github"
)

const githubAway = "Look at https://www.githubstatus.com, and whether this machine reaches it. Then try again."

// lookAtGitHubToken reads each repository, which tells of the token what GitHub tells.
func lookAtGitHubToken(ctx context.Context, p *Patient) []Finding {
	variable, _ := p.Config.GitHubVariables()
	subject := "GitHub with " + variable
	permits := map[string]github.Permit{}
	var general atomic.Bool
	found := p.eachRepo(func(repo github.Repo) []Finding {
		permit, err := p.GitHub.Permit(ctx, repo)
		if err != nil {
			p.pass(repo.String())
			if everywhere(err) {
				general.Store(true)
			}
			return []Finding{refusedByGitHub(variable, repo, err)}
		}
		p.saw(repo, permit, permits)
		return p.readable(repo, permit)
	})
	if len(permits) == 0 && general.Load() {
		found = found[:1]
		found[0].Subject = subject
		return p.lose(found...)
	}
	for _, app := range p.Config.Apps { // the first one that is read: the token is the same
		if permit, ok := permits[app.Repo.String()]; ok {
			return append(p.tokenItself(variable, permit), found...)
		}
	}
	return found
}

// saw keeps what a repository told.
func (v *visit) saw(repo github.Repo, permit github.Permit, permits map[string]github.Permit) {
	v.mu.Lock()
	defer v.mu.Unlock()
	permits[repo.String()] = permit
	if v.main == nil {
		v.main = map[string]string{}
	}
	v.main[repo.String()] = permit.DefaultBranch
}

// everywhere tells of the trouble of the far end, or of the token, which no other repository would be without.
func everywhere(err error) bool {
	switch github.KindOf(err) {
	case github.Unauthorized, github.Unreachable, github.Unavailable, github.OutOfQuota, github.SlowDown:
		return true
	}
	return false
}

func refusedByGitHub(variable string, repo github.Repo, err error) Finding {
	subject := "GitHub repository " + repo.String()
	switch kind := github.KindOf(err); {
	case kind == github.Unauthorized:
		return fault(subject, "GitHub refuses the token of "+variable+": it was revoked, has expired or is none", config.Renewal(variable))
	case kind == github.Forbidden && strings.Contains(err.Error(), "SAML"):
		return fault(subject, "its organization takes the token only once it is authorized for single sign-on",
			"Open https://github.com/settings/tokens, the token, Configure SSO, and authorize it for "+repo.Owner+".")
	case kind == github.Forbidden:
		return fault(subject, "may not be read: "+err.Error(), "Give the token of "+variable+" the repository, or what the text names.")
	case kind == github.NotFound:
		return fault(subject, "there is none, or the token of "+variable+" may not see it",
			"Look at its name in APPS; give the token that repository, or its owner access to it.")
	case kind == github.OutOfQuota || kind == github.SlowDown:
		return warning(subject, "could not be checked: "+err.Error(), "Wait until then. Nobody else should use the same account's tokens.")
	}
	return unknown(subject, err, githubAway)
}

// readable is a repository that the token reads.
func (p *Patient) readable(repo github.Repo, permit github.Permit) []Finding {
	subject := "GitHub repository " + repo.String()
	if !strings.EqualFold(permit.FullName, repo.String()) {
		return []Finding{warning(subject, "is called "+permit.FullName+" now", "Write its new name into APPS: changes to the old one are refused.")}
	}
	return []Finding{well(subject, "is read; its default branch is %s", permit.DefaultBranch)}
}

// tokenItself is what does not depend on the repository.
func (p *Patient) tokenItself(variable string, permit github.Permit) []Finding {
	subject := "GitHub with " + variable
	found := []Finding{p.kindOfToken(subject, permit), p.quota()}
	if f, ends := ending(subject, permit.Expires, config.Renewal(variable)); ends {
		found = append(found, f)
	}
	return found
}

func (p *Patient) kindOfToken(subject string, permit github.Permit) Finding {
	text := "GitHub takes it"
	if permit.Classic {
		text += fmt.Sprintf(", a classic token with the scopes %s", strings.Join(permit.Scopes, ", "))
	}
	switch {
	case !permit.Writes():
		return well(subject, "%s", text)
	case !p.Config.WritesAny():
		return warning(subject, text+": it may write, and slipway only reads", "Use a fine-grained token that may only read.")
	}
	return warning(subject, text+": it may write, and is used wherever slipway only reads", "Use a fine-grained token that may only read here, and another for changes in GITHUB_WRITE_TOKEN.")
}

// Soon is when a person should act on a token's end, and when at once (facts/github.md: "warn 14, 3 and 1 days before").
const (
	soon   = 14 * 24 * time.Hour
	urgent = 3 * 24 * time.Hour
)

// ending tells of a token that ends; false: it does not, as far as is told.
func ending(subject string, at time.Time, fix string) (Finding, bool) {
	subject += ", its end"
	now := time.Now()
	left := at.Sub(now)
	switch {
	case at.IsZero():
		return Finding{}, false
	case left <= urgent:
		return fault(subject, "the token ends "+say.At(now, at), fix), true
	case left <= soon:
		return warning(subject, "the token ends "+say.At(now, at), fix), true
	}
	return well(subject, "the token ends %s", say.At(now, at)), true
}

func (p *Patient) quota() Finding {
	const subject = "GitHub quota"
	q := p.GitHub.Quota()
	switch {
	case q.Limit == 0:
		return well(subject, "GitHub tells none")
	case q.Remaining < q.Limit/10:
		return warning(subject, fmt.Sprintf("%d of %d requests an hour are left, all back %s", q.Remaining, q.Limit, say.At(time.Now(), q.Reset)),
			"Find who else uses this account's tokens, or give slipway an account or a GitHub App of its own.")
	}
	return well(subject, "%d of %d requests an hour are left", q.Remaining, q.Limit)
}
