package github

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"time"
)

const (
	// archiveTime bounds the reading of one archive, from the question to the end.
	archiveTime = 3 * time.Minute

	// maxArchive is how much of a compressed archive is read, in bytes.
	maxArchive = 512 << 20

	// maxUnpacked is the same of what is in it.
	maxUnpacked = 8 << 30

	// MaxFile is how much of each file of an archive is given, in bytes.
	MaxFile = 1<<20 + 1
)

// ArchiveFile is one file of an archive.
type ArchiveFile struct {
	Path string // from the top of the repository
	SHA  string // git's name of the content, as Tree has it
	Text []byte // its first MaxFile bytes
}

// Archive reads the files of a commit, branch or tag in one piece, those whose path is wanted, in no fixed order. It takes two requests, one
// of which counts as GitHub counts. Links and submodules are left out. Invalid: the archive is longer than 512 MB.
func (c *Client) Archive(ctx context.Context, repo Repo, ref string, wanted func(path string) bool) ([]ArchiveFile, error) {
	op := fmt.Sprintf("read the files of %s of %s", ref, repo)
	ctx, cancel := context.WithTimeout(ctx, archiveTime)
	where, err := c.tarball(ctx, op, repo, ref)
	if err != nil {
		cancel()
		return nil, err
	}
	body, err := c.download(ctx, cancel, where, download{op: op, what: "archive", most: maxArchive})
	if err != nil {
		return nil, err
	}
	defer func() { _ = body.Close() }() // all of it was read, or an error says that it was not
	files, err := untar(body, wanted)
	if _, ours := errors.AsType[*Error](err); err != nil && !ours {
		err = &Error{Op: op, Kind: Malformed, Message: "the archive is broken: " + cut(line(err.Error())), Err: err}
	}
	return files, err
}

// untar reads a gzipped tar in which everything lies in one folder.
func untar(body io.Reader, wanted func(path string) bool) (files []ArchiveFile, err error) {
	unzipped, err := gzip.NewReader(body)
	if err != nil {
		return nil, err
	}
	archive := tar.NewReader(io.LimitReader(unzipped, maxUnpacked))
	for {
		header, err := archive.Next()
		if err == io.EOF {
			return files, nil
		}
		if err != nil {
			return nil, err
		}
		_, name, _ := strings.Cut(header.Name, "/")
		if header.Typeflag != tar.TypeReg || name == "" || path.Clean(name) != name || !wanted(name) {
			continue
		}
		file := ArchiveFile{Path: name}
		hash := sha1.New()
		_, _ = fmt.Fprintf(hash, "blob %d\x00", header.Size) // a hash never fails
		content := io.TeeReader(archive, hash)
		if file.Text, err = io.ReadAll(io.LimitReader(content, MaxFile)); err != nil {
			return nil, err
		}
		if _, err := io.Copy(io.Discard, content); err != nil {
			return nil, err
		}
		file.SHA = hex.EncodeToString(hash.Sum(nil))
		files = append(files, file)
	}
}
