// Package chattest plays conversations: lines that a person types, against the whole bot, the real client libraries and
// the simulated Slack, GitHub and Heroku. The result is the transcript that a person would read.
//
// It is apart from the bot because it puts the bot and the simulators together, and because tests and the sandbox share
// it: one grammar, one transcript. Tests play inside a testing/synctest bubble over connections in memory, where
// simulated minutes cost milliseconds and are exact; the sandbox plays in real time, over real sockets.
//
// # A test file
//
// A conversation is a txtar file:
//
//	What is shown, in one or more lines.
//	-- world --
//	how the world differs from the default, a line each (see world.Options); the section may be left out
//	-- slipway.yml --
//	the settings in the repository, .slipway.yml, from the beginning; without this section it has none
//	-- other.yml --
//	a file for a line such as "!settings other.yml"
//	-- chat --
//	alice> /deploy status
//	  bot (only alice): …
//
// In the chat section, lines that begin in the first column are typed; indented lines are the transcript, and so is
// "! line 7: why", with which a play ends whose line 7 fails. Blank lines are kept. The test plays the typed lines and
// compares; with -update it writes the transcript into the file, unless lines behind one that failed would be lost.
//
// GitHub and Heroku send webhooks to the bot, which keeps what it knows in a file of its own, across !kill, !restart and
// !stop.
//
// # Lines that are typed
//
//	alice> /deploy status                 a slash command, in #deploys
//	alice in #general> …                  elsewhere: a channel,
//	alice in dm> status                     the direct messages with the bot,
//	alice in thread 3> …                    the thread of message 3
//	alice> @slipway status                a message that names the bot; any other text is a message, too
//	alice> [Roll back]                    submits (or closes) her open modal whose button reads so, else presses the
//	                                      newest button with exactly this label that alice sees, wherever it stands
//	alice> [Restore] app=a backup="b 1"   sets fields by their block_id, one after the other, and then submits
//	alice> set release=v120               sets a field and waits for what the modal makes of it
//	alice> set stop=run.1234,scheduler.1    one of which several can be chosen: by their values or labels, with commas between
//	alice> set stop=                        them; and none of them
//	alice> {Roll back this deploy} 3      a message shortcut of the app's, by its label, on message 3
//	alice> close                          closes her modal
//	!push 45,                             a new commit on pull request 45: its checks start;
//	!push 45 pennychat/a.py=a.py            one that makes the text of that section (in the sandbox, a file's) the file's there
//	!ci fail 45 test-backend "Run tests"  what the next (or running) run of 45 does at that job and step; after
//	!ci hang 45 test-backend                !merge 45 it means the run on the deploy branch
//	!ci skip 45 deploy,                   the job's condition is not met, or that of the step that is named behind it;
//	!ci skip-deploy                         this one: of the job deploy of the next run on the deploy branch
//	!ci pass 45
//	!rerun 45, !rerun 45 failed           alice runs the latest run of 45 again, or only its failed jobs and what needs them;
//	                                        after !merge 45 it is the run of that merge
//	!cancel 45                            somebody cancels that run
//	!close 45                             its author closes 45 without merging it
//	!merge 46, !merge 46 squash,          lands on the deploy branch, the last from the merge queue
//	!merge 46 rebase, !merge 46 queue
//	!direct "hotfix"                      a commit straight onto it,
//	!direct "Fill" pennychat/a.py=a.py      which may bring files, too
//	!settings other.yml,                  a commit of alice's straight onto the deploy branch makes the text of that section
//	!settings none                          .slipway.yml, or deletes it; in the sandbox it is a file's
//	!config KEY=VALUE                     somebody changes the app without slipway:
//	!cli rollback v120, !cli deploy,        through the dashboard or the command line
//	!cli maintenance on
//	!run "python manage.py shell" 10m     alice starts a one-off dyno by hand, which goes on for so long,
//	!run scheduler "…" 10m                  or the scheduler does
//	!release-phase fail                   what the app does next
//	!health fail, !health ok, !crash web
//	!backup, !backup fail                 somebody takes a backup by hand; the next one fails
//	!archive #deploys, !unarchive #deploys
//	!rename #deploys #ship-it             what lines mean that name no channel is this one, whatever it is called
//	!remove-bot #deploys,                 from then on, and no longer, posts there are refused
//	!invite-bot #deploys
//	!join dave #deploys,                  somebody comes into a channel,
//	!leave dave #deploys                    or goes out of it
//	!guest alice, !member alice           an admin makes her a guest, or a full member
//	!deactivate alice                     her account is closed; nobody types with it from then on
//	!group dba alice,bob                  the members of the user group @dba are these; it is made if there is none
//	!collaborator add dave,               on Heroku, of the app, or of the one that is named behind it; alice owns all of
//	!collaborator remove bob penny-qa       them, and stays
//	!delete 3                             somebody deletes message 3 by hand, as an admin may
//	!foreign socket,                      somebody else connects with the app's token: Slack counts one connection more when it
//	!foreign socket deaf,                   says hello; the deaf one also takes its share of what people do, and answers
//	!foreign gone                           none of it
//	!down github, !up github              the weather: github, heroku, slack, database
//	!down runs, !up runs,                 GitHub starts no runs; they start when it does again, for all that happened
//	!up runs lost                           meanwhile, or then never do
//	!down runners, !up runners            runs start, and their jobs wait in the queue
//	!fault heroku GET /apps/* late 5s     the next request of that method and path meets it; "always" at the end makes
//	                                      it stay, "!fault heroku clear" takes all back. Kinds: delay, drop, duplicate,
//	                                      cut, late, 429, 429-bare, html-503
//	                                      Of several requests that arrive together a pattern with a star hits the
//	                                      least, by method and address
//	!fault github deliver push delay 30s  the next webhook of that event (also workflow_run.completed, or * for any) meets
//	                                      it; from heroku, api:release or dyno.update. Kinds: delay, drop, duplicate,
//	                                      reorder; "always" at the end makes it stay, "!fault github deliver clear" takes
//	                                      these back
//	!kill, !restart, !stop 10m            the bot ends without warning (all it is connected to is cut at one instant), in
//	                                      good order, or for ten minutes; then it is built anew and starts
//	!wait                                 time moves until nothing is open: no run, build, release, operation, delivery,
//	                                      request or late work, and no message that the bot has yet to write, but for those in
//	                                      channels that refuse them. After two hours of it the line fails and says what is open
//	!clock 10m                            time moves on; in real time the line fails, and so does !stop
//	!show channel, !show modal,           prints what stands there now; a modal and a home are those of the last person
//	!show thread 3, !show home alice        who typed, or of the one named
//	!show audit                           the audit trail, and whether it is whole
//	!show deliveries                      the webhooks that GitHub and Heroku sent since it was last shown, or since the
//	                                      world began
//	# …                                   a remark
//
// At the start and after each line the player settles: until nothing is in flight, 5 s of simulated time at most (in real time: all quiet
// for 150 ms, 30 s at most). A label that this person cannot see, a line that cannot be understood, or one whose feature
// this version does not have, ends the play with its number.
//
// # What the transcript shows
//
// What the bot says at its start stands before the first line. What it writes at one instant is shown in an order that does not
// depend on which came first: new messages before edits.
//
//	bot #7: text                        a message in #deploys, numbered as it appears; further lines of it are indented
//	  more text                           by four
//	bot in #general #8: text            elsewhere: also "in dm", which is that of who typed last, and "in dm with bob"; a
//	                                      #deploys that was renamed is "in #ship-it", too
//	  bot in thread 7 #9: text          a reply in the thread of message 7, or "in the thread" of what somebody wrote
//	bot (only alice): text              an ephemeral message; it has no number, and is edited as "what only alice sees"
//	bot edits #7: text                  printed when settled and looking different, never each edit
//	bot deletes #7
//	⟦Title⟧                             a modal, with its parts below it, indented by four: text, "name: value (choices)"
//	                                      for fields, name being the block_id, and [Submit] [Close]; "name is wrong: why"
//	                                      beside a field; "⟦Title⟧ closes" when it goes. "⟦Home of alice⟧" is her home
//	slack (only alice): text            what Slack itself tells a person, such as that a command was not answered
//	heroku: POST /apps/a/releases       a write by the bot, as the far end saw it; also github
//	| 14:00:02 github push: … → 202     a webhook: when it was sent, by whom, its event and action, what it is about,
//	                                      and the status of the answer or "no answer". "again" is an id of GitHub's that
//	                                      was shown before, "try 2" the same delivery of Heroku's. They stand in the order
//	                                      sent, at one instant Heroku's first. A dropped one has no answer
//	| 14:00 penny: @alice confirmed     an entry of the audit trail: when, about which app, by whom, its kind and, behind it, its
//	                                      operation; its text and details are below it, indented by four. The last line says
//	                                      how many there are, and whether the chain of their hashes is whole
//	| bob: text                         what !show finds standing, people's messages too; "(replies: 2)" is a thread
//
// Text is what a person would read: mrkdwn without its marks, a link as its label (followed by ‹url› where the label
// hides where it goes), a mention as @alice, a time as drawn for a reader in UTC, an emoji of ours as its picture. Empty
// lines are left out.
package chattest
