package github

import (
	"encoding/json"
	"strconv"
	"time"
)

// stamp reads the times of GitHub's payloads: most are RFC 3339, some have a space in place of the T and no zone, some
// are seconds since 1970. One that cannot be read is no time: nothing hangs on it alone.
type stamp time.Time

var stampForms = [...]string{time.RFC3339, "2006-01-02 15:04:05 MST", "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05"}

// UnmarshalJSON implements json.Unmarshaler. It never fails.
func (s *stamp) UnmarshalJSON(b []byte) error {
	*s = stamp{}
	if n, err := strconv.ParseInt(string(b), 10, 64); err == nil && n > 0 && n < 1<<36 {
		*s = stamp(time.Unix(n, 0))
		return nil
	}
	var text string
	if json.Unmarshal(b, &text) != nil {
		return nil
	}
	for _, form := range stampForms {
		if t, err := time.Parse(form, text); err == nil && t.UTC().Year() < 10_000 { // later ones cannot be stored
			*s = stamp(t)
			return nil
		}
	}
	return nil
}

// time is the time in UTC, the zero time for none.
func (s stamp) time() time.Time {
	if t := time.Time(s); !t.IsZero() {
		return t.UTC()
	}
	return time.Time{}
}
