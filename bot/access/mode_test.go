package access_test

import (
	"context"
	"errors"

	"slipway/bot/access"
	"slipway/bot/board"
	"slipway/bot/config"
	"slipway/bot/config/settings"
	"slipway/bot/op"
	"slipway/bot/say"
	"slipway/bot/store"
)

// inReadMode stands for a rule where it is not the door that refuses.
const inReadMode = "read mode"

// confirms offers a plan while slipway may write, and has it confirmed in a mode: by an operation if the rule is yes, else by none.
func (s *stage) confirms(mode, user string, verb settings.Verb, rule string) {
	s.t.Helper()
	who := access.Who{User: user}
	var said []string
	engine := s.engine(mode, &said)
	ticket, err := engine.Offer(s.t.Context(), who, room, op.Plan{Kind: "test", App: s.of.Name, Verb: verb, Title: "Test *it*", Label: "Test"})
	if err != nil {
		s.t.Fatal(err)
	}
	_, err = engine.Confirm(s.t.Context(), who, ticket.Value())
	_, inWords := errors.AsType[*say.Refusal](err)
	if (err == nil) != (rule == yes) || inWords != (rule != yes) {
		s.t.Errorf("mode %s, to confirm %s: got %v, want it refused by %q", mode, verb, err, rule)
	}
	if rule != yes && (len(said) != 1 || said[0] != rule) {
		s.t.Errorf("mode %s, to confirm %s: refused by %q, want %q", mode, verb, said, rule)
	}
	if n := s.operations(); (n > 0) != (rule == yes) {
		s.t.Errorf("mode %s, to confirm %s: %d operations begin", mode, verb, n)
	}
}

// engine carries nothing out. It keeps by which rules confirmations are refused.
func (s *stage) engine(mode string, said *[]string) *op.Engine {
	s.t.Helper()
	var m config.Mode
	if err := m.Decode(mode); err != nil {
		s.t.Fatal(err)
	}
	boards := board.New(board.Options{Store: s.made.Store})
	engine := op.New(op.Options{
		Store: s.made.Store, Log: s.made.Log,
		Allowed: func(ctx context.Context, who access.Who, _ string, verb settings.Verb) error {
			return s.Now(ctx, who, s.of, verb)
		},
		Manner: func(ctx context.Context, who access.Who, _ string, no error, shown bool) access.Manner {
			rule := access.RuleOf(no)
			if rule == "" {
				rule = no.Error()
			}
			*said = append(*said, rule)
			return s.Manner(ctx, who, s.of, no, shown)
		},
		MayWrite: func(app string) error {
			if m.Reads(app) {
				return say.Refuse(inReadMode)
			}
			return nil
		},
		Alone: func(context.Context) error { return nil },
		Touch: boards.Touch, Nudge: func() {},
	})
	engine.Register("test", func(context.Context, *op.Operation) error { return nil })
	return engine
}

// operations counts those that were begun, and forgets them.
func (s *stage) operations() (n int) {
	s.t.Helper()
	err := s.made.Store.Do(s.t.Context(), func(ctx context.Context, tx *store.Tx) error {
		if err := tx.QueryRow(ctx, "select count(*) from operations").Scan(&n); err != nil {
			return err
		}
		for _, table := range []string{"operations", "operation_apps"} {
			if _, err := tx.Exec(ctx, "delete from "+table); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}
