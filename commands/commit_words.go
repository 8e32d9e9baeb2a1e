package commands

import (
	"fmt"

	"slipway/bot/ledger"
	"slipway/bot/phrase"
	"slipway/bot/say"
)

// commitWords names the commit that runs, or says why it cannot be named. It is empty where the gaps say so.
func (s *status) commitWords(d *deployed) string {
	switch d.Place {
	case ledger.Exact:
		return "Commit " + s.commitLink(d.Commit)
	case ledger.Inferred:
		return fmt.Sprintf("Commit %s (inferred: GitHub does not know the deployed commit %s, but %s was deploying then)",
			s.commitLink(d.Commit), say.Code(phrase.Short(d.Slug.Commit)), phrase.Run(d.Runs[0]))
	case ledger.Several:
		names := make([]string, len(d.Runs))
		for i, run := range d.Runs {
			names[i] = phrase.Run(run)
		}
		return fmt.Sprintf("Commit unknown (GitHub does not know the deployed commit %s, and several runs were deploying then: %s)",
			say.Code(phrase.Short(d.Slug.Commit)), phrase.Some(names, ", "))
	case ledger.Nowhere:
		return fmt.Sprintf("Commit %s (GitHub does not know it, and no run on %s is known that was deploying then)",
			say.Code(phrase.Short(d.Slug.Commit)), say.ForeignCode(s.branch, phrase.NameLimit))
	case ledger.Unsaid:
		if d.Slug.Commit == "" {
			return "Commit unknown (Heroku does not say from what it was built)"
		}
		return fmt.Sprintf("Commit unknown (Heroku calls what it was built from %s, which is no commit)", say.ForeignCode(d.Slug.Commit, phrase.NameLimit))
	}
	if d.Slug != nil && d.Slug.Commit != "" {
		return fmt.Sprintf("Commit %s, as Heroku calls it", say.ForeignCode(phrase.Short(d.Slug.Commit), phrase.NameLimit))
	}
	return ""
}

// commitLink links a commit where it is known how GitHub's links begin, which differs between hosts.
func (s *status) commitLink(sha string) string {
	return phrase.Commit(sha, s.known.CommitURL(sha))
}

// builtCommit names the source of a build, as a link only where GitHub is known to have it.
func (s *status) builtCommit(sha string) string {
	switch {
	case sha == "":
		return "something"
	case s.known.OnGitHub(sha):
		return s.commitLink(sha)
	default:
		return say.ForeignCode(phrase.Short(sha), phrase.NameLimit)
	}
}

// commitTitle gives the pull request that a commit merged, when it is among those that were read.
func (s *status) commitTitle(sha string) string {
	if pull, ok := s.pull(sha); ok {
		return ": " + phrase.Pull(pull)
	}
	return ""
}
