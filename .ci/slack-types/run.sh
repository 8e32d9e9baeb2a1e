#!/bin/sh
# Slack's own TypeScript types as the judge of every message and view that the bot sends in a conversation, as JSON. It
# installs them from npm, and fails loudly when it cannot, when node is missing or too old, when the types do not refuse what
# is wrong on purpose, when there are hardly any messages, and when one is not of its type.
set -eu
cd "$(dirname "$0")"

fail() {
	echo "slack-types: $*" >&2
	exit 1
}

command -v node >/dev/null || fail "node is not installed; the types need node 20 or newer"
command -v npm >/dev/null || fail "npm is not installed"
major=$(node -p 'process.versions.node.split(".")[0]')
[ "$major" -ge 20 ] || fail "node $(node --version) is too old; the types need node 20 or newer"

# Prints what is wanted and not installed, a line each.
missing() {
	node -e '
		for (const [name, wanted] of Object.entries(require("./package.json").dependencies)) {
			let found = "none";
			try { found = JSON.parse(require("fs").readFileSync(`node_modules/${name}/package.json`)).version } catch {}
			if (found !== wanted) console.log(`${name} ${found} is installed, ${wanted} is wanted`);
		}'
}
[ -z "$(missing)" ] || npm install --no-audit --no-fund --package-lock=false || fail "npm install failed"
[ -z "$(missing)" ] || fail "$(missing)"

messages=$(mktemp -d)
trap 'rm -rf "$messages"' EXIT

# The conversations themselves are judged by the tests; here they only have to send what they send.
(cd ../.. && SLIPWAY_MESSAGES="$messages" go test -count=1 -run Conversations ./commands ./bot/chattest)
node write.mjs "$messages" node_modules/.slipway/messages.mts
node_modules/.bin/tsc --project . || fail "the above is not what Slack's types say"
