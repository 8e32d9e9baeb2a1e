package op_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	slackgo "github.com/slack-go/slack"

	"slipway/bot/access"
	"slipway/bot/board"
	"slipway/bot/config/settings"
	"slipway/bot/op"
	"slipway/bot/say"
	"slipway/bot/store"
	"slipway/bot/store/storetest"
)

const (
	app     = "penny-university"
	deploys = "C0DEPLOYS"
)

var (
	alice = access.Who{User: "U0ALICE", Team: "T0HOME"}
	bob   = access.Who{User: "U0BOB", Team: "T0HOME"}
	dave  = access.Who{User: "U0DAVE", Team: "T0HOME"}
)

// stage is a far end, a database and an engine, in a bubble.
type stage struct {
	*farEnd
	t      *testing.T
	store  *store.Store
	log    *logged
	path   string
	line   *storetest.Cable // to the file
	engine *op.Engine
	kind   string // of the plans that are carried out
	run    op.Run // of plans of that kind
	stop   func() // ends the engine's Run; may be called twice

	mu     sync.Mutex
	barred map[string]error // refusals by person; "" is everybody's
	mode   error
	alone  error
	slept  time.Duration // by each question before an effect

	stranger string // nobody can tell who this is
	nudged   func() // is called when boards are nudged, if not nil
}

// onStage runs a test in a bubble, with an engine that runs.
func onStage(t *testing.T, test func(t *testing.T, s *stage)) {
	t.Helper()
	t.Parallel()
	path := storetest.File(t)
	synctest.Test(t, func(t *testing.T) { test(t, stageAt(t, path)) })
}

// stageAt sets a stage in a bubble, with an engine that runs.
func stageAt(t *testing.T, path string) *stage {
	t.Helper()
	s := &stage{t: t, farEnd: &farEnd{}, log: &logged{}, path: path, kind: "test", barred: map[string]error{dave.User: errors.Join(say.Refuse("dave may not."))}}
	s.open()
	s.run = s.plain
	s.start()
	return s
}

// open opens the database, over a line of its own.
func (s *stage) open() {
	s.t.Helper()
	s.line = &storetest.Cable{}
	opened, err := store.Open(s.t.Context(), store.Options{Path: s.path, Unsafe: true, Shared: true, Connect: s.line.Connect})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = opened.Close() }) // its line may be cut
	s.store = opened
}

// kill is kill -9, and a start at the same instant.
func (s *stage) kill() {
	s.line.Cut()
	s.open()
	s.start()
}

// start builds an engine anew, as a process that begins.
func (s *stage) start() {
	boards := board.New(board.Options{Store: s.store})
	s.engine = op.New(op.Options{
		Store: s.store, Log: slog.New(slog.NewTextHandler(s.log, nil)),
		Allowed: func(_ context.Context, who access.Who, _ string, _ settings.Verb) error {
			s.wait()
			s.mu.Lock()
			defer s.mu.Unlock()
			return errors.Join(s.barred[who.User], s.barred[""])
		},
		Manner: func(_ context.Context, who access.Who, _ string, _ error, shown bool) access.Manner {
			s.mu.Lock()
			defer s.mu.Unlock()
			if s.stranger == who.User {
				return access.Manner{ByHand: shown}
			}
			return access.Manner{Recorded: true, ByHand: true}
		},
		MayWrite: func(string) error { return s.locked(&s.mode) },
		Alone: func(context.Context) error {
			s.wait()
			return s.locked(&s.alone)
		},
		Ambiguous: func(err error) bool { return errors.Is(err, errCut) || errors.Is(err, errHTML) },
		Far: func(err error) op.FarEnd {
			switch {
			case errors.Is(err, errDown):
				return op.FarEnd{Name: "Heroku"}
			case errors.Is(err, errHTML):
				return op.FarEnd{Name: "Heroku", Said: "Heroku answered with status 503"}
			case errors.Is(err, errQuota):
				return op.FarEnd{Name: "Heroku", Said: "Heroku takes no more requests", NotNow: true, After: time.Minute}
			}
			return op.FarEnd{}
		},
		Touch: boards.Touch,
		Nudge: func() {
			s.mu.Lock()
			nudged := s.nudged
			s.mu.Unlock()
			if nudged != nil {
				nudged()
			}
		},
	})
	s.engine.Register(s.kind, func(ctx context.Context, o *op.Operation) error { return s.run(ctx, o) })
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { s.engine.Run(ctx) })
	s.stop = func() {
		cancel()
		running.Wait()
	}
	s.t.Cleanup(s.stop)
}

// slow has each question before an effect take so long.
func (s *stage) slow(d time.Duration) { s.set(func() { s.slept = d }) }

func (s *stage) wait() {
	s.mu.Lock()
	d := s.slept
	s.mu.Unlock()
	if d > 0 {
		time.Sleep(d)
	}
}

func (s *stage) locked(what *error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return *what
}

// set changes what is asked before effects.
func (s *stage) set(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
}

// plain is a Run of two effects with a watch between them.
func (s *stage) plain(ctx context.Context, o *op.Operation) error {
	one, err := op.Do(ctx, o, "turn it on", s.effect("on"))
	if err != nil {
		return err
	}
	if _, err := op.Wait(ctx, o, "it is on", op.Watch[string]{Look: s.looks("on"), Every: 5 * time.Second, Deadline: 10 * time.Minute}); err != nil {
		return err
	}
	_, err = op.Do(ctx, o, "tell the rest after "+one, s.effect("rest"))
	return err
}

// effect is one of the far end's.
func (s *stage) effect(what string) op.Effect[string] {
	return op.Effect[string]{
		Guard:  func(context.Context) error { return s.guard(what) },
		Find:   func(_ context.Context, since time.Time) (string, bool, error) { return s.find(what, since) },
		Act:    func(ctx context.Context) (string, error) { return s.act(ctx, what) },
		Settle: 30 * time.Second,
		IDs:    func(id string) map[string]string { return map[string]string{"release": id} },
	}
}

func (s *stage) looks(what string) func(context.Context) (string, bool, error) {
	return func(context.Context) (string, bool, error) { return s.find(what, time.Time{}) }
}

// plan is one that a person would see.
func plan() op.Plan {
	return op.Plan{
		Kind: "test", App: app, Verb: settings.Deploy,
		Title: "Turn it on for *" + app + "*", Lines: []string{"It is off now."}, ByHand: []string{"heroku on -a " + app},
		Label: "Turn on", Steps: []string{"turn it on", "it is on"}, Data: json.RawMessage(`{"to":"on"}`),
	}
}

func (s *stage) offer(who access.Who, p op.Plan) op.Ticket {
	s.t.Helper()
	ticket, err := s.engine.Offer(s.t.Context(), who, deploys, p)
	if err != nil {
		s.t.Fatal(err)
	}
	return ticket
}

// confirmed is a plan of alice's that she has confirmed.
func (s *stage) confirmed() (id string) {
	s.t.Helper()
	ticket := s.offer(alice, plan())
	if _, err := s.engine.Confirm(s.t.Context(), alice, ticket.Value()); err != nil {
		s.t.Fatal(err)
	}
	return ticket.ID
}

// shows is what the board of an operation shows now: the texts of its blocks, and its buttons.
func (s *stage) shows(id string) string {
	s.t.Helper()
	d, err := s.engine.Draw(s.t.Context(), op.KeyOf(id))
	if err != nil {
		s.t.Fatal(err)
	}
	return text(d.Message.Blocks)
}

func text(blocks []slackgo.Block) string {
	var lines []string
	for _, b := range blocks {
		switch b := b.(type) {
		case *slackgo.SectionBlock:
			lines = append(lines, b.Text.Text)
		case *slackgo.ContextBlock:
			for _, e := range b.ContextElements.Elements {
				lines = append(lines, e.(*slackgo.TextBlockObject).Text)
			}
		case *slackgo.ActionBlock:
			for _, e := range b.Elements.ElementSet {
				lines = append(lines, "["+e.(*slackgo.ButtonBlockElement).Text.Text+"]")
			}
		}
	}
	return strings.Join(lines, "\n")
}

// ends waits until an operation has ended, and fails unless its board then says all of this.
func (s *stage) ends(id string, says ...string) {
	s.t.Helper()
	for begun := time.Now(); ; time.Sleep(max(time.Since(begun)/10, 500*time.Millisecond)) {
		n, err := s.engine.Open(s.t.Context())
		if err != nil {
			s.t.Fatal(err)
		}
		if n == 0 {
			break
		}
		if time.Since(begun) > 3*time.Hour {
			s.t.Fatalf("it does not end:\n%s", s.shows(id))
		}
	}
	s.says(id, says...)
}

// succeeds is ends for an operation that has to succeed: that one of its steps is done says nothing of it.
func (s *stage) succeeds(id string, says ...string) {
	s.t.Helper()
	s.ends(id, says...)
	var state, why string
	s.read("select state, why from operations where id = $1", []any{id}, &state, &why)
	if state != "succeeded" {
		s.t.Errorf("it ended as %s: %s", state, why)
	}
}

// says fails unless the board of an operation says all of this.
func (s *stage) says(id string, all ...string) {
	s.t.Helper()
	got := s.shows(id)
	for _, want := range all {
		if !strings.Contains(got, want) {
			s.t.Errorf("the board does not say %q:\n%s", want, got)
		}
	}
}

// refused fails unless an error is a refusal that says all of this.
func refused(t *testing.T, err error, says ...string) {
	t.Helper()
	r, ok := errors.AsType[*say.Refusal](err)
	if !ok {
		t.Errorf("got %v, want a refusal that says %q", err, says)
		return
	}
	for _, want := range says {
		if !strings.Contains(r.Text, want) {
			t.Errorf("the refusal does not say %q: %s", want, r.Text)
		}
	}
}

// trail is the audit trail of one operation: what happened, who did it, and the text's first line.
func (s *stage) trail(id string) (list []string) {
	s.t.Helper()
	err := s.store.Do(s.t.Context(), func(ctx context.Context, tx *store.Tx) error {
		rows, err := tx.Query(ctx, "select what, who, text from audit where operation = $1 order by seq", id)
		if err != nil {
			return err
		}
		for rows.Next() {
			var what, who, text string
			if err := rows.Scan(&what, &who, &text); err != nil {
				return err
			}
			text, _, _ = strings.Cut(text, "\n")
			list = append(list, strings.TrimRight(fmt.Sprintf("%s|%s|%s", what, who, text), "|"))
		}
		return rows.Err()
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return list
}

// operations is how many there are.
func (s *stage) operations() (n int) {
	s.t.Helper()
	s.read("select count(*) from operations", nil, &n)
	return n
}

// read reads one row behind the engine's back.
func (s *stage) read(sql string, args []any, into ...any) {
	s.t.Helper()
	err := s.store.Do(s.t.Context(), func(ctx context.Context, tx *store.Tx) error {
		return tx.QueryRow(ctx, sql, args...).Scan(into...)
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// change writes to the database behind the engine's back.
func (s *stage) change(sql string, args ...any) {
	s.t.Helper()
	err := s.store.Do(s.t.Context(), func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, sql, args...)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// logged is a log that may be read while it is written.
type logged struct {
	mu   sync.Mutex
	text strings.Builder
}

// Write adds to it.
func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// halts asks to stop an operation.
func (s *stage) halts(by access.Who, id string) error {
	_, err := s.engine.Stop(s.t.Context(), by, id)
	return err
}
