package heroku

import (
	"context"
	"fmt"

	herokugo "github.com/heroku/heroku-go/v5"
)

const (
	pageSize = 200 // Heroku's default
	maxPages = 50  // 10,000 elements; more is a list that does not end
)

// reading is one list to be read.
type reading struct {
	op     string
	accept string
	more   string              // Accept-Inclusion, or ""
	span   string              // Range of the first page in Heroku CLI's spelling, or "" to leave it to first
	first  *herokugo.ListRange // Range of the first page in heroku-go's spelling, or nil for the API's default
	max    int                 // elements wanted; 0 or less: all
}

// pages reads page after page, each by the Next-Range of the one before, sent back as it came: heroku-go
// throws that header away, and a partial list would look like a whole one.
func pages[T any](ctx context.Context, c *Client, r reading, page func(context.Context, *herokugo.ListRange) ([]T, error)) ([]T, error) {
	var all []T
	cl := call{accept: r.accept, more: r.more, span: r.span}
	for range maxPages {
		var some []T
		err := c.do(ctx, r.op, &cl, func(ctx context.Context) (err error) {
			some, err = page(ctx, r.first)
			return err
		})
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
		if r.max > 0 && len(all) >= r.max {
			return all[:r.max], nil
		}
		if cl.next == "" {
			return all, nil
		}
		cl.span, cl.next = cl.next, ""
	}
	return nil, &Error{Op: r.op, Kind: Malformed, Message: fmt.Sprintf("the list does not end after %d pages", maxPages)}
}

// sizeOf is how many elements to ask for at once.
func sizeOf(most int) int {
	if most <= 0 {
		return pageSize
	}
	return min(most, pageSize)
}
