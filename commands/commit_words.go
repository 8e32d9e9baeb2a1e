package commands

import (
	"fmt"
	"strings"

	"slipway/bot/ledger"
	"slipway/bot/say"
	"slipway/integrations/github"
)

// How much of foreign texts is shown, in characters.
const (
	titleLimit = 100
	nameLimit  = 60
)

// commitWords names the commit that runs, or says why it cannot be named. It is empty where the gaps say so.
func (s *status) commitWords(d *deployed) string {
	switch d.Place {
	case ledger.Exact:
		return "Commit " + s.commitLink(d.Commit)
	case ledger.Inferred:
		return fmt.Sprintf("Commit %s (inferred: GitHub does not know the deployed commit %s, but %s was deploying then)",
			s.commitLink(d.Commit), say.Code(short(d.Slug.Commit)), runLink(d.Runs[0]))
	case ledger.Several:
		names := make([]string, len(d.Runs))
		for i, run := range d.Runs {
			names[i] = runLink(run)
		}
		return fmt.Sprintf("Commit unknown (GitHub does not know the deployed commit %s, and several runs were deploying then: %s)",
			say.Code(short(d.Slug.Commit)), some(names, ", "))
	case ledger.Nowhere:
		return fmt.Sprintf("Commit %s (GitHub does not know it, and no run on %s is known that was deploying then)",
			say.Code(short(d.Slug.Commit)), say.ForeignCode(s.branch, nameLimit))
	case ledger.Unsaid:
		if d.Slug.Commit == "" {
			return "Commit unknown (Heroku does not say from what it was built)"
		}
		return fmt.Sprintf("Commit unknown (Heroku calls what it was built from %s, which is no commit)", say.ForeignCode(d.Slug.Commit, nameLimit))
	}
	if d.Slug != nil && d.Slug.Commit != "" {
		return fmt.Sprintf("Commit %s, as Heroku calls it", say.ForeignCode(short(d.Slug.Commit), nameLimit))
	}
	return ""
}

// commitLink links a commit where it is known how GitHub's links begin, which differs between hosts.
func (s *status) commitLink(sha string) string {
	url := s.known.CommitURL(sha)
	if url == "" {
		return say.Code(short(sha))
	}
	return say.Link(url, short(sha))
}

// builtCommit names the source of a build, as a link only where GitHub is known to have it.
func (s *status) builtCommit(sha string) string {
	switch {
	case sha == "":
		return "something"
	case s.known.OnGitHub(sha):
		return s.commitLink(sha)
	default:
		return say.ForeignCode(short(sha), nameLimit)
	}
}

// commitTitle gives the pull request that a commit merged, when it is among those that were read.
func (s *status) commitTitle(sha string) string {
	if pull, ok := s.pull(sha); ok {
		return ": " + pullWords(pull)
	}
	return ""
}

func pullWords(pull github.Pull) string {
	return fmt.Sprintf("%s %s, by %s", say.Link(pull.URL, fmt.Sprintf("#%d", pull.Number)), say.Foreign(pull.Title, titleLimit),
		say.Foreign(pull.Author, nameLimit))
}

func runLink(run github.Run) string {
	name := fmt.Sprintf("%s #%d", say.Cut(say.Scrub(run.Name), nameLimit), run.Number)
	if run.Attempt > 1 {
		name += fmt.Sprintf(" (attempt %d)", run.Attempt)
	}
	return say.Link(run.URL, name)
}

// short is a commit's short name; what is no commit stays whole.
func short(commit string) string {
	if sha.MatchString(commit) {
		return commit[:7]
	}
	return commit
}

// listed is how many things one line or list names; the rest is counted.
const listed = 8

// some joins the first of the parts, and counts the rest.
func some(parts []string, between string) string {
	if len(parts) > listed {
		parts = append(parts[:listed:listed], fmt.Sprintf("and %d more", len(parts)-listed))
	}
	return strings.Join(parts, between)
}
