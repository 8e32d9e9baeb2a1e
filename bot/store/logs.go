package store

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// warnings leaves out what River tells of its ordinary days.
type warnings struct{ slog.Handler }

// Enabled is for package slog.
func (w warnings) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && w.Handler.Enabled(ctx, level)
}

// WithAttrs is for package slog.
func (w warnings) WithAttrs(attrs []slog.Attr) slog.Handler {
	return warnings{w.Handler.WithAttrs(attrs)}
}

// WithGroup is for package slog.
func (w warnings) WithGroup(name string) slog.Handler { return warnings{w.Handler.WithGroup(name)} }

// failures logs jobs that failed. What a job holds is not logged.
type failures struct{ log *slog.Logger }

// HandleError is for River.
func (f failures) HandleError(ctx context.Context, job *rivertype.JobRow, err error) *river.ErrorHandlerResult {
	f.tell(ctx, job, "error", err.Error())
	return nil
}

// HandlePanic is for River.
func (f failures) HandlePanic(ctx context.Context, job *rivertype.JobRow, value any, trace string) *river.ErrorHandlerResult {
	f.tell(ctx, job, "error", fmt.Sprintf("panic: %v", value), "trace", trace)
	return nil
}

func (f failures) tell(ctx context.Context, job *rivertype.JobRow, more ...any) {
	level, message := slog.LevelWarn, "A job failed and will be tried again"
	if job.Attempt >= job.MaxAttempts {
		level, message = slog.LevelError, "A job failed for the last time and is given up"
	}
	f.log.Log(ctx, level, message, append([]any{"job", job.ID, "kind", job.Kind, "attempt", job.Attempt}, more...)...)
}
