package chattest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// sending is one webhook as !show deliveries prints it.
type sending struct {
	at      time.Time // when it was sent
	words   string    // who sent what about what
	outcome string    // the status of the answer, or what came instead of one
}

// showDeliveries prints the webhooks that were sent since this was last asked, or since the world began. Between the two
// senders there is no order within one instant; Heroku's stand first, since what GitHub runs waits for Heroku.
func (p *Player) showDeliveries() {
	list := append(p.transcript.herokuSent(), p.transcript.githubSent()...)
	slices.SortStableFunc(list, func(a, b sending) int { return a.at.Compare(b.at) })
	if len(list) == 0 {
		p.print([]string{"  | nothing"})
	}
	for _, s := range list {
		p.print([]string{"  | " + s.at.UTC().Format("15:04:05") + " " + s.words + " → " + s.outcome})
	}
}

// githubSent are GitHub's deliveries since it was last asked, in the order sent; GitHub lists them as they were answered.
func (t *transcript) githubSent() []sending {
	deliveries, next := t.world.GitHub.Deliveries(t.sent["github"])
	t.sent["github"] = next
	runs := map[int64]string{}
	for _, r := range t.world.Repo.Runs() {
		runs[r.ID] = fmt.Sprintf("%s #%d", r.Name, r.Number)
	}
	var list []sending
	for _, d := range deliveries {
		s := sending{
			at:      d.At.Add(-d.Duration),
			words:   "github " + strings.TrimSuffix(d.Event+"."+d.Action, ".") + ": " + aboutGitHub(d.Event, d.Body, runs),
			outcome: strconv.Itoa(d.Status),
		}
		if t.guids[d.GUID] {
			s.words += ", again"
		}
		t.guids[d.GUID] = true
		if d.Status == 0 {
			s.outcome = "no answer: " + d.Error
		}
		list = append(list, s)
	}
	return list
}

// herokuSent are Heroku's tries since it was last asked.
func (t *transcript) herokuSent() []sending {
	tries, next := t.world.Heroku.Deliveries(t.sent["heroku"])
	t.sent["heroku"] = next
	var list []sending
	for _, d := range tries {
		s := sending{
			at:      d.At,
			words:   "heroku " + d.Event + "." + d.Action + ": " + d.App + aboutHeroku(d.Event, d.Body),
			outcome: strconv.Itoa(d.Status),
		}
		if d.Try > 1 {
			s.words += fmt.Sprintf(", try %d", d.Try)
		}
		if d.Status == 0 {
			s.outcome = "no answer"
		}
		list = append(list, s)
	}
	return list
}
