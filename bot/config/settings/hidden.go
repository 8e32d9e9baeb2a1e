package settings

import (
	"go.yaml.in/yaml/v4"

	"slipway/bot/say"
)

const (
	anchorRefused = "%s is an anchor. Anchors, aliases and merge keys are refused, since they hide what is set. Write it out."
	aliasNamed    = "%s is an alias. Anchors, aliases and merge keys are refused, since they hide what is set. Write it out."
	mergeRefused  = "`&lt;&lt;` is a merge key. Anchors, aliases and merge keys are refused, since they hide what is set. Write it out."
	tagRefused    = "%s is a tag. Write the value alone."
)

// checkHidden refuses what lets a line mean something else than it shows. An alias is not followed, so that a file whose
// aliases multiply costs no more than its bytes.
func checkHidden(g *gather, n *yaml.Node) {
	switch {
	case g.full():
		return
	case n.Kind == yaml.AliasNode:
		g.add(n.Line, aliasNamed, say.ForeignCode("*"+n.Value, 40))
		return
	case n.Anchor != "":
		g.add(n.Line, anchorRefused, say.ForeignCode("&"+n.Anchor, 40))
	case merges(n):
		g.add(n.Line, mergeRefused)
	}
	if n.Style&yaml.TaggedStyle != 0 {
		g.add(n.Line, tagRefused, say.ForeignCode(n.Tag, 40))
	}
	for _, child := range n.Content {
		checkHidden(g, child)
	}
}

func merges(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!merge" }

// told tells whether checkHidden has said all that there is to say of a value.
func told(n *yaml.Node) bool { return n.Kind == yaml.AliasNode }
