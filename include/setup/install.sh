#!/bin/sh
# The virtual environment, from the locked requirements and nothing else. Run from the checkout by make.
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

lock_hash() { .venv/bin/python -c 'import hashlib; print(hashlib.sha256(open("requirements.txt", "rb").read()).hexdigest())'; }

# A moved or copied checkout has an environment whose programs point at the old place.
if [ -x .venv/bin/python ] && [ "$(cat .venv/.place 2>/dev/null)" = "$PWD" ] &&
    [ "$(cat .venv/.installed 2>/dev/null)" = "$(lock_hash)" ]; then
    touch .venv/.installed
    exit 0
fi

python=$(find_python)
echo "Setting up .venv with $("$python" --version) (once; a few minutes)"
rm -f .venv/.installed
[ "$(cat .venv/.place 2>/dev/null)" = "$PWD" ] || rm -rf .venv
"$python" -m venv .venv
printf '%s' "$PWD" >.venv/.place

# uv comes from the same lock, by the same hashes: its own entry is cut out of it.
awk '/^uv==/ { take = 1 } take { print } take && !/\\$/ { exit }' requirements.txt >.venv/uv.txt
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r .venv/uv.txt

# uv takes seconds where pip takes minutes. A machine whose package index only pip is configured for still gets there.
# Compiling once here saves every later start several seconds.
.venv/bin/python -m uv pip sync --quiet --python .venv/bin/python --require-hashes --compile-bytecode requirements.txt ||
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.txt
lock_hash >.venv/.installed
