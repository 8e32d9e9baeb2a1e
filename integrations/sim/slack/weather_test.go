package slacksim_test

import (
	"strings"

	"slipway/integrations/sim/weather"
)

func parseFault(line string) (weather.Fault, error) { return weather.ParseFault(strings.Fields(line)) }
