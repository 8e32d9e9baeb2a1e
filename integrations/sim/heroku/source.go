package herokusim

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
)

// sourceMax is how big a source tarball may be, in bytes.
const sourceMax = 64 << 20

// fetch gets a source tarball, once, and gives the process types that its Procfile names. The error is what the build
// prints.
func (s *Server) fetch(ctx context.Context, from, checksum string) (map[string]string, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, from, http.NoBody)
	if err != nil {
		return nil, errors.New("the source URL is not valid")
	}
	resp, err := s.client.Do(r)
	if err != nil {
		return nil, errors.New("the source could not be fetched")
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the source could not be fetched: HTTP status %d", resp.StatusCode)
	}
	tarball, err := io.ReadAll(io.LimitReader(resp.Body, sourceMax+1))
	if err != nil || len(tarball) > sourceMax {
		return nil, errors.New("the source could not be fetched whole")
	}
	sum := sha256.Sum256(tarball)
	if checksum != "" && !strings.EqualFold(checksum, "SHA256:"+hex.EncodeToString(sum[:])) {
		return nil, errors.New("the source has another checksum")
	}
	return processTypes(tarball)
}

// processTypes reads the Procfile of a tarball. "GitHub tarballs have one top directory; Heroku strips it".
func processTypes(tarball []byte) (map[string]string, error) {
	unzipped, err := gzip.NewReader(bytes.NewReader(tarball))
	if err != nil {
		return nil, errors.New("the source is no gzipped tarball")
	}
	procfiles, top := map[string]string{}, map[string]bool{}
	for files := tar.NewReader(unzipped); ; {
		h, err := files.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, errors.New("the source is no gzipped tarball")
		}
		if h.Typeflag == tar.TypeXGlobalHeader {
			continue // git archive's comment
		}
		name := strings.TrimPrefix(h.Name, "./")
		dir, rest, below := strings.Cut(name, "/")
		top[dir] = top[dir] || !below
		if name == "Procfile" || rest == "Procfile" {
			text, err := io.ReadAll(files)
			if err != nil {
				return nil, errors.New("the source is no gzipped tarball")
			}
			procfiles[name] = string(text)
		}
	}
	for dir, isFile := range top {
		if len(top) == 1 && !isFile {
			return procfile(procfiles[dir+"/Procfile"]), nil
		}
	}
	return procfile(procfiles["Procfile"]), nil
}

var procfileLine = regexp.MustCompile(`(?m)^([A-Za-z0-9_-]+):[ \t]*(.*\S)[ \t\r]*$`)

func procfile(text string) map[string]string {
	types := map[string]string{}
	for _, m := range procfileLine.FindAllStringSubmatch(text, -1) {
		types[m[1]] = m[2]
	}
	return types
}
