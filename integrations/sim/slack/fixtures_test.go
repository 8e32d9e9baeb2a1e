package slacksim_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	slacksim "slipway/integrations/sim/slack"
)

// sample says how a payload compares with Slack's own sample of its kind. The samples are unions: they hold every
// field that any payload of the kind has had, and their values are blanked.
type sample struct {
	file string
	need []string // paths that must be sent; "*" after a path means all of that object's fields but those in not
	not  []string // fields of other variants: Enterprise Grid, workflow steps, unfurls
	own  []string // paths that are sent and that the sample does not have, each known from elsewhere
}

var (
	gridFields = []string{"enterprise_id", "enterprise_name"}
	viewBlocks = []string{"view.blocks"} // left out of the samples of payloads, but in those of views.open
	stepFields = []string{"bot_access_token", "function_data", "interactivity", "is_cleared"}
)

// samples are by the name under which TestPayloadsAreShapedLikeSlacksSamples collects the payloads.
var samples = map[string]sample{
	"slash": {"SlashCommandPayload.json", []string{"*"}, gridFields, nil},
	"action": {
		"BlockActionPayload.json",
		[]string{"*", "user.*", "team.*", "channel.*", "actions.*"},
		slices.Concat(gridFields, stepFields, []string{
			"view", "app_unfurl",
			// of the actions: each kind of element has some of these
			"style", "placeholder", "confirm", "url", "initial_option", "selected_option", "selected_user", "initial_user",
			"selected_conversation", "initial_conversation", "selected_channel", "initial_channel", "min_query_length", "selected_date",
			"initial_date", "selected_time", "initial_time", "rich_text_value",
		}), nil,
	},
	"viewAction": {
		"BlockActionPayload.json", []string{"view.*", "container.type", "container.view_id"}, []string{"message", "channel", "response_url"}, viewBlocks,
	},
	"submission": {
		"ViewSubmissionPayload.json",
		[]string{"*", "user.*", "team.*", "view.*"},
		slices.Concat(gridFields, stepFields),
		[]string{"response_urls", "view.blocks"}, // response_urls: slack-go reads it; empty unless an input has response_url_enabled
	},
	"closed":   {"ViewClosedPayload.json", []string{"*", "user.*", "team.*", "view.*"}, slices.Concat(gridFields, stepFields[:3]), viewBlocks},
	"shortcut": {"MessageShortcutPayload.json", []string{"*", "user.*", "team.*", "channel.*"}, slices.Concat(gridFields, stepFields), []string{"action_ts"}},
	"mention": {
		"AppMentionPayload.json", []string{"*"}, []string{"enterprise_id", "authed_users", "authed_teams"}, // authorizations replaced both
		[]string{"event.blocks", "event.is_locked"},
	},
	"home":    {"AppHomeOpenedPayload.json", []string{"*", "event.*", "event.view.*"}, []string{"enterprise_id", "authed_users", "authed_teams"}, []string{"event.view.blocks"}},
	"message": {"MessagePayload.json", []string{"*"}, []string{"enterprise_id", "authed_users", "authed_teams"}, nil},
	"deleted": {"MessageDeletedPayload.json", []string{"*"}, []string{"enterprise_id", "authed_users", "authed_teams"}, []string{"event.previous_message.app_id"}},
}

func TestPayloadsAreShapedLikeSlacksSamples(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(dataPath("SLIPWAY_FIXTURES", "fixtures"), "slack")
	if _, err := os.Stat(dir); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("Slack's sample payloads are not here, and CI needs them: set SLIPWAY_FIXTURES (%v)", err)
		}
		t.Skipf("NOT TESTED: Slack's sample payloads are not here; set SLIPWAY_FIXTURES (%v)", err)
	}
	payloads := map[string]map[string]any{}
	in(t, slacksim.Options{NoLimits: true}, func(t *testing.T, r *rig) { r.collect(payloads) })
	for name, s := range samples {
		text, err := os.ReadFile(filepath.Join(dir, s.file))
		if err != nil {
			t.Fatal(err)
		}
		var want map[string]any
		if err := json.Unmarshal(text, &want); err != nil {
			t.Fatal(err)
		}
		for _, fault := range s.compare(want, payloads[name]) {
			t.Errorf("%s: %s", name, fault)
		}
	}
}

// collect makes one payload of each kind.
func (r *rig) collect(out map[string]map[string]any) {
	k := r.socket()
	next := func(name string, _ any, err error) {
		r.t.Helper()
		if err != nil {
			r.t.Fatal(err)
		}
		f := k.next()
		out[name] = payloadOf(f)
		k.ack(f, nil)
	}
	ts := r.post(deploys, map[string]any{"text": "t", "blocks": []any{button("Go", "go", "1")}})
	d, err := r.Command(alice, deploys, "/deploy", "status")
	next("slash", d, err)
	d, err = r.Click(alice, slacksim.InMessage(deploys, ts), "", "go")
	next("action", d, err)
	d, err = r.Shortcut(alice, "cb", deploys, ts)
	next("shortcut", d, err)
	d, err = r.Say(alice, deploys, "@slipway hi", ts)
	next("mention", d, err)
	d, err = r.Say(alice, r.DM(alice), "hi", "")
	next("message", d, err)
	dm := r.Messages(r.DM(alice))[0].TS
	next("deleted", nil, r.Remove(r.DM(alice), dm))

	id := r.open(k, with(with(modal("M"), "notify_on_close", true), "blocks", []any{button("Go", "go", "1")}))
	d, err = r.Click(alice, slacksim.InView(id), "", "go")
	next("viewAction", d, err)
	d, err = r.Submit(alice, id)
	next("submission", d, err)
	id = r.open(k, with(modal("M"), "notify_on_close", true))
	d, err = r.CloseView(alice, id)
	next("closed", d, err)
	r.call("views.publish", map[string]any{"user_id": alice, "view": map[string]any{"type": "home", "blocks": []any{}}})
	d, err = r.OpenHome(alice)
	next("home", d, err)
	synctest.Wait()
}

// compare gives what is missing in a payload and what it has that no sample has.
func (s sample) compare(want, got map[string]any) []string {
	var faults []string
	for _, path := range s.need {
		object, last := "", path
		if i := strings.LastIndex(path, "."); i >= 0 {
			object, last = path[:i], path[i+1:]
		}
		names := []string{last}
		if last == "*" {
			names = names[:0]
			for name := range dig(want, object) {
				names = append(names, name)
			}
		}
		slices.Sort(names)
		for _, name := range names {
			if _, sent := dig(got, object)[name]; !sent && !slices.Contains(s.not, name) {
				faults = append(faults, fmt.Sprintf("%s has no %s", strings.TrimPrefix("payload."+object, ""), name))
			}
		}
	}
	for _, path := range extra(want, got, "") {
		if !slices.Contains(s.own, path) {
			faults = append(faults, path+" is in no sample")
		}
	}
	return faults
}

// dig gives the object at a dotted path; of a list, its first element.
func dig(v any, path string) map[string]any {
	if path != "" {
		for name := range strings.SplitSeq(path, ".") {
			m, _ := first(v).(map[string]any)
			v = m[name]
		}
	}
	m, _ := first(v).(map[string]any)
	return m
}

func first(v any) any {
	if list, ok := v.([]any); ok && len(list) > 0 {
		return list[0]
	}
	return v
}

// extra gives the paths of got that want does not have. Blocks and states are free.
func extra(want, got any, path string) []string {
	g, ok := first(got).(map[string]any)
	if !ok {
		return nil
	}
	w, _ := first(want).(map[string]any)
	var out []string
	for _, name := range slices.Sorted(maps.Keys(g)) {
		here := strings.TrimPrefix(path+"."+name, ".")
		known, there := w[name]
		switch {
		case !there:
			out = append(out, here)
		case name == "blocks" || name == "state" || name == "attachments":
		default:
			out = append(out, extra(known, g[name], here)...)
		}
	}
	return out
}
