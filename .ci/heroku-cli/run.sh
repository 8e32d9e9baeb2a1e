#!/bin/sh
# Heroku's own CLI against the simulated Heroku. It installs the CLI from npm, and fails loudly when it cannot, when node
# is missing or too old, and when a command says or asks anything but what it should.
set -eu
cd "$(dirname "$0")"

fail() {
	echo "heroku-cli: $*" >&2
	exit 1
}

command -v node >/dev/null || fail "node is not installed; the CLI needs node 20 or newer"
command -v npm >/dev/null || fail "npm is not installed"
major=$(node -p 'process.versions.node.split(".")[0]')
[ "$major" -ge 20 ] || fail "node $(node --version) is too old; the CLI needs node 20 or newer"

wanted=$(node -p 'require("./package.json").dependencies["heroku"]')
installed() { node -p 'require("./node_modules/heroku/package.json").version' 2>/dev/null || echo none; }
# It is big: what is there already is kept.
[ "$(installed)" = "$wanted" ] || npm install --no-audit --no-fund --package-lock=false || fail "npm install failed"
[ "$(installed)" = "$wanted" ] || fail "heroku $(installed) is installed, $wanted is wanted"

cd ../..
CI=true SLIPWAY_HEROKU_CLI="$PWD/.ci/heroku-cli" go test -count=1 -v -run '^TestTheHerokuCLI$' ./integrations/sim/heroku
