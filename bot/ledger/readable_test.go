package ledger_test

import "slipway/bot/ledger"

// readable leaves out what nobody can read: pushes and what only they tell, dynos that are gone, and single fields.
func readable(told [][]ledger.Fact) [][]ledger.Fact {
	var list [][]ledger.Fact
	for _, facts := range told {
		var kept []ledger.Fact
		for _, f := range facts {
			switch f := f.(type) {
			case ledger.Push, ledger.Commit, ledger.Dyno:
			case ledger.Head:
				if f.Branch == "master" {
					kept = append(kept, f)
				}
			case ledger.Pull:
				f.HeadRepo, f.Pull.MergedBy = "", ""
				kept = append(kept, f)
			case ledger.Run:
				f.HeadRepo, f.RerunBy = "", ""
				kept = append(kept, f)
			case ledger.Job:
				f.SHA, f.Branch = "", ""
				kept = append(kept, f)
			default:
				kept = append(kept, f)
			}
		}
		if len(kept) > 0 {
			list = append(list, kept)
		}
	}
	return list
}
