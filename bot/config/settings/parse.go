package settings

import "go.yaml.in/yaml/v4"

// Parse reads the file. Apps are the Heroku apps that its repository feeds, to which alone it may give settings of their own;
// an app that is not among them is a fault, since a misspelt one would lose its settings without a word. An empty file gives
// the defaults.
//
// With a fault there are no Settings. All faults are told at once, with two exceptions: a text that is no YAML is read as far
// as that goes, and of a great many the first 30 are enough.
func Parse(data []byte, apps []string) (Settings, Faults) {
	g := &gather{}
	data = checkText(g, data)
	if len(g.faults) > 0 {
		return Settings{}, g.faults.ordered()
	}
	root := document(g, data)
	if len(g.faults) > 0 {
		return Settings{}, g.faults.ordered()
	}
	if root == nil {
		return Settings{}, nil
	}
	checkHidden(g, root)
	s := (&reading{gather: g, keys: keys(), apps: apps}).file(root)
	if len(g.faults) > 0 {
		return Settings{}, g.faults.ordered()
	}
	return s, nil
}

// null tells whether nothing stands there, which is where all that was there is commented out.
func null(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }
