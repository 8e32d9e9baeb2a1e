package recipe

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"slipway/bot/squeeze"
	"slipway/bot/store"
	"slipway/integrations/github"
)

const (
	keptCommits = 64  // of each repository
	spare       = 16  // so many more before the oldest are taken away
	writtenOnce = 100 // files in one transaction, so that nobody waits for it
	mostNames   = 32 << 20
)

// shelf is what the database keeps of one repository.
type shelf struct {
	store *store.Store
	scope string
}

// commit gives what a commit has: by path, git's names of the contents; nil: that is not kept.
func (s shelf) commit(ctx context.Context, sha string) (names map[string]string, err error) {
	var block []byte
	err = s.store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		return tx.QueryRow(ctx, "select files from source_commits where repo = $1 and sha = $2", s.scope, sha).Scan(&block)
	})
	if errors.Is(err, store.ErrNone) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return namesOf(block)
}

func namesOf(block []byte) (names map[string]string, err error) {
	text, err := squeeze.Expand(block, mostNames)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, &names); err != nil {
		return nil, fmt.Errorf("the files of a commit: %w", err)
	}
	return names, nil
}

// any tells whether something of the repository is kept.
func (s shelf) any(ctx context.Context) (bool, error) {
	var n int64
	err := s.store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		return tx.QueryRow(ctx, "select count(*) from source_commits where repo = $1", s.scope).Scan(&n)
	})
	return n > 0, err
}

// texts gives the contents that are kept of some files, by path.
func (s shelf) texts(ctx context.Context, names map[string]string) (map[string][]byte, error) {
	blocks := map[string][]byte{}
	if len(names) > 0 {
		err := s.store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
			clear(blocks)
			rows, err := tx.Query(ctx, "select sha, body from source_files where repo = $1", s.scope)
			if err != nil {
				return err
			}
			for rows.Next() {
				var sha string
				var body []byte
				if err := rows.Scan(&sha, &body); err != nil {
					return errors.Join(err, rows.Close())
				}
				blocks[sha] = body
			}
			return rows.Err()
		})
		if err != nil {
			return nil, err
		}
	}
	texts := map[string][]byte{}
	for path, name := range names {
		block, ok := blocks[name]
		if !ok {
			continue
		}
		text, err := squeeze.Expand(block, github.MaxFile)
		if err != nil {
			return nil, err
		}
		texts[path] = text
	}
	return texts, nil
}

// keep writes down what a commit has: the files first, so that a commit that is kept is whole.
func (s shelf) keep(ctx context.Context, sha string, names map[string]string, texts map[string][]byte) error {
	list := slices.Sorted(maps.Keys(texts))
	for some := range slices.Chunk(list, writtenOnce) {
		err := s.store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
			for _, name := range some {
				_, err := tx.Exec(ctx, "insert into source_files (repo, sha, body) values ($1, $2, $3) on conflict (repo, sha) do nothing",
					s.scope, name, squeeze.Squeeze(texts[name]))
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	text, err := json.Marshal(names)
	if err != nil {
		return err
	}
	err = s.store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `insert into source_commits (repo, sha, kept_at, files) values ($1, $2, $3, $4)
			on conflict (repo, sha) do update set kept_at = excluded.kept_at, files = excluded.files`,
			s.scope, sha, time.Now().UnixMilli(), squeeze.Squeeze(text))
		return err
	})
	if err != nil {
		return err
	}
	return s.tidy(ctx)
}

// tidy takes the oldest commits away, and the files that none of the others has.
func (s shelf) tidy(ctx context.Context) error {
	return s.store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		var n, oldest int64
		err := tx.QueryRow(ctx, "select count(*) from source_commits where repo = $1", s.scope).Scan(&n)
		if err != nil || n <= keptCommits+spare {
			return err
		}
		err = tx.QueryRow(ctx, "select kept_at from source_commits where repo = $1 order by kept_at desc limit 1 offset $2", s.scope, keptCommits-1).Scan(&oldest)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "delete from source_commits where repo = $1 and kept_at < $2", s.scope, oldest); err != nil {
			return err
		}
		used, err := s.used(ctx, tx)
		if err != nil {
			return err
		}
		kept, err := s.kept(ctx, tx)
		if err != nil {
			return err
		}
		for _, name := range kept {
			if used[name] {
				continue
			}
			if _, err := tx.Exec(ctx, "delete from source_files where repo = $1 and sha = $2", s.scope, name); err != nil {
				return err
			}
		}
		return nil
	})
}

// used are the contents that some commit has.
func (s shelf) used(ctx context.Context, tx *store.Tx) (map[string]bool, error) {
	rows, err := tx.Query(ctx, "select files from source_commits where repo = $1", s.scope)
	if err != nil {
		return nil, err
	}
	used := map[string]bool{}
	for rows.Next() {
		var block []byte
		if err := rows.Scan(&block); err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		names, err := namesOf(block)
		if err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		for _, name := range names {
			used[name] = true
		}
	}
	return used, rows.Err()
}

func (s shelf) kept(ctx context.Context, tx *store.Tx) (list []string, err error) {
	rows, err := tx.Query(ctx, "select sha from source_files where repo = $1 order by sha", s.scope)
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		list = append(list, name)
	}
	return list, rows.Err()
}
