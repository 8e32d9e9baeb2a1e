// Package hooks makes GitHub and Heroku tell the bot what happens: it creates, repairs and shows their webhooks.
//
// It is apart from main because it speaks to the two far ends and to nothing of the process, so that it can be tried
// against simulated ones.
package hooks

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"slices"

	"slipway/bot/config"
	"slipway/bot/inbox"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

// Options say whose webhooks are meant, and what they are to be.
type Options struct {
	GitHub *github.Client
	Heroku *heroku.Client
	// The variables that say as whom these ask, for what is told of a refusal.
	GitHubVariable, HerokuVariable string

	Apps  []config.App
	Fewer bool // the bot looks after more apps than these

	To      string // where the bot is reached, without a slash at the end; "": the webhooks are only shown
	DryRun  bool   // say what would be done, and do nothing
	Secrets bool   // write the secrets even into webhooks that need nothing else
	// The secrets with which deliveries are signed; zero: a fresh one is made, and printed.
	GitHubSecret, HerokuSecret config.Secret

	Out io.Writer
}

// Run shows the webhooks, and with Options.To makes them what they are to be. What fails at one of them does not keep it
// from the others; the error is Failures.
func Run(ctx context.Context, o Options) error {
	ofGitHub := &sender{variable: "GITHUB_WEBHOOK_SECRET", path: inbox.GitHubPath, secret: o.GitHubSecret.Reveal()}
	ofHeroku := &sender{variable: "HEROKU_WEBHOOK_SECRET", path: inbox.HerokuPath, secret: o.HerokuSecret.Reveal()}
	var failed Failures
	for _, p := range places(o, ofGitHub, ofHeroku) {
		fmt.Fprintln(o.Out, p)
		if err := o.visit(ctx, p); err != nil {
			o.line("failed")
			failed = append(failed, fmt.Errorf("%s: %w", p, p.explain(err)))
		}
	}
	for _, s := range []*sender{ofGitHub, ofHeroku} {
		if s.would {
			fmt.Fprintf(o.Out, "would print a fresh %s\n", s.variable)
		}
	}
	o.tellSecrets(ofGitHub, ofHeroku)
	if len(failed) == 0 {
		return nil
	}
	return failed
}

// Failures are what went wrong at one place and another, in words for a person.
type Failures []error

// Error has a line for each.
func (f Failures) Error() string { return errors.Join(f...).Error() }

// Unwrap gives them.
func (f Failures) Unwrap() []error { return f }

// Refused tells whether GitHub or Heroku refused a token.
func (f Failures) Refused() bool {
	return slices.ContainsFunc(f, func(err error) bool {
		return github.KindOf(err) == github.Unauthorized || heroku.KindOf(err) == heroku.Unauthorized
	})
}

// sender is what the webhooks of GitHub, or of Heroku, have in common.
type sender struct {
	variable string // where the bot reads the secret
	path     string // of its receiver, below Options.To
	secret   string // "" until a fresh one is needed
	fresh    bool
	written  bool // into some webhook, or perhaps
	would    bool // be printed fresh, in earnest
}

// signing is the secret to write, made when it is first needed.
func (s *sender) signing() string {
	if s.secret == "" {
		s.secret, s.fresh = rand.Text(), true
	}
	return s.secret
}

// unknown tells whether nobody knows the secret that the webhooks have now, so that all of them need a fresh one.
func (s *sender) unknown() bool { return s.secret == "" || s.fresh }

// wrote keeps that a webhook has the secret now; after some failures it may.
func (s *sender) wrote(err error) {
	ofGitHub, _ := errors.AsType[*github.Error](err)
	ofHeroku, _ := errors.AsType[*heroku.Error](err)
	if err == nil || ofGitHub != nil && ofGitHub.Ambiguous || ofHeroku != nil && ofHeroku.Ambiguous {
		s.written = true
	}
}

// tellSecrets prints the fresh secrets that webhooks have now, this once, as lines of an environment.
func (o Options) tellSecrets(senders ...*sender) {
	first := true
	for _, s := range senders {
		if !s.fresh || !s.written {
			continue
		}
		if first {
			fmt.Fprint(o.Out, "\nSet this for the bot now; it is not shown again.\n")
			if o.Fewer {
				fmt.Fprint(o.Out, "The webhooks of the other apps keep their secrets: put those behind it, with a comma between.\n")
			}
			first = false
		}
		fmt.Fprintf(o.Out, "%s=%s\n", s.variable, s.secret)
	}
}
