package config

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestUsersAreReadInOrderAndOnce(t *testing.T) {
	t.Parallel()
	got := Users{"U0OLD"}
	if err := got.Decode(" U0ALICE,\n W0BOB7Q2,,U0ALICE,"); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Users{"U0ALICE", "W0BOB7Q2"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if err := got.Decode(" "); err != nil || got != nil {
		t.Errorf("nobody is %v (%v)", got, err)
	}
}

func TestUsersTellWhatIsWrong(t *testing.T) {
	t.Parallel()
	const where = ". Take each id from the person's profile in Slack"
	for _, tc := range []struct{ in, want string }{
		{"@alice", `OPERATORS has "@alice", which is a name and no Slack user id` + where},
		{"Alice", `OPERATORS has "Alice", which is a name`},
		{"ursula", `OPERATORS has "ursula", which is a name`},
		{"alice@example.com", `OPERATORS has "alice@example.com", which is an e-mail address and no Slack user id` + where},
		{"alice and bob", `OPERATORS has "alice and bob", which is no Slack user id; commas go between several` + where},
		{"U012AB3CD U012AB3CE", `OPERATORS has "U012AB3CD U012AB3CE", which is no Slack user id; commas go`},
		{"u012ab3cd", `OPERATORS has "u012ab3cd", which is no Slack user id. Did you mean U012AB3CD?`},
		{"<@U012AB3CD>", `OPERATORS has "<@U012AB3CD>", which is no Slack user id. Did you mean U012AB3CD?`},
		{"<@U012AB3CD|alice>", `OPERATORS has "<@U012AB3CD|alice>", which is no Slack user id. Did you mean U012AB3CD?`},
		{"@U012AB3CD", `OPERATORS has "@U012AB3CD", which is no Slack user id. Did you mean U012AB3CD?`},
		{"S012AB3CD", `OPERATORS has "S012AB3CD", which is a user group's id` + where},
		{"<!subteam^S012AB3CD>", `OPERATORS has "<!subteam^S012AB3CD>", which is a user group's id`},
		{"C012AB3CD", `OPERATORS has "C012AB3CD", which is a channel's id`},
		{"D012AB3CD", `OPERATORS has "D012AB3CD", which is the id of a direct message`},
		{"B012AB3CD", `OPERATORS has "B012AB3CD", which is a bot's id`},
		{"A012AB3CD", `OPERATORS has "A012AB3CD", which is an app's id`},
		{"T012AB3CD", `OPERATORS has "T012AB3CD", which is a workspace's id`},
		{"xoxb-1234567890", `OPERATORS has "xoxb-[secret]", which is a name`},
	} {
		var u Users
		faults := Variable{Name: "OPERATORS"}.faults(u.Decode(tc.in))
		if got := faults.Error(); !strings.HasPrefix(got, tc.want) || len(faults) != 1 {
			t.Errorf("%q:\n got %s\nwant %s", tc.in, got, tc.want)
		}
	}
	var u Users
	if faults := (Variable{Name: "OPERATORS"}).faults(u.Decode("@alice,U012AB3CD,bob@example.com")); len(faults) != 2 {
		t.Errorf("two of three are wrong: %v", faults)
	}
}

func FuzzUsers(f *testing.F) {
	for _, s := range []string{"U012AB3CD,W1", "<@U012AB3CD|alice>", "@alice", "a@b", ",", "U 1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, value string) {
		var users Users
		if users.Decode(value) != nil {
			return
		}
		seen := map[User]bool{}
		for _, u := range users {
			if !userID.MatchString(string(u)) || seen[u] {
				t.Errorf("%q: %q", value, users)
			}
			seen[u] = true
		}
	})
}
