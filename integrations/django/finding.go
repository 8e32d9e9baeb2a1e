package django

import "encoding/json"

// Kind is what a finding is about.
type Kind string

// The kinds. Those of the first group belong to an operation that is undone.
const (
	Irreversible     Kind = "irreversible" // Django cannot undo it
	LosesData        Kind = "loses_data"   // undoing drops what was written since
	LostData         Kind = "lost_data"    // it was dropped when the change was applied, and does not come back
	MayFail          Kind = "may_fail"     // undoing fails on some data
	NonAtomic        Kind = "non_atomic"   // a failure leaves half of it
	UnknownOperation Kind = "unknown"      // it is not one of Django's own

	// Of the code from before the change on the database after it.
	OldCodeBreaks  Kind = "old_code_breaks"
	OldCodeUnknown Kind = "old_code_unknown"
	OldCodeDelete  Kind = "old_code_delete" // rows cannot be deleted as before

	// What was not read.
	NotRead    Kind = "opaque"
	Unreadable Kind = "unreadable" // a whole file
	Missing    Kind = "missing"    // what a migration names is not there
	Unclear    Kind = "unclear"    // whose migrations these are

	// What the commands cannot do, or do besides.
	Changed    Kind = "changed" // the file is another than it was when it was applied
	Deleted    Kind = "deleted"
	Squashed   Kind = "squashed"
	AlsoUndone Kind = "also_undone"
	Stays      Kind = "stays"    // applied, though it is part of the change
	Branches   Kind = "branches" // there is not one migration to go back to
	Leaves     Kind = "leaves"   // Django refuses to migrate forward: an app has two last migrations
	Cycle      Kind = "cycle"
)

// OfData tells that it is about what is lost, and not about whether the commands do what they should.
func (k Kind) OfData() bool { return k == LosesData || k == LostData }

// OfOldCode tells that it is about the code from before the change.
func (k Kind) OfOldCode() bool {
	return k == OldCodeBreaks || k == OldCodeUnknown || k == OldCodeDelete
}

// Finding is what is to be known of a migration before it is undone.
type Finding struct {
	Migration Key    `json:"migration"`
	Kind      Kind   `json:"kind"`
	Operation string `json:"operation,omitempty"` // its class
	Line      int    `json:"line,omitempty"`
	Why       string `json:"why"`
}

// MarshalJSON writes ["app", "name"].
func (k Key) MarshalJSON() ([]byte, error) { return json.Marshal([2]string{k.App, k.Name}) }

// UnmarshalJSON reads what MarshalJSON writes.
func (k *Key) UnmarshalJSON(b []byte) error {
	var pair [2]string
	if err := json.Unmarshal(b, &pair); err != nil {
		return err
	}
	*k = Key{pair[0], pair[1]}
	return nil
}
