package settings

import (
	"bytes"
	"errors"
	"io"

	"go.yaml.in/yaml/v4"
)

// deepest is how many levels of lists and maps may lie in each other; settings need five.
const deepest = 12

// document gives the top of the file's one document, nil when there is nothing in it.
func document(g *gather, data []byte) *yaml.Node {
	loader, err := yaml.NewLoader(bytes.NewReader(data), yaml.WithPlugin(shallow{}))
	if err != nil {
		panic(err) // the options are fixed
	}
	var first, second yaml.Node
	switch err := loader.Load(&first); {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		notYAML(g, data, err)
		return nil
	}
	switch err := loader.Load(&second); {
	case errors.Is(err, io.EOF):
	case err != nil:
		notYAML(g, data, err)
	default:
		g.add(second.Line, "a second document begins here. slipway reads a file with one; take out the `---`.")
	}
	if len(first.Content) == 0 || null(first.Content[0]) {
		return nil
	}
	return first.Content[0]
}

// shallow ends the reading of what is nested too deep, before memory is spent on it.
type shallow struct{}

var errDeep = errors.New("nested too deep")

func (shallow) CheckDepth(depth int, _ *yaml.DepthContext) error {
	if depth > deepest {
		return errDeep
	}
	return nil
}

// CheckAlias has nothing to refuse: aliases are never followed here.
func (shallow) CheckAlias(int, int) error { return nil }
