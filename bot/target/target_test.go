package target_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slipway/bot/target"
	"slipway/integrations/heroku"
)

// releases are those of a text, oldest first: "118 a", the code and after it what the description says; "!" before the code is of one
// that failed, "?" of one that Heroku would not roll back to. The last that did not fail runs.
func releases(text string) (list []heroku.Release) {
	current := -1
	for line := range strings.SplitSeq(text, ",") {
		var version int
		var slug string
		_, _ = fmt.Sscan(line, &version, &slug)
		_, description, _ := strings.Cut(strings.TrimSpace(line), slug+" ")
		r := heroku.Release{ID: fmt.Sprint("id-", version), Version: version, Status: heroku.Succeeded, Eligible: true, Description: description}
		r.SlugID = strings.TrimLeft(slug, "!?-")
		if strings.HasPrefix(slug, "!") {
			r.Status, r.Eligible = heroku.Failed, false
		} else {
			current = len(list)
		}
		if strings.HasPrefix(slug, "?") {
			r.Eligible = false
		}
		list = append(list, r)
	}
	if current >= 0 {
		list[current].Current = true
	}
	for i, j := 0, len(list)-1; i < j; i, j = i+1, j-1 {
		list[i], list[j] = list[j], list[i]
	}
	return list
}

func name(x target.Target, ok bool) string {
	switch {
	case !ok:
		return ""
	case len(x.Undoes) > 0:
		return fmt.Sprintf("v%d undoing v%d", x.Release.Version, x.Undoes[0].Version)
	case x.Bad:
		return fmt.Sprintf("v%d bad", x.Release.Version)
	case x.Forward:
		return fmt.Sprintf("v%d forward", x.Release.Version)
	}
	return x.Release.String()
}

func TestTargetsAreTheNewestReleasesOfEachCode(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, releases string
		good           string
		list           []string
	}{
		{"plainly", "1 a Deploy 1111111, 2 b Deploy 2222222", "v1", []string{"v1"}},
		{"one", "1 a Deploy 1111111", "", nil},
		{"config on the good code is kept", "118 a Deploy 1111111, 119 a Set X config vars, 120 b Deploy 2222222", "v119", []string{"v119"}},
		{"config alone can be undone", "1 a Deploy 1111111, 2 b Deploy 2222222, 3 b Set X config vars", "v2 undoing v3", []string{"v2 undoing v3", "v1"}},
		{"the last config change is undone, not all", "1 a Deploy 1111111, 2 a Set X config vars, 3 a Set Y config vars", "v2 undoing v3", []string{"v2 undoing v3"}},
		{"a deploy of the same code is no config change", "1 a Deploy 1111111, 2 b Deploy 2222222, 3 b Deploy 2222222", "v1", []string{"v1"}},
		{"what failed is no target", "1 a Deploy 1111111, 2 !b Deploy 2222222, 3 c Deploy 3333333", "v1", []string{"v1"}},
		{"a newer one that failed changes nothing", "1 a Deploy 1111111, 2 b Deploy 2222222, 3 !c Deploy 3333333", "v1", []string{"v1"}},
		{"what Heroku would not go back to is no target", "1 ?a Deploy 1111111, 2 b Deploy 2222222", "", nil},
		{"what was rolled back is bad", "1 a Deploy 1111111, 2 b Deploy 2222222, 3 c Deploy 3333333, 4 b Rollback to v2", "v1", []string{"v3 bad", "v1"}},
		{"after a rollback a new deploy is taken back to it", "2 b Deploy 2222222, 3 c Deploy 3333333, 4 b Rollback to v2, 5 d Deploy 4444444", "v4", []string{"v4", "v3 bad"}},
		{"rolled forward it is not bad any more", "1 a Deploy 1111111, 2 b Deploy 2222222, 3 a Rollback to v1, 4 b Rollback to v2, 5 c Deploy 3333333", "v4", []string{"v4", "v3"}},
		{"to roll forward says nothing of what ran", "1 a Deploy 1111111, 2 b Deploy 2222222, 3 a Rollback to v1, 4 b Rollback to v2", "v3", []string{"v3"}},
		{"releases without code are none", "1 - Enable logplex, 2 a Deploy 1111111, 3 b Deploy 2222222", "v2", []string{"v2"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, ok := target.Of(releases(tt.releases))
			if !ok {
				t.Fatal("nothing runs")
			}
			var list []string
			for _, x := range got.List {
				list = append(list, name(x, true))
			}
			if diff := cmp.Diff(tt.list, list); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if good := name(got.Good()); good != tt.good {
				t.Errorf("the good one is %q, want %q", good, tt.good)
			}
		})
	}
}

func TestTenCodesAreOffered(t *testing.T) {
	t.Parallel()
	var all []string
	for v := range 30 {
		all = append(all, fmt.Sprintf("%d s%d Deploy 1111111", v+1, v))
	}
	got, _ := target.Of(releases(strings.Join(all, ", ")))
	if n := len(got.List); n != 10 || got.List[0].Release.Version != 29 {
		t.Errorf("%d are offered, the newest is %s", n, got.List[0].Release)
	}
}

func TestNothingRuns(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"1 !a Deploy 1111111"} {
		if got, ok := target.Of(releases(text)); ok {
			t.Errorf("%s: %+v", text, got)
		}
	}
	if _, ok := target.Of(nil); ok {
		t.Error("something runs")
	}
}

func TestBeforeAReleaseIsTheGoodOneBeforeItsCode(t *testing.T) {
	t.Parallel()
	got, _ := target.Of(releases("1 a Deploy 1111111, 2 b Deploy 2222222, 3 c Deploy 3333333, 4 c Set X config vars, 5 d Deploy 4444444"))
	for version, want := range map[int]string{5: "v4", 4: "v2", 3: "v2", 2: "v1", 1: "", 99: "v4"} {
		if x := name(got.Before(version)); x != want {
			t.Errorf("before v%d is %q, want %q", version, x, want)
		}
	}
}

func TestAReleaseThatIsNamedIsGoneBackToExactly(t *testing.T) {
	t.Parallel()
	got, _ := target.Of(releases("1 a Deploy 1111111, 2 a Set X config vars, 3 !b Deploy 2222222, 4 c Deploy 3333333"))
	for version, want := range map[int]string{1: "v1", 2: "v2", 3: "", 4: "", 9: ""} {
		if x := name(got.Find(version)); x != want {
			t.Errorf("v%d is %q, want %q", version, x, want)
		}
	}
	one, _ := got.Release(1)
	if above, ok := got.Above(one); !ok || above.Version != 2 {
		t.Errorf("above v1 is %s", above)
	}
	two, _ := got.Release(2)
	if above, ok := got.Above(two); ok {
		t.Errorf("above v2 is %s", above)
	}
	if list := got.Between(one); len(list) != 2 || list[0].Version != 4 || list[1].Version != 2 {
		t.Errorf("between are %v", list)
	}
	if r := got.Origin(two); r.Version != 1 {
		t.Errorf("the code of v2 came with %s", r)
	}
	if !got.SameCode(1, two) || got.SameCode(4, two) || got.SameCode(9, two) {
		t.Error("it does not know which releases have the same code")
	}
}
