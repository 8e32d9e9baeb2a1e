package weather

import (
	"fmt"
	"slices"
	"time"
)

// The kinds of fault that only deliveries know, beside Delay, Drop and Duplicate.
const Reorder Kind = "reorder" // a few later deliveries overtake this one

// DeliveryFault hits deliveries of one event.
type DeliveryFault struct {
	Event  string // "workflow_run", "workflow_run.completed", or "*" for any
	Kind   Kind   // Delay, Drop, Duplicate or Reorder
	D      time.Duration
	Always bool // stays until Clear; otherwise the fault hits once
}

// ParseDeliveryFault reads the words after "deliver" in a "!fault" line: EVENT KIND [DURATION] [always].
func ParseDeliveryFault(words []string) (DeliveryFault, error) {
	const form = "a fault of deliveries reads: EVENT KIND [DURATION] [always]"
	if len(words) < 2 {
		return DeliveryFault{}, fmt.Errorf("%s", form)
	}
	f := DeliveryFault{Event: words[0], Kind: Kind(words[1])}
	rest := words[2:]
	if len(rest) > 0 && rest[len(rest)-1] == "always" {
		f.Always = true
		rest = rest[:len(rest)-1]
	}
	if len(rest) > 1 {
		return DeliveryFault{}, fmt.Errorf("%s", form)
	}
	if len(rest) == 1 {
		d, err := time.ParseDuration(rest[0])
		if err != nil || d <= 0 {
			return DeliveryFault{}, fmt.Errorf("%q is no duration; write it like 5s or 200ms", rest[0])
		}
		f.D = d
	}
	switch {
	case f.Kind == Delay && f.D == 0:
		return DeliveryFault{}, fmt.Errorf("delay needs a duration, such as 30s")
	case f.Kind != Delay && f.D != 0:
		return DeliveryFault{}, fmt.Errorf("%s takes no duration", f.Kind)
	case !slices.Contains([]Kind{Delay, Drop, Duplicate, Reorder}, f.Kind):
		return DeliveryFault{}, fmt.Errorf("%q is no kind of fault of deliveries; the kinds are delay, drop, duplicate and reorder", f.Kind)
	}
	return f, nil
}

func (f DeliveryFault) hits(p Parcel) bool {
	return f.Event == "*" || f.Event == p.Event || f.Event == p.Event+"."+p.Action
}
