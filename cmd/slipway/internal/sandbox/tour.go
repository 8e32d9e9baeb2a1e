package sandbox

// tour is what the sandbox plays when nobody types: an afternoon in five minutes, told in seconds.
const tour = `# What is live, what is merged, what is running: only alice sees the answer.
alice> /deploy status
# She merges #46. The tests run again, then the merge commit is deployed.
!merge 46
alice> /deploy status
!wait
alice> /deploy status
# Words are forgiven, and the same ones work when the bot is mentioned, or in a direct message.
bob> /deploy histroy
bob> @slipway history
# What runs in production is not for guests.
carol> /deploy status
# #45 adds migrations, and its release phase is going to fail. What ran before still runs.
!release-phase fail
!merge 45
!wait
bob> /deploy status in channel
# GitHub goes away: the rest is shown, with what is missing.
!down github
alice> /deploy status
!up github
`
