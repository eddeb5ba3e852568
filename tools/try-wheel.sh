#!/bin/sh
# The wheel as a user installs it: built, put into an empty environment in the versions of the lock, and a starter built and released with it.
# usage: tools/try-wheel.sh    Needs .venv (make setup-test). Leaves nothing behind.
set -eu
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
.venv/bin/python -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation -w "$folder" .
sed -n 's/^\([a-z0-9][a-z0-9._-]*==[^\\]*\).*/\1/p' requirements/run.txt > "$folder/constraints.txt"
.venv/bin/python -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --upgrade 'pip>=24' # older ones fail on lxml[html-clean], see README
"$folder/venv/bin/python" -m pip install --quiet -c "$folder/constraints.txt" "$folder"/publisher_toolchain-*.whl
cd "$folder"
XDG_CACHE_HOME="$folder/cache" venv/bin/publisher new week
XDG_CACHE_HOME="$folder/cache" venv/bin/publisher build week --strict
venv/bin/publisher check week/dist/brief.pdf
XDG_CACHE_HOME="$folder/cache" venv/bin/publisher release week --version 1 --skip-check epubcheck --skip-check ace
XDG_CACHE_HOME="$folder/cache" venv/bin/publisher verify week/dist/latest --rebuild
echo "try-wheel: the wheel installs, builds, releases and verifies"
