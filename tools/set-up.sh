#!/bin/sh
# What the project needs on this machine: system libraries, a virtual environment, the pinned packages.
# usage: tools/set-up.sh run|test|bench    Says what it installs; safe to repeat, quick the second time. Exit 4: something is missing.
set -eu
cd "$(dirname "$0")/.."
purpose=${1:-run}

fail() { printf '%s\n' "set-up: $1" >&2; exit 4; }

python=${PYTHON:-}
if [ -z "$python" ]; then
  for name in python3 python3.14 python3.13 python3.12 python3.11; do
    if command -v "$name" >/dev/null 2>&1 && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then python=$name; break; fi
  done
fi
[ -n "$python" ] || fail "Python 3.11 or newer is needed; install it (apt-get install python3, or brew install python) and try again"

has_library() { "$python" -c "import ctypes, sys
for name in sys.argv[1:]:
    try: ctypes.CDLL(name); sys.exit(0)
    except OSError: pass
sys.exit(1)" "$@"; }

# Runs apt-get, and waits up to five minutes while another program (an automatic update, for example) installs packages.
apt_get() {
  tries=60
  while ! output=$("$@" 2>&1); do
    case $output in
      *"Could not get lock"* | *"Unable to acquire the dpkg frontend lock"* | *"Unable to lock directory"*) ;;
      *) printf '%s\n' "$output" >&2; return 1 ;;
    esac
    [ "$tries" = 60 ] && echo "set-up: another program is installing packages; waiting for it"
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || { printf '%s\n' "$output" >&2; return 1; }
    sleep "${SETUP_PAUSE:-5}"
  done
}

packages=""
need() { packages="$packages $1"; }
if [ "$(uname)" = Darwin ]; then
  has_library libpango-1.0-0 libpango-1.0.dylib /opt/homebrew/lib/libpango-1.0.dylib /usr/local/lib/libpango-1.0.dylib || need pango
  if [ "$purpose" = test ]; then
    command -v pdftotext >/dev/null 2>&1 || need poppler
    command -v qpdf >/dev/null 2>&1 || need qpdf
    command -v mutool >/dev/null 2>&1 || need mupdf-tools
    command -v npm >/dev/null 2>&1 || need node
    has_library libmagic.dylib /opt/homebrew/lib/libmagic.dylib /usr/local/lib/libmagic.dylib || need libmagic
    [ -d "/Applications/Google Chrome.app" ] || [ -d /Applications/Chromium.app ] || need chromium
  fi
  installer="brew install"
else
  has_library libpango-1.0.so.0 || need libpango-1.0-0
  has_library libpangoft2-1.0.so.0 || need libpangoft2-1.0-0
  has_library libharfbuzz-subset.so.0 || need libharfbuzz-subset0
  has_library libfontconfig.so.1 || need libfontconfig1
  if [ "$purpose" = test ]; then
    command -v pdftotext >/dev/null 2>&1 || need poppler-utils
    command -v qpdf >/dev/null 2>&1 || need qpdf
    command -v mutool >/dev/null 2>&1 || need mupdf-tools
    command -v npm >/dev/null 2>&1 || need npm
    command -v ssh-keygen >/dev/null 2>&1 || need openssh-client
    has_library libmagic.so.1 || need libmagic1  # for diffoscope, like libarchive
    has_library libarchive.so.13 || need libarchive13
    command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || need chromium
  fi
  "$python" -c 'import ensurepip, venv' 2>/dev/null || need "$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
  installer="apt-get install -y --no-install-recommends"
fi
if [ -n "$packages" ]; then
  echo "set-up: installing system packages:$packages"
  if [ "$(uname)" = Darwin ]; then
    command -v brew >/dev/null 2>&1 || fail "Homebrew is needed for:$packages. Run: $installer$packages"
    $installer $packages || fail "run: $installer$packages"
  elif ! command -v apt-get >/dev/null 2>&1; then
    fail "these libraries are missing:$packages (Debian's names); install them with your system's package manager"
  elif [ "$(id -u)" = 0 ]; then
    { apt_get apt-get update -qq && apt_get env DEBIAN_FRONTEND=noninteractive $installer -qq $packages; } || fail "run: $installer$packages"
  elif command -v sudo >/dev/null 2>&1 && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
    { apt_get sudo apt-get update -qq && apt_get sudo env DEBIAN_FRONTEND=noninteractive $installer -qq $packages; } || fail "run: sudo $installer$packages"
  else
    fail "not root, and sudo would ask. Run: sudo $installer$packages"
  fi
fi

lock=requirements/$purpose.txt
stamp=.venv/.set-up-$purpose
wanted=$(cat "$lock" pyproject.toml | cksum)
if [ ! -x .venv/bin/python ]; then
  echo "set-up: making .venv with $("$python" --version)"
  "$python" -m venv .venv
fi
if [ ! -f "$stamp" ] || [ "$(cat "$stamp")" != "$wanted" ]; then
  echo "set-up: installing the pinned packages of $lock into .venv"
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r "$lock" || fail "the packages could not be installed"
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . || fail "the package itself could not be installed"
  printf '%s' "$wanted" > "$stamp"
fi

if [ "$purpose" = test ]; then  # the reading system and Ace that the tests open books with
  modules=tests/reading/node_modules
  wanted=$(cksum < tests/reading/package-lock.json)
  if [ ! -f "$modules/.set-up" ] || [ "$(cat "$modules/.set-up")" != "$wanted" ]; then
    echo "set-up: installing the pinned packages of tests/reading/package-lock.json"
    (cd tests/reading && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) || fail "the packages of tests/reading could not be installed"
    printf '%s' "$wanted" > "$modules/.set-up"
  fi
fi
