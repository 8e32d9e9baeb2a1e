package access

// voice is how a refusal speaks of a person: to them, or to others who saw that they could do it before. So each sentence is
// written once.
type voice struct {
	user string // of whom others are told, as Slack's id; "": it is the reader
}

// pick gives the words that are to the person, or those that are to others.
func (v voice) pick(you, others string) string {
	if v.user == "" {
		return you
	}
	return others
}

func (v voice) are() string  { return v.pick("You are", v.name()+" is") }
func (v voice) your() string { return v.pick("Your", v.name()+"'s") }
func (v voice) they() string { return v.pick("you", "they") }

func (v voice) name() string { return "<@" + v.user + ">" }
