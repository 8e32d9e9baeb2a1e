package commands

import (
	"errors"
	"testing"
	"time"

	"slipway/bot/say"
	"slipway/integrations/heroku"
)

func dynos(typ string, ids ...string) (list []heroku.Dyno) {
	for _, id := range ids {
		list = append(list, heroku.Dyno{ID: id, Type: typ})
	}
	return list
}

func TestARestartIsMadeWhenAllDynosAreNew(t *testing.T) {
	t.Parallel()
	formation := []heroku.Process{{Type: "web", Quantity: 2}, {Type: "worker", Quantity: 0}, {Type: "release", Quantity: 1}}
	r := restartOf("penny-university", append(dynos("web", "a", "b"), dynos("run", "c")...), formation)
	if len(r.Dynos) != 2 || len(r.Types) != 1 {
		t.Fatalf("it rests on %+v: one-off dynos are not restarted", r)
	}
	for _, tt := range []struct {
		name   string
		now    []heroku.Dyno
		waited time.Duration
		made   bool
		unsure bool // it is looked for again
		never  bool // nobody can tell
	}{
		{"all are new", dynos("web", "x", "y"), time.Second, true, false, false},
		{"more than before", dynos("web", "x", "y", "z"), time.Second, true, false, false},
		{"none is new", dynos("web", "a", "b"), time.Hour, false, false, false},
		{"a new one-off dyno", append(dynos("web", "a", "b"), dynos("run", "z")...), time.Hour, false, false, false},
		{"one is new", dynos("web", "a", "y"), time.Minute, false, true, false},
		{"one is new for long", dynos("web", "a", "y"), time.Hour, false, false, true},
		{"the old ones are gone", nil, time.Minute, false, true, false},
		{"the old ones are gone for long", nil, time.Hour, false, false, true},
		{"fewer than before", dynos("web", "x"), time.Hour, false, false, true},
	} {
		made, err := r.made(tt.now, tt.waited)
		_, inWords := errors.AsType[*say.Refusal](err)
		if made != tt.made || inWords != tt.never || (err != nil && !inWords) != tt.unsure {
			t.Errorf("%s: made %v, %v", tt.name, made, err)
		}
	}
}
