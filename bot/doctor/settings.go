package doctor

import (
	"context"
	"net/url"
	"strings"

	"slipway/bot/say"
)

// lookAtSettings judges what the environment says, and asks nobody.
func lookAtSettings(_ context.Context, p *Patient) []Finding {
	found := []Finding{p.heartbeat()}
	if len(p.Config.Apps) > 0 {
		found = []Finding{p.mode(), p.heartbeat()}
	}
	for _, s := range []struct {
		sender   Sender
		variable string
		set      bool
	}{
		{FromGitHub, "GITHUB_WEBHOOK_SECRET", len(p.Config.GitHubSecrets) > 0},
		{FromHeroku, "HEROKU_WEBHOOK_SECRET", len(p.Config.HerokuSecrets) > 0},
	} {
		found = append(found, p.secret(s.sender, s.variable, s.set))
	}
	return found
}

func (p *Patient) mode() Finding {
	const subject = "SLIPWAY_MODE"
	var reads, writes []string
	for _, app := range p.Config.Apps {
		if p.Config.Writes(app.Name) {
			writes = append(writes, app.Name)
		} else {
			reads = append(reads, app.Name)
		}
	}
	switch {
	case len(writes) == 0:
		return well(subject, "read: slipway tells everything and changes nothing")
	case len(reads) == 0:
		return well(subject, "write: slipway changes what people confirm")
	}
	return well(subject, "slipway changes what people confirm in %s, and nothing in %s", strings.Join(writes, ", "), strings.Join(reads, ", "))
}

// heartbeat does not call the address: a call says that all is well.
func (p *Patient) heartbeat() Finding {
	const subject = "HEARTBEAT_URL"
	const fix = "Make a check at a watchdog, such as healthchecks.io, that expects a call every minute, and set its address."
	if p.Config.HeartbeatURL.IsZero() {
		return warning(subject, "is not set, so that nobody notices when slipway is dead", fix)
	}
	u, err := url.Parse(p.Config.HeartbeatURL.Reveal())
	if err != nil || u.Hostname() == "" {
		return fault(subject, "is no address that can be called", fix)
	}
	if u.Scheme != "https" {
		return warning(subject, "is called over http, so that whoever is between may read it, and beat in its place", "Use the https:// address of "+u.Hostname()+".")
	}
	return well(subject, "%s is called every minute while all is healthy", u.Hostname())
}

// secret is whether webhooks are taken, and whether they come with another secret than ours.
func (p *Patient) secret(from Sender, variable string, set bool) Finding {
	if !set {
		return warning(variable, "is not set, so that "+string(from)+" is read every 45 s in place of telling us",
			"Run slipway hooks --to https://…, with the address at which slipway is reached; it makes the webhooks and prints the secret to set. Without one all works, later.")
	}
	if p.Refused != nil {
		if n := p.Refused(from); n > 0 {
			return warning(variable, say.Count(n, "request has", "requests have")+" come with a wrong signature, or none, since slipway started",
				"If "+string(from)+" sent them, run slipway hooks --secrets --to https://…, which writes the secret into the webhooks again. Else somebody tries the address, and nothing is to be done.")
		}
	}
	return well(variable, "is set")
}
