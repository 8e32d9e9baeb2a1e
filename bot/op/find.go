package op

import (
	"cmp"
	"context"
	"fmt"
	"time"
)

const (
	firstLook = time.Second     // after an effect that may have been made or not
	lookAgain = 5 * time.Second // while it is not there and may still come
)

// search looks for an effect that was begun. It is begun again only if it is not there when it could not come any more.
func (o *Operation) search(ctx context.Context, s *step, f effect) (string, error) {
	asked := o.now()
	var out outcome
	var found bool
	err := reading(ctx, func(ctx context.Context) (err error) {
		out, found, err = f.find(ctx, moment(s.began))
		return err
	})
	if err != nil && ctx.Err() != nil {
		return "", o.gone(ctx, err)
	}
	text, inWords := answer(err)
	settled := in(s.acted, f.settle)
	switch {
	case inWords:
		o.leaves(s, err)
		return "", o.fail(ctx, s, stepUnknown, unknown, unknownText(s)+" "+text)
	case err != nil:
		s.state = looking
		return "", o.trouble(ctx, s, err, in(cmp.Or(s.troubled, asked), fresh), func() error {
			return o.fail(ctx, s, stepUnknown, unknown, unknownText(s)+" "+o.troubleText(s, err))
		})
	case found:
		return o.finish(ctx, s, out)
	case asked < settled:
		s.well()
		s.state = missing
		return "", o.pause(ctx, s, min(lookAgain, time.Duration(settled-asked)*time.Millisecond))
	}
	return o.make(ctx, s, f)
}

func unknownText(s *step) string {
	return fmt.Sprintf("The step “%s” was begun, and it cannot be told whether it was done.", stepName(s.name))
}
