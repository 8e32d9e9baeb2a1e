#!/bin/sh
# Slack's own Bolt for JavaScript against the simulated Slack. It installs Bolt from npm, and fails loudly when it
# cannot, when node is missing or too old, and when any part of the conversation goes wrong.
set -eu
cd "$(dirname "$0")"

fail() {
	echo "bolt: $*" >&2
	exit 1
}

command -v node >/dev/null || fail "node is not installed; Bolt 5 needs node 20 or newer"
command -v npm >/dev/null || fail "npm is not installed"
major=$(node -p 'process.versions.node.split(".")[0]')
[ "$major" -ge 20 ] || fail "node $(node --version) is too old; Bolt 5 needs node 20 or newer"

npm install --no-audit --no-fund --package-lock=false || fail "npm install failed"
wanted=$(node -p 'require("./package.json").dependencies["@slack/bolt"]')
found=$(node -p 'require("./node_modules/@slack/bolt/package.json").version')
[ "$found" = "$wanted" ] || fail "Bolt $found is installed, $wanted is wanted"

cd ../..
CI=true SLIPWAY_BOLT="$PWD/.ci/bolt" go test -count=1 -v -run '^TestBoltForJavaScript$' ./integrations/sim/slack
