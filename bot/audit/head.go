package audit

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Head is the number and the hash of a row, and so stands for all rows up to it.
type Head struct {
	Seq  int64
	Hash string // SHA-256 in hexadecimal
}

// noHash is what the first row follows.
var noHash = strings.Repeat("0", 64)

// String is the head as people write it: 123:ab12…, with all of the hash.
func (h Head) String() string { return fmt.Sprintf("%d:%s", h.Seq, h.Hash) }

var errHead = errors.New("a head is the number and the hash of a row as the log has them, such as 123: and 64 digits of 0 to 9 and a to f")

// ParseHead reads what String writes.
func ParseHead(text string) (Head, error) {
	number, hash, ok := strings.Cut(strings.ToLower(strings.TrimSpace(text)), ":")
	seq, err := strconv.ParseInt(number, 10, 64)
	switch {
	case !ok || err != nil || seq < 0 || number != strconv.FormatInt(seq, 10):
		return Head{}, errHead
	case len(hash) != len(noHash) || strings.Trim(hash, "0123456789abcdef") != "":
		return Head{}, errHead
	}
	return Head{seq, hash}, nil
}
