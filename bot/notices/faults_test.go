package notices

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"slipway/bot/config"
	"slipway/bot/config/settings"
	"slipway/bot/policy"
	"slipway/bot/store"
	"slipway/bot/store/storetest"
)

func TestAFileThatIsNotTakenIsToldWithWhatIsWrong(t *testing.T) {
	t.Parallel()
	const file = "*.slipway.yml of penny-university/penny_university*: "
	one := settings.Faults{{Line: 4, Text: "there is no `notify.check`. Did you mean `notify.checks`?"}}
	many := settings.Faults{one[0], {Line: 5, Text: "five."}, {Line: 6, Text: "six."}, {Line: 7, Text: "seven."}, {Text: "there may be more."}}
	for name, tt := range map[string]struct {
		faulty         policy.Faulty
		want, sentence string
	}{
		"the defaults stay": {
			policy.Faulty{Faults: one, Since: at(0)},
			":warning: " + file + "not taken, the defaults stay in force\nline 4: there is no `notify.check`. Did you mean `notify.checks`?\nread at 14:00 UTC",
			".slipway.yml of penny-university/penny_university is not taken, the defaults stay in force.",
		},
		"the last good one stays, many faults": {
			policy.Faulty{Faults: many, Since: at(0), Good: true},
			":warning: " + file + "not taken, the last good one stays in force\nline 4: there is no `notify.check`. Did you mean `notify.checks`?\nline 5: five.\nline 6: six.\n2 more faults · read at 14:00 UTC",
			".slipway.yml of penny-university/penny_university is not taken, the last good one stays in force.",
		},
		"fixed": {
			policy.Faulty{Faults: many, Since: at(0), Left: at(300), Became: policy.Taken},
			":white_check_mark: " + file + "taken since 14:05 UTC",
			".slipway.yml of penny-university/penny_university is taken since <!date^1767621900^{time}|14:05 UTC>.",
		},
		"taken away": {
			policy.Faulty{Faults: one, Since: at(0), Left: at(300), Became: policy.Gone},
			":white_check_mark: " + file + "gone since 14:05 UTC, the defaults are in force",
			".slipway.yml of penny-university/penny_university is gone since <!date^1767621900^{time}|14:05 UTC>, the defaults are in force.",
		},
		"wrong in another way": {
			policy.Faulty{Faults: one, Since: at(0), Left: at(300), Became: policy.Wrong},
			":heavy_minus_sign: " + file + "not taken, and changed again at 14:05 UTC",
			".slipway.yml of penny-university/penny_university is not taken, and changed again at <!date^1767621900^{time}|14:05 UTC>.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := faultPage(config.App{Name: app, Repo: repo}, tt.faulty)
			if got := drawn(notice{page: p}); got != tt.want {
				t.Errorf("drawn\n%s\nwant\n%s", got, tt.want)
			}
			if p.sentence != tt.sentence {
				t.Errorf("the sentence is %q, want %q", p.sentence, tt.sentence)
			}
		})
	}
}

func TestOnlyFreshFaultsSinceTheFirstStartAreTold(t *testing.T) {
	t.Parallel()
	s, err := store.Open(t.Context(), store.Options{Path: storetest.File(t), Unsafe: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	apps := config.Apps{{Name: app, Repo: repo, Channel: "deploys"}}
	p := policy.New(policy.Options{Store: s, Apps: apps})
	text, err := json.Marshal(settings.Faults{{Line: 1, Text: "there is no `notfy`."}})
	if err != nil {
		t.Fatal(err)
	}
	now, hour := at(0), time.Hour
	var keys []string
	err = s.Do(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		for hash, times := range map[string][2]time.Duration{
			"standing": {hour, 0}, "old": {25 * hour, 0}, "old, fixed today": {26 * hour, hour}, "old, fixed then": {27 * hour, 26 * hour}, "before the first start": {30 * hour, hour},
		} {
			left := int64(0)
			if times[1] > 0 {
				left = now.Add(-times[1]).UnixMilli()
			}
			_, err := tx.Exec(ctx, "insert into policy_faults (repo, hash, seen_at, good, faults, left_at, became) values ($1, $2, $3, 0, $4, $5, 'taken')",
				strings.ToLower(repo.String()), hash, now.Add(-times[0]).UnixMilli(), string(text), left)
			if err != nil {
				return err
			}
		}
		list, err := faultNotices(ctx, tx, p, apps[0], now, now.Add(-29*hour))
		for _, n := range list {
			keys = append(keys, string(n.key))
		}
		return err
	})
	if want := "[settings penny-university old, fixed today 1767528000000 settings penny-university standing 1767618000000]"; err != nil || fmt.Sprint(keys) != want {
		t.Errorf("err %v, told are\n%v, want\n%v", err, keys, want)
	}
}
