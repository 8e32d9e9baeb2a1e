package main

import (
	"bufio"
	"cmp"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"slipway/bot/audit"
	"slipway/bot/say"
)

// auditPrinter prints the rows that were asked for, one by one.
type auditPrinter struct {
	options auditOptions
	out     *bufio.Writer
	table   *csv.Writer // nil but for CSV
	printed int
	apps    map[string]bool // that there are entries about, as far as they are remembered
}

// rememberedApps bounds how many names can be suggested for one that is misspelt.
const rememberedApps = 1000

func newAuditPrinter(o auditOptions, out io.Writer) *auditPrinter {
	p := &auditPrinter{options: o, out: bufio.NewWriter(out), apps: map[string]bool{}}
	if o.format == asCSV {
		p.table = csv.NewWriter(p.out)
		_ = p.table.Write([]string{"seq", "time", "app", "operation", "who", "what", "text", "detail", "hash"}) // end tells
	}
	return p
}

func (p *auditPrinter) row(r audit.Row) error {
	if len(p.apps) < rememberedApps {
		p.apps[r.App] = true
	}
	if !p.options.wants(r) {
		return nil
	}
	p.printed++
	switch p.options.format {
	case asJSON:
		return p.json(r)
	case asCSV:
		return p.csv(r)
	default:
		return p.text(r)
	}
}

// end writes what was held back.
func (p *auditPrinter) end() error {
	if p.table != nil {
		p.table.Flush()
		if err := p.table.Error(); err != nil {
			return err
		}
	}
	return p.out.Flush()
}

// nothing says that no row is as it was asked for.
func (p *auditPrinter) nothing() string {
	if app := p.options.app; app != "" && !p.apps[app] {
		hint := ""
		if near, ok := say.Nearest(app, slices.Sorted(maps.Keys(p.apps))); ok && near != "" {
			hint = fmt.Sprintf("; did you mean %s?", printable(near))
		}
		return fmt.Sprintf("no row is about an app %q%s", app, hint)
	}
	return "no row is as asked for"
}

// auditRow is a row as JSON has it. Programs read it: add fields, never rename them.
type auditRow struct {
	Seq       int64             `json:"seq"`
	Time      string            `json:"time"`
	App       string            `json:"app"`
	Operation string            `json:"operation"`
	Who       string            `json:"who"`
	What      string            `json:"what"`
	Text      string            `json:"text"`
	Detail    map[string]string `json:"detail"`
	Hash      string            `json:"hash"`
}

// exactTime is RFC 3339 with the milliseconds, of which each row has three digits.
const exactTime = "2006-01-02T15:04:05.000Z07:00"

func (p *auditPrinter) json(r audit.Row) error {
	detail := r.Detail
	if detail == nil {
		detail = map[string]string{}
	}
	e := json.NewEncoder(p.out)
	e.SetEscapeHTML(false)
	return e.Encode(auditRow{r.Seq, r.At.UTC().Format(exactTime), r.App, r.Operation, r.Who, r.What, r.Text, detail, r.Hash})
}

func (p *auditPrinter) csv(r audit.Row) error {
	return p.table.Write([]string{
		strconv.FormatInt(r.Seq, 10), r.At.UTC().Format(exactTime), inert(r.App), inert(r.Operation), inert(r.Who), inert(r.What),
		inert(r.Text), inert(strings.Join(detailLines(r.Detail), "\n")), inert(r.Hash),
	})
}

// inert keeps a spreadsheet from taking a cell for a formula (https://owasp.org/www-community/attacks/CSV_Injection).
func inert(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

func detailLines(detail map[string]string) []string {
	var lines []string
	for _, key := range slices.Sorted(maps.Keys(detail)) {
		lines = append(lines, key+": "+detail[key])
	}
	return lines
}

// text prints a line that says when, who and what, and the rest below it.
func (p *auditPrinter) text(r audit.Row) error {
	line := fmt.Sprintf("%s  #%d  %s  %s %s", r.At.UTC().Format(time.DateTime+" UTC"), r.Seq,
		cmp.Or(r.App, "(no app)"), cmp.Or(r.Who, "slipway"), r.What)
	if r.Operation != "" {
		line += ", operation " + r.Operation
	}
	lines := []string{printable(line)}
	if r.Text != "" {
		for l := range strings.Lines(r.Text) {
			lines = append(lines, "    "+printable(strings.TrimSuffix(l, "\n")))
		}
	}
	for _, l := range detailLines(r.Detail) {
		lines = append(lines, "    "+printable(l))
	}
	_, err := fmt.Fprintln(p.out, strings.Join(lines, "\n"))
	return err
}

// printable is one line with nothing in it that a terminal would obey, or that would turn what stands behind it around: what the
// database has may not be what slipway wrote.
func printable(line string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsGraphic(r):
			return r
		case r == '\u200c', r == '\u200d': // emoji and several scripts need them
			return r
		}
		return '\uFFFD'
	}, line)
}
