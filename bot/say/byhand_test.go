package say_test

import (
	"testing"

	"slipway/bot/say"
)

func TestLinesToDoItByHandCanBeCopied(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		lines []string
		want  string
	}{
		{nil, ""},
		{[]string{"heroku ps:restart -a shop"}, "By hand: `heroku ps:restart -a shop`"},
		{[]string{"heroku ps -a shop", "heroku run 'a && b' -a shop"}, "By hand:\n```heroku ps -a shop\nheroku run 'a &amp;&amp; b' -a shop```"},
	} {
		if got := say.ByHand(tc.lines); got != tc.want {
			t.Errorf("%q: got %q, want %q", tc.lines, got, tc.want)
		}
	}
}
