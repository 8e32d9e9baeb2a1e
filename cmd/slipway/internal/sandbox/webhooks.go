package sandbox

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// errDeliverTo is what an address of a receiver is like.
var errDeliverTo = errors.New("write an address on this machine, such as http://127.0.0.1:8080; the sandbox sends nothing outside")

// receiver gives the address that webhooks go to. Names are not looked up, so "localhost" is taken for what it stands for.
func (o Options) receiver() (string, error) {
	if o.DeliverTo == "" {
		if o.Secret != "" {
			return "", &OptionError{"--secret", errors.New("it signs what --deliver-to sends, and that is missing")}
		}
		return "", nil
	}
	u, err := url.Parse(o.DeliverTo)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return "", &OptionError{"--deliver-to", errDeliverTo}
	}
	host := u.Hostname()
	if strings.EqualFold(host, "localhost") {
		host = "127.0.0.1"
	}
	ip := net.ParseIP(host)
	if ip == nil || !ip.IsLoopback() {
		return "", &OptionError{"--deliver-to", errDeliverTo}
	}
	if port := u.Port(); port != "" {
		u.Host = net.JoinHostPort(host, port)
	} else if u.Host = host; ip.To4() == nil {
		u.Host = "[" + host + "]"
	}
	return u.String(), nil
}

// newSender is with which the simulated GitHub and Heroku send webhooks: to this machine and to nothing else, whatever
// address a hook has.
func newSender() *http.Transport { return &http.Transport{DialContext: loopback} }

// tellReceivers says where webhooks go that the bot does not get.
func tellReceivers(o Options, to string) {
	if o.DeliverTo == "" || o.NoBot { // where standard output is an environment for a shell
		return
	}
	to = strings.TrimRight(to, "/")
	fmt.Fprintf(o.Out, "# webhooks go to %s/webhooks/github and %s/webhooks/heroku\n", to, to)
}
