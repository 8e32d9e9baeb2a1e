package reader

import (
	"context"
	"fmt"
	"time"

	"slipway/bot/config"
	"slipway/bot/ledger"
	"slipway/bot/say"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

// Wanted reads what is wanted, side by side, within 6 s.
func (r *Reader) Wanted(ctx context.Context, app config.App, wants []ledger.Want) []ledger.Fact {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	var questions []question
	for _, w := range wants {
		questions = append(questions, r.wanted(app, w, ""))
	}
	return all(ctx, questions)
}

// wanted asks for one thing. Output is where a release's output can be read, for WantOutput; "" if that is not known.
func (r *Reader) wanted(app config.App, w ledger.Want, output heroku.StreamURL) question {
	q := question{at: r.gitHub, scope: ledger.RepoScope(app.Repo)}
	if w.Sender() == ledger.Heroku {
		q = question{at: r.heroKu, scope: ledger.AppScope(app.Name)}
	}
	q.what, q.of = w.Reading()
	_, lists := w.(ledger.WantJobs)
	q.silent = !lists // of the others, the fact itself says that they were read
	q.ask = func(ctx context.Context, began time.Time) ([]ledger.Fact, error) {
		switch w := w.(type) {
		case ledger.WantJobs:
			return r.jobs(ctx, app.Repo, w, began)
		case ledger.WantAttempt:
			run, err := r.github.RunAttempt(ctx, app.Repo, w.RunID, w.Attempt)
			return []ledger.Fact{ledger.Run{Repo: app.Repo, Run: run, Read: began}}, err
		case ledger.WantCommit:
			return r.commit(ctx, app.Repo, w.SHA, began)
		case ledger.WantSpan:
			found, err := r.github.Compare(ctx, app.Repo, w.Base, w.Head)
			return []ledger.Fact{ledger.Span{Repo: app.Repo, Base: w.Base, Head: w.Head, Comparison: found, At: began}}, err
		case ledger.WantSlug:
			return r.slug(ctx, app.Name, w)
		case ledger.WantOutput:
			return r.output(ctx, app.Name, w, output)
		}
		return nil, fmt.Errorf("nobody knows how to read %s", w.Words())
	}
	return q
}

func (r *Reader) jobs(ctx context.Context, repo github.Repo, w ledger.WantJobs, began time.Time) ([]ledger.Fact, error) {
	list, err := r.github.Jobs(ctx, repo, w.RunID, w.Attempt)
	facts := make([]ledger.Fact, len(list))
	for i, job := range list {
		facts[i] = ledger.Job{Repo: repo, Job: job, Read: began}
	}
	return facts, err
}

// commit asks GitHub whether it knows a commit. That it does not is an answer, too.
func (r *Reader) commit(ctx context.Context, repo github.Repo, sha string, began time.Time) ([]ledger.Fact, error) {
	found, err := r.github.Commit(ctx, repo, sha)
	if github.KindOf(err) == github.NotFound {
		return []ledger.Fact{ledger.Absent{Repo: repo, SHA: sha, At: began}}, nil
	}
	return []ledger.Fact{ledger.Commit{Repo: repo, Commit: found}}, err
}

func (r *Reader) slug(ctx context.Context, app string, w ledger.WantSlug) ([]ledger.Fact, error) {
	if w.SlugID == "" {
		found, err := r.heroku.Image(ctx, app, w.ImageID)
		return []ledger.Fact{ledger.Slug{App: app, Slug: found}}, err
	}
	found, err := r.heroku.Slug(ctx, app, w.SlugID)
	return []ledger.Fact{ledger.Slug{App: app, Slug: found}}, err
}

// output reads what the command of a release printed, without the secrets in it: it is kept. A release that was never more than failed may have printed nothing.
func (r *Reader) output(ctx context.Context, app string, w ledger.WantOutput, where heroku.StreamURL) ([]ledger.Fact, error) {
	if where == "" {
		release, err := r.heroku.Release(ctx, app, w.Version)
		if err != nil {
			return nil, err
		}
		where = release.OutputURL
	}
	if where == "" {
		return []ledger.Fact{ledger.Output{App: app, ReleaseID: w.ReleaseID}}, nil
	}
	text, err := r.heroku.Output(ctx, where)
	return []ledger.Fact{ledger.Output{App: app, ReleaseID: w.ReleaseID, Text: say.Scrub(text)}}, err
}
