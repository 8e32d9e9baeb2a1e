// Package readertest helps tests that compare what was read with what was told.
//
// It is apart because the tests of more than one package do so, and because it is the list of what the two ways of knowing
// do not have in common.
package readertest

import (
	"fmt"
	"strings"

	"slipway/bot/ledger"
)

// Behind tells what a ledger does not know, or knows otherwise, that another one does, which was read just now. Left out is
// what only one of the two ways can tell.
func Behind(known, read *ledger.Known) []string {
	var list []string
	for _, d := range common(read).Compare(common(known)) {
		if d.This != "" {
			list = append(list, fmt.Sprintf("of %s is known\n%s\nand read was\n%s", d.Subject, d.Other, d.This))
		}
	}
	return list
}

// Different tells how what was told differs from what was read since both knew the same. Left out is what only one of the
// two ways can tell.
func Different(told, read *ledger.Known) []string {
	var list []string
	for _, d := range common(told).Compare(common(read)) {
		switch {
		case d.Kind == ledger.KindJob && d.Other == "": // jobs are read of the runs that matter for what is shown
		case d.Kind == ledger.KindSlug && d.Other == "": // so are slugs
		case d.Kind == ledger.KindHead && d.Other == "": // only the deploy branch is read
		case d.Kind == ledger.KindBuild && d.Other == "": // those that end between two readings may be pushed out by others
		default:
			list = append(list, fmt.Sprintf("of %s was told\n%s\nand read\n%s", d.Subject, d.This, d.Other))
		}
	}
	return list
}

// common is what is known without what only one way tells.
func common(k *ledger.Known) *ledger.Known {
	out := ledger.New(k.App, k.Repo)
	for _, f := range k.Facts() {
		if f := both(f); f != nil {
			out.Add(f)
		}
	}
	for _, d := range k.Dynos() {
		out.Add(ledger.Dyno{App: k.App, Dyno: d})
	}
	return out
}

// both is a fact without what only one way tells; nil if that is all of it.
func both(f ledger.Fact) ledger.Fact {
	switch f.Subject().Kind {
	case ledger.KindPush: // no list has them: where a branch points to is read, not how it got there
		return nil
	case ledger.KindHeard: // a reading is no delivery
		return nil
	case ledger.KindReading, ledger.KindListed: // a delivery is no reading
		return nil
	case ledger.KindAbsent, ledger.KindSpan: // answers to questions, which no webhook gives
		return nil
	case ledger.KindCommit: // a push tells neither parents nor times
		return nil
	case ledger.KindBranch, ledger.KindOutput: // read only
		return nil
	case ledger.KindDyno: // of one that ended a list tells that it is gone, and a webhook how; those that live are compared
		return nil
	case ledger.KindApp, ledger.KindProcess: // a webhook tells them when they change, if it was asked to
		return nil
	}
	if f, ok := gitHubsBoth(f); ok {
		return f
	}
	return herokusBoth(f)
}

func gitHubsBoth(f ledger.Fact) (ledger.Fact, bool) {
	switch f := f.(type) {
	case ledger.Pull:
		f.HeadRepo, f.Pull.MergedBy = "", "" // GitHub's lists leave out who merged
		return f, true
	case ledger.Run:
		f.HeadRepo, f.RerunBy = "", ""
		return f, true
	case ledger.Job:
		f.SHA, f.Branch = "", "" // the run has them
		return f, true
	}
	return nil, false
}

func herokusBoth(f ledger.Fact) ledger.Fact {
	switch f := f.(type) {
	case ledger.Slug: // an event has its commit alone
		f.Slug.Stack, f.Slug.CommitDescription, f.Slug.ProcessTypes = "", "", nil
		return f
	case ledger.Release:
		f.WasCurrent = false // a list says what runs now, and of the past only that something else does
		return f
	}
	return f
}

// Short cuts a list for a failure's message.
func Short(list []string) string {
	const few = 5
	text := strings.Join(list[:min(len(list), few)], "\n")
	if more := len(list) - few; more > 0 {
		text += fmt.Sprintf("\nand %d more", more)
	}
	return text
}
