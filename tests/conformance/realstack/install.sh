#!/usr/bin/env bash
# Copies these programs to FOLDER and installs what they need there from npm, unless that was done before with the same lock file.
# Usage: install.sh FOLDER [client|all]     client: the client SDK; all: the server SDK too. Prints nothing but what goes wrong.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=$1 what=${2:-client}
mkdir -p "$folder"
cp -r "$here"/. "$folder"/
cd "$folder"
stamp=$(cat package.json package-lock.json | cksum)
if [ -f ".installed-all" ] && [ "$(cat .installed-all)" = "$stamp" ]; then exit 0; fi
if [ "$what" = client ] && [ -f ".installed-client" ] && [ "$(cat .installed-client)" = "$stamp" ]; then exit 0; fi
omit=()
if [ "$what" = client ]; then omit=(--omit=dev); fi
# Native modules from source: their prebuilt files lie elsewhere than in the registry. nodedir: where include/node is.
nodedir=$(node -p 'require("path").dirname(require("path").dirname(process.execPath))')
export npm_config_build_from_source=true
if [ -f "$nodedir/include/node/node.h" ]; then export npm_config_nodedir=$nodedir; fi
rm -f .installed-*
npm ci "${omit[@]}" --no-audit --no-fund >install.log 2>&1 || { tail -n 20 install.log >&2; exit 1; }
node -e 'require("better-sqlite3")(":memory:")'
echo "$stamp" >".installed-$what"
