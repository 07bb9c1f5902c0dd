#!/bin/sh
# What the image is made of, and what is known against it: out/bill-of-materials.json (CycloneDX), and an audit of every
# requirement as far as the index that pip is configured for has such data. Run by make from the checkout.
set -eu

mkdir -p out
image=out/image-requirements.txt
# The second lock repeats what it shares with the first.
awk 'NR != FNR && /^[a-z]/ { skip = ($1 in seen) } NR == FNR { seen[$1] } !skip' \
    requirements.txt requirements-kubernetes.txt >$image
.venv/bin/python .venv/bin/cyclonedx-py requirements --output-reproducible --output-format JSON $image \
    --output-file out/bill-of-materials.json
parts=$(.venv/bin/python -c 'import json; print(len(json.load(open("out/bill-of-materials.json"))["components"]))')
echo "out/bill-of-materials.json: $parts components"

.venv/bin/python .venv/bin/pip-audit --disable-pip --require-hashes --progress-spinner off --format json \
    --requirement $image >out/audit.json 2>out/audit.log || [ -s out/audit.json ] || {
    echo "not audited: $(tail -n 1 out/audit.log)"
    exit 0
}
.venv/bin/python - <<'PYTHON'
import json
import sys

looked_up = json.load(open("out/audit.json"))["dependencies"]
known = [(one["name"], one["version"], fault) for one in looked_up for fault in one.get("vulns", ())]
for name, version, fault in known:
    print(f"{name} {version}: {fault['id']}, fixed in {', '.join(fault['fix_versions']) or 'no version yet'}")
missing = sum("skip_reason" in one for one in looked_up)
print(f"audited {len(looked_up) - missing} of {len(looked_up)}: {len(known)} known vulnerabilities", end="")
print(f"; {missing} could not be looked up" if missing else "")
sys.exit(bool(known))
PYTHON
