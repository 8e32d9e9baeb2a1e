package settings

import (
	"fmt"
	"strings"
	"testing"
)

const (
	circle = "It takes `none`, or a list of Slack user ids and `\"@usergroup\"` handles."
	widens = ": the file may narrow who may, never widen it. Leave it out to narrow nothing."
	hides  = ". Anchors, aliases and merge keys are refused, since they hide what is set. Write it out."
	copyID = "In Slack: the person's profile, ⋮, Copy member ID."
	there  = ". There are: `branch`, `production`, `deploy`, `health`, `notify`, `people`, `access` and `apps`."
	yesNo  = "takes `yes` or `no`, not "
	colon  = "a colon makes a setting here, where none can be. Is the line indented too far, or does a value with a colon want quotes?"
	astray = "this line does not line up with those above it, or goes on behind a closed quote or bracket."
	star   = "a `*` begins an alias, which is refused: it hides what is set. As a word for everybody it is refused too."
	deep   = "lists and maps are nested too deep here. No setting needs that."
)

func TestFaultsTellTheLineAndWhatWasMeant(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ in, want string }{
		// Names.
		{"notify:\n  checks: all\n\n  check: all\n", "line 4: there is no `notify.check`. Did you mean `notify.checks`?"},
		{"\ufeff# a\r\n\r\nBranch: x\r\n", "line 3: there is no `Branch`. Did you mean `branch`?"},
		{"app: {}\n", "line 1: there is no `app`. Did you mean `apps`?"},
		{"on: x\n", "line 1: there is no `on`" + there},
		{"notify:\n  zzz: 1\n", "line 2: there is no `notify.zzz`. There are: `notify.checks`, `notify.changes`, `notify.releases` and `notify.silence`."},
		{"workflow: x\nrestore: none\n", "line 1: there is no `workflow`. Did you mean `deploy.workflow`?\nline 2: there is no `restore`. Did you mean `access.restore`?"},
		{"notify.checks: all\n", "line 1: `notify.checks` is written in two lines: `notify:`, and below it, indented, `checks:`."},
		{"? [a]\n: b\n", "line 1: what stands before the colon must be a word, not a list."},
		{": b\n", "line 1: nothing stands before the colon."},
		{"branch: main\nbranch: dev\nnotify: {checks: all, checks: none}\nnotify:\n", "line 2: `branch` is set twice; it stands on line 1 too.\n" +
			"line 3: `notify.checks` is set twice; it stands on line 3 too.\nline 4: `notify` is set twice; it stands on line 3 too."},
		{"'<!channel> `x`': 1\n", "line 1: there is no `&lt;!channel&gt; 'x'`" + there},
		{strings.Repeat("x", 100) + ": 1\n", "line 1: there is no `" + strings.Repeat("x", 59) + "…`" + there},

		// Kinds of values.
		{"foo\n", "line 1: the file must hold settings, such as `branch: main`, not `foo`."},
		{"- a\n", "line 1: the file must hold settings, such as `branch: main`, not a list."},
		{"[]\n", "line 1: the file must hold settings, such as `branch: main`, not an empty list."},
		{"notify: no\n", "line 1: `notify` takes settings of its own below it, such as `checks`, not `no`."},
		{"branch: [a]\n", "line 1: `branch` takes the name of a branch, not a list."},
		{"branch:\n", "line 1: `branch` has no value. It takes the name of a branch."},
		{"branch: ''\n", "line 1: `branch` takes the name of a branch, not nothing."},
		{"branch: {a: b}\n", "line 1: `branch` takes the name of a branch, not a map."},

		// Branch and deploy.
		{"branch: a b\n", "line 1: `branch` cannot be `a b`, which is no name of a branch."},
		{"branch: \"a\\u202eb\"\n", "line 1: `branch` cannot be `ab`, which is no name of a branch."},
		{"branch: refs/heads/x\n", "line 1: `branch` takes the name alone. Did you mean `x`?"},
		{"deploy: {workflow: deploy}\n", "line 1: `deploy.workflow` cannot be `deploy`. Did you mean `deploy.yml`?"},
		{"deploy: {workflow: ./.github/workflows/d.yaml}\n", "line 1: `deploy.workflow` cannot be `./.github/workflows/d.yaml`. Did you mean `d.yaml`?"},
		{"deploy: {workflow: /d.yml}\n", "line 1: `deploy.workflow` cannot be `/d.yml`. Did you mean `d.yml`?"},
		{"deploy: {workflow: .github/workflows/a/b.yml}\n", "line 1: `deploy.workflow` takes a file of `.github/workflows`, such as `deploy.yml`, not `.github/workflows/a/b.yml`."},
		{"deploy: {workflow: Ship It}\n", "line 1: `deploy.workflow` takes a file of `.github/workflows`, such as `deploy.yml`, not `Ship It`."},
		{"deploy: {step: (x}\n", "line 1: `deploy.step` cannot be `(x`, which is no regular expression. A name goes into a list: `[\"…\"]`."},
		{"deploy: {step: .*}\n", "line 1: `deploy.step` cannot be `.*`, which matches every step."},
		{"deploy: {step: []}\n", "line 1: `deploy.step` takes a regular expression, or a list of names, not an empty list."},
		{"deploy: {step: [a, [b]]}\n", "line 1: `deploy.step` has a list in its list. It takes a regular expression, or a list of names."},
		{"deploy: {step: {a: b}}\n", "line 1: `deploy.step` takes a regular expression, or a list of names, not a map."},
		{"deploy: {step: " + strings.Repeat("x", 201) + "}\n", "line 1: `deploy.step` is longer than 200 bytes."},

		// Notify.
		{"notify: {checks: failure}\n", "line 1: `notify.checks` cannot be `failure`. Did you mean `failures`?"},
		{"notify: {checks: yes}\n", "line 1: `notify.checks` takes `all`, `failures` or `none`, not `yes`."},
		{"notify:\n  changes: maybe\n  releases: [x]\n  silence: 1\n", "line 2: `notify.changes` " + yesNo + "`maybe`.\nline 3: `notify.releases` " + yesNo + "a list.\n" +
			"line 4: `notify.silence` " + yesNo + "`1`."},

		// People.
		{"people: [jane]\n", "line 1: `people` takes GitHub logins, each with a Slack user id (`U…`, `W…`), not a list."},
		{"people:\n  jane: jane@example.com\n  joe: C0123\n", "line 2: `jane@example.com` is no Slack user id (`U…`, `W…`). " + copyID + "\n" +
			"line 3: `C0123` is no Slack user id (`U…`, `W…`). " + copyID},
		{"people:\n  '@bob': U12\n  x y: U12\n", "line 2: `@bob` is no GitHub login. Did you mean `bob`?\nline 3: `x y` is no GitHub login."},
		{"people:\n  a: <@U123>\n  b: u0123\n", "line 2: `&lt;@U123&gt;` is no Slack user id. Did you mean `U123`?\nline 3: `u0123` is no Slack user id. Did you mean `U0123`?"},
		{"people:\n  joe: U123\n  Joe: U124\n", "line 3: `joe` is set twice; it stands on line 2 too."},
		{"people:\n  ann:\n  zoe: [U1]\n", "line 2: `ann` takes a Slack user id (`U…`, `W…`), not nothing. " + copyID + "\nline 3: `zoe` takes a Slack user id (`U…`, `W…`), not a list. " + copyID},
		{"people:\n  jane: ghp_0123456789abcdefABCDEF0123456789abcd\n", "line 2: `ghp_[secret]` is no Slack user id (`U…`, `W…`). " + copyID},

		// Access.
		{"access:\n  restore: everyone\n  hold: '*'\n", "line 2: `access.restore` cannot be `everyone`" + widens + "\nline 3: `access.hold` cannot be `*`" + widens},
		{"access:\n  restore: [U123, Anyone]\n  hold: [\"@here\"]\n  deploy: <!channel>\n", "line 2: `access.restore` cannot be `Anyone`" + widens + "\n" +
			"line 3: `access.hold` cannot be `@here`" + widens + "\nline 4: `access.deploy` cannot be `&lt;!channel&gt;`" + widens},
		{"access:\n  restore: yes\n  hold: true\n  deploy: collaborators\n", "line 2: `access.restore` cannot be `yes`" + widens + "\nline 3: `access.hold` cannot be `true`" + widens + "\n" +
			"line 4: `access.deploy` cannot be `collaborators`" + widens},
		{"access: {shedule: none}\n", "line 1: there is no `access.shedule`. Did you mean `access.schedule`?"},
		{"access: everyone\n", "line 1: `access` takes settings of its own below it, such as `deploy`, not `everyone`."},
		{"access: {restore: []}\n", "line 1: `access.restore` takes `none`, or a list of Slack user ids and `\"@usergroup\"` handles, not an empty list."},
		{"access: {restore: }\n", "line 1: `access.restore` has no value. " + circle},
		{"access: {restore: {U1: yes}}\n", "line 1: `access.restore` takes `none`, or a list of Slack user ids and `\"@usergroup\"` handles, not a map."},
		{"access:\n  restore:\n    - U123\n    - none\n    -\n", "line 4: `access.restore` holds `none` in a list. It is `none` alone, or a list without it.\n" +
			"line 5: `access.restore` has nothing in its list. " + circle},
		{"access: {restore: [dba, '@DBA', u0123, S0123]}\n", "line 1: `access.restore` cannot hold `dba`. If that is a user group, write `\"@dba\"`.\n" +
			"line 1: `access.restore` cannot hold `@DBA`. Did you mean `\"@dba\"`? Handles are lower case.\n" +
			"line 1: `access.restore` cannot hold `u0123`. Did you mean `U0123`?\nline 1: `access.restore` cannot hold `S0123`. " + circle},

		// Apps.
		{"apps:\n  peny-qa: {branch: x}\n  foo:\n", "line 2: `peny-qa` is no app of this repository. Did you mean `penny-qa`?\n" +
			"line 3: `foo` is no app of this repository. Its apps are: `penny-university` and `penny-qa`."},
		{"apps:\n  penny-qa: {apps: {}, branch: []}\n  penny-qa: {}\n", "line 2: `apps` cannot be set for a single app.\n" +
			"line 2: `branch` takes the name of a branch, not an empty list.\nline 3: `penny-qa` is set twice; it stands on line 2 too."},
		{"apps: [a]\n", "line 1: `apps` holds names of apps with settings below them, not a list."},
		{"apps: {penny-qa: x}\n", "line 1: `penny-qa` takes settings of its own below it, such as `branch`, not `x`."},
		{"apps: {penny-qa: {notify: {check: x}}}\n", "line 1: there is no `notify.check`. Did you mean `notify.checks`?"},

		// What hides what is set.
		{"branch: &a main\nnotify: {checks: *a}\n", "line 1: `&amp;a` is an anchor" + hides + "\nline 2: `*a` is an alias" + hides},
		{"deploy: {<<: {step: x}}\n", "line 1: `&lt;&lt;` is a merge key" + hides},
		{"branch: !!str 1.10\nnotify: !x {checks: all}\n", "line 1: `!!str` is a tag. Write the value alone.\nline 2: `!x` is a tag. Write the value alone."},
		{"branch: a\n---\nbranch: b\n", "line 2: a second document begins here. slipway reads a file with one; take out the `---`."},

		// Text.
		{"branch: a\n# \xff\nnotify:\n\tchecks: all\n \t silence: no\n\t\n", "line 2: this is not UTF-8. Save the file in that encoding.\n" +
			"line 4: this line is indented with a tab. YAML wants spaces.\nline 5: this line is indented with a tab. YAML wants spaces."},
		{"branch: a\x00\nbranch: a\u202eb\n# \u2028", "line 1: a character that cannot be seen stands here (U+0000). Take it out.\n" +
			"line 2: a character that cannot be seen stands here (U+202E). Take it out.\nline 3: a character that cannot be seen stands here (U+2028). Take it out."},
		{strings.Repeat("#", 64<<10) + "\n", "the file is larger than 64 KB, which is all that slipway reads."},

		// What is no YAML.
		{"access:\n  restore: [U123, @dba]\n", "line 2: what begins with `@` must stand in quotes: `\"@…\"`."},
		{"branch: %x\n", "line 1: what begins with `%` must stand in quotes: `\"%…\"`."},
		{"branch: `x`\n", "line 1: what begins with a backtick must stand in quotes."},
		{"access:\n  restore: *\n", "line 2: " + star},
		{"access:\n  restore: *all\n", "line 2: " + star},
		{"branch: &\n", "line 1: `&amp;` is an anchor" + hides},
		{"access:\n  restore: [U1, U2\n  hold: none\n", "line 2: the list that begins here is not closed, or a comma is missing in it."},
		{"notify: {checks: all\n", "line 1: the map that begins here is not closed, or a comma is missing in it."},
		{"branch: \"x\nnotify:\n", "line 1: the quote that begins here is never closed."},
		{"branch: a: b\n", "line 1: " + colon},
		{"branch: x\n  notify: y\n", "line 2: " + colon},
		{"branch: 'x' y\n", "line 1: " + astray},
		{"notify:\n    checks: all\n  silence: no\n", "line 3: " + astray},
		{"branch: \"\\q\"\n", "line 1: this is not YAML: found unknown escape character."},
		{"branch: [\n", "line 1: this is not YAML: did not find expected node content."},
		{strings.Repeat("[", 50), "line 1: " + deep},
		{strings.Repeat("- ", 50), "line 1: " + deep},
	} {
		s, faults := Parse([]byte(tc.in), apps)
		if got := faults.Error(); got != tc.want {
			t.Errorf("%.80q:\n got %s\nwant %s", tc.in, got, tc.want)
		}
		if s.top != nil || s.apps != nil {
			t.Errorf("%.80q: a faulty file gives settings", tc.in)
		}
	}
}

func TestOfAGreatManyFaultsTheFirstAreTold(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for i := range 100 {
		fmt.Fprintf(&b, "x%d: 1\n", i)
	}
	_, faults := Parse([]byte(b.String()), apps)
	if len(faults) != 31 || faults[29].Line != 30 || faults[30] != (Fault{Text: "there may be more; slipway stops at 30."}) {
		t.Errorf("%d faults:\n%s", len(faults), faults.Error())
	}
}

func TestWithoutAppsNoneCanSetAnything(t *testing.T) {
	t.Parallel()
	_, faults := Parse([]byte("apps: {penny: {}}"), nil)
	if got, want := faults.Error(), "line 1: `penny` is no app of this repository."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
