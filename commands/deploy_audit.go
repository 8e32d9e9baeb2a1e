package commands

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"slipway/bot"
	"slipway/bot/abreast"
	"slipway/bot/audit"
	"slipway/bot/phrase"
	"slipway/bot/say"
	"slipway/bot/store"
)

// DeployAudit shows the end of the audit trail.
var DeployAudit = bot.Command{
	Slash: "/deploy",
	Verb:  "audit",
	Args:  "[app]",
	About: bot.OneApp,
	Short: "who asked for what, confirmed what, and what came of it",
	Long: "Shows the last 10 entries of the app's audit trail, the newest last, and whether the trail is whole. `slipway audit`, where" +
		" slipway runs, shows all of it with its details, and checks it.\n`/deploy audit`\n`/deploy audit penny-university`",
	More:   "All of the trail, by time or by operation, where slipway runs: `slipway audit --since 24h`, or `--operation` with its id.",
	Answer: answerAudit,
}

// auditShown is how many entries are shown.
const auditShown = 10

func answerAudit(ctx context.Context, c *bot.Clients, req bot.Request) (bot.Answer, error) {
	reading, cancel := context.WithTimeout(ctx, bot.StoreWithin)
	defer cancel()
	recent, err := c.Audit.Recent(reading, req.App.Name, auditShown)
	if store.Away(err) {
		return bot.Answer{}, say.Refuse("My own database does not answer, and the audit trail is in it. Nothing is changed meanwhile that would have to be written down.\n"+
			"By hand, where slipway runs: %s", say.Code("slipway audit --app "+req.App.Name))
	}
	if err != nil {
		return bot.Answer{}, err
	}
	t := auditTail{now: time.Now(), app: c.Title(ctx, req.App), recent: recent, checked: c.Audit.Checked()}
	t.names = namesOf(ctx, c, recent.Rows)
	return t.words(), nil
}

// namesOf asks Slack for the names of who is in some rows, and in their texts. A mention would call them all when the answer is for
// the channel.
func namesOf(ctx context.Context, c *bot.Clients, rows []audit.Row) map[string]string {
	names := map[string]string{}
	for _, r := range rows {
		names[r.Who] = say.ForeignCode(r.Who, phrase.NameLimit) // unless Slack says more
		for _, mention := range people.FindAllStringSubmatch(r.Text, -1) {
			names[mention[1]] = say.ForeignCode(mention[1], phrase.NameLimit)
		}
	}
	delete(names, "")
	var ask []func()
	found := make(chan [2]string, len(names))
	for id := range names {
		ask = append(ask, func() {
			if u, err := c.Slack.User(ctx, id); err == nil && u.Name != "" {
				found <- [2]string{id, say.Foreign(u.Name, phrase.NameLimit)}
			}
		})
	}
	abreast.Do(ask...)
	close(found)
	for pair := range found {
		names[pair[0]] = pair[1]
	}
	names[""] = "slipway"
	return names
}

// auditTail is the end of an app's trail, and what is known of the whole.
type auditTail struct {
	now     time.Time
	app     string // as titles have it
	recent  audit.Recent
	checked audit.Check
	names   map[string]string // by Slack's id, fit to be shown
}

func (t *auditTail) words() bot.Answer {
	p := &page{title: fmt.Sprintf("*%s*: nothing is in its audit trail yet", t.app)}
	if n := len(t.recent.Rows); n > 0 {
		p.title = fmt.Sprintf("*%s*: the last %s of its audit trail", t.app, say.Count(n, "entry", "entries"))
	}
	for _, r := range t.recent.Rows {
		p.line(t.rowWords(r))
	}
	p.line(t.chainWords())
	return p.answer()
}

func (t *auditTail) rowWords(r audit.Row) string {
	line := fmt.Sprintf("• %s %s %s", say.At(t.now, r.At), t.names[r.Who], t.did(r))
	if text := t.firstLine(r.Text); text != "" {
		line += ": " + say.Foreign(text, phrase.TitleLimit)
	}
	return line
}

// did says what was done, and to what where the text does not say it.
func (t *auditTail) did(r audit.Row) string {
	what := say.Foreign(r.What, phrase.NameLimit)
	if r.What == audit.Refused {
		what = "was refused"
	}
	typed := r.Detail["typed"]
	switch {
	case typed != "":
		return what + " " + say.TypedCode(typed, phrase.TitleLimit)
	case r.Operation == "":
		return what
	}
	switch r.What {
	case audit.Closed:
		return "said what became of " + t.subject(r)
	case audit.Asked:
		return "asked about " + t.subject(r)
	case audit.Expired:
		return "let expire " + t.subject(r)
	case audit.Refused, audit.Cancelled, audit.TakenOver:
		return what + " " + t.subject(r)
	}
	return what
}

// subject names the operation of a row: by its plan where that is among the rows, else by its id.
func (t *auditTail) subject(r audit.Row) string {
	for _, other := range t.recent.Rows {
		if other.Operation == r.Operation && (other.What == audit.Planned || other.What == audit.Confirmed) {
			return "“" + say.Foreign(t.firstLine(other.Text), phrase.TitleLimit) + "”"
		}
	}
	return "operation " + say.ForeignCode(r.Operation, phrase.NameLimit)
}

// firstLine is the first line of what a row says, of a plan its title, with people by their names; not yet fit to be shown.
func (t *auditTail) firstLine(text string) string {
	text = people.ReplaceAllStringFunc(text, func(mention string) string {
		return t.names[people.FindStringSubmatch(mention)[1]]
	})
	line, _, _ := strings.Cut(unmarked(text), "\n")
	return line
}

// people are mentions, as they stand in what was shown in Slack.
var people = regexp.MustCompile(`<@([A-Z0-9]+)(?:\|[^<>]*)?>`)

// marks are links and what else Slack shows otherwise than it is written: <address|label>.
var marks = regexp.MustCompile(`<(?:[^<>|]*\|)?([^<>|]*)>`)

var unescape = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&", "`", "", "*", "")

// unmarked is text that was shown in Slack, as it read there; not yet fit to be shown again.
func unmarked(text string) string { return unescape.Replace(marks.ReplaceAllString(text, "$1")) }

// chainWords say whether the rows are as they were written, and how far that was looked at.
func (t *auditTail) chainWords() string {
	more := " " + say.Code("slipway audit") + ", where slipway runs, says more."
	switch whole := t.checked; {
	case t.recent.Broken != nil:
		return ":x: The trail is broken: " + say.Foreign(t.recent.Broken.Text, brokenLimit) + "." + more
	case whole.Broken != nil:
		return fmt.Sprintf(":x: The trail was broken when all of it was checked at %s: %s.%s", say.At(t.now, whole.At), say.Foreign(whole.Broken.Text, brokenLimit), more)
	case t.recent.Linked == 0:
		return "Nothing has been written into the trail of any app."
	case t.recent.All:
		return fmt.Sprintf(":white_check_mark: The chain is whole: %s of all apps, checked just now.", t.newest())
	case whole.At.IsZero():
		return fmt.Sprintf(":grey_question: The newest %s of all apps fit together; the whole chain has not been checked since I started.", t.newest())
	default:
		return fmt.Sprintf(":white_check_mark: The chain is whole: the newest %s of all apps were checked just now, all %d at %s.", t.newest(), whole.Head.Seq, say.At(t.now, whole.At))
	}
}

// brokenLimit is how much is said of what is wrong, in characters: a sentence of two hashes fits.
const brokenLimit = 200

// newest counts the rows that were looked at just now.
func (t *auditTail) newest() string { return say.Count(t.recent.Linked, "row", "rows") }
