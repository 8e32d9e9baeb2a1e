package heroku_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slipway/integrations/heroku"
)

func configOf(t *testing.T, text string) (c heroku.Config) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestConfigsDifferInWhatIsNotTheSameInBoth(t *testing.T) {
	t.Parallel()
	now := configOf(t, `{"SAME":"1","OTHER":"hunter2","NEW":"x","NULL":null}`)
	then := configOf(t, `{"SAME":"1","OTHER":"hunter3","OLD":""}`)
	if diff := cmp.Diff([]string{"NEW", "OLD", "OTHER"}, now.Differs(then)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if !then.Has("OLD") || then.Has("NEW") || now.Has("NULL") {
		t.Error("it does not know which vars there are")
	}
	if text := fmt.Sprintf("%v %+v %#v", now, now, now); strings.Contains(text, "hunter2") {
		t.Errorf("it shows a value: %s", text)
	}
}

func TestAConfigThatIsNoneIsTold(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`[]`, `null`, `{"A":7,"SECRET":"hunter2"}`} {
		var c heroku.Config
		err := json.Unmarshal([]byte(text), &c)
		if err == nil && text != "null" || err != nil && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", text, err)
		}
	}
}
