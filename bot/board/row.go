package board

// row is a board as the store keeps it. The columns' meaning stands in the migration.
type row struct {
	Board
	parentTS                          string
	wanted, shown, judged, rank       int64
	fails                             int64
	ts, hash, refused, dead           string
	tried, doubt, looks, again, later int64
	owner                             string
	epoch                             int64
}

const rowColumns = `b.key, b.app, b.channel, b.parent, coalesce(q.ts, ''), b.wanted, b.shown, b.judged, b.rank, b.fails,
	b.ts, b.hash, b.refused, b.dead, b.tried, b.doubt, b.looks, b.again, b.later, b.owner, b.epoch`

func (r *row) columns() []any {
	return []any{
		&r.Key, &r.App, &r.Channel, &r.Parent, &r.parentTS, &r.wanted, &r.shown, &r.judged, &r.rank, &r.fails,
		&r.ts, &r.hash, &r.refused, &r.dead, &r.tried, &r.doubt, &r.looks, &r.again, &r.later, &r.owner, &r.epoch,
	}
}
