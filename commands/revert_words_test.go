package commands

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slipway/bot/say"
	"slipway/integrations/github"
)

func TestTheTextOfARevertSaysWhichMigrationsStay(t *testing.T) {
	t.Parallel()
	repo := github.Repo{Owner: "penny-university", Name: "penny_university"}
	found := foundPull{
		pull: github.Pull{Number: 45, NodeID: "PR_45", Title: "Remind people", MergeSHA: "79985b2"},
		files: []github.PullFile{
			{Path: "users/migrations/0004_user_reminders.py", Status: "added"},
			{Path: "my app/migrations/0001_it's.py", Status: "added"}, // no module's name
			{Path: "my app/migrations/0001_initial.py", Status: "renamed", Was: "app/migrations/0001_initial.py"},
			{Path: "users/migrations/0003_user_timezone.py", Status: "modified"},
			{Path: "users/migrations/0001_gone.py", Status: "removed"},
			{Path: "users/migrations/__init__.py", Status: "added"},
			{Path: "docs/emigrations/0001_birds.py", Status: "added"},
			{Path: "migrations/0001_top.py", Status: "added"},
		},
	}
	r := found.reverted()
	files := []string{"migrations/0001_top.py", "my app/migrations/0001_initial.py", "users/migrations/0004_user_reminders.py"}
	if diff := cmp.Diff(files, r.Migrations); diff != "" {
		t.Errorf("migrations (-want +got):\n%s", diff)
	}
	body := revertBody(repo, r, "069a8d3e")
	for _, want := range []string{
		"Reverts penny-university/penny_university#45\n",
		"#45 brought 3 migrations",
		"    git checkout 79985b2 -- migrations/0001_top.py 'my app/migrations/0001_initial.py' users/migrations/0004_user_reminders.py\n",
		"Opened by slipway, operation 069a8d3e.\n",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("no %q in\n%s", want, body)
		}
	}
	r.Migrations = nil
	if body := revertBody(repo, r, "069a8d3e"); strings.Contains(body, "igration") {
		t.Errorf("it brought none, and the text says:\n%s", body)
	}
}

func TestARevertIsKnownByItsBranch(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		pull github.Pull
		want bool
	}{
		"open":               {github.Pull{Number: 47, State: "open", HeadRef: "revert-46-alice/46"}, true},
		"merged":             {github.Pull{Number: 47, State: "closed", Merged: true, HeadRef: "revert-46-alice/46"}, true},
		"closed":             {github.Pull{Number: 47, State: "closed", HeadRef: "revert-46-alice/46"}, false},
		"of another":         {github.Pull{Number: 47, State: "open", HeadRef: "revert-460-alice/460"}, false},
		"about something":    {github.Pull{Number: 47, State: "open", HeadRef: "alice/revert-46-again"}, false},
		"a branch of others": {github.Pull{Number: 47, State: "open", HeadRef: "alice/46"}, false},
	} {
		if _, got := revertOf(reverted{Number: 46}, []github.Pull{tc.pull}); got != tc.want {
			t.Errorf("%s: found %v, want %v", name, got, tc.want)
		}
	}
}

func TestWhyGitHubOpensNoRevertIsSaid(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		err  error
		want string // "": it stays as it is
	}{
		"conflicts":  {&github.Error{Kind: github.Invalid, Status: 200, Message: "it has <conflicts>."}, "GitHub does not take #46 back by itself: it has &lt;conflicts&gt;. Its page"},
		"rights":     {&github.Error{Kind: github.Forbidden, Status: 200}, "GitHub does not let my token open a revert of #46 (not allowed)."},
		"not seen":   {&github.Error{Kind: github.NotFound, Status: 200}, "GitHub does not let my token open a revert of #46 (not found)."},
		"unwell":     {&github.Error{Kind: github.Unavailable, Status: 503, Ambiguous: true}, ""},
		"cannot say": {&github.Error{Kind: github.Invalid, Status: 200, Ambiguous: true}, ""},
		"slow down":  {&github.Error{Kind: github.SlowDown, Status: 403}, ""},
		"another":    {errors.New("x"), ""},
	} {
		err := revertDenied(reverted{Number: 46}, tc.err)
		refusal, inWords := errors.AsType[*say.Refusal](err)
		switch {
		case tc.want == "" && !errors.Is(err, tc.err):
			t.Errorf("%s: %v", name, err)
		case tc.want != "" && (!inWords || !strings.HasPrefix(refusal.Text, tc.want)):
			t.Errorf("%s: %v, want %q", name, err, tc.want)
		}
	}
	if revertDenied(reverted{Number: 46}, nil) != nil {
		t.Error("all went well, and something is said")
	}
}
