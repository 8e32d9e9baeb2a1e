package githubsim

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// The sizes of a page: facts 6.2, "per_page max 100".
const (
	perPage    = 30
	perPageMax = 100
)

// window reads page and per_page; what is no number counts as not given.
func window(q url.Values) (page, per int) {
	page, per = 1, perPage
	if n, err := strconv.Atoi(q.Get("page")); err == nil && n > 0 {
		page = n
	}
	if n, err := strconv.Atoi(q.Get("per_page")); err == nil && n > 0 {
		per = min(n, perPageMax)
	}
	return page, per
}

// paged cuts the page that was asked for out of a list and sets the Link header.
func paged[T any](c *call, list []T) []T {
	page, per := window(c.query)
	return pagedBy(c, list, page, per)
}

func pagedBy[T any](c *call, list []T, page, per int) []T {
	last := max((len(list)+per-1)/per, 1)
	var links []string
	link := func(n int, rel string) {
		q := url.Values{}
		for key, values := range c.query {
			q[key] = values
		}
		q.Set("page", strconv.Itoa(n))
		links = append(links, fmt.Sprintf(`<%s%s?%s>; rel="%s"`, c.s.options.URL, c.r.URL.EscapedPath(), q.Encode(), rel))
	}
	if page > 1 {
		link(min(page-1, last), "prev")
	}
	if page < last {
		link(page+1, "next")
		link(last, "last")
	}
	if page > 1 {
		link(1, "first")
	}
	if len(links) > 0 {
		c.header.Set("Link", strings.Join(links, ", "))
	}
	from := min((page-1)*per, len(list))
	return list[from:min(from+per, len(list))]
}

// mapped makes a list's JSON; an empty list is [], never null.
func mapped[T any](list []T, f func(T) object) []object {
	out := make([]object, len(list))
	for i, one := range list {
		out[i] = f(one)
	}
	return out
}
