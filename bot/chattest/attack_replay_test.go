package chattest

import (
	"bytes"
	"cmp"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"slipway/integrations/sim/world"
)

// caught is a webhook as somebody on the way has seen it.
type caught struct {
	sender string
	header http.Header
	body   []byte
}

// catch gives every webhook that was sent, in the order of the answers.
func catch(w *world.World) (list []caught) {
	github, _ := w.GitHub.Deliveries(0)
	for _, d := range github {
		list = append(list, caught{"github", d.RequestHeader, d.Body})
	}
	heroku, _ := w.Heroku.Deliveries(0)
	for _, d := range heroku {
		list = append(list, caught{"heroku", http.Header{
			"Content-Type": {"application/json"}, "Heroku-Webhook-Hmac-Sha256": {base64.StdEncoding.EncodeToString(sum(d.Body))},
		}, d.Body})
	}
	return list
}

func sum(body []byte) []byte {
	h := hmac.New(sha256.New, []byte(world.DefaultSecret))
	h.Write(body)
	return h.Sum(nil)
}

// again is the same, as something else: GitHub's id is in no signature. Heroku's is, and stays.
func (c caught) again(id string) caught {
	header := c.header.Clone()
	if c.sender == "github" {
		header.Set("X-GitHub-Delivery", id)
	}
	return caught{c.sender, header, c.body}
}

func (c caught) with(name string, values ...string) caught {
	header := c.header.Clone()
	header[http.CanonicalHeaderKey(name)] = values
	return caught{c.sender, header, c.body}
}

func (c caught) without(name string) caught {
	header := c.header.Clone()
	header.Del(name)
	return caught{c.sender, header, c.body}
}

// send brings it to the bot and gives the status of the answer.
func (c caught) send(t *testing.T, s *stage) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+hooksAddr+"/webhooks/"+c.sender, bytes.NewReader(c.body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = c.header
	answer, err := (&http.Client{Transport: s.sender}).Do(r)
	if err != nil {
		t.Error(err)
		return 0
	}
	_, _ = io.Copy(io.Discard, answer.Body)
	_ = answer.Body.Close()
	return answer.StatusCode
}

// arrivals are the tables that tell what arrived, how often something was folded, and who looks after it; a replay may stand
// in them.
var arrivals = []string{"deliveries", "delivery_bodies", "inbox", "ledger_heard", "ledger_turn", "routes", "alive", "processes", "duties", "presences", "strangers"}

// learnt is all that the bot knows, by table, but for arrivals.
func learnt(t *testing.T, path string) map[string]string {
	t.Helper()
	tables := dump(t, path)
	maps.DeleteFunc(tables, func(name, _ string) bool { return slices.Contains(arrivals, name) || strings.HasPrefix(name, "river_") })
	return tables
}

// quiet is all tables but those that tell what connections there are, which change by themselves.
func quiet(t *testing.T, path string) map[string]string {
	t.Helper()
	tables := dump(t, path)
	delete(tables, "presences")
	delete(tables, "strangers")
	return tables
}

func differ(t *testing.T, what string, before, after map[string]string) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(after)) {
		if before[name] != after[name] {
			t.Errorf("%s: table %s was\n%s\n\tand is\n%s", what, name, before[name], after[name])
		}
	}
}

// story is a day at work: checks that fail and pass, a merge that goes live, a release phase that fails, a change by hand.
var story = []string{
	"!ci fail 45 test-backend", "!push 45", "!wait", "!push 45", "!wait",
	"!merge 46", "!wait", "!release-phase fail", "!merge 45", "!wait",
	"!config FEATURE_X=on", "!wait", "!cli rollback v122", "!wait", "!direct hotfix", "!wait", "!clock 6m",
}

// shortStory is what of it is played with -race, where all of it would take a minute.
var shortStory = []string{"!push 45", "!wait", "!merge 46", "!wait"}

// rehearsed plays the story and then what somebody does who has seen all webhooks of it.
func rehearsed(t *testing.T, then func(t *testing.T, s *stage, p *Player, path string, list []caught)) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "slipway.db")
	var log bytes.Buffer
	synctest.Test(t, func(t *testing.T) {
		s := open(t, setting{}, hostOf(path, &log))
		defer s.close()
		p := NewPlayer(s.World, s.bot, bubbleClock{}, io.Discard)
		p.Settle()
		lines := story
		if raceDetector {
			lines = shortStory
		}
		for _, l := range lines {
			if err := p.Line(l); err != nil {
				t.Fatalf("%s: %v", l, err)
			}
		}
		then(t, s, p, path, catch(s.World))
	})
}

// written is what was ever written to Slack, and how often that was tried.
func written(w *world.World) (entries, calls int) {
	_, entries = w.Slack.Journal(0)
	_, calls = w.Slack.Weather().Requests(0)
	return entries, calls
}

func TestAWebhookReplayedWithANewIDChangesNothing(t *testing.T) {
	t.Parallel()
	rehearsed(t, func(t *testing.T, s *stage, p *Player, path string, list []caught) {
		if len(list) < 30 {
			t.Fatalf("only %d webhooks were seen", len(list))
		}
		before := learnt(t, path)
		entries, calls := written(s.World)
		n := 0
		for _, what := range []string{"in their order", "from the end"} {
			if what == "from the end" {
				slices.Reverse(list)
			}
			for _, c := range list {
				n++
				if status := c.again(fmt.Sprintf("00000000-0000-4000-8000-%012d", n)).send(t, s); status != http.StatusAccepted {
					t.Errorf("a webhook of %s: answered %d", c.sender, status)
				}
			}
			p.Settle()
			if busy := s.bot.Busy(); busy > 0 {
				t.Errorf("%s: %d are not worked", what, busy)
			}
			differ(t, what, before, learnt(t, path))
		}
		if e, c := written(s.World); e != entries || c != calls {
			t.Errorf("Slack was told %d times, and called %d times", e-entries, c-calls)
		}
	})
}

// What is refused leaves no trace, not even among the deliveries.
func TestAForgedWebhookIsRefusedAndNotKept(t *testing.T) {
	t.Parallel()
	rehearsed(t, func(t *testing.T, s *stage, p *Player, path string, list []caught) {
		i := slices.IndexFunc(list, func(c caught) bool { return c.header.Get("X-GitHub-Event") == "pull_request" })
		j := slices.IndexFunc(list, func(c caught) bool { return c.sender == "heroku" && bytes.Contains(c.body, []byte(`"release"`)) })
		if i < 0 || j < 0 {
			t.Fatal("the webhooks that are to be forged are missing")
		}
		gh, hk := list[i].again("00000000-0000-4000-8000-000000000001"), list[j]
		const ghName, hkName = "X-Hub-Signature-256", "Heroku-Webhook-Hmac-Sha256"
		other := hex.EncodeToString(sum([]byte("another body")))
		old := hmac.New(sha1.New, []byte(world.DefaultSecret))
		old.Write(gh.body)
		before := quiet(t, path)
		for _, forged := range []struct {
			what   string
			caught caught
			status int
		}{
			{"unsigned", gh.without(ghName).without("X-Hub-Signature"), http.StatusUnauthorized},
			{"only SHA-1", gh.without(ghName).with("X-Hub-Signature", "sha1="+hex.EncodeToString(old.Sum(nil))), http.StatusUnauthorized},
			{"signed for another body", gh.with(ghName, "sha256="+other), http.StatusUnauthorized},
			{"another body", caught{gh.sender, gh.header, bytes.Replace(gh.body, []byte(`"closed"`), []byte(`"opened"`), 1)[1:]}, http.StatusUnauthorized},
			{"an empty body", caught{gh.sender, gh.header, nil}, http.StatusUnauthorized},
			{"two signatures, the first wrong", gh.with(ghName, "sha256="+other, gh.header.Get(ghName)), http.StatusUnauthorized},
			{"two in one", gh.with(ghName, "sha256="+other+", "+gh.header.Get(ghName)), http.StatusUnauthorized},
			{"a huge header", gh.with("X-Padding", strings.Repeat("x", 2<<20)), http.StatusRequestHeaderFieldsTooLarge},
			{"a huge signature", gh.with(ghName, "sha256="+strings.Repeat("0", 500_000)), http.StatusUnauthorized},
			{"at the other door", caught{"heroku", gh.header, gh.body}, http.StatusUnauthorized},
			{"Heroku's, unsigned", hk.without(hkName), http.StatusUnauthorized},
			{"Heroku's, for another body", hk.with(hkName, base64.StdEncoding.EncodeToString(sum([]byte("x")))), http.StatusUnauthorized},
			{"Heroku's, two, the first wrong", hk.with(hkName, "AAAA", hk.header.Get(hkName)), http.StatusUnauthorized},
			{"Heroku's at GitHub's door", caught{"github", hk.header, hk.body}, http.StatusUnauthorized},
			{"an id that is none", gh.with("X-GitHub-Delivery", "x' or 1=1 --"), http.StatusBadRequest},
		} {
			if status := forged.caught.send(t, s); status != forged.status {
				t.Errorf("%s: answered %d", forged.what, status)
			}
		}
		p.Settle()
		differ(t, "forged", before, quiet(t, path))
		if status := gh.send(t, s); status != http.StatusAccepted {
			t.Errorf("the one that they were made of: answered %d", cmp.Or(status, -1))
		}
	})
}
