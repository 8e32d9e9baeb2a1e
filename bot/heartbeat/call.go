package heartbeat

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
)

// longestAnswer bounds what is read of an answer, in bytes. It is read so that the connection can be used again.
const longestAnswer = 16 << 10

// call asks for the address, and gives why that was not taken in words that do not hold it.
func (h *Heartbeat) call(ctx context.Context) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, h.url, nil)
	if err != nil {
		return errors.New("it is no address")
	}
	req.Header.Set("User-Agent", "slipway")
	resp, err := h.client.Do(req)
	if err != nil {
		return cause(err)
	}
	defer resp.Body.Close()
	_, _ = io.CopyN(io.Discard, resp.Body, longestAnswer) // the status has said it all
	if resp.StatusCode >= 300 {
		return fmt.Errorf("it answers with status %d", resp.StatusCode)
	}
	return nil
}

// cause is what is behind an error of net/http, which names the address and may quote the answer. Only what names no more
// than a host is given in its own words.
func cause(err error) error {
	if failed, ok := errors.AsType[*url.Error](err); ok {
		err = failed.Err
	}
	if failed, ok := errors.AsType[net.Error](err); ok && failed.Timeout() {
		return errors.New("it does not answer in time")
	}
	if failed, ok := errors.AsType[*net.OpError](err); ok {
		return failed
	}
	if failed, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return failed
	}
	return errors.New("its answer cannot be read")
}
