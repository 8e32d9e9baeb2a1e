package slack

import (
	"crypto/rand"
	"encoding/binary"
)

// textFrame is a client's whole text message as RFC 6455 puts it on the wire (§5.2, §5.3): final, masked, in one piece.
// One piece matters: Slack is thought not to put fragmented acknowledgements together. gorilla/websocket can
// only write to a connection that it owns, and that one belongs to slack-go.
func textFrame(payload []byte) []byte { return clientFrame(finalText, payload) }

// closeFrame is the goodbye of a client that leaves in good order (§5.5.1).
func closeFrame() []byte {
	const normal = 1000
	return clientFrame(finalClose, binary.BigEndian.AppendUint16(nil, normal))
}

// The first bytes of whole frames.
const (
	finalText  = 0x81
	finalClose = 0x88
)

func clientFrame(first byte, payload []byte) []byte {
	const masked = 0x80
	frame := make([]byte, 0, len(payload)+14)
	switch n := len(payload); {
	case n < 126:
		frame = append(frame, first, masked|byte(n))
	case n < 1<<16:
		frame = append(frame, first, masked|126)
		frame = binary.BigEndian.AppendUint16(frame, uint16(n))
	default:
		frame = append(frame, first, masked|127)
		frame = binary.BigEndian.AppendUint64(frame, uint64(n))
	}
	var mask [4]byte
	_, _ = rand.Read(mask[:]) // never fails
	frame = append(frame, mask[:]...)
	for i, b := range payload {
		frame = append(frame, b^mask[i%4])
	}
	return frame
}
