package heroku

import (
	"bufio"
	"io"
	"mime"
	"net/http"
	"regexp"
	"strings"
	"time"
)

// maxLogLine is how much of a line is kept, in bytes. Heroku breaks lines at 10,000.
const maxLogLine = 64 << 10

// LogLine is one line of an app's log.
type LogLine struct {
	At     time.Time
	Source string // "app", or "heroku" for what Heroku says of a dyno
	Dyno   string // "run.1234", "web.1", "router", "api"
	Text   string // without time, source and dyno; the whole line if it is of no known form
}

var logForm = regexp.MustCompile(`^(\d{4}-\d\d-\d\dT\S+) ([a-z][\w-]*)\[([^\]\s]+)\]: ?(.*)$`)

// ParseLogLine reads a line as log streams have it: 2026-11-22T13:51:22Z app[run.1234]: hello.
func ParseLogLine(s string) LogLine {
	s = strings.ToValidUTF8(strings.TrimRight(s, "\r\n"), "")
	m := logForm.FindStringSubmatch(s)
	if m == nil {
		return LogLine{Text: s}
	}
	at, err := time.Parse(time.RFC3339Nano, m[1])
	if err != nil {
		return LogLine{Text: s}
	}
	return LogLine{At: at.UTC(), Source: m[2], Dyno: m[3], Text: m[4]}
}

// lineReader reads a log stream, as events or as plain text.
type lineReader struct {
	r      *bufio.Reader
	events bool
	last   string // id of the last line given

	id   string // of the event being read
	data []string
}

func newLineReader(h http.Header, r io.Reader, from string) *lineReader {
	kind, _, _ := mime.ParseMediaType(h.Get("Content-Type"))
	return &lineReader{r: bufio.NewReader(r), events: kind == "text/event-stream", last: from}
}

// next gives the next line. At the end it is io.EOF; a last line without its end is given if the text is plain, and is
// an event that was cut otherwise.
func (l *lineReader) next() (LogLine, error) {
	for {
		s, err := l.line()
		if err != nil {
			return LogLine{}, err
		}
		switch {
		case !l.events:
			return ParseLogLine(s), nil
		case s != "":
			l.field(s)
		case len(l.data) > 0:
			text := strings.Join(l.data, " ")
			l.last, l.data = l.id, nil
			return ParseLogLine(text), nil
		}
	}
}

// field reads one line of an event (WHATWG HTML, "Server-sent events").
func (l *lineReader) field(s string) {
	name, value, _ := strings.Cut(s, ":")
	value = strings.TrimPrefix(value, " ")
	switch name {
	case "data":
		if len(l.data) < 100 { // more is no log line
			l.data = append(l.data, value)
		}
	case "id":
		l.id = value
	}
}

// line reads up to the end of a line and keeps its first maxLogLine bytes: a scanner would stop at a long one.
func (l *lineReader) line() (string, error) {
	var kept []byte
	for {
		part, err := l.r.ReadSlice('\n')
		kept = append(kept, part[:min(len(part), maxLogLine-len(kept))]...)
		switch {
		case err == nil:
			return strings.TrimRight(string(kept), "\r\n"), nil
		case err == bufio.ErrBufferFull:
		case err == io.EOF && len(kept) > 0 && !l.events:
			return string(kept), nil
		default:
			return "", err
		}
	}
}
