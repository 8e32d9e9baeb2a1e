package herokusim

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	heroku "github.com/heroku/heroku-go/v5"
)

// tarball packs files, "name: text" each.
func tarball(t *testing.T, files ...string) string {
	t.Helper()
	var out bytes.Buffer
	zipped := gzip.NewWriter(&out)
	packed := tar.NewWriter(zipped)
	for _, f := range files {
		name, text, _ := strings.Cut(f, ": ")
		err := packed.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(text)), Typeflag: tar.TypeReg})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := packed.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := packed.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zipped.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

const builds = "/apps/penny-university/builds"

// upload puts a tarball where POST /sources says, and gives the address to build from.
func (s *site) upload(t *testing.T, text string) string {
	t.Helper()
	blob := s.do(t, "POST", "/sources").object(t)["source_blob"].(map[string]any)
	if a := s.send(t, "PUT", blob["put_url"].(string), text, "Authorization: "); a.StatusCode != 200 {
		t.Fatalf("PUT: %d %s", a.StatusCode, a.body)
	}
	return blob["get_url"].(string)
}

// "`POST /sources` -> `{"source_blob":{"get_url":"..","put_url":".."}}`, PUT the tarball, build from `get_url`"; "answer 2xx
// (201 [unverified]) with `status: pending`, `output_stream_url`, `release: null`"; "`slug.commit` = `source_blob.version`"
func TestABuildIsMadeOfAnUploadedSource(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		// "GitHub tarballs have one top directory; Heroku strips it"
		text := tarball(t, "penny-0f3c2b1/manage.py: 1", "penny-0f3c2b1/Procfile: web: gunicorn new\nclock: python clock.py\n")
		get := s.upload(t, text)
		sum := sha256.Sum256([]byte(text))
		a := s.send(t, "POST", builds, fmt.Sprintf(
			`{"source_blob":{"url":%q,"version":%q,"version_description":"Undo","checksum":"SHA256:%s"},"buildpacks":[{"name":"heroku/python"}]}`,
			get, sha2, hex.EncodeToString(sum[:])), "Accept: "+sdk)
		b := a.object(t)
		if a.StatusCode != 201 || b["status"] != "pending" || b["release"] != nil || b["source_blob"].(map[string]any)["version_description"] != "Undo" {
			t.Errorf("got %d %s", a.StatusCode, a.body)
		}
		time.Sleep(time.Minute)
		b = s.get(t, builds+"/"+b["id"].(string)).object(t)
		r := s.app.Current()
		if b["status"] != "succeeded" || b["release"].(map[string]any)["id"] != r.ID || r.Commit != sha2 || r.By != alice || r.Description != "Deploy 0f3c2b1a" {
			t.Errorf("build %v, runs %+v", b, r)
		}
		out := s.get(t, b["output_stream_url"].(string), "Authorization: ").body
		if !strings.HasPrefix(out, "-----> Building") || !strings.HasSuffix(out, "Released v123\n") {
			t.Errorf("output\n%s", out)
		}
		// Its Procfile has no release command, no worker, and a clock.
		var types []string
		for _, p := range s.get(t, "/apps/penny-university/formation").list(t) {
			types = append(types, fmt.Sprint(p["type"], "=", p["quantity"], " ", p["command"]))
		}
		if got := strings.Join(types, ", "); got != "web=2 gunicorn new, clock=0 python clock.py" || s.states(t) != "web.1 up, web.2 up" {
			t.Errorf("formation %s, dynos %s", got, s.states(t))
		}
		if _, err := s.app.Rollback(t.Context(), 122, ""); err != nil || s.states(t) != "web.1 up, web.2 up" {
			t.Errorf("back (%v): %s", err, s.states(t))
		}
	})
}

// A source that cannot be had, or is none, fails the build, and there is no release.
func TestABuildOfABadSourceFails(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		good := s.upload(t, tarball(t, "manage.py: 1"))
		empty := s.do(t, "POST", "/sources").object(t)["source_blob"].(map[string]any)["get_url"].(string)
		for _, c := range []struct{ url, checksum, says string }{
			{empty, "", "HTTP status 404"},
			{"http://127.0.0.1:9/x.tgz", "", "could not be fetched"},
			{s.upload(t, "<html>"), "", "no gzipped tarball"},
			{good, "SHA256:00", "another checksum"},
		} {
			b := s.send(t, "POST", builds, fmt.Sprintf(`{"source_blob":{"url":%q,"version":%q,"checksum":%q}}`, c.url, sha2, c.checksum)).object(t)
			time.Sleep(time.Second)
			b = s.get(t, builds+"/"+b["id"].(string)).object(t)
			out := s.get(t, b["output_stream_url"].(string), "Authorization: ").body
			if b["status"] != "failed" || b["release"] != nil || !strings.Contains(out, c.says) || strings.Contains(out, c.url) {
				t.Errorf("%s: %v, output %s", c.url, b, out)
			}
		}
		for _, body := range []string{`{}`, `{"source_blob":{"url":"x"}}`} {
			s.send(t, "POST", builds, body).fault(t, 422, "invalid_params")
		}
		if s.app.Current().Version != 122 || len(s.Open()) != 0 {
			t.Errorf("runs %+v, open %q", s.app.Current(), s.Open())
		}
		if b := s.send(t, "POST", builds, fmt.Sprintf(`{"source_blob":{"url":%q,"version":%q}}`, good, sha2)); b.StatusCode != 201 {
			t.Errorf("the build after them: %d %s", b.StatusCode, b.body)
		}
		time.Sleep(2 * time.Minute)
		if s.app.Current().Version != 123 {
			t.Errorf("runs %+v", s.app.Current())
		}
	})
}

// "the PUT must carry no Content-Type [unverified]"; the address is signed, so no other credentials go with it.
func TestASourceIsPutWithoutAContentType(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		opts   Options
		status int
	}{{Options{}, 403}, {Options{AnyContentType: true}, 200}} {
		play(t, c.opts, func(t *testing.T, s *site) {
			blob := s.do(t, "POST", "/sources").object(t)["source_blob"].(map[string]any)
			put, get := blob["put_url"].(string), blob["get_url"].(string)
			if a := s.send(t, "PUT", put, "x", "Authorization: ", "Content-Type: application/gzip"); a.StatusCode != c.status {
				t.Errorf("%+v: typed: %d", c.opts, a.StatusCode)
			}
			if a := s.send(t, "PUT", put, "x"); a.StatusCode != 400 {
				t.Errorf("with a token: %d", a.StatusCode)
			}
			if a := s.send(t, "PUT", get, "x", "Authorization: "); a.StatusCode != 403 {
				t.Errorf("unsigned: %d", a.StatusCode)
			}
		})
	}
}

// "Cancel: `DELETE /apps/{app}/builds/{id}`"
func TestABuildIsCancelled(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		body := fmt.Sprintf(`{"source_blob":{"url":%q,"version":%q}}`, s.upload(t, tarball(t, "manage.py: 1")), sha2)
		var ids []string
		for range 3 {
			ids = append(ids, s.send(t, "POST", builds, body).object(t)["id"].(string))
		}
		time.Sleep(time.Second)
		for _, i := range []int{1, 0} { // one that waits, and the one that runs
			if a := s.do(t, "DELETE", builds+"/"+ids[i]); a.StatusCode != 200 || a.object(t)["status"] != "failed" {
				t.Errorf("build %d: %d %s", i, a.StatusCode, a.body)
			}
			s.do(t, "DELETE", builds+"/"+ids[i]).fault(t, 422, "invalid_params")
		}
		time.Sleep(45 * time.Second) // the third is in its release phase
		s.do(t, "DELETE", builds+"/"+ids[2]).fault(t, 422, "invalid_params")
		time.Sleep(time.Minute)
		if r := s.app.Current(); r.Version != 123 || len(s.Open()) != 0 {
			t.Errorf("runs %+v, open %q", r, s.Open())
		}
		s.do(t, "DELETE", builds+"/nosuch").fault(t, 404, "not_found")
	})
}

// "Body and status of: a concurrent build" are not known: it waits (as Deploy does), or is refused.
func TestASecondBuildMayBeRefused(t *testing.T) {
	t.Parallel()
	play(t, Options{RefuseSecondBuild: true}, func(t *testing.T, s *site) {
		body := fmt.Sprintf(`{"source_blob":{"url":%q}}`, s.upload(t, tarball(t, "manage.py: 1")))
		s.send(t, "POST", builds, body)
		time.Sleep(time.Second)
		s.send(t, "POST", builds, body).fault(t, 422, "invalid_params")
		time.Sleep(2 * time.Minute)
		if a := s.send(t, "POST", builds, body); a.StatusCode != 201 {
			t.Errorf("afterwards: %d", a.StatusCode)
		}
	})
}

// The official client builds from a source that it put.
func TestTheOfficialGoClientBuilds(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		c, ctx := s.official(), t.Context()
		source, err := c.SourceCreate(ctx)
		if err != nil {
			t.Fatal(err)
		}
		r, err := http.NewRequestWithContext(ctx, http.MethodPut, source.SourceBlob.PutURL, strings.NewReader(tarball(t, "a: 1")))
		if err != nil {
			t.Fatal(err)
		}
		resp, err := s.client.Do(r)
		if err != nil || resp.StatusCode != 200 {
			t.Fatalf("%v, %v", resp, err)
		}
		_ = resp.Body.Close()
		o := heroku.BuildCreateOpts{}
		o.SourceBlob.URL, o.SourceBlob.Version = &source.SourceBlob.GetURL, new(sha2)
		b, err := c.BuildCreate(ctx, "penny-university", o)
		if err != nil || b.Status != "pending" || b.Release != nil {
			t.Fatalf("%+v, %v", b, err)
		}
		time.Sleep(time.Minute)
		if s.app.Current().Commit != sha2 {
			t.Errorf("runs %+v", s.app.Current())
		}
	})
}
