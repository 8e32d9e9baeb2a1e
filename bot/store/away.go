package store

import "errors"

// ErrNone says that there is no such row.
var ErrNone = errors.New("no such row")

// Away tells whether the database could not be reached, did not answer in time or cannot keep anything, as opposed to a statement that
// it refused. A caller who gave up by himself (context.Canceled) says nothing about the database.
func Away(err error) bool {
	var away *awayError
	return errors.As(err, &away)
}

// awayError is put around errors where they come from, so that errors of the same kind from elsewhere are not mistaken for one.
type awayError struct{ err error }

func (e *awayError) Error() string { return "the database is away: " + e.err.Error() }
func (e *awayError) Unwrap() error { return e.err }
