package chattest

import (
	"cmp"
	"errors"
	"maps"
	"regexp"
	"slices"
	"strings"

	"slipway/bot/audit"
	"slipway/bot/say"
)

// showAudit prints the bot's audit trail. Hashes are left out: they say only whether it is whole, and hold times to the millisecond.
func (p *Player) showAudit() error {
	if p.bot == nil {
		return errNoBot
	}
	n := 0
	err := p.bot.Audit(func(r audit.Row) error {
		n++
		p.print(p.transcript.audited(r))
		return nil
	})
	var broken *audit.Broken
	switch {
	case errors.As(err, &broken):
		p.print([]string{"  | the chain is broken: " + broken.Text})
		return nil
	case err != nil:
		return err
	case n == 0:
		p.print([]string{"  | nothing"})
		return nil
	}
	p.print([]string{"  | a whole chain of " + say.Count(n, "entry", "entries")})
	return nil
}

// hash is a SHA-256 in hex.
var hash = regexp.MustCompile(`^[0-9a-f]{64}$`)

// audited is a row of the trail as it is printed.
func (t *transcript) audited(r audit.Row) []string {
	who := "slipway"
	if r.Who != "" {
		who = "@" + t.name(r.Who)
	}
	line := r.At.UTC().Format("15:04") + " " + cmp.Or(r.App, "no app") + ": " + who + " " + r.What
	if r.Operation != "" {
		line += ", operation " + r.Operation
	}
	lines := []string{"  | " + line}
	for _, l := range split(t.reader.mrkdwn(r.Text)) {
		lines = append(lines, "      "+l)
	}
	for _, key := range slices.Sorted(maps.Keys(r.Detail)) {
		value := strings.ReplaceAll(r.Detail[key], "\n", " ")
		if hash.MatchString(value) {
			value = "a hash"
		}
		lines = append(lines, "      "+key+": "+value)
	}
	return lines
}
