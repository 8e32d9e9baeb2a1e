package config

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// APIURL is where an API is. Decoding leaves out the slashes at its end.
type APIURL string

// Decode is for package envconfig. Tokens are sent to this address, so it takes https, and http only on this machine.
func (a *APIURL) Decode(value string) error {
	value = strings.TrimSpace(value)
	u, err := url.Parse(value)
	switch {
	case err != nil || u.Hostname() == "" || (u.Scheme != "https" && u.Scheme != "http"):
		return problem{text: "is no address of an API"}
	case u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return problem{text: "holds more than an address: a password, a query or a fragment"}
	case u.Scheme == "http" && !loopback(u.Hostname()):
		return problem{text: "would send its token over http, unprotected, to another machine"}
	}
	*a = APIURL(strings.TrimRight(value, "/"))
	return nil
}

// loopback tells whether a host is this machine. Names are not looked up: what they lead to can change.
func loopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Unmap().IsLoopback()
}

// Port is a TCP port; 0 lets the system choose one.
type Port uint16

// Decode is for package envconfig.
func (p *Port) Decode(value string) error {
	n, err := strconv.ParseUint(strings.TrimSpace(value), 10, 16)
	if err != nil {
		return problem{text: "is no port"}
	}
	*p = Port(n)
	return nil
}

// SecretURL is an address that nobody else is to know, since whoever knows it can use it.
type SecretURL struct{ Secret }

// Decode is for package envconfig.
func (s *SecretURL) Decode(value string) error {
	var secret Secret
	if err := secret.Decode(value); err != nil {
		return problem{text: "has a space, a line break or a character that is in no address"}
	}
	if u, err := url.Parse(secret.Reveal()); !secret.IsZero() && (err != nil || u.Hostname() == "" || u.Scheme != "https" && u.Scheme != "http") {
		return problem{text: "is no address that can be called"}
	}
	s.Secret = secret
	return nil
}
