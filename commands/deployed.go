package commands

import (
	"fmt"
	"regexp"

	"slipway/integrations/heroku"
)

func version(r heroku.Release) string { return fmt.Sprintf("v%d", r.Version) }

// sha matches a whole commit. Builds through the API carry what their maker calls the source, which may be a branch.
var sha = regexp.MustCompile(`^[0-9a-f]{40}$`)
