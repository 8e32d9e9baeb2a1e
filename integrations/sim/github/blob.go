package githubsim

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"
)

// How long the addresses on the other host live: facts 3.2.
const (
	logTime     = time.Minute
	archiveTime = 5 * time.Minute
)

// Blob is the other host: job logs and archives are fetched there, with an address that was signed for a short
// time. It refuses an Authorization header (facts 6.2).
func (s *Server) Blob() http.Handler {
	return s.weather.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			blobError(w, http.StatusBadRequest, "InvalidAuthenticationInfo", "Authentication information is not given in the correct format.")
			return
		}
		expires, err := strconv.ParseInt(r.URL.Query().Get("se"), 10, 64)
		if err != nil || r.URL.Query().Get("sig") != blobSignature(r.URL.Path, expires) || time.Now().Unix() > expires {
			blobError(w, http.StatusForbidden, "AuthenticationFailed", "Server failed to authenticate the request. Signature not valid in the specified time frame.")
			return
		}
		var name, mediaType string
		var content []byte
		s.locked(func() { name, mediaType, content = s.blobAt(strings.Split(strings.Trim(r.URL.Path, "/"), "/")) })
		if content == nil {
			blobError(w, http.StatusNotFound, "BlobNotFound", "The specified blob does not exist.")
			return
		}
		w.Header().Set("Content-Type", mediaType)
		w.Header().Set("Content-Disposition", "attachment; filename="+name)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
	}))
}

func blobError(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("Content-Type", "application/xml")
	w.Header().Set("X-Ms-Error-Code", code)
	write(w, status, []byte("\ufeff<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>"+code+"</Code><Message>"+message+"</Message></Error>"))
}

// signedBlob is an address on the other host that can be read for d.
func (s *Server) signedBlob(path string, d time.Duration) reply {
	expires := time.Now().Add(d).Unix()
	q := url.Values{"se": {strconv.FormatInt(expires, 10)}, "sig": {blobSignature(path, expires)}}
	return reply{status: http.StatusFound, location: s.options.Blob + path + "?" + q.Encode()}
}

func blobSignature(path string, expires int64) string {
	return fmt.Sprintf("%x", sha(fmt.Sprintf("blob %s %d", path, expires)))[:40]
}

// blobAt finds what lies at "logs/job/ID", "logs/run/ID/ATTEMPT" or "archive/REPO-ID/SHA".
func (s *Server) blobAt(at []string) (name, mediaType string, content []byte) {
	if len(at) < 3 {
		return "", "", nil
	}
	for _, r := range s.runs {
		for _, a := range r.attempts {
			if at[1] == "run" && len(at) == 4 && at[2] == formatID(r.id) && at[3] == strconv.Itoa(a.number) {
				return "logs_" + at[2] + ".zip", "application/zip", a.logs()
			}
			for _, j := range a.own() {
				if at[1] == "job" && at[2] == formatID(j.id) {
					return "job-logs.txt", "text/plain; charset=utf-8", []byte(j.logText())
				}
			}
		}
	}
	for _, full := range sortedKeys(s.repos) {
		r := s.repos[full]
		if c := r.git.commits[at[2]]; at[0] == "archive" && formatID(r.id) == at[1] && c != nil {
			return r.archiveName(c) + ".tar.gz", "application/x-gzip", r.archive(c)
		}
	}
	return "", "", nil
}

// logs is the zip of an attempt's logs, a file for each job.
func (a *attempt) logs() []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i, j := range a.listed() {
		if len(j.steps) == 0 {
			continue
		}
		f, err := z.Create(fmt.Sprintf("%d_%s.txt", i, strings.ReplaceAll(j.def.Name, "/", "_")))
		if err == nil {
			_, err = f.Write([]byte(j.logText()))
		}
		if err != nil {
			panic(err) // into memory
		}
	}
	_ = z.Close()
	return b.Bytes()
}

// archiveName is the one folder at the top of an archive: "owner-repo-<sha>" (facts 6.2).
func (r *Repo) archiveName(c *gitCommit) string { return r.owner + "-" + r.name + "-" + c.sha[:7] }

// archive is a commit's files as a gzip tar.
func (r *Repo) archive(c *gitCommit) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	t := tar.NewWriter(z)
	top := r.archiveName(c)
	header := func(h *tar.Header) {
		h.ModTime = c.committer.at
		if err := t.WriteHeader(h); err != nil {
			panic(err) // into memory
		}
	}
	if err := t.WriteHeader(&tar.Header{Typeflag: tar.TypeXGlobalHeader, PAXRecords: map[string]string{"comment": c.sha}}); err != nil {
		panic(err) // into memory
	}
	seen := map[string]bool{}
	for _, p := range sortedKeys(c.files) {
		full := path.Join(top, p)
		for i, letter := range full {
			if letter == '/' && !seen[full[:i]] {
				seen[full[:i]] = true
				header(&tar.Header{Typeflag: tar.TypeDir, Name: full[:i] + "/", Mode: 0o775})
			}
		}
		text := r.git.blobs[c.files[p]]
		header(&tar.Header{Typeflag: tar.TypeReg, Name: full, Size: int64(len(text)), Mode: 0o664})
		_, _ = t.Write([]byte(text))
	}
	_ = t.Close()
	_ = z.Close()
	return b.Bytes()
}
