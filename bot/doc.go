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
//	         answer (router.go)              finds the command; asks access.Door while the command reads
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
// inbox.Duties read what webhooks did not tell. bot.go puts the parts together and runs them; identity.go learns who we are;
// manifest.go is how Slack must know the app; metrics.go is what an operator sees. Subpackages: access (who may), inbox (what
// the world tells), reader (what it can be asked), ledger (what is known), notices (what is told), board (messages kept true),
// policy (each repository's settings in force), people (who is called), channels (where), store (the database), say and phrase
// (words), config (the environment and a repository's settings), chattest (plays conversations against all of it).
//
// The arrows point one way: cmd → commands → bot → bot/{notices,policy,people,channels,access,inbox,reader,board} →
// bot/{ledger,store,say,phrase,config} → integrations.
package bot
