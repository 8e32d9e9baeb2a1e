package weather

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
)

func TestOldRequestsAreForgottenAndPositionsStay(t *testing.T) {
	t.Parallel()
	w := New(nil)
	defer w.Close()
	w.keep = 10
	h := w.Wrap(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	for i := range 25 {
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/"+strconv.Itoa(i), nil))
	}
	all, next := w.Requests(0)
	if next != 25 || len(all) > 10 || all[len(all)-1].Path != "/24" || all[len(all)-1].Status != http.StatusOK {
		t.Errorf("%d up to %d: %+v", len(all), next, all)
	}
	some, _ := w.Requests(23)
	if len(some) != 2 || some[0].Path != "/23" {
		t.Errorf("from 23 on: %+v", some)
	}
	w.answered(&visit{n: 3}, http.StatusTeapot) // of one that is forgotten
}
