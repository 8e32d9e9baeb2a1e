package doctor

import (
	"context"

	"slipway/bot/config"
	"slipway/integrations/github"
)

// lookAtPermissions asks for one of each thing that slipway reads.
func lookAtPermissions(ctx context.Context, p *Patient) []Finding {
	variable, _ := p.Config.GitHubVariables()
	return p.eachRepo(func(repo github.Repo) []Finding {
		subject := "GitHub permissions in " + repo.String()
		var lacks []Finding
		for _, one := range []struct {
			permission, off string
			ask             func() error
		}{
			{"Actions", "runs, jobs and their logs", func() error { _, err := p.GitHub.Runs(ctx, repo, github.RunQuery{Limit: 1}); return err }},
			{"Contents", "commits, and what a merge changed", func() error { _, err := p.GitHub.Branch(ctx, repo, p.main[repo.String()]); return err }},
			{"Pull requests", "what a merge came from", func() error { _, err := p.GitHub.Pulls(ctx, repo, github.PullQuery{Limit: 1}); return err }},
			{"Commit statuses", "checks of other services", func() error {
				_, err := p.GitHub.CombinedStatus(ctx, repo, p.main[repo.String()])
				return err
			}},
		} {
			switch err := one.ask(); github.KindOf(err) {
			case "":
			case github.Forbidden:
				lacks = append(lacks, fault(subject, one.permission+" may not be read, so this is off: "+one.off,
					"Give the token of "+variable+" the repository permission "+one.permission+" (read)."))
			case github.NotFound: // an empty repository has no branch
			default:
				return append(lacks, unknown(subject, err, githubAway))
			}
		}
		if len(lacks) > 0 {
			return lacks
		}
		return []Finding{well(subject, "Actions, Contents, Pull requests and Commit statuses are read")}
	})
}

// lookAtGitHubWriteToken looks whether what people confirm can be done. It changes nothing, so a fine-grained token may still
// lack what only a change would show.
func lookAtGitHubWriteToken(ctx context.Context, p *Patient) []Finding {
	reading, variable := p.Config.GitHubVariables()
	client := p.GitHubWrite
	if client == nil {
		client = p.GitHub
	}
	if !p.Config.WritesAny() {
		return nil
	}
	subject := "GitHub changes with " + variable
	fix := "Give the token of " + variable + " the permissions Actions, Commit statuses, Contents and Pull requests (read and write), and its owner the role Write in the repository."
	return p.eachRepo(func(repo github.Repo) []Finding {
		permit, err := client.Permit(ctx, repo)
		if err != nil {
			f := refusedByGitHub(variable, repo, err)
			f.Subject = subject
			return []Finding{f}
		}
		found := []Finding{well(subject, "it may write to %s", repo)}
		switch {
		case permit.Push && permit.Classic && !permit.Writes():
			found = []Finding{warning(subject, "it is a classic token without the scope repo, so changes of "+repo.String()+" are off",
				"Give it the scope repo, or make a fine-grained one. "+fix+" Or set SLIPWAY_MODE=read.")}
		case !permit.Push:
			found = []Finding{warning(subject, "it may not write to "+repo.String()+", so changes there are off", fix+" Or set SLIPWAY_MODE=read.")}
		}
		if f, ends := ending(subject, permit.Expires, config.Renewal(variable)); ends && variable != reading {
			found = append(found, f)
		}
		return found
	})
}
