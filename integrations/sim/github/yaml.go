package githubsim

import (
	"fmt"
	"strings"
)

// render writes the workflow as a file that GitHub would take.
func (w Workflow) render(base string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "name: %s\n\non:\n", w.Name)
	for _, event := range w.On {
		fmt.Fprintf(&b, "  %s:\n", event)
		if event == "push" {
			fmt.Fprintf(&b, "    branches: [%s]\n", base)
		}
		if event == "workflow_dispatch" && len(w.Inputs) > 0 {
			fmt.Fprintf(&b, "    inputs:\n      %s:\n", strings.Join(w.Inputs, ":\n      "))
		}
	}
	if c := w.Concurrency; c != nil {
		fmt.Fprintf(&b, "\nconcurrency:\n  group: %s\n  cancel-in-progress: %t\n", c.Group, c.CancelInProgress)
	}
	b.WriteString("\njobs:\n")
	done := map[string]bool{}
	for _, j := range w.Jobs {
		if done[j.key()] {
			continue
		}
		done[j.key()] = true
		w.renderJob(&b, j)
	}
	return b.String()
}

func (w Workflow) renderJob(b *strings.Builder, j Job) {
	fmt.Fprintf(b, "  %s:\n    runs-on: ubuntu-latest\n", j.key())
	if len(j.Needs) > 0 {
		fmt.Fprintf(b, "    needs: [%s]\n", strings.Join(j.Needs, ", "))
	}
	if len(j.On) > 0 {
		events := make([]string, len(j.On))
		for i, event := range j.On {
			events[i] = fmt.Sprintf("github.event_name == '%s'", event)
		}
		fmt.Fprintf(b, "    if: %s\n", strings.Join(events, " || "))
	}
	if values := w.matrix(j.key()); len(values) > 0 {
		fmt.Fprintf(b, "    strategy:\n      matrix:\n        version: [%s]\n", strings.Join(values, ", "))
	}
	b.WriteString("    steps:\n")
	for _, s := range j.Steps {
		command := strings.ReplaceAll(strings.ToLower(s.Name), " ", "-")
		fmt.Fprintf(b, "      - name: %s\n        run: script/%s\n", s.Name, command)
	}
}

// matrix gives the quoted values behind the names of one job's instances.
func (w Workflow) matrix(key string) []string {
	var values []string
	for _, j := range w.Jobs {
		if value, ok := strings.CutPrefix(j.Name, key+" ("); ok {
			values = append(values, "'"+strings.TrimSuffix(value, ")")+"'")
		}
	}
	return values
}
