package world

import (
	"regexp"
	"slices"
	"strings"
)

// rights are what the bot's environment and Slack say of who may do what.
type rights struct {
	mode      string   // SLIPWAY_MODE as it is written
	operators []string // their ids in Slack
}

var (
	modeLine      = regexp.MustCompile(`^mode ([a-z=,-]+)$`)
	operatorsLine = regexp.MustCompile(`^operators ([a-z,]+)$`)
	groupLine     = regexp.MustCompile(`^group ([a-z]+) ([a-z,]+)$`)
)

// changeRights understands a line about them; false if it is about something else.
func (p *plan) changeRights(l string) (understood bool, err error) {
	if m := modeLine.FindStringSubmatch(l); m != nil {
		p.rights.mode = m[1]
		return true, nil
	}
	if m := operatorsLine.FindStringSubmatch(l); m != nil {
		p.rights.operators, err = userIDs(m[1])
		return true, err
	}
	if m := groupLine.FindStringSubmatch(l); m != nil {
		_, err = userIDs(m[2])
		p.after = append(p.after, func(w *World) { _ = w.doGroup(m[1:]) })
		return true, err
	}
	return false, nil
}

// checkMode refuses modes, and apps, that there are not.
func (p *plan) checkMode() error {
	if p.rights.mode == "" {
		return nil
	}
	for part := range strings.SplitSeq(p.rights.mode, ",") {
		app, mode, named := strings.Cut(part, "=")
		if !named {
			app, mode = "", part
		}
		if named && !slices.Contains(p.apps(), app) {
			return unknown("app", app, p.apps()...)
		}
		if mode != "read" && mode != "write" {
			return unknown("mode", mode, "read", "write")
		}
	}
	return nil
}

// env is what the bot is told of them.
func (r rights) env() []string {
	var env []string
	if r.mode != "" {
		env = append(env, "SLIPWAY_MODE="+r.mode)
	}
	if len(r.operators) > 0 {
		env = append(env, "OPERATORS="+strings.Join(r.operators, ","))
	}
	return env
}
