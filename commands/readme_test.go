package commands_test

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"slipway/bot/chattest"
	"slipway/commands"
)

var update = flag.Bool("update", false, "write the transcripts into the conversations and the README")

// The README shows what the bot says, not what it said once.
func TestTheREADMEShowsARealTranscript(t *testing.T) {
	t.Parallel()
	const file, begin, end = "../README.md", "<!-- conversation -->\n```text\n", "```\n<!-- /conversation -->"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), begin)
	chat, after, closed := strings.Cut(rest, end)
	if !ok || !closed {
		t.Fatalf("README.md has no transcript between %q and %q", begin, end)
	}
	played := chattest.Play(t, &txtar.Archive{Files: []txtar.File{{Name: "chat", Data: []byte(chat)}}}, commands.All())
	if *update {
		if err := os.WriteFile(file, []byte(before+begin+played+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(strings.Split(chat, "\n"), strings.Split(played, "\n")); diff != "" {
		t.Errorf("README.md (-file +played; go test ./commands -update rewrites it):\n%s", diff)
	}
}
