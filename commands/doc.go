// Package commands holds what people type: one file per command, and the one ordered list of them.
//
// It is apart from the bot because the bot knows how requests come and answers go, and nothing of deploys.
//
// # How to add a command
//
//  1. Write the conversation first: testdata/<command>.txtar says what people type and what they will read.
//  2. Add a file named after the command, which reads top to bottom: the help (a bot.Command), then the reading, then the
//     words. A long one keeps its words in a file of their own, <command>_words.go.
//  3. Ask bot.Knowledge what is known of the app; what else is read, read side by side, so that the answer costs the longest
//     chain of calls and not their sum, and count the chain: a test plays each command with calls of 200 ms.
//  4. Refuse with say.Refuse: what, why, what to type instead. A far end that does not answer is no refusal: show the
//     rest, and say what is missing.
//     What changes something plans it (bot.Change): the plan is all that is shown and used, and its steps are op.Do and op.Wait.
//     deploy_restart.go is a short one; rollback.go and its files are one with a window.
//  5. Put it into the list in commands.go, where help and the manifest find it.
//  6. go test ./commands -update, and read the transcript as the person who will get it at 3 a.m.
package commands
