package commands

import (
	"fmt"
	"strings"

	"slipway/bot/phrase"
	"slipway/bot/say"
	"slipway/integrations/github"
)

// changes names what a span holds, newest first: its pull requests, and the commits that no pull request brought.
func (s *status) changes(span *github.Comparison) []string {
	var list []string
	for _, change := range s.known.Changes(*span) {
		if change.Pull != nil {
			list = append(list, phrase.Pull(*change.Pull)+", merged "+say.At(s.now, change.Pull.MergedAt))
			continue
		}
		title, _, _ := strings.Cut(change.Commit.Message, "\n")
		list = append(list, fmt.Sprintf("%s %s, by %s", s.commitLink(change.Commit.SHA), say.Foreign(title, phrase.TitleLimit),
			say.Foreign(change.Commit.Author, phrase.NameLimit)))
	}
	return list
}
