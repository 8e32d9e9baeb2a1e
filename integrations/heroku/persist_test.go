package heroku

import (
	"net/http"
	"testing"
	"testing/synctest"
)

func TestOnlyReadsAreRepeated(t *testing.T) {
	t.Parallel()
	for method, want := range map[string]int{
		http.MethodGet: 3, http.MethodHead: 3,
		http.MethodPost: 1, http.MethodPatch: 1, http.MethodPut: 1, http.MethodDelete: 1,
	} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				tries := 0
				err := persist(t.Context(), method, func() error {
					tries++
					return &Error{Kind: Unavailable, Status: http.StatusServiceUnavailable}
				})
				if tries != want || KindOf(err) != Unavailable {
					t.Errorf("%d tries, %v; want %d", tries, err, want)
				}
			})
		})
	}
}
