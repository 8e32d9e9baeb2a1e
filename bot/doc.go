// Package bot takes what people ask in Slack to the command that knows, and the answer back to them.
//
// It is apart from the commands because how requests come and answers go (sockets, acknowledgements, workers, panics,
// who may ask) is the same for all of them.
//
// # The tour: from a slash command to the reply
//
//	Slack ─→ integrations/slack.Session      two sockets; reads an envelope
//	           │ Handle, on the socket's reader
//	         receive (router.go)             reserves a place and acknowledges, or says "busy" in the acknowledgement
//	           │ put
//	         pool (pool.go)                  32 workers; who waits for 2 s is told to come back
//	           │ work
//	         answer (asking.go)              finds the command and the app; asks access.Door while the command reads
//	           │ Command.Answer              package commands; asks Knowledge (knowledge.go) what is known of an app
//	         explain (router.go)             a refusal is shown, any other error is logged and owned up to
//	           │ reply (reply.go)
//	Slack ←─ integrations/slack.Client       the response URL, an ephemeral message, or the direct message
//
// # And from a webhook to what is known
//
//	GitHub, Heroku ─→ inbox.Inbox            verifies, stores, answers 202, and then folds
//	                    │ notices.Fold       ledger.Fold: facts, joined so that order and repetition do not matter;
//	                    │                    and the app is marked in the same transaction
//	                  ledger, in store       SQLite or Postgres
//	                    │ ledger.Load        all that is known of one app
//	                  Knowledge.Of           takes a look whether it is behind (reader.Know), and gives it to a command
//
// # And to a message that nobody asked for
//
//	notices.Notices                          draws what should stand, and touches the boards of what says something else now
//	  │ board.Touch
//	board.Boards                             takes a board under a lease, has it drawn again, posts it once or edits it
//	  │ slack.Client
//	Slack
//
// # And from a plan to what was done
//
//	Slack ─→ receive ─→ pool ─→ answer       as above
//	                              │ plan (changing.go)
//	         access.Door, presence.Presence  may this person, and are we alone
//	         Command.Change.Plan             reads, and says what would be done
//	         op.Engine.Offer                 keeps it for ten minutes; the person sees it with its button, or without in read mode
//	Slack ─→ interaction (clicks.go)         the button
//	         op.Engine.Press                 asks anew, and makes an operation of the plan, once
//	         op.Engine.Run                   carries it out step by step, through any crash; audit.Write at each
//	           │ board.Touch
//	Slack ←─ board.Boards
//
// A change with a Form is planned in a window instead: form.go opens it while Form.Fill reads, form_window.go sees to it that of several
// who write into it the last one does, form_note.go is what it remembers between clicks, and form_submit.go takes its submit, whose
// acknowledgement follows the confirming transaction (op.Engine.Submit).
//
// inbox.Duties read what webhooks did not tell. bot.go puts the parts together and runs them; identity.go learns who we are;
// manifest.go is how Slack must know the app; metrics.go is what an operator sees. health.go is whether all is well.
// Subpackages: access (who may), op (what is carried out), hold (deploys that are stopped), target (what can be gone back to), audit (who did what), presence (whether somebody else runs as us),
// doctor (what is wrong with the set-up), heartbeat (being missed when dead), inbox (what
// the world tells), reader (what it can be asked), ledger (what is known), notices (what is told), board (messages kept true),
// policy (each repository's settings in force), people (who is called), channels (where), store (the database), say and phrase
// (words), config (the environment and a repository's settings), chattest (plays conversations against all of it).
//
// The arrows point one way: cmd → commands → bot → bot/{op,hold,notices,policy,people,channels,access,audit,presence,
// heartbeat,doctor,inbox,reader,board} →
// bot/{ledger,store,say,phrase,config} → integrations.
package bot
