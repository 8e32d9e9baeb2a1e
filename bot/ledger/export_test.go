package ledger

import (
	"context"

	"slipway/bot/store"
	"slipway/integrations/github"
)

// LoadAll gives all that the database knows of an app and its repository, asked for or not.
func LoadAll(ctx context.Context, tx *store.Tx, app string, repo github.Repo) (*Known, error) {
	l := loading{ctx: ctx, tx: tx, known: New(app, repo)}
	for kind, t := range tables {
		if t.key[0] != "scope" {
			l.get(kind, t.key[0]+" = $1")
			continue
		}
		l.get(kind, "$1 <> '' and scope in ($2, $3)", AppScope(app), RepoScope(repo))
	}
	return l.known, l.err
}
