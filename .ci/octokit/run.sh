#!/bin/sh
# GitHub's own client, octokit, against the simulated GitHub, with GitHub's own schemas as the judge of every answer and
# every webhook. It installs them from npm, and fails loudly when it cannot, when node is missing or too old, when the
# program does not compile against octokit's types, and when anything that is said is not as it should be.
set -eu
cd "$(dirname "$0")"

fail() {
	echo "octokit: $*" >&2
	exit 1
}

command -v node >/dev/null || fail "node is not installed; octokit needs node 20 or newer"
command -v npm >/dev/null || fail "npm is not installed"
major=$(node -p 'process.versions.node.split(".")[0]')
[ "$major" -ge 20 ] || fail "node $(node --version) is too old; octokit needs node 20 or newer"

# Prints what is wanted and not installed, a line each.
missing() {
	node -e '
		for (const [name, wanted] of Object.entries(require("./package.json").dependencies)) {
			let found = "none";
			try { found = JSON.parse(require("fs").readFileSync(`node_modules/${name}/package.json`)).version } catch {}
			if (found !== wanted) console.log(`${name} ${found} is installed, ${wanted} is wanted`);
		}'
}
# The schemas are big: what is there already is kept.
[ -z "$(missing)" ] || npm install --no-audit --no-fund --package-lock=false || fail "npm install failed"
[ -z "$(missing)" ] || fail "$(missing)"

cd ../..
CI=true SLIPWAY_OCTOKIT="$PWD/.ci/octokit" go test -count=1 -v -run '^TestOctokit$' ./integrations/sim/github
