package inbox

import "context"

// poll reads a sender that has no webhooks, or whose webhooks do not tell all.
func (w *watch) poll(ctx context.Context) error {
	s, err := w.load(ctx)
	if err != nil || w.tells && s.Trusted {
		return err
	}
	k, err := w.known(ctx, w.app)
	if err != nil {
		return err
	}
	found, err := w.read(ctx, s, k)
	if err != nil {
		return err
	}
	err = w.change(ctx, func(now *senderState) {
		now.Looked = found.began
		if len(found.missed) > 0 && w.tells {
			w.judge(now, k.Heard(w.sender), found, 0)
		}
	})
	for _, wants := range w.wanting {
		if found.more {
			wants.nudge()
		}
	}
	return err
}
