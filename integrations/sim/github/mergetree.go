package githubsim

import (
	"maps"
	"slices"
	"strings"
)

// mergeTrees puts together what ours and theirs made of base, file by file and, where both changed a file,
// line by line. It reports false on a conflict. A nil base is an empty tree.
func (o *store) mergeTrees(base, ours, theirs *gitCommit) (map[string]string, bool) {
	old := map[string]string{}
	if base != nil {
		old = base.files
	}
	merged := maps.Clone(ours.files)
	paths := maps.Clone(old)
	maps.Copy(paths, theirs.files)
	for _, path := range sortedKeys(paths) {
		was, mine, other := old[path], ours.files[path], theirs.files[path]
		switch {
		case other == was || other == mine:
		case mine == was && other == "":
			delete(merged, path)
		case mine == was:
			merged[path] = other
		case mine == "" || other == "":
			return nil, false // one changed what the other deleted
		default:
			text, ok := mergeTexts(o.blobs[was], o.blobs[mine], o.blobs[other])
			if !ok {
				return nil, false
			}
			merged[path] = o.blob(text)
		}
	}
	return merged, true
}

// mergeTexts applies the changes of both to base. Changes that overlap or touch are a conflict unless they are
// the same.
func mergeTexts(base, ours, theirs string) (string, bool) {
	lines := splitLines(base)
	mine, others := edits(lines, splitLines(ours)), edits(lines, splitLines(theirs))
	var out strings.Builder
	at := 0
	for len(mine) > 0 || len(others) > 0 {
		var e edit
		switch {
		case len(others) == 0 || len(mine) > 0 && mine[0].to < others[0].from:
			e, mine = mine[0], mine[1:]
		case len(mine) == 0 || others[0].to < mine[0].from:
			e, others = others[0], others[1:]
		case same(mine[0], others[0]):
			e, mine, others = mine[0], mine[1:], others[1:]
		default:
			return "", false
		}
		out.WriteString(strings.Join(lines[at:e.from], ""))
		out.WriteString(strings.Join(e.lines, ""))
		at = e.to
	}
	out.WriteString(strings.Join(lines[at:], ""))
	return out.String(), true
}

func same(a, b edit) bool { return a.from == b.from && a.to == b.to && slices.Equal(a.lines, b.lines) }
