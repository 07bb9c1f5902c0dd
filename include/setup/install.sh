#!/bin/sh
# The virtual environment of a checkout, from the three locks and nothing else. Run by make.
set -eu

find_python() {
    for name in ${EXECUTIVE_SUITE_PYTHON:-} python3.12 python3.13 python3.11 python3 python; do
        if command -v "$name" >/dev/null 2>&1 &&
            "$name" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    echo "Executive Suite needs Python 3.11, 3.12 or 3.13 with its venv module (Debian: apt install python3-venv);" >&2
    echo "none was found on PATH. Name one with EXECUTIVE_SUITE_PYTHON=/path/to/python3." >&2
    return 1
}

# What runs anywhere, what stands in for PostgreSQL and AWS here, what checks.
locks="requirements.txt requirements-embedded.txt requirements-dev.txt"

lock_hash() {
    # shellcheck disable=SC2086 # three names
    cat $locks | .venv/bin/python -c 'import hashlib, sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest())'
}

# A moved or copied checkout has an environment whose programs point at the old place.
if [ -x .venv/bin/python ] && [ "$(cat .venv/.place 2>/dev/null)" = "$PWD" ] &&
    [ "$(cat .venv/.installed 2>/dev/null)" = "$(lock_hash)" ]; then
    touch .venv/.installed
    exit 0
fi

# shellcheck disable=SC2086 # three names
wanted=$(sed -n 's/^\([a-z0-9][^= ]*\)==.*/\1/p' $locks | sort -u | wc -l)

# Runs a command and says every ten seconds how far it is: a set-up that says nothing looks like one that hangs.
with_progress() {
    begun=$(date +%s) said=0
    "$@" &
    working=$!
    # What runs in the background does not hear of Ctrl-C.
    trap 'kill "$working" 2>/dev/null; exit 130' INT TERM HUP
    while kill -0 "$working" 2>/dev/null; do
        sleep 1
        passed=$(($(date +%s) - begun))
        if [ $((passed - said)) -ge 10 ] && kill -0 "$working" 2>/dev/null; then
            said=$passed
            found=$(find .venv/lib -name '*.dist-info' -prune 2>/dev/null | wc -l)
            if [ "$found" -lt "$wanted" ]; then
                echo "  $found of about $wanted packages, $passed s ..."
            else
                echo "  compiling them, so that every start is faster, $passed s ..."
            fi
        fi
    done
    trap - INT TERM HUP
    wait "$working"
}

python=$(find_python)
echo "Setting up .venv with $("$python" --version) (once; a few minutes)"
rm -f .venv/.installed
[ "$(cat .venv/.place 2>/dev/null)" = "$PWD" ] || rm -rf .venv
echo "Creating it, and installing uv, which installs the rest"
"$python" -m venv .venv
printf '%s' "$PWD" >.venv/.place

# uv comes from the lock by its hashes: its entry is cut out of it.
awk '/^uv==/ { take = 1 } take { print } take && !/\\$/ { exit }' requirements-embedded.txt >.venv/uv.txt
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r .venv/uv.txt

# uv takes seconds where pip takes minutes; pip also finds an index that only pip is configured for.
# Compiling once here saves several seconds at every later start.
echo "Downloading, installing and compiling about $wanted packages"
# shellcheck disable=SC2086 # three names
with_progress .venv/bin/python -m uv pip sync --quiet --python .venv/bin/python --require-hashes --compile-bytecode $locks ||
    with_progress .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
        $(printf -- ' -r %s' $locks)
lock_hash >.venv/.installed
