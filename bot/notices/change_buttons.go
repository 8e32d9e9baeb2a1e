package notices

import (
	"fmt"

	slackgo "github.com/slack-go/slack"

	"slipway/bot/ledger"
	"slipway/bot/phrase"
)

// buttons take back a change that runs: to the release before the one that it came with. What became of other changes does not count:
// a message is not edited because another change came, and whoever presses is shown first what goes away with it.
func (c change) buttons() []slackgo.BlockElement {
	if c.Kind != ledger.Running || !c.scene.writes {
		return nil
	}
	return []slackgo.BlockElement{phrase.Ask("Roll back…", fmt.Sprintf("/rollback before %s of %s", c.Release, c.scene.app.Name))}
}
