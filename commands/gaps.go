package commands

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"slipway/bot"
	"slipway/bot/ledger"
	"slipway/bot/say"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

// gaps is what could not be read just now, and what is known of it all the same.
type gaps struct {
	known  *ledger.Known
	list   []ledger.Gap
	ours   []ledger.Gap  // what only our own database tells, while that is away
	wanted []ledger.Want // not even asked for, if its far end did not answer
	away   error         // why our own database gave nothing; nil if it did
	hub    string        // where the credential comes from that GitHub is read with
}

func gapsOf(c *bot.Clients, k *ledger.Known, away error) gaps {
	g := gaps{known: k, wanted: k.Missing(), away: away, hub: c.GitHubVariable}
	for _, x := range k.Gaps() {
		if away != nil && untold(x) {
			g.ours = append(g.ours, x)
		} else {
			g.list = append(g.list, x)
		}
	}
	return g
}

// untold tells of a gap that no far end has a part in: which branch deploys is set in our own database, too.
func untold(x ledger.Gap) bool { return ledger.List(x.What) == ledger.Branches && x.Trouble.Kind == "" }

// only are the gaps in some lists, for an answer that rests on nothing else.
func (g gaps) only(lists ...ledger.List) gaps {
	other := func(x ledger.Gap) bool { return !slices.Contains(lists, ledger.List(x.What)) }
	g.wanted = nil
	g.list, g.ours = slices.DeleteFunc(slices.Clone(g.list), other), slices.DeleteFunc(slices.Clone(g.ours), other)
	return g
}

// lost tells whether nothing is known of a list, because it could not be read.
func (g *gaps) lost(what ledger.List) bool { return g.known.Lost(what) && !g.old(string(what)) }

// stale tells whether a far end could not be read just now, whatever is known of it.
func (g *gaps) stale(s ledger.Sender) bool {
	return slices.ContainsFunc(g.list, func(x ledger.Gap) bool { return x.Sender == s && g.old(x.What) })
}

// old tells whether a list was read before.
func (g *gaps) old(what string) bool { return !g.known.ReadAt(ledger.List(what)).IsZero() }

// lines say, for each far end and reason, what the answer lacks, and how old the rest is that could not be read again. Their
// order does not depend on who failed first.
func (g *gaps) lines(now time.Time) []string {
	lacking, stale := map[string][]string{}, map[string][]string{}
	oldest := map[string]time.Time{} // when the oldest of what is stale was read
	reason := map[ledger.Sender]string{}
	for _, x := range g.list {
		why := because(x, g.hub)
		reason[x.Sender] = why
		if g.old(x.What) {
			stale[why] = append(stale[why], x.What)
			if at := g.known.ReadAt(ledger.List(x.What)); oldest[why].IsZero() || at.Before(oldest[why]) {
				oldest[why] = at
			}
		} else if !slices.Contains(lacking[why], x.What) {
			lacking[why] = append(lacking[why], x.What)
		}
	}
	for _, want := range g.wanted {
		why, ok := reason[want.Sender()]
		if ok && !slices.Contains(lacking[why], want.Words()) {
			lacking[why] = append(lacking[why], want.Words())
		}
	}
	var list []string
	for why, whats := range stale {
		slices.Sort(whats)
		list = append(list, fmt.Sprintf("%s Last read %s: %s.", why, say.At(now, oldest[why]), strings.Join(whats, ", ")))
	}
	for why, whats := range lacking {
		slices.Sort(whats)
		list = append(list, fmt.Sprintf("%s Missing here: %s.", why, strings.Join(whats, ", ")))
	}
	slices.Sort(list)
	if g.away != nil {
		list = append(list, "My own database does not answer: this is what could be read just now."+missing(g.ours))
	}
	return list
}

// missing names what gaps are about, behind a sentence that says why.
func missing(list []ledger.Gap) string {
	var whats []string
	for _, x := range list {
		whats = append(whats, x.What)
	}
	if len(whats) == 0 {
		return ""
	}
	return " Missing here: " + strings.Join(slices.Compact(slices.Sorted(slices.Values(whats))), ", ") + "."
}

// gapWords say why lists could not be read, one line for each reason.
func gapWords(list []ledger.Gap, hub string) []string {
	whats := map[string][]string{}
	for _, x := range list {
		why := because(x, hub)
		if !slices.Contains(whats[why], x.What) {
			whats[why] = append(whats[why], x.What)
		}
	}
	var lines []string
	for why, list := range whats {
		slices.Sort(list)
		lines = append(lines, fmt.Sprintf("%s Not read: %s.", why, strings.Join(list, ", ")))
	}
	slices.Sort(lines)
	return lines
}

// age says up to when everything is known that could be read.
func (g *gaps) age(now time.Time) string {
	behind := func(s ledger.Sender) bool {
		return g.known.AsOf(s).IsZero() || slices.ContainsFunc(g.list, func(x ledger.Gap) bool { return x.Sender == s })
	}
	var parts []string
	for _, s := range []ledger.Sender{ledger.GitHub, ledger.Heroku} {
		if !behind(s) {
			parts = append(parts, say.At(now, g.known.AsOf(s)))
		}
	}
	switch {
	case len(parts) == 0:
		return ""
	case len(parts) == 1:
		return "The rest is as of " + parts[0]
	case parts[0] == parts[1]:
		return "As of " + parts[0]
	}
	return fmt.Sprintf("As of %s on GitHub, %s on Heroku", parts[0], parts[1])
}

// because tells a person why a far end gave no answer, and what to do where they can do something. The credential that GitHub is read
// with comes from hub.
func because(x ledger.Gap, hub string) string {
	if x.Trouble.Kind == "" {
		return fmt.Sprintf("%s does not answer.", x.Sender)
	}
	if x.Sender == ledger.GitHub {
		return githubTrouble(x.Trouble, hub)
	}
	return herokuTrouble(x.Trouble)
}

func githubTrouble(t ledger.Trouble, variable string) string {
	switch github.Kind(t.Kind) {
	case github.NotFound:
		return "GitHub does not find it, or the bot's token may not see it."
	case github.Unauthorized:
		return fmt.Sprintf("GitHub refuses the credential in %s; whoever runs slipway must renew it.", say.Code(variable))
	case github.Forbidden:
		return "GitHub does not allow the bot's token to read this."
	case github.OutOfQuota, github.SlowDown:
		return noMore(ledger.GitHub, t.Until)
	case github.Unavailable:
		return fmt.Sprintf("GitHub is unwell: it answers with status %d.", t.Status)
	case github.NotReady:
		return "GitHub is still working it out; ask again in a moment."
	case github.Malformed:
		return "GitHub's answer cannot be understood."
	default:
		return "GitHub does not answer."
	}
}

func herokuTrouble(t ledger.Trouble) string {
	switch heroku.Kind(t.Kind) {
	case heroku.NotFound:
		return "Heroku does not find it, or the bot's account may not see it."
	case heroku.Unauthorized:
		return "Heroku refuses the credential in `HEROKU_API_KEY`; whoever runs slipway must renew it." // writing may have another, reading has not
	case heroku.Forbidden, heroku.TwoFactor, heroku.Suspended, heroku.PaymentRequired:
		return fmt.Sprintf("Heroku does not allow the bot's account to read this (%s).", t.Kind)
	case heroku.OutOfQuota:
		return noMore(ledger.Heroku, t.Until)
	case heroku.Unavailable:
		return fmt.Sprintf("Heroku is unwell: it answers with status %d.", t.Status)
	case heroku.NotStarted:
		return "Heroku has no output yet."
	case heroku.Malformed:
		return "Heroku's answer cannot be understood."
	default:
		return "Heroku does not answer."
	}
}

func noMore(from ledger.Sender, until time.Time) string {
	if until.IsZero() {
		return fmt.Sprintf("%s takes no more requests for now.", from)
	}
	format := "15:04 UTC"
	if time.Until(until) > 12*time.Hour {
		format = "2 Jan 15:04 UTC"
	}
	return fmt.Sprintf("%s takes no more requests until %s.", from, until.UTC().Format(format))
}
