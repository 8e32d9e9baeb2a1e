package sandbox

import (
	"net"
	"os"
	"path/filepath"
)

// home is where the bot of a sandbox lives: the folder of what it knows, which goes with the sandbox, and the address that
// webhooks come to.
type home struct {
	folder string
	at     string       // an address on this machine; "" if webhooks go elsewhere
	door   net.Listener // before the bot has begun to listen; new webhooks are told of at once
	opened bool
}

// newHome makes a home, of which there is nothing for a sandbox without a bot.
func newHome(o Options, elsewhere bool) (*home, error) {
	h := &home{}
	if o.NoBot {
		return h, nil
	}
	var err error
	if h.folder, err = os.MkdirTemp("", "slipway-sandbox-"); err != nil {
		return nil, err
	}
	if elsewhere {
		return h, nil
	}
	if h.door, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		h.close()
		return nil, err
	}
	h.at = h.door.Addr().String()
	return h, nil
}

func (h *home) file() string { return filepath.Join(h.folder, "slipway.db") }

// url is where webhooks are sent to; "" is nowhere.
func (h *home) url() string {
	if h.at == "" {
		return ""
	}
	return "http://" + h.at
}

// listen gives the listener to a bot that starts, the first or a later one.
func (h *home) listen() (net.Listener, error) {
	if !h.opened {
		h.opened = true
		return h.door, nil
	}
	return net.Listen("tcp", h.at)
}

func (h *home) close() {
	if h.door != nil && !h.opened {
		_ = h.door.Close()
	}
	if h.folder != "" {
		_ = os.RemoveAll(h.folder)
	}
}
