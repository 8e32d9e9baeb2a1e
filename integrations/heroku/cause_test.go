package heroku_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slipway/integrations/heroku"
)

func TestADescriptionTellsTheCause(t *testing.T) {
	t.Parallel()
	for _, want := range []heroku.Cause{
		{Text: "Deploy 69eec518", Kind: heroku.Deploy, Commit: "69eec518"},
		{Text: "Deploy de63889", Kind: heroku.Deploy, Commit: "de63889"},
		{Text: "Deploy 69eec518968cc409e116940aa5304ab6ab237a4d", Kind: heroku.Deploy, Commit: "69eec518968cc409e116940aa5304ab6ab237a4d"},
		{Text: "Rollback to v46", Kind: heroku.Rollback, Version: 46},
		{Text: "Set RACK_ENV config vars", Kind: heroku.ConfigSet, Names: []string{"RACK_ENV"}},
		{Text: "Set A, B_2, c config vars", Kind: heroku.ConfigSet, Names: []string{"A", "B_2", "c"}},
		{Text: "Remove A, B config vars", Kind: heroku.ConfigUnset, Names: []string{"A", "B"}},
		{Text: "Unset A config vars", Kind: heroku.ConfigUnset, Names: []string{"A"}},
		{Text: "Attach DATABASE (@ref:postgresql-flat-1)", Kind: heroku.Attached, Names: []string{"DATABASE"}},
		{Text: "Attach DATABASE", Kind: heroku.Attached, Names: []string{"DATABASE"}},
		{Text: "Detach HEROKU_POSTGRESQL_RED (@ref:postgresql-flat-1)", Kind: heroku.Detached, Names: []string{"HEROKU_POSTGRESQL_RED"}},
		{Text: "Update DATABASE by heroku-postgresql", Kind: heroku.Updated, Names: []string{"DATABASE"}, By: "heroku-postgresql"},
		{Text: "Promote shop-staging v17 69eec518", Kind: heroku.Promotion, App: "shop-staging", Version: 17, Commit: "69eec518"},
		{Text: "Retry of v5: Deploy 69eec518", Kind: heroku.Retry, Version: 5},
		{Text: "Retry of v5", Kind: heroku.Retry, Version: 5},
		// No promise of stability: whatever is not known stays as it is.
		{Text: ""},
		{Text: "Initial release"},
		{Text: "Enable Logplex"},
		{Text: "Deployed web (2f6f5d5b1c0f)"},
		{Text: "deploy 69eec518"},
		{Text: "Deploy 69eec518 again"},
		{Text: "Deploy 69eec51"[:len("Deploy 69eec5")]},
		{Text: "Deploy main"},
		{Text: "Rollback to v"},
		{Text: "Rollback to v99999999999999999999"},
		{Text: "Set  config vars"},
		{Text: "Set A,B  config vars"},
		{Text: "Attach database"},
	} {
		if diff := cmp.Diff(want, heroku.Release{Description: want.Text}.Cause()); diff != "" {
			t.Errorf("%q: %s", want.Text, diff)
		}
	}
}

func FuzzCause(f *testing.F) {
	for _, s := range []string{
		"", "Deploy 69eec518", "Rollback to v46", "Set A, B config vars", "Remove A config vars", "Attach DATABASE (@ref:x)",
		"Detach DATABASE", "Update DATABASE by heroku-postgresql", "Promote a v1 69eec518", "Retry of v5: x\ny", "Rollback to v99999999999999999999",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c := heroku.Release{Description: s}.Cause()
		if c.Text != s {
			t.Errorf("the text became %q", c.Text)
		}
		if c.Kind == heroku.UnknownCause && !cmp.Equal(c, heroku.Cause{Text: s}) {
			t.Errorf("an unknown cause claims %+v", c)
		}
		if c.Version < 0 || len(c.Commit) > 40 || strings.Trim(c.Commit, "0123456789abcdef") != "" {
			t.Errorf("%+v", c)
		}
		for _, part := range append([]string{c.Commit, c.App, c.By}, c.Names...) {
			if !strings.Contains(s, part) || strings.ContainsAny(part, " \n") {
				t.Errorf("%q is no word of %q", part, s)
			}
		}
		for _, name := range c.Names {
			if name == "" {
				t.Errorf("an empty name in %+v", c)
			}
		}
	})
}

func TestCodeReleasesAreThoseThatBroughtOtherCode(t *testing.T) {
	t.Parallel()
	release := func(version int, slug, status, description string) heroku.Release {
		return heroku.Release{Version: version, SlugID: slug, Status: status, Description: description}
	}
	for name, c := range map[string]struct {
		releases []heroku.Release // newest first
		want     []int
	}{
		"none": {},
		"config releases keep the code": {[]heroku.Release{
			release(5, "b", "succeeded", "Set A config vars"), release(4, "b", "succeeded", "Deploy bbbbbbbb"),
			release(3, "a", "succeeded", "Set A config vars"), release(2, "a", "succeeded", "Deploy aaaaaaaa"), release(1, "", "succeeded", "Initial release"),
		}, []int{4, 2}},
		"a description may say anything": {[]heroku.Release{
			release(3, "b", "succeeded", "who knows"), release(2, "a", "succeeded", "Deploy aaaaaaaa"), release(1, "", "succeeded", ""),
		}, []int{3, 2}},
		"a rollback over config alone changes no code": {[]heroku.Release{
			release(4, "a", "succeeded", "Rollback to v2"), release(3, "a", "succeeded", "Set A config vars"), release(2, "a", "succeeded", "Deploy aaaaaaaa"), release(1, "", "succeeded", ""),
		}, []int{2}},
		"after a failed one, the old code is nothing new": {[]heroku.Release{
			release(4, "a", "succeeded", "Set A config vars"), release(3, "b", "failed", "Deploy bbbbbbbb"), release(2, "a", "succeeded", "Deploy aaaaaaaa"), release(1, "", "succeeded", ""),
		}, []int{3, 2}},
		"after a failed one, its code tried again is": {[]heroku.Release{
			release(4, "b", "succeeded", "Retry of v3: x"), release(3, "b", "failed", "Deploy bbbbbbbb"), release(2, "a", "succeeded", "Deploy aaaaaaaa"), release(1, "", "succeeded", ""),
		}, []int{4, 3, 2}},
		"an expired one did run": {[]heroku.Release{
			release(3, "b", "succeeded", "Set A config vars"), release(2, "b", "expired", "Deploy bbbbbbbb"), release(1, "", "succeeded", ""),
		}, []int{2}},
		"the oldest is judged by its description": {[]heroku.Release{release(9, "b", "succeeded", "Deploy bbbbbbbb")}, []int{9}},
		"the oldest, if unclear, is left out":     {[]heroku.Release{release(9, "b", "succeeded", "Set A config vars")}, nil},
		"images count as slugs do": {[]heroku.Release{
			{Version: 3, ImageID: "j"}, {Version: 2, ImageID: "i", Description: "Set A config vars"}, {Version: 1, ImageID: "i", Description: "Deploy aaaaaaaa"},
		}, []int{3, 1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []int
			for _, r := range heroku.CodeReleases(c.releases) {
				got = append(got, r.Version)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTheCurrentReleaseNeedNotBeTheNewest(t *testing.T) {
	t.Parallel()
	r, ok := heroku.Current([]heroku.Release{{Version: 3, Status: heroku.Failed}, {Version: 2, Status: heroku.Succeeded, Current: true}, {Version: 1}})
	if !ok || r.String() != "v2" {
		t.Errorf("%v, %v", r, ok)
	}
	if r, ok := heroku.Current(nil); ok {
		t.Errorf("an app without releases runs %v", r)
	}
}
