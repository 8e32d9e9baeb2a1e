package notices

import (
	"context"
	"fmt"
	"time"

	"slipway/bot/ledger"
	"slipway/bot/store"
)

const (
	episodeLasts = 10 * time.Minute // from its first silence on, others join it
	keptSilences = 30 * 24 * time.Hour
)

// noteSilences writes down what should have come for an app and did not, as far as that is sure, and what has come since. If
// anything is in doubt, the scene says so: then the far ends should be read.
func noteSilences(ctx context.Context, tx *store.Tx, s *scene, channel string) error {
	s.again(s.known.NextSilence(s.now))
	silent := map[string]bool{}
	for _, one := range s.known.Silences(s.now) {
		if s.moot(one) {
			continue
		}
		silent[silenceScope(s, one)+" "+one.Key()] = true
		if !s.settings.Notify.Silence || !s.told(one.Since) || !s.fresh(one.Since) {
			continue
		}
		if !one.Sure {
			s.doubt = true
			continue
		}
		if err := noteSilence(ctx, tx, s, channel, one); err != nil {
			return fmt.Errorf("note that %q is silent: %w", one.Key(), err)
		}
	}
	if err := noteNews(ctx, tx, s, channel, silent); err != nil {
		return fmt.Errorf("note what is not silent any more: %w", err)
	}
	return nil
}

// moot tells whether nobody is helped by a silence: the change runs anyway, and no run of it is known, or its run cannot be read.
func (s *scene) moot(one ledger.Silence) bool {
	return one.Pull == nil && (one.Kind == ledger.NoRun || one.Blind) && s.fateOf(one.SHA).Kind == ledger.Running
}

// fateOf is what became of the change that landed as a commit.
func (s *scene) fateOf(commit string) ledger.Fate {
	for _, l := range s.known.Landed() {
		if l.SHA == commit {
			return s.known.Fates().Of(l)
		}
	}
	return ledger.Fate{}
}

// silenceScope is what a silence belongs to. Two apps of one repository wait for the same runs.
func silenceScope(s *scene, one ledger.Silence) string {
	if one.Sender() == ledger.Heroku {
		return ledger.AppScope(s.app.Name)
	}
	return ledger.RepoScope(s.app.Repo)
}

// noteSilence adds one to the episode of its channel, or begins another.
func noteSilence(ctx context.Context, tx *store.Tx, s *scene, channel string, one ledger.Silence) error {
	now, episode := s.now.UnixMilli(), int64(0)
	err := tx.QueryRow(ctx, "select coalesce(max(episode), 0) from silences where channel = $1", channel).Scan(&episode)
	if err != nil {
		return err
	}
	if now-episode > episodeLasts.Milliseconds() {
		episode = now
	}
	var run, attempt, pull, blind int64
	if one.Run != nil {
		run, attempt = one.Run.ID, int64(one.Run.Attempt)
	}
	if one.Pull != nil {
		pull = int64(one.Pull.Number)
	}
	if one.Blind {
		blind = 1
	}
	_, err = tx.Exec(ctx, `insert into silences (channel, scope, key, app, kind, sha, run, attempt, job, pull, since, blind, noted, episode)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) on conflict (channel, scope, key) do nothing`,
		channel, silenceScope(s, one), one.Key(), s.app.Name, string(one.Kind), one.SHA, run, attempt, one.Job, pull,
		one.Since.UnixMilli(), blind, now, episode)
	return err
}

// noteNews marks the silences over that an app noted and that are none any more, and takes away those of long ago.
func noteNews(ctx context.Context, tx *store.Tx, s *scene, channel string, silent map[string]bool) error {
	type news struct {
		silence
		scope string
	}
	var over []news
	err := readSilences(ctx, tx, func(o silence, _, scope string, _ int64) {
		if o.scene = s; !silent[scope+" "+o.key] {
			over = append(over, news{o, scope})
		}
	}, "app = $1 and came <= 0 and (over = 0 or over > $2)", s.app.Name, s.now.Add(-oldNews).UnixMilli())
	if err != nil {
		return err
	}
	for _, o := range over {
		came, begun := o.begun() // what tells may not be there any more when it is drawn
		if !o.open() && came.IsZero() || o.open() && o.forgotten() {
			continue
		}
		ms := millis(came)
		if begun && came.IsZero() {
			ms = -s.now.UnixMilli()
		}
		_, err := tx.Exec(ctx, "update silences set over = case when over = 0 then $1 else over end, came = $2 where channel = $3 and scope = $4 and key = $5",
			s.now.UnixMilli(), ms, o.channel, o.scope, o.key)
		if err != nil {
			return err
		}
	}
	if err := dropUnsaid(ctx, tx, channel); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "delete from silences where app = $1 and since < $2", s.app.Name, s.now.Add(-keptSilences).UnixMilli())
	return err
}
