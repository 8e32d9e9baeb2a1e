package say_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"net/url"
	"strings"
	"testing"
	"testing/slogtest"
	"time"

	"slipway/bot/say"
)

// key has the shape of a GitHub token.
const key = "ghp_" + "Zx8Qw3Er5Ty7Ui9Op1As2Df4Gh6Jk0LmNbVc"

func TestLogNeverShowsASecret(t *testing.T) {
	t.Parallel()
	address, _ := url.Parse("https://u:" + key + "@example.com/")
	type nested struct{ Inner map[string][]string }
	for name, args := range map[string][]any{
		"string":           {"app", "penny " + key},
		"error":            {"err", errors.New("bad " + key)},
		"Stringer":         {"url", address},
		"bytes":            {"body", []byte(key)},
		"JSON":             {"body", json.RawMessage(key)},
		"group":            {slog.Group("outer", slog.Group("inner", "a", key))},
		"nested value":     {"v", nested{map[string][]string{"k": {key}}}},
		"LogValuer":        {"v", valuer{}},
		"telling name":     {"slack_token", "hunter"},
		"pointer to nil":   {"v", (*valuer)(nil), "w", key},
		"error to nothing": {"err", error(nil), "w", key},
	} {
		for _, asJSON := range []bool{false, true} {
			var out bytes.Buffer
			log := newLog(&out, asJSON)
			log.Info("message with "+key, args...)
			log.With(args...).WithGroup("g").With(args...).Error("again", args...)
			if got := out.String(); strings.Contains(got, key[4:]) || strings.Contains(got, "hunter") || !strings.Contains(got, "[secret]") {
				t.Errorf("%s: %s", name, got)
			}
		}
	}
}

func TestLogKeepsNumbersAndTimes(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	newLog(&out, true).Info("x", "n", 5, "ok", true, "d", time.Second, "tokens", 4500, "token", 3)
	for _, want := range []string{`"n":5`, `"ok":true`, `"d":1000000000`, `"tokens":4500`, `"token":3`} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s is not in %s", want, out.String())
		}
	}
}

func TestLogHandlerKeepsTheRulesOfHandlers(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	err := slogtest.TestHandler(say.NewHandler(slog.NewJSONHandler(&out, nil)), func() []map[string]any {
		var records []map[string]any
		for line := range bytes.Lines(out.Bytes()) {
			var record map[string]any
			if err := json.Unmarshal(line, &record); err != nil {
				t.Fatal(err)
			}
			records = append(records, record)
		}
		return records
	})
	if err != nil {
		t.Error(err)
	}
}

func newLog(out *bytes.Buffer, asJSON bool) *slog.Logger {
	if asJSON {
		return slog.New(say.NewHandler(slog.NewJSONHandler(out, nil)))
	}
	return slog.New(say.NewHandler(slog.NewTextHandler(out, nil)))
}

type valuer struct{}

func (valuer) LogValue() slog.Value { return slog.GroupValue(slog.String("inner", key)) }
