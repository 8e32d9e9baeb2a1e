package herokusim

import (
	"io"
	"net/http"
)

// upload is a place for a source: `POST /sources` -> `{"source_blob":{"get_url":"..","put_url":".."}}`. The server's lock
// guards it.
type upload struct {
	tarball []byte
	there   bool
}

type sourceView struct {
	SourceBlob struct {
		GetURL string `json:"get_url"`
		PutURL string `json:"put_url"`
	} `json:"source_blob"`
}

func (s *Server) createSource(*request) (any, error) {
	secret := digest("source", len(s.uploads)+1)
	s.uploads[secret] = &upload{}
	var v sourceView
	v.SourceBlob.GetURL = s.opts.URL + "/source-blobs/" + secret
	v.SourceBlob.PutURL = v.SourceBlob.GetURL + "?signature=" + digest("put", secret)[:32]
	return created(v), nil
}

// takeSource takes the tarball. The address is signed for a PUT without a type: "the PUT must carry no Content-Type
// [unverified]", unless AnyContentType says otherwise. Credentials beside the signature are refused, as S3 does.
func (s *Server) takeSource(w http.ResponseWriter, r *http.Request) {
	secret := r.PathValue("secret")
	signed := r.URL.Query().Get("signature") == digest("put", secret)[:32]
	typed := r.Header.Get("Content-Type") != "" && !s.opts.AnyContentType
	body, err := io.ReadAll(io.LimitReader(r.Body, sourceMax+1))
	s.mu.Lock()
	defer s.mu.Unlock()
	up := s.uploads[secret]
	switch {
	case err != nil:
		return // the client is gone
	case up == nil, !signed, typed:
		http.Error(w, "<Error><Code>SignatureDoesNotMatch</Code></Error>", http.StatusForbidden)
	case r.Header.Get("Authorization") != "":
		http.Error(w, "<Error><Code>InvalidArgument</Code></Error>", http.StatusBadRequest)
	case len(body) > sourceMax:
		http.Error(w, "<Error><Code>EntityTooLarge</Code></Error>", http.StatusBadRequest)
	default:
		up.tarball, up.there = body, true
	}
}

func (s *Server) serveSource(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	up := s.uploads[r.PathValue("secret")]
	var tarball []byte
	there := up != nil && up.there
	if there {
		tarball = up.tarball
	}
	s.mu.Unlock()
	if !there {
		http.Error(w, "<Error><Code>NoSuchKey</Code></Error>", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	_, _ = w.Write(tarball) // fails only for a client that went away
}
