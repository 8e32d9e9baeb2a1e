package heroku

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"

	herokugo "github.com/heroku/heroku-go/v5"
)

// ReleaseConfig reads the config vars as a release has them, of which a rollback to it makes the app's again. Heroku gives their values;
// what is kept of each only tells whether two are equal.
func (c *Client) ReleaseConfig(ctx context.Context, app string, version int) (Config, error) {
	name := strconv.Itoa(version)
	var vars Config
	err := c.get(ctx, "config of v"+name+" of "+app, call{accept: v3sdk}, path("apps", app, "releases", name, "config-vars"), &vars)
	return vars, err
}

// Config are config vars that can be compared, and neither read nor shown. The zero value has none.
type Config struct {
	sums map[string][sha256.Size]byte // of the values
}

// UnmarshalJSON takes what the API gives. No error holds a value.
func (c *Config) UnmarshalJSON(b []byte) error {
	var vars map[string]*string
	if json.Unmarshal(b, &vars) != nil || vars == nil {
		return &Error{Kind: Malformed, Message: "the answer is no list of config vars"}
	}
	c.sums = map[string][sha256.Size]byte{}
	for name, value := range vars {
		if value != nil {
			c.sums[name] = sha256.Sum256([]byte(*value))
		}
	}
	return nil
}

// Differs are the names of the vars that are not the same in both, in order: those with other values, and those that one of them lacks.
func (c Config) Differs(other Config) []string {
	names := map[string]bool{}
	for _, pair := range [][2]Config{{c, other}, {other, c}} {
		for name, sum := range pair[0].sums {
			if found, ok := pair[1].sums[name]; !ok || found != sum {
				names[name] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// Has tells whether there is a var of this name.
func (c Config) Has(name string) bool {
	_, ok := c.sums[name]
	return ok
}

// Attachments reads the add-ons as an app knows them, with the names of their config vars.
func (c *Client) Attachments(ctx context.Context, app string) ([]Attachment, error) {
	op := "attachments of " + app
	list := reading{op: op, accept: v3sdk, more: "addon:plan,config_vars", span: "id ..; max=200"}
	found, err := pages(ctx, c, list, func(ctx context.Context, _ *herokugo.ListRange) (page []attachment, err error) {
		err = c.service.Do(ctx, &page, http.MethodGet, path("apps", app, "addon-attachments"), nil, nil, nil)
		return page, err
	})
	if err != nil {
		return nil, err
	}
	out := make([]Attachment, len(found))
	for i, a := range found {
		if err := need(op, a.ID); err != nil {
			return nil, err
		}
		out[i] = a.ours()
	}
	return out, nil
}
