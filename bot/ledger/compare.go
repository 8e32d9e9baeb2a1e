package ledger

import (
	"bytes"
	"reflect"
	"time"
)

// Difference is a subject of which two ledgers know different things.
type Difference struct {
	Subject
	This, Other string // JSON; "" if nothing is known
}

// Compare tells how what is known differs from another ledger's, but for who told it and when, and for what is only known
// of the telling itself.
func (k *Known) Compare(other *Known) []Difference {
	var list []Difference
	for _, f := range k.Facts() {
		s := f.Subject()
		o, known := other.facts[s.Kind][s.Key]
		switch {
		case !known:
			list = append(list, Difference{Subject: s, This: string(text(plain(f)))})
		case !equal(plain(f), plain(o)):
			list = append(list, Difference{Subject: s, This: string(text(plain(f))), Other: string(text(plain(o)))})
		}
	}
	for _, o := range other.Facts() {
		s := o.Subject()
		if _, known := k.facts[s.Kind][s.Key]; !known {
			list = append(list, Difference{Subject: s, Other: string(text(plain(o)))})
		}
	}
	return list
}

// plain is a fact without who told it and when.
func plain(f Fact) Fact {
	switch f := f.(type) {
	case Branch:
		f.Read = time.Time{}
		return f
	case Head:
		return Head{Repo: f.Repo, Branch: f.Branch, SHA: f.SHA}
	case Pull:
		f.Read = time.Time{}
		return f
	case Run:
		f.Read = time.Time{}
		return f
	case Job:
		f.Read = time.Time{}
		return f
	case Status:
		f.Read = time.Time{}
		return f
	case Check:
		f.Read = time.Time{}
		return f
	case Absent:
		f.At = time.Time{}
		return f
	case Span:
		f.At = time.Time{}
		return f
	case Undo:
		f.At = time.Time{}
		return f
	case Backups:
		f.At = time.Time{}
		return f
	}
	return plainOfHeroku(f)
}

func plainOfHeroku(f Fact) Fact {
	none := time.Time{}
	switch f := f.(type) {
	case App:
		f.At, f.Read = none, none
		return f
	case Release:
		f.Read = none
		return f
	case Build:
		f.Read = none
		return f
	case Dyno:
		f.At, f.Read = none, none
		return f
	case Process:
		f.At, f.Read = none, none
		return f
	case Listed:
		f.Read = none
		return f
	case Reading:
		f.At = none
		return f
	case Heard:
		f.At = none
		return f
	}
	return f
}

// equal tells whether two facts say the same, as it is stored.
func equal(a, b Fact) bool { return reflect.DeepEqual(a, b) || bytes.Equal(text(a), text(b)) }
