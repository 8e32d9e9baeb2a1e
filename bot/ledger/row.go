package ledger

func (f Branch) row() []any { return []any{RepoScope(f.Repo), f.Name} }

func (f Head) row() []any { return []any{RepoScope(f.Repo), f.Branch, f.SHA, millis(f.At)} }

func (f Push) row() []any {
	p := f.Push
	return []any{RepoScope(f.Repo), p.Ref, p.Before, p.After, millis(f.At), f.By, yes(p.Forced)}
}

func (f Pull) row() []any {
	p := f.Pull
	return []any{RepoScope(f.Repo), p.Number, p.State, yes(p.Merged), p.MergeSHA, millis(p.UpdatedAt)}
}

func (f Run) row() []any {
	r := f.Run
	return []any{
		RepoScope(f.Repo), r.ID, r.Attempt, r.Path, r.Number, r.Event, r.Branch, r.SHA, r.Status, r.Conclusion,
		millis(r.CreatedAt), millis(r.UpdatedAt),
	}
}

func (f Job) row() []any {
	j := f.Job
	return []any{
		RepoScope(f.Repo), j.ID, j.RunID, j.Attempt, j.Name, j.Status, j.Conclusion, millis(j.StartedAt), millis(j.CompletedAt),
	}
}

func (f Status) row() []any {
	return []any{RepoScope(f.Repo), f.SHA, f.Status.Context, f.Status.State, millis(f.Status.UpdatedAt)}
}

func (f Check) row() []any {
	c := f.Check
	return []any{RepoScope(f.Repo), c.ID, c.SHA, c.App, c.Name, c.Status, c.Conclusion, millis(c.StartedAt)}
}

func (f Commit) row() []any { return []any{RepoScope(f.Repo), f.Commit.SHA, millis(f.Commit.At)} }

func (f Absent) row() []any { return []any{RepoScope(f.Repo), f.SHA, millis(f.At)} }

func (f Span) row() []any {
	return []any{RepoScope(f.Repo), f.Base, f.Head, f.Comparison.Ahead, f.Comparison.Behind, millis(f.At)}
}

func (f App) row() []any {
	return []any{AppScope(f.App), f.State.ID, yes(f.State.Maintenance), millis(f.At)}
}

func (f Release) row() []any {
	r := f.Release
	return []any{AppScope(f.App), r.ID, r.Version, r.Status, yes(f.WasCurrent), r.SlugID + r.ImageID, millis(r.CreatedAt)}
}

func (f Slug) row() []any { return []any{AppScope(f.App), f.Slug.ID, f.Slug.Commit} }

func (f Build) row() []any {
	b := f.Build
	return []any{AppScope(f.App), b.ID, b.Status, b.Commit, b.ReleaseID, millis(b.CreatedAt)}
}

func (f Dyno) row() []any {
	d := f.Dyno
	return []any{AppScope(f.App), DynoKey(d), d.Name, d.Type, d.State, yes(f.over()), f.Exit, millis(f.At)}
}

func (f Process) row() []any {
	return []any{AppScope(f.App), f.Process.Type, f.Process.Quantity, yes(f.Gone), millis(f.At)}
}

func (f Output) row() []any { return []any{AppScope(f.App), f.ReleaseID} }

func (f Listed) row() []any { return []any{AppScope(f.App), string(f.What), millis(f.Read)} }

func (f Reading) row() []any {
	kind, at := "", int64(0)
	if t := f.Trouble; t != nil {
		kind, at = t.Kind, millis(t.At)
	}
	return []any{f.Scope, string(f.What), f.Of, millis(f.At), kind, at}
}

func (f Heard) row() []any { return []any{f.Scope, string(f.Sender), millis(f.At)} }
