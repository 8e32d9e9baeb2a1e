package hooks

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"slipway/bot/config"
	"slipway/bot/inbox"
	"slipway/bot/say"
	"slipway/integrations/github"
)

// repository is a place for webhooks of GitHub.
type repository struct {
	client   *github.Client
	variable string // as whom client asks
	repo     github.Repo
	from     *sender
}

func (r *repository) String() string  { return r.repo.String() + " on GitHub" }
func (r *repository) sender() *sender { return r.from }

func (r *repository) hooks(ctx context.Context) ([]hook, error) {
	found, err := r.client.Hooks(ctx, r.repo)
	var list []hook
	for _, h := range found {
		list = append(list, hook{
			id: strconv.FormatInt(h.ID, 10), url: h.URL, about: aboutHook(h), wrong: inbox.WrongWithHook(h),
		})
	}
	return list, err
}

func aboutHook(h github.Hook) string {
	about := say.Count(len(h.Events), "event", "events")
	if slices.Contains(h.Events, "*") {
		about = "all events"
	}
	if !h.Active {
		about += ", not active"
	}
	return about
}

func (r *repository) spec(url string) github.HookSpec {
	return github.HookSpec{URL: url, Secret: r.from.signing(), Events: inbox.GitHubEvents()}
}

func (r *repository) create(ctx context.Context, url string) error {
	_, err := r.client.CreateHook(ctx, r.repo, r.spec(url))
	r.from.wrote(err)
	return err
}

// repair ends with a ping, as creating does by itself, so that there is a delivery to look at.
func (r *repository) repair(ctx context.Context, h hook) error {
	_, err := r.client.EditHook(ctx, r.repo, number(h), r.spec(h.url))
	r.from.wrote(err)
	if err != nil {
		return err
	}
	return r.client.PingHook(ctx, r.repo, number(h))
}

// number is the id as GitHub has it; it was made from one.
func number(h hook) int64 {
	n, _ := strconv.ParseInt(h.id, 10, 64)
	return n
}

func (r *repository) deliveries(ctx context.Context, h hook) ([]delivery, error) {
	page, _, err := r.client.Deliveries(ctx, r.repo, number(h), github.DeliveryQuery{})
	var list []delivery
	for _, d := range page {
		outcome := fmt.Sprintf("%d %s", d.StatusCode, d.Status)
		if d.StatusCode == 0 {
			outcome = "no answer: " + d.Status
		}
		if d.Redelivery {
			outcome += ", sent again"
		}
		list = append(list, delivery{
			at: d.DeliveredAt, what: strings.TrimSuffix(d.Event+"."+d.Action, "."), outcome: outcome,
			refused: d.StatusCode == 401 || d.StatusCode == 403,
		})
	}
	return list, err
}

func (r *repository) byHand(h hook) string {
	return fmt.Sprintf("delete it at https://github.com/%s/settings/hooks/%s", r.repo, h.id)
}

func (r *repository) explain(err error) error {
	fix := ""
	switch e, _ := errors.AsType[*github.Error](err); github.KindOf(err) {
	case github.Forbidden:
		fix = r.variable + " needs the repository permission " + permission(e.Accepted) + "; a classic one needs the scope admin:repo_hook."
	case github.NotFound:
		fix = r.variable + " may not see it, or may not administer it: a fine-grained token needs the repository permission Webhooks (read and write), a classic one the scope admin:repo_hook, and its owner must be an admin there."
	case github.Unauthorized:
		fix = r.variable + " is refused. " + config.Renewal(r.variable)
	case github.Invalid:
		fix = "GitHub takes addresses that it can reach: https, and no private one."
	}
	return advised(err, fix)
}

// permission puts what GitHub's header says into the words of its settings page.
func permission(accepted string) string {
	switch accepted {
	case "", "repository_hooks=write":
		return "Webhooks (read and write)"
	case "repository_hooks=read":
		return "Webhooks (read; to change them read and write)"
	}
	return accepted
}

// advised adds what to do to an error.
func advised(err error, fix string) error {
	if fix == "" {
		return err
	}
	return fmt.Errorf("%w. %s", err, fix)
}
