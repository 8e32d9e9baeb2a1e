package commands

import (
	"fmt"

	"slipway/bot/phrase"
	"slipway/bot/say"
)

// runningLines say what goes on now besides the checks of the head: our own operation, older runs, builds, release phases, one-off dynos.
func (s *status) runningLines(p *page) {
	var parts []string
	if open := s.openWords(); open != "" {
		parts = append(parts, open)
	}
	going := s.known.Going(s.now)
	for _, run := range going.Runs {
		if s.github.head != nil && run.SHA == s.github.head.SHA {
			continue
		}
		parts = append(parts, fmt.Sprintf("%s of %s %s%s", phrase.Run(run), s.commitLink(run.SHA), phrase.Status(run.Status),
			s.progress(s.known.Jobs(run))))
	}
	for _, b := range going.Builds {
		parts = append(parts, fmt.Sprintf("a build of %s by %s, begun %s", s.builtCommit(b.Commit), say.Foreign(b.By, phrase.NameLimit), say.Ago(s.now, b.CreatedAt)))
	}
	for _, r := range going.Releases {
		parts = append(parts, fmt.Sprintf("the release phase of %s (%s), begun %s", version(r), say.Foreign(r.Description, phrase.TitleLimit), say.Ago(s.now, r.CreatedAt)))
	}
	for _, d := range going.Dynos {
		parts = append(parts, fmt.Sprintf("%s, begun %s", say.ForeignCode(d.Name, phrase.NameLimit), say.Ago(s.now, d.CreatedAt)))
	}
	switch {
	case len(parts) == 1:
		p.line("Running now: " + parts[0])
	case len(parts) > 1:
		p.line("Running now:")
		for _, part := range parts[:min(len(parts), phrase.Listed)] {
			p.line("• " + part)
		}
		if more := len(parts) - phrase.Listed; more > 0 {
			p.line(fmt.Sprintf("• and %d more", more))
		}
	case len(s.gaps.list) == 0 && s.gaps.away == nil:
		p.line("Running now: nothing else")
	}
}
