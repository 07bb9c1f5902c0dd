"""What the official chart makes of these values, checked as Kubernetes would: ``make chart CHART=airflow-1.22.0.tgz``.

The chart's own schema refuses a value that it does not know; Kubernetes' own refuses a field of a manifest. Neither
network nor cluster is needed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import helm_python
import kubernetes_validate
import yaml

HERE = Path(__file__).parent
VERSIONS = ("1.30", "1.37")
"""Of Kubernetes: the oldest that the chart supports, and the newest that the checker knows."""


def merged(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """One file of values over another, as Helm does it: mappings are merged, all else is replaced."""
    both = {name: merged(under[name], over[name]) for name in over if isinstance(under.get(name), dict)}
    return {**under, **over, **both}


def values(executor: str, yours: Path) -> dict[str, Any]:
    """The values of an executor, with those of a deployment."""
    found: dict[str, Any] = {}
    for path in (HERE / "common.yaml", HERE / f"{executor}.yaml", yours):
        found = merged(found, yaml.safe_load(path.read_text(encoding="utf-8")))
    return found


def manifests(chart: helm_python.Chart, given: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """What the chart makes, with the pods of tasks that KubernetesExecutor makes of its template."""
    for name, text in chart.render(values=given, name="suite").items():
        if name.endswith("NOTES.txt"):
            continue
        for made in yaml.safe_load_all(text):
            if made:
                yield name, made
                if pod := made.get("data", {}).get("pod_template_file.yaml", "").strip():
                    yield "pod template", yaml.safe_load(pod)


def main(place: str, yours: str = "") -> int:
    """Check both executors; 1 if anything is wrong."""
    faults = []
    with helm_python.Chart.load(place) as chart:
        for executor in ("kubernetes", "celery"):
            given = values(executor, Path(yours) if yours else HERE / "example.yaml")
            chart.validate_schema(given)
            made = list(manifests(chart, given))
            for name, manifest in made:
                for version in VERSIONS:
                    try:
                        kubernetes_validate.validate(manifest, version, strict=True)
                    except kubernetes_validate.ValidationError as error:
                        faults.append(f"{executor}: {name}: Kubernetes {version}: {error}")
            print(f"{executor}: {len(made)} manifests of chart {chart.version}")
    for fault in faults:
        print(fault, file=sys.stderr)
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
