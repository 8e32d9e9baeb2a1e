package weather

import (
	"errors"
	"fmt"
	"net/http"
	"path"
	"strings"
	"time"
)

// Kind says how a fault shows itself to the client.
type Kind string

// The kinds, as a conversation spells them.
const (
	Delay       Kind = "delay"     // the request travels for D longer, then all is well
	Drop        Kind = "drop"      // the connection ends; nothing was done
	Duplicate   Kind = "duplicate" // the request arrives twice; the second answer is the one that is seen
	Cut         Kind = "cut"       // the work is done, then the connection ends without an answer
	Late        Kind = "late"      // the connection ends at once, and the work is done D afterwards
	TooMany     Kind = "429"       // refused, with Retry-After
	TooManyBare Kind = "429-bare"  // refused, without Retry-After
	HTML503     Kind = "html-503"  // refused by a proxy, in HTML
)

// Fault hits requests of one method and path.
type Fault struct {
	Method string // "*" for any
	Path   string // as path.Match takes it, a "*" standing for one element; "*" alone for any path
	Kind   Kind
	D      time.Duration // of Delay and Late; of TooMany the Retry-After, rounded up to seconds
	Always bool          // stays until Clear; otherwise the fault hits once

	// Fair hits the one with the least method and address of those requests that arrive at the same instant, so that in
	// a bubble it is always the same one. To know them all it holds them up for a nanosecond.
	Fair bool
}

var errForm = errors.New("a fault reads: METHOD PATH KIND [DURATION] [always]")

// ParseFault reads the words after the server's name in a "!fault" line:
// METHOD PATH KIND [DURATION] [always].
func ParseFault(words []string) (Fault, error) {
	if len(words) < 3 {
		return Fault{}, errForm
	}
	f := Fault{Method: strings.ToUpper(words[0]), Path: words[1], Kind: Kind(words[2])}
	if _, err := path.Match(f.Path, "/"); err != nil {
		return Fault{}, fmt.Errorf("path %q: %w", f.Path, err)
	}
	rest := words[3:]
	if len(rest) > 0 && rest[len(rest)-1] == "always" {
		f.Always = true
		rest = rest[:len(rest)-1]
	}
	f.Fair = !f.Always && strings.ContainsAny(f.Method+f.Path, "*?[")
	switch len(rest) {
	case 0:
	case 1:
		d, err := time.ParseDuration(rest[0])
		if err != nil || d <= 0 {
			return Fault{}, fmt.Errorf("%q is no duration; write it like 5s or 200ms", rest[0])
		}
		f.D = d
	default:
		return Fault{}, errForm
	}
	return f.lasting()
}

// lasting checks the duration against the kind.
func (f Fault) lasting() (Fault, error) {
	switch f.Kind {
	case Delay, Late:
		if f.D == 0 {
			return Fault{}, fmt.Errorf("%s needs a duration, such as 5s", f.Kind)
		}
	case TooMany:
		if f.D == 0 {
			f.D = time.Second
		}
	case Drop, Duplicate, Cut, TooManyBare, HTML503:
		if f.D != 0 {
			return Fault{}, fmt.Errorf("%s takes no duration", f.Kind)
		}
	default:
		return Fault{}, fmt.Errorf("%q is no kind of fault; the kinds are delay, drop, duplicate, cut, late, 429, 429-bare and html-503", f.Kind)
	}
	return f, nil
}

func (f Fault) hits(r *http.Request) bool {
	if f.Method != "*" && f.Method != r.Method {
		return false
	}
	if f.Path == "*" {
		return true
	}
	ok, _ := path.Match(f.Path, r.URL.Path)
	return ok
}
