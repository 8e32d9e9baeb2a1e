package chattest

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	slacksim "slipway/integrations/sim/slack"
)

// canary is in every text of the attackers, and in nothing of ours.
const canary = "zq"

// judge reads what was sent to Slack as Slack does, and tells what in it is not of slipway's making.
type judge struct {
	people   []string // who may be mentioned, by id
	channels []string
	hosts    []string // where links may lead
}

// entry judges all that people see of a change in Slack.
func (j judge) entry(e slacksim.Entry) (faults []string) {
	if m := e.Message; m != nil {
		drawn := len(m.Blocks) > 0 && string(m.Blocks) != "[]" // then the text is for notifications, which link nothing
		faults = append(faults, j.mrkdwn(m.Text, drawn)...)
		faults = append(faults, j.json(m.Blocks)...)
		faults = append(faults, j.json(m.Attachments)...)
	}
	if v := e.View; v != nil {
		for _, text := range []string{v.Title, v.Submit, v.Close} {
			faults = append(faults, plainFaults(text)...)
		}
		for _, text := range v.Errors {
			faults = append(faults, plainFaults(text)...)
		}
		faults = append(faults, j.json(v.Blocks)...)
	}
	return faults
}

// json judges every text object in blocks, wherever it is.
func (j judge) json(raw json.RawMessage) []string {
	if len(raw) == 0 {
		return nil
	}
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		return []string{err.Error()}
	}
	return j.value(v)
}

func (j judge) value(v any) (faults []string) {
	switch v := v.(type) {
	case []any:
		for _, one := range v {
			faults = append(faults, j.value(one)...)
		}
	case map[string]any:
		text, _ := v["text"].(string)
		verbatim, _ := v["verbatim"].(bool)
		switch v["type"] {
		case "mrkdwn":
			return j.mrkdwn(text, verbatim)
		case "plain_text":
			return plainFaults(text)
		}
		for _, one := range v {
			faults = append(faults, j.value(one)...)
		}
	}
	return faults
}

var (
	markedBy   = regexp.MustCompile(`<[^<>\n]*>`)
	fenced     = regexp.MustCompile("(?s)```.*?```")
	spanned    = regexp.MustCompile("`[^`\n]+`")
	entity     = regexp.MustCompile(`&(?:amp|lt|gt);`)
	aDate      = regexp.MustCompile(`^!date\^[0-9]{9,11}\^[a-z_{} ]+\|[0-9A-Za-z: ]+$`)
	aLink      = regexp.MustCompile(`^(https?://[^|<>\s]+)(?:\|[^|<>\n]+)?$`)
	summons    = regexp.MustCompile(`(?i)(?:^|[^a-z0-9])@(?:here|channel|everyone|group)(?:$|[^a-z0-9])`)
	named      = regexp.MustCompile(`:(\+1|-1|[a-z0-9_'-]*[a-z][a-z0-9_'-]*):`)
	foreignEnd = regexp.MustCompile(canary + `[0-9a-z]* ?$`)
	address    = regexp.MustCompile(`(?i)https?://|mailto:|evil\.example`)
	missed     = regexp.MustCompile(`%!.?\(|%!$`) // a text was taken for a format
)

// mrkdwn judges a text with marks; in a verbatim one only what is marked is a link.
func (j judge) mrkdwn(text string, verbatim bool) []string {
	faults := plainFaults(text)
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }

	for _, m := range markedBy.FindAllString(text, -1) {
		if why := j.marked(m[1 : len(m)-1]); why != "" {
			fault("%s: %s", m, why)
		}
	}
	prose := markedBy.ReplaceAllString(text, "\ue000")
	if strings.ContainsAny(prose, "<>") {
		fault("an angle bracket stands alone")
	}
	if strings.Contains(entity.ReplaceAllString(prose, ""), "&") {
		fault("an & is not escaped")
	}
	prose = spanned.ReplaceAllString(fenced.ReplaceAllString(prose, "\ue001"), "\ue001")
	if strings.Contains(prose, "`") {
		fault("a span of code is not closed")
	}
	for _, word := range strings.Fields(prose) {
		if strings.Contains(word, canary) && utf8.RuneCountInString(word) > 220 {
			fault("a word of %d characters", utf8.RuneCountInString(word))
		}
	}
	for line := range strings.Lines(prose) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(strings.TrimLeft(line, " \t"), "&gt;") {
			fault("a quote: %s", line)
		}
		for _, inner := range emphasized(line) {
			if strings.Contains(inner, canary) {
				fault("emphasis: %s", inner)
			}
		}
	}
	if m := summons.FindString(prose); m != "" {
		fault("a channel is called: %s", m)
	}
	if m := address.FindString(prose); m != "" && !verbatim {
		fault("an address becomes a link: %s", m)
	}
	for _, m := range named.FindAllStringSubmatchIndex(prose, -1) {
		if pictures[prose[m[0]:m[1]]] == "" || strings.HasPrefix(prose[m[1]:], canary) || foreignEnd.MatchString(prose[:m[0]]) {
			fault("a foreign emoji: %s", prose[m[0]:])
		}
	}
	return faults
}

// marked says what is wrong with what stands in angle brackets.
func (j judge) marked(inner string) string {
	kind, _, _ := strings.Cut(inner, "|")
	link := aLink.FindStringSubmatch(inner)
	switch {
	case aDate.MatchString(inner) && !strings.Contains(inner, canary):
		return ""
	case strings.HasPrefix(inner, "@") && slices.Contains(j.people, inner[1:]):
		return ""
	case strings.HasPrefix(inner, "#") && slices.Contains(j.channels, inner[1:]):
		return ""
	case link != nil:
		if u, err := url.Parse(link[1]); err != nil || !slices.Contains(j.hosts, u.Host) || u.User != nil {
			return "a link that is not ours"
		}
		return ""
	}
	return "a mark that is not ours: " + kind
}

// title is how slipway sets the thing apart that a line is about. It may have a foreign name.
var title = regexp.MustCompile(`^(?::[a-z_]+: )?\*([^*]+)\*(?:[:, ]|$)`)

// emphasized gives what marks could set apart in a line, whatever Slack's rule at the edges of words is, but for its title.
func emphasized(line string) (inner []string) {
	if m := title.FindStringSubmatchIndex(line); m != nil {
		line = line[m[2]:m[3]] + " " + line[m[3]+1:]
	}
	runes := []rune(line)
	wordy := func(i int) bool {
		return i >= 0 && i < len(runes) && (unicode.IsLetter(runes[i]) || unicode.IsDigit(runes[i]))
	}
	blank := func(i int) bool { return i < 0 || i >= len(runes) || unicode.IsSpace(runes[i]) }
	for _, mark := range "*_~" {
		open := -1
		for i, r := range runes {
			if r != mark {
				continue
			}
			if open >= 0 && i > open+1 && !wordy(i+1) && !blank(i-1) {
				inner = append(inner, string(runes[open+1:i]))
			}
			if !wordy(i-1) && !blank(i+1) {
				open = i
			}
		}
	}
	return inner
}

// mostMarks is how many marks one letter may carry. No language's writing needs more.
const mostMarks = 4

// plainFaults judges a text without marks.
func plainFaults(text string) (faults []string) {
	if !utf8.ValidString(text) {
		faults = append(faults, "it is no UTF-8")
	}
	marks, before := 0, ' '
	for _, r := range text {
		if marks++; !unicode.Is(unicode.M, r) {
			marks = 0
		}
		switch {
		case r == '\n':
		case unicode.IsControl(r), unicode.Is(unicode.Zl, r), unicode.Is(unicode.Zp, r):
			faults = append(faults, fmt.Sprintf("the control character %U", r))
		case unseen(r) && (!(r == '\u200c' || r == '\u200d') || before < 0x80):
			faults = append(faults, fmt.Sprintf("the unseen character %U", r))
		case marks == mostMarks+1:
			faults = append(faults, "a flood of marks")
		}
		before = r
	}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(strings.TrimLeft(line, " "), canary+"line") {
			faults = append(faults, "a foreign line: "+line)
		}
	}
	if m := missed.FindString(text); m != "" {
		faults = append(faults, "a text was taken for a format: "+m)
	}
	return faults
}

// unseen tells what has no width, turns the direction of writing or is drawn as nothing.
func unseen(r rune) bool {
	if unicode.Is(unicode.Prepended_Concatenation_Mark, r) {
		return false
	}
	return unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point) || r == '\u2800' || r >= 0xe0100 && r <= 0xe01ef
}

// The judge is worth something only if it finds each attack that nobody made harmless.
func TestTheJudgeFindsEveryAttackThatIsNotEscaped(t *testing.T) {
	t.Parallel()
	j := judge{people: []string{"U0ALICE"}, channels: []string{"C0DEPLOYS"}, hosts: []string{"github.com"}}
	for _, a := range attacks {
		if len(j.mrkdwn("Merged: "+a+", by alice", false)) == 0 && len(j.mrkdwn(a, false)) == 0 && !harmless[a] {
			t.Errorf("not found: %q", a)
		}
	}
}

func TestTheJudgeLetsPassWhatIsOurs(t *testing.T) {
	t.Parallel()
	j := judge{people: []string{"U0ALICE"}, channels: []string{"C0DEPLOYS"}, hosts: []string{"github.com"}}
	for _, text := range []string{
		":white_check_mark: *<https://github.com/o/r/pull/46|#46> Mute a chat*: live in v123",
		"<@U0ALICE>: `test-backend (3.8)` failed &amp; more in <#C0DEPLOYS> at <!date^1767621600^{time}|14:00 UTC>",
		"• 2 * 3 ~ 6, snake_case_name, ∗zq∗ ˍzqˍ ∼zq∼ 'zq' ＠here &lt;!channel&gt;",
		"```\nFAILED zq\n```\n*Next*: `/deploy status`",
		"family 👩\u200d👧 and نمی\u200cدانم",
	} {
		if faults := j.mrkdwn(text, true); len(faults) > 0 {
			t.Errorf("%q: %q", text, faults)
		}
	}
}
