package chattest

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	slacksim "slipway/integrations/sim/slack"
)

func TestWhatHappensAtOneInstantIsReadInOneOrder(t *testing.T) {
	t.Parallel()
	entry := func(kind slacksim.Kind, channel, ts, thread, text string) slacksim.Entry {
		return slacksim.Entry{
			At: begin, Kind: kind, Channel: channel, TS: ts, ThreadTS: thread,
			Message: &slacksim.Message{Channel: channel, TS: ts, Text: text, BotID: "B1"},
		}
	}
	later := entry(slacksim.Posted, "C0DEPLOYS", "7.0", "", "a later one")
	later.At = begin.Add(time.Second)
	entries := []slacksim.Entry{
		entry(slacksim.Posted, "C0DEPLOYS", "3.0", "", "a"),
		entry(slacksim.Posted, "C0DEPLOYS", "4.0", "", "b"),
		entry(slacksim.Posted, "C0GENERAL", "5.0", "", "c"),
		entry(slacksim.Posted, "C0DEPLOYS", "6.0", "3.0", "a reply"),
		entry(slacksim.Updated, "C0DEPLOYS", "2.0", "", "the first"),
		entry(slacksim.Updated, "C0DEPLOYS", "1.0", "", "the second"),
		entry(slacksim.Deleted, "C0DEPLOYS", "0.9", "", "gone"),
		later,
	}
	const want = "a|b|c|a reply|gone|a later one|the first|the second"
	for seed := range uint64(50) {
		tr := &transcript{numbers: map[string]int{"C0DEPLOYS 2.0": 1, "C0DEPLOYS 1.0": 2, "C0DEPLOYS 0.9": 3}}
		rand.New(rand.NewPCG(seed, 1)).Shuffle(len(entries), func(i, j int) { entries[i], entries[j] = entries[j], entries[i] })
		tr.inOrder(entries)
		var got []string
		for _, e := range entries {
			got = append(got, e.Message.Text)
		}
		if strings.Join(got, "|") != want {
			t.Fatalf("seed %d: %q", seed, got)
		}
	}
}

// Slack numbers messages as they arrive, of which two at one instant may be either.
func TestMessagesOfOneInstantStandInTheOrderOfTheirNumbers(t *testing.T) {
	t.Parallel()
	tr := &transcript{
		numbers: map[string]int{"C 1.000100": 2, "C 1.000200": 1, "C 2.000100": 3},
		posts:   []post{{at: begin}, {at: begin}, {at: begin.Add(time.Second)}},
	}
	list := []slacksim.Message{{Channel: "C", TS: "1.000100"}, {Channel: "C", TS: "1.000200"}, {Channel: "C", TS: "1.500000"}, {Channel: "C", TS: "2.000100"}}
	tr.byNumber(list)
	var got []string
	for _, m := range list {
		got = append(got, m.TS)
	}
	if strings.Join(got, " ") != "1.000200 1.000100 1.500000 2.000100" {
		t.Errorf("got %q", got)
	}
}
