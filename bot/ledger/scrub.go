package ledger

import (
	"slices"

	"slipway/bot/say"
	"slipway/integrations/github"
)

// scrubbed takes secrets out of what people and programs wrote: titles, messages, names of jobs and steps, output. It is
// never shown with them, so it need not be kept with them either. What is told apart by its name, a branch above all, stays
// as it is.
func scrubbed(f Fact) Fact {
	switch f := f.(type) {
	case Pull:
		f.Pull.Title = say.Scrub(f.Pull.Title)
		return f
	case Commit:
		f.Commit.Message = say.Scrub(f.Commit.Message)
		return f
	case Push:
		f.Push = scrubbedPush(f.Push)
		return f
	case Span:
		f.Comparison.Commits = slices.Clone(f.Comparison.Commits)
		for i := range f.Comparison.Commits {
			f.Comparison.Commits[i].Message = say.Scrub(f.Comparison.Commits[i].Message)
		}
		return f
	case Undo:
		return f.scrubbed()
	case Run:
		f.Run.Name, f.Run.Title = say.Scrub(f.Run.Name), say.Scrub(f.Run.Title)
		return f
	case Job:
		f.Job.Name, f.Job.Steps = say.Scrub(f.Job.Name), slices.Clone(f.Job.Steps)
		for i := range f.Job.Steps {
			f.Job.Steps[i].Name = say.Scrub(f.Job.Steps[i].Name)
		}
		return f
	case Release:
		f.Release.Description = say.Scrub(f.Release.Description)
		return f
	case Output:
		f.Text = say.Scrub(f.Text)
		return f
	}
	return f
}

func scrubbedPush(p github.PushEvent) github.PushEvent {
	p.Commits = slices.Clone(p.Commits)
	for i := range p.Commits {
		p.Commits[i].Message = say.Scrub(p.Commits[i].Message)
	}
	if p.Head != nil {
		head := *p.Head
		head.Message = say.Scrub(head.Message)
		p.Head = &head
	}
	return p
}
