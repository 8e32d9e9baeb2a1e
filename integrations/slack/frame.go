package slack

import (
	"crypto/rand"
	"encoding/binary"
)

// textFrame is a client's whole text message as RFC 6455 puts it on the wire (§5.2, §5.3): final, masked, in one piece.
// One piece matters: Slack is thought not to put fragmented acknowledgements together. gorilla/websocket can
// only write to a connection that it owns, and that one belongs to slack-go.
func textFrame(payload []byte) []byte {
	const (
		finalText = 0x81
		masked    = 0x80
	)
	frame := make([]byte, 0, len(payload)+14)
	switch n := len(payload); {
	case n < 126:
		frame = append(frame, finalText, masked|byte(n))
	case n < 1<<16:
		frame = append(frame, finalText, masked|126)
		frame = binary.BigEndian.AppendUint16(frame, uint16(n))
	default:
		frame = append(frame, finalText, masked|127)
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
