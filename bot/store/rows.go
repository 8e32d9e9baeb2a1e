package store

// Row is one row, or why there is none.
type Row struct {
	rows *Rows
	err  error
}

// Scan reads the row's columns. It gives ErrNone when there is no row. A column that can be null is read into a pointer to a pointer.
func (r Row) Scan(dest ...any) error {
	if r.err != nil {
		return r.err
	}
	defer func() { _ = r.rows.Close() }() // what it could say, Err has said
	if !r.rows.Next() {
		if err := r.rows.Err(); err != nil {
			return err
		}
		return ErrNone
	}
	if err := r.rows.Scan(dest...); err != nil {
		return err
	}
	// A statement that writes may fail after its first row.
	for r.rows.Next() {
	}
	return r.rows.Err()
}

// Rows are read one by one: Next, then Scan, until Next gives false; then Err.
type Rows struct {
	tx     *Tx
	rows   rows
	cancel func()
	err    error
}

// Next goes to the next row. After the last it gives false, and the rows are closed.
func (r *Rows) Next() bool {
	if r.tx.open != r {
		return false
	}
	if r.rows.Next() {
		return true
	}
	r.err = r.rows.Err()
	if r.err != nil {
		if r.tx.t.away(r.err) {
			r.err = &awayError{r.err}
		}
		r.tx.failed = r.err
	}
	_ = r.Close()
	return false
}

// Scan reads the columns of the row.
func (r *Rows) Scan(dest ...any) error { return r.rows.Scan(dest...) }

// Err tells why Next gave false before the end.
func (r *Rows) Err() error { return r.err }

// Close ends the reading. It may be called twice.
func (r *Rows) Close() error {
	if r.tx.open != r {
		return nil
	}
	r.tx.open = nil
	defer r.cancel()
	return r.rows.Close()
}
