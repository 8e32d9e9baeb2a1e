package board

import "time"

// Hurry has posts of unknown outcome looked for at other times, for tests that cannot wait. It is called before Run.
func (b *Boards) Hurry(looks ...time.Duration) { b.looks = looks }

// Moment is how long after a nudge work begins.
const Moment = moment
