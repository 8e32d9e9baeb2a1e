package github

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestTheCacheForgetsWhatWasUsedLongestAgo(t *testing.T) {
	t.Parallel()
	l := newLRU(3, 1000, 500)
	for _, key := range []string{"a", "b", "c"} {
		l.put(key, answer{body: []byte(key)})
	}
	l.get("a")
	l.put("d", answer{})
	for key, want := range map[string]bool{"a": true, "b": false, "c": true, "d": true} {
		if _, got := l.get(key); got != want {
			t.Errorf("%s is kept: %v, want %v", key, got, want)
		}
	}
}

func TestTheCacheStaysWithinItsBounds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := newLRU(5, 300, 120)
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			key := fmt.Sprint(rapid.IntRange(0, 9).Draw(t, "key"))
			switch rapid.IntRange(0, 3).Draw(t, "what") {
			case 0:
				l.drop(key)
			case 1:
				l.get(key)
			default:
				size := rapid.IntRange(0, 130).Draw(t, "size")
				l.put(key, answer{header: http.Header{"Etag": {"x"}}, body: make([]byte, size)})
				if got, ok := l.get(key); ok != (size+len(key)+5 <= 120) || ok && len(got.body) != size {
					t.Fatalf("put %d bytes, got %d, %v", size, len(got.body), ok)
				}
			}
			sum := 0
			for e := l.order.Front(); e != nil; e = e.Next() {
				sum += e.Value.(*entry).bytes
			}
			if l.bytes != sum || l.bytes > 300 || l.order.Len() > 5 || l.order.Len() != len(l.byKey) {
				t.Fatalf("%d bytes counted, %d there, %d entries, %d keys", l.bytes, sum, l.order.Len(), len(l.byKey))
			}
		}
	})
}

func TestAReplayTakesTheNewHeadersButTheOldContent(t *testing.T) {
	t.Parallel()
	old := answer{header: lasting(http.Header{
		"Etag": {`"1"`}, "Content-Type": {"application/json"}, "Link": {"<x>"}, "Date": {"old"},
		"X-Ratelimit-Remaining": {"7"}, "X-Ratelimit-Used": {"1"}, "X-Github-Request-Id": {"old"},
	}), body: []byte("body")}
	fresh := &http.Response{StatusCode: 304, Header: http.Header{
		"Content-Type": {"text/plain"}, "Content-Length": {"0"}, "X-Ratelimit-Remaining": {"9"}, "Date": {"new"},
	}}
	got := old.replay(nil, fresh)
	var text strings.Builder
	_ = got.Header.Write(&text)
	want := "Content-Type: application/json\r\nDate: new\r\nEtag: \"1\"\r\nLink: <x>\r\nX-Ratelimit-Remaining: 9\r\n"
	if text.String() != want || got.StatusCode != 200 || got.ContentLength != 4 {
		t.Errorf("got %d, %d bytes:\n%s\nwant:\n%s", got.StatusCode, got.ContentLength, &text, want)
	}
	if old.header.Get("Date") != "" {
		t.Error("the kept answer changed")
	}
}
