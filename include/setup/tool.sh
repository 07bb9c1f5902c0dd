#!/bin/sh
# A tool of checks or tests in an environment of its own, .venv/NAME, because it pins other versions than the product's:
# from include/infra/NAME.txt and nothing else, once per lock. Run from the checkout: tool.sh NAME
set -eu

name=$1
lock=include/infra/$name.txt
home=.venv/$name
hash=$(.venv/bin/python -c 'import hashlib, sys; print(hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest())' "$lock")

# A moved or copied checkout has environments whose programs point at the old place.
wanted="$hash $PWD"
[ "$(cat "$home/.installed" 2>/dev/null)" != "$wanted" ] || exit 0

echo "Setting up $home (once; half a minute)"
rm -rf "$home"
.venv/bin/python -m uv venv --quiet --python .venv/bin/python "$home"
.venv/bin/python -m uv pip sync --quiet --python "$home/bin/python" --require-hashes --compile-bytecode "$lock" ||
    .venv/bin/python -m pip --python "$home/bin/python" install --quiet --disable-pip-version-check --no-deps \
        --require-hashes -r "$lock" # finds an index that only pip is configured for
printf '%s' "$wanted" >"$home/.installed"
