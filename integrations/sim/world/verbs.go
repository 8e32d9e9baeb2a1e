package world

import (
	"errors"
	"fmt"
	"maps"
	"slices"
)

// Do lets something happen: the verb of a "!" line and what follows it. It returns at once; what takes time goes on, and
// Open names it. The error says what such a line reads like.
func (w *World) Do(verb string, args []string) error {
	v, ok := verbs[verb]
	if !ok {
		return fmt.Errorf("nothing that happens is called !%s", verb)
	}
	if len(args) < v.least || len(args) > v.most {
		return fmt.Errorf("write it as %s", v.usage)
	}
	err := v.do(w, args)
	if errors.Is(err, errForm) {
		return fmt.Errorf("write it as %s", v.usage)
	}
	return err
}

// errForm says that the words are not those of the verb's usage.
var errForm = errors.New("not the form of this line")

// Verbs are those that Do has, in the order of the alphabet.
func Verbs() []string { return slices.Sorted(maps.Keys(verbs)) }

type verb struct {
	usage       string
	least, most int
	do          func(w *World, args []string) error
}

var verbs = map[string]verb{
	"push":          {"!push 45 or !push 45 pennychat/migrations/0004_fill.py=fill.py", 1, 9, (*World).doPush},
	"ci":            {`!ci fail 45 test-backend "Test with pytest", !ci hang 45 test-backend, !ci skip 45 deploy, !ci skip-deploy or !ci pass 45`, 1, 4, (*World).doCI},
	"rerun":         {"!rerun 45 or !rerun 45 failed", 1, 2, (*World).doRerun},
	"cancel":        {"!cancel 45", 1, 1, (*World).doCancel},
	"close":         {"!close 45", 1, 1, (*World).doClose},
	"merge":         {"!merge 46, !merge 46 squash, !merge 46 rebase or !merge 46 queue", 1, 2, (*World).doMerge},
	"direct":        {`!direct "hotfix" or !direct "Fill topics" pennychat/migrations/0004_fill.py=fill.py`, 1, 9, (*World).doDirect},
	"settings":      {"!settings other.yml or !settings none", 1, 1, (*World).doSettings},
	"config":        {"!config KEY=VALUE", 1, 1, (*World).doConfig},
	"cli":           {"!cli rollback v120, !cli deploy or !cli maintenance on", 1, 2, (*World).doCLI},
	"run":           {`!run "python manage.py shell" 10m or !run scheduler "python manage.py background_tasks" 10m`, 2, 3, (*World).doRun},
	"release-phase": {"!release-phase fail", 1, 1, (*World).doReleasePhase},
	"backup":        {"!backup or !backup fail", 0, 1, (*World).doBackup},
	"health":        {"!health fail or !health ok", 1, 1, (*World).doHealth},
	"crash":         {"!crash web", 1, 1, (*World).doCrash},
	"archive":       {"!archive #deploys", 1, 1, (*World).doArchive},
	"unarchive":     {"!unarchive #deploys", 1, 1, (*World).doUnarchive},
	"rename":        {"!rename #deploys #ship-it", 2, 2, (*World).doRename},
	"remove-bot":    {"!remove-bot #deploys", 1, 1, (*World).doRemoveBot},
	"invite-bot":    {"!invite-bot #deploys", 1, 1, (*World).doInviteBot},
	"join":          {"!join dave #deploys", 2, 2, (*World).doJoin},
	"leave":         {"!leave dave #deploys", 2, 2, (*World).doLeave},
	"guest":         {"!guest alice", 1, 1, (*World).doGuest},
	"member":        {"!member alice", 1, 1, (*World).doMember},
	"deactivate":    {"!deactivate alice", 1, 1, (*World).doDeactivate},
	"collaborator":  {"!collaborator add dave, !collaborator remove bob or !collaborator remove bob penny-qa", 2, 3, (*World).doCollaborator},
	"group":         {"!group dba alice,bob", 2, 2, (*World).doGroup},
	"foreign":       {"!foreign socket, !foreign socket deaf or !foreign gone", 1, 2, (*World).doForeign},
	"down":          {"!down github (or heroku, slack, runs, runners)", 1, 1, func(w *World, a []string) error { return w.setDown(a[0], true) }},
	"up":            {"!up github (or heroku, slack, runs, runners) or !up runs lost", 1, 2, (*World).doUp},
	"fault":         {"!fault heroku POST /apps/*/releases late 5s, !fault github deliver workflow_run drop or !fault heroku clear", 2, 6, (*World).doFault},
}
