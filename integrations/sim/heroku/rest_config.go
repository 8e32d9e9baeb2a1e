package herokusim

import (
	"maps"
	"slices"
	"strings"
)

// changeConfig sets config vars, and removes those that are null. "`PATCH /apps/{app}/config-vars` makes one release
// (and release phase, and restart) per call". It answers with all config vars.
func (s *Server) changeConfig(r *request) (any, error) {
	var body map[string]*string
	if err := r.decode(&body); err != nil {
		return nil, err
	}
	config := maps.Clone(r.app.config)
	var set, removed []string
	for _, key := range slices.Sorted(maps.Keys(body)) {
		if value := body[key]; value != nil {
			config[key] = *value
			set = append(set, key)
		} else if _, there := config[key]; there {
			delete(config, key)
			removed = append(removed, key)
		}
	}
	what := "Set " + strings.Join(set, ", ")
	switch {
	case len(set)+len(removed) == 0:
		return config, nil
	case len(set) == 0:
		what = "Remove " + strings.Join(removed, ", ")
	}
	r.app.startRelease(draft{description: what + " config vars", slug: r.app.code(), config: config, by: r.account})
	return config, nil
}
