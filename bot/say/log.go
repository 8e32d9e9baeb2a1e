package say

import (
	"context"
	"fmt"
	"log/slog"
)

// NewHandler puts Scrub before a log handler: messages, attributes, groups, errors and whatever else has words in it are
// scrubbed. Numbers, times and durations go through as they are; any other value is logged as the text that it prints as.
func NewHandler(next slog.Handler) slog.Handler { return scrubber{next} }

type scrubber struct{ next slog.Handler }

func (h scrubber) Enabled(ctx context.Context, level slog.Level) bool {
	return h.next.Enabled(ctx, level)
}

func (h scrubber) Handle(ctx context.Context, r slog.Record) error {
	clean := slog.NewRecord(r.Time, r.Level, Scrub(r.Message), r.PC)
	r.Attrs(func(a slog.Attr) bool {
		clean.AddAttrs(scrubAttr(a))
		return true
	})
	return h.next.Handle(ctx, clean)
}

func (h scrubber) WithAttrs(attrs []slog.Attr) slog.Handler {
	return scrubber{h.next.WithAttrs(scrubAttrs(attrs))}
}

func (h scrubber) WithGroup(name string) slog.Handler { return scrubber{h.next.WithGroup(name)} }

func scrubAttrs(attrs []slog.Attr) []slog.Attr {
	clean := make([]slog.Attr, len(attrs))
	for i, a := range attrs {
		clean[i] = scrubAttr(a)
	}
	return clean
}

func scrubAttr(a slog.Attr) slog.Attr {
	v := a.Value.Resolve()
	switch v.Kind() {
	case slog.KindGroup:
		return slog.Attr{Key: a.Key, Value: slog.GroupValue(scrubAttrs(v.Group())...)}
	case slog.KindString, slog.KindAny:
		if a.Equal(slog.Attr{}) {
			return a // handlers leave the empty attribute out, so it stays one
		}
		if secretName.MatchString(a.Key) {
			return slog.String(a.Key, hidden)
		}
		return slog.String(a.Key, Scrub(text(v)))
	}
	return slog.Attr{Key: a.Key, Value: v}
}

// text is what a value reads as. fmt knows errors, Stringers and nested values, and survives those that panic.
func text(v slog.Value) string {
	switch x := v.Any().(type) {
	case string:
		return x
	case []byte:
		return string(x)
	}
	return fmt.Sprintf("%+v", v.Any())
}
