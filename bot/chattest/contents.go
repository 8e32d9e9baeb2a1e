package chattest

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"

	"slipway/integrations/sim/world"
)

// contentsVariable names a folder. When it is set, each distinct message and view that a played bot sent is written there as
// JSON, as Slack received it, for those who judge it by other rules than the simulator's: .ci/slack-types.
const contentsVariable = "SLIPWAY_MESSAGES"

// keepContents writes what the bot of a world sent, if it is asked for. A file's name tells its kind and is made of what is in
// it, so that equal ones are one file.
func keepContents(w *world.World) error {
	folder := os.Getenv(contentsVariable)
	if folder == "" {
		return nil
	}
	for _, c := range w.Slack.Contents() {
		kind := "message"
		if c.View {
			kind = "view"
		}
		name := fmt.Sprintf("%s-%x.json", kind, sha256.Sum256(c.JSON))
		if err := os.WriteFile(filepath.Join(folder, name), c.JSON, 0o644); err != nil {
			return err
		}
	}
	return nil
}
