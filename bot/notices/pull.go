package notices

import (
	"fmt"

	slackgo "github.com/slack-go/slack"

	"slipway/bot/board"
	"slipway/bot/phrase"
	"slipway/bot/say"
	"slipway/integrations/django"
	"slipway/integrations/github"
)

// pull is a pull request that adds, or added, a migration with no way back. It is said before it is merged, when a backup can still be taken
// and a reverse still be written.
type pull struct {
	github.Pull
	undo  django.Undo
	known bool // the migrations at its head were read
	scene *scene
}

// pulls draw one message for each, from the first commit that cannot be undone on. They belong to the repository, so one of its apps tells
// of them.
func (s *scene) pulls() []notice {
	branch := s.known.Branch()
	if !s.repoTeller || !s.settings.Notify.Changes || branch == "" {
		return nil
	}
	var list []notice
	for _, one := range s.known.Pulls() {
		p := pull{Pull: one, scene: s}
		if one.BaseRef != branch || one.HeadSHA == "" || !s.told(one.UpdatedAt) || !s.wanted(p.key(), one.UpdatedAt) {
			continue
		}
		if p.undo, p.known = s.known.Undo(branch, one.HeadSHA); !p.known && one.State == "open" {
			s.plan(branch, one.HeadSHA)
		}
		if s.stand[p.key()] || one.State == "open" && p.stuck() {
			list = append(list, notice{key: p.key(), page: p.page()})
		}
	}
	return list
}

func (p pull) key() board.Key {
	return board.Key(fmt.Sprintf("pull %s #%d", p.scene.app.Name, p.Number))
}

// stuck tells whether a migration of it cannot be undone.
func (p pull) stuck() bool { return p.known && p.undo.Verdict == django.Impossible }

func (p pull) page() page {
	emoji, text := odd, "cannot be undone once it is merged"
	switch {
	case p.Merged:
		emoji, text = idle, "merged; how it is taken back is said there"
	case p.State != "open":
		emoji, text = idle, "closed, and not merged"
	case !p.known:
		emoji, text = going, "could not be undone; its new commit is being read"
	case !p.stuck():
		emoji, text = good, "can be undone now"
	}
	out := page{title: fmt.Sprintf("%s *%s*: %s", emoji, phrase.PullTitle(p.Pull), text)}
	out.sentence = sentence(fmt.Sprintf("%s: %s", phrase.PullTitle(p.Pull), text))
	if emoji != odd {
		return out
	}
	out.lines = append(p.reasons(), p.wayOut())
	out.small = []string{say.Foreign(p.scene.app.Repo.Name, phrase.NameLimit), "by " + say.Foreign(p.Author, phrase.NameLimit), phrase.Commit(p.HeadSHA, p.scene.known.CommitURL(p.HeadSHA))}
	if p.scene.writes {
		out.buttons = []slackgo.BlockElement{phrase.Ask("Back up now…", "/deploy backup "+p.scene.app.Name)}
	}
	return out
}

// reasons name what cannot be undone, and what would mend it.
func (p pull) reasons() (lines []string) {
	for _, f := range p.undo.Findings {
		if f.Kind == django.Irreversible {
			lines = append(lines, finding(f)+mends[f.Operation])
		}
	}
	if len(lines) > manyChanges {
		lines = append(lines[:manyChanges:manyChanges], fmt.Sprintf("and %d more", len(lines)-manyChanges))
	}
	return lines
}

// mends say what makes an operation one that can be undone.
var mends = map[string]string{
	"RunPython": "; give it one, if only `migrations.RunPython.noop`",
	"RunSQL":    "; give it one, if only `migrations.RunSQL.noop`",
}

// wayOut says which backup would be the way out, and has the backups read if they were not lately.
func (p pull) wayOut() string {
	list, read := p.scene.known.Backups()
	if p.scene.now.Sub(read) > backupsFresh {
		p.scene.save()
	}
	switch {
	case len(list) > 0:
		return fmt.Sprintf("The way out would be a backup: the newest is %s of %s", list[0].Name, say.Day(list[0].StartedAt))
	case read.IsZero():
		return "The way out would be a backup"
	}
	return "The way out would be a backup, and there is none"
}
