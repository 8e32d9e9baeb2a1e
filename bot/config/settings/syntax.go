package settings

import (
	"bytes"
	"errors"
	"strings"

	"go.yaml.in/yaml/v4"

	"slipway/bot/say"
)

// Sentences for what people run into most; the rest is told in the parser's own words.
const (
	aliasRefused = "a `*` begins an alias, which is refused: it hides what is set. As a word for everybody it is refused too."
	quoteNeeded  = "what begins with `%[1]c` must stand in quotes: `\"%[1]c…\"`."
	tickAstray   = "what begins with a backtick must stand in quotes."
	colonAstray  = "a colon makes a setting here, where none can be. Is the line indented too far, or does a value with a colon want quotes?"
	keyAstray    = "this line does not line up with those above it, or goes on behind a closed quote or bracket."
	neverClosed  = "the %s that begins here is not closed, or a comma is missing in it."
	quoteOpen    = "the quote that begins here is never closed."
	tooDeep      = "lists and maps are nested too deep here. No setting needs that."
)

// notYAML tells why the parser gave up.
func notYAML(g *gather, data []byte, err error) {
	var at *yaml.LoadError
	if !errors.As(err, &at) {
		g.add(0, "this is not YAML: %s.", say.Foreign(err.Error(), 120))
		return
	}
	end := bytes.Count(data, []byte("\n")) + 1
	if bytes.HasSuffix(data, []byte("\n")) {
		end-- // the parser may stop behind the last line
	}
	line, opened := min(at.Mark.Line, end), min(at.ContextMark.Line, end)
	sign := signAt(data, at.Mark)
	switch context := at.ContextMsg; {
	case strings.Contains(at.Message, errDeep.Error()):
		g.add(line, tooDeep)
	case strings.Contains(context, "alias"), at.Stage == yaml.ComposerStage:
		g.add(line, aliasRefused)
	case strings.Contains(context, "anchor"):
		g.add(line, anchorRefused, "`&amp;`")
	case strings.Contains(context, "next token") && sign == '`':
		g.add(line, tickAstray)
	case strings.Contains(context, "next token") && sign != 0:
		g.add(line, quoteNeeded, sign)
	case strings.Contains(context, "quoted scalar") && strings.Contains(at.Message, "end of"):
		g.add(opened, quoteOpen)
	case strings.Contains(context, "flow sequence"):
		g.add(opened, neverClosed, "list")
	case strings.Contains(context, "flow mapping"):
		g.add(opened, neverClosed, "map")
	case strings.HasPrefix(at.Message, "mapping values"):
		g.add(line, colonAstray)
	case strings.HasSuffix(at.Message, "expected key"):
		g.add(line, keyAstray)
	default:
		g.add(line, "this is not YAML: %s.", say.Foreign(at.Message, 120))
	}
}

// signAt gives the sign at which the parser stopped, if it is one that YAML keeps for itself and people begin values with.
func signAt(data []byte, mark yaml.Mark) rune {
	n := 0
	for line := range bytes.Lines(data) {
		if n++; n < mark.Line {
			continue
		}
		runes := []rune(string(line))
		if i := mark.Column - 1; i >= 0 && i < len(runes) && strings.ContainsRune("@%`", runes[i]) {
			return runes[i]
		}
		return 0
	}
	return 0
}
