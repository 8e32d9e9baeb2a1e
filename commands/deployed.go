package commands

import (
	"fmt"

	"slipway/integrations/heroku"
)

func version(r heroku.Release) string { return fmt.Sprintf("v%d", r.Version) }
