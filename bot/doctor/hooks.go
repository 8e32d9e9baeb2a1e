package doctor

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"slipway/bot/config"
	"slipway/bot/inbox"
	"slipway/bot/say"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

// made says how webhooks are made and mended.
const made = "Run slipway hooks --to https://…, with the address at which slipway is reached."

// sent is how the last deliveries to one of our receivers went.
type sent struct {
	failed int       // in a row, the newest among them
	code   int       // that the newest got; 0: no answer
	at     time.Time // of the newest
	none   bool
}

// judge is a webhook that is there.
func (s sent) judge(subject, secret, address string, wrong []string, set bool) Finding {
	now := time.Now()
	switch {
	case !set:
		return warning(subject, "it brings events that are refused, as "+secret+" is not set", "Set "+secret+", or delete the webhook to "+address+".")
	case len(wrong) > 0:
		return warning(subject, "it is not as it is to be: "+strings.Join(wrong, ", "), made)
	case s.none:
		return well(subject, "it is there; nothing was delivered in the last days")
	case s.failed == 0:
		return well(subject, "the last delivery arrived %s", say.At(now, s.at))
	}
	text := fmt.Sprintf("%s failed, the newest %s: ", say.Count(s.failed, "delivery in a row has", "deliveries in a row have"), say.At(now, s.at))
	if s.code == 401 || s.code == 403 {
		return fault(subject, text+fmt.Sprintf("slipway refused it (%d), as it does what is signed with another secret", s.code),
			"Run slipway hooks --secrets --to https://…, with the "+secret+" that slipway runs with: it writes that into the webhooks.")
	}
	if s.code == 0 {
		text += "no answer from " + address
	} else {
		text += fmt.Sprintf("%s answered %d", address, s.code)
	}
	return fault(subject, text, "Look whether slipway runs and is reached there. If nobody is there any more, delete that webhook, and run slipway hooks --to https://… for the right address.")
}

func lookAtGitHubHooks(ctx context.Context, p *Patient) []Finding {
	const secret = "GITHUB_WEBHOOK_SECRET"
	variable, _ := p.Config.GitHubVariables()
	set := len(p.Config.GitHubSecrets) > 0
	return p.eachRepo(func(repo github.Repo) []Finding {
		subject := "GitHub webhook of " + repo.String()
		all, err := p.GitHub.Hooks(ctx, repo)
		switch kind := github.KindOf(err); {
		case kind == github.Forbidden || kind == github.NotFound:
			if !set {
				return nil
			}
			return []Finding{warning(subject, "could not be checked: the token of "+variable+" may not see it, so that webhooks that were missed are not asked for again",
				"Give it the repository permission Webhooks (read and write), which its owner can as an admin there.")}
		case err != nil:
			return []Finding{unknown(subject, err, githubAway)}
		}
		all = slices.DeleteFunc(all, func(h github.Hook) bool { return !inbox.Receives(h.URL, inbox.GitHubPath) })
		if len(all) == 0 && set {
			return []Finding{warning(subject, "there is none for slipway, so GitHub is read every 45 s", made)}
		}
		return together(all, func(h github.Hook) []Finding {
			page, _, err := p.GitHub.Deliveries(ctx, repo, h.ID, github.DeliveryQuery{})
			if err != nil {
				return []Finding{unknown(subject, err, githubAway)}
			}
			return []Finding{lastOfGitHub(page).judge(subject, secret, h.URL, inbox.WrongWithHook(h), set)}
		})
	})
}

// lastOfGitHub reads a page of deliveries, newest first. GitHub counts 0 and above 399 as failures.
func lastOfGitHub(page []github.Delivery) (s sent) {
	s.none = len(page) == 0
	for i, d := range page {
		if i == 0 {
			s.at, s.code = d.DeliveredAt, d.StatusCode
		}
		if d.StatusCode != 0 && d.StatusCode < 400 {
			return s
		}
		s.failed++
	}
	return s
}

func lookAtHerokuHooks(ctx context.Context, p *Patient) []Finding {
	const secret = "HEROKU_WEBHOOK_SECRET"
	variable, _ := p.Config.HerokuVariables()
	set := len(p.Config.HerokuSecrets) > 0
	return p.eachApp(func(app config.App) []Finding {
		subject := "Heroku webhook of " + app.Name
		all, err := p.Heroku.Webhooks(ctx, app.Name)
		var deliveries []heroku.Delivery
		if err == nil {
			deliveries, err = p.Heroku.Deliveries(ctx, app.Name, 0)
		}
		switch kind := heroku.KindOf(err); {
		case kind == heroku.Forbidden || kind == heroku.NotFound:
			if !set {
				return nil
			}
			return []Finding{warning(subject, "could not be checked: the key of "+variable+" may not see it", "Run slipway hooks with a key that may: it shows the webhooks.")}
		case err != nil:
			return []Finding{unknown(subject, err, herokuAway)}
		}
		all = slices.DeleteFunc(all, func(w heroku.Webhook) bool { return !inbox.Receives(w.URL, inbox.HerokuPath) })
		if len(all) == 0 && set {
			return []Finding{warning(subject, "there is none for slipway, so Heroku is read every 45 s", made)}
		}
		return together(all, func(w heroku.Webhook) []Finding {
			return []Finding{lastOfHeroku(deliveries, w.ID).judge(subject, secret, w.URL, inbox.WrongWithWebhook(w), set)}
		})
	})
}

// lastOfHeroku finds how the deliveries of one webhook went. What waits for its first try tells nothing.
func lastOfHeroku(all []heroku.Delivery, id string) (s sent) {
	var tried []heroku.Delivery
	for _, d := range all {
		if d.WebhookID == id && d.Attempts > 0 {
			tried = append(tried, d)
		}
	}
	slices.SortStableFunc(tried, func(a, b heroku.Delivery) int { return b.UpdatedAt.Compare(a.UpdatedAt) })
	s.none = len(tried) == 0
	for i, d := range tried {
		if i == 0 {
			s.at, s.code = d.UpdatedAt, d.Code
		}
		if d.Status == "succeeded" {
			return s
		}
		s.failed++
	}
	return s
}
