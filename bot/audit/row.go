package audit

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// Row is an entry in its place in the chain.
type Row struct {
	Seq int64
	Entry
	Hash string // in hexadecimal
}

// stored is a row as the database has it, with its numbers as text: whatever somebody put there is to be seen as it is.
type stored struct {
	seq, at, app, operation, who, what, text, detail, prev, hash string
}

// follow gives the row of an entry that comes after the one with the hash prev.
func (e Entry) follow(seq int64, prev string) (stored, error) {
	detail, err := json.Marshal(e.Detail) // its keys are sorted
	if err != nil {
		return stored{}, err
	}
	s := stored{
		seq: strconv.FormatInt(seq, 10), at: strconv.FormatInt(e.At.UnixMilli(), 10), app: e.App, operation: e.Operation,
		who: e.Who, what: e.What, text: e.Text, detail: string(detail), prev: prev,
	}
	s.hash = s.sum()
	return s, nil
}

// encoding names how a row is hashed. It is part of what is hashed, and stored for ever by that.
const encoding = "slipway audit row 1"

// sum is the SHA-256 of all columns but the hash itself, each behind its length (8 bytes, big-endian), so that nothing can move from
// one column to the next unseen.
func (s *stored) sum() string {
	h := sha256.New()
	for _, part := range []string{encoding, s.seq, s.at, s.app, s.operation, s.who, s.what, s.text, s.detail, s.prev} {
		var length [8]byte
		binary.BigEndian.PutUint64(length[:], uint64(len(part)))
		h.Write(length[:])
		h.Write([]byte(part))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// row reads what the database has. The error says what cannot be read of a row that somebody changed.
func (s *stored) row(seq int64) (Row, error) {
	r := Row{Seq: seq, Entry: Entry{App: s.app, Operation: s.operation, Who: s.who, What: s.what, Text: s.text}, Hash: s.hash}
	at, err := strconv.ParseInt(s.at, 10, 64)
	if err != nil {
		return r, fmt.Errorf("its time is %s", cut(strconv.Quote(s.at)))
	}
	r.At = time.UnixMilli(at).UTC()
	if err := json.Unmarshal([]byte(s.detail), &r.Detail); err != nil {
		return r, errors.New("its detail is no JSON object of texts")
	}
	return r, nil
}
