"""The DAGs of many groups, as Airflow's bundle finds them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from group_data import INCLUDE

PROGRAM = """
import json, os, sys
from airflow.dag_processing.dagbag import DagBag
from executive_suite_bundle import GroupsBundle

bundle = GroupsBundle(name="groups")
bundle.initialize()
bag = DagBag(dag_folder=str(bundle.path), bundle_path=bundle.path)
found = {
    "dags": {
        name: [dag.access_control, getattr(dag.timetable, "expression", "")] for name, dag in bag.dags.items()
    },
    "errors": {os.path.basename(file): text for file, text in bag.import_errors.items()},
}
print(json.dumps(found, default=sorted))
"""


def found(groups: Path, home: Path) -> tuple[dict[str, list[object]], dict[str, str]]:
    """DAG to what it lets whom do and its schedule, and file to its error."""
    import json

    project = INCLUDE.parent
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={
            "PATH": "/usr/bin:/bin",
            "AIRFLOW_HOME": str(home),
            "AIRFLOW__CORE__DAGS_FOLDER": str(project / "dags"),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_STORAGE_PATH": str(home / "bundles"),
            "PYTHONPATH": f"{INCLUDE}:{project / 'plugins'}",
            "EXECUTIVE_SUITE_GROUPS": str(groups),
            "EXECUTIVE_SUITE_SCHEDULE__DELI": "0 7 1 * *",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(ran.stdout.splitlines()[-1])
    return told["dags"], told["errors"]


def test_a_broken_group_breaks_no_other_and_a_group_that_is_gone_takes_its_dags_along(tmp_path: Path) -> None:
    groups = tmp_path / "groups"
    for name in ("acme", "deli", "torn", "Bad Name"):
        (groups / name).mkdir(parents=True)
    (groups / "acme" / "group.yaml").write_text("name: Acme\nroles: [acme-readers]\n", encoding="utf-8")
    (groups / "torn" / "reports.yaml").write_text("reports: [", encoding="utf-8")
    dags, errors = found(groups, tmp_path / "home")
    kinds = ("executive_suite", "delivery_watch", "delivery_feedback")
    assert set(dags) == {f"{kind}__{name}" for kind in kinds for name in ("acme", "deli")}
    assert dags["executive_suite__acme"][0] == {
        "acme-readers": {"DAGs": ["can_edit", "can_read"], "DAG Runs": ["can_create"]}
    }
    assert dags["executive_suite__deli"][0] is None
    assert "0 7 1 * *" in str(dags["executive_suite__deli"][1])
    assert set(errors) == {"torn.py", "Bad Name.py"}
    assert "reports.yaml" in errors["torn.py"]
    shutil.rmtree(groups / "torn")
    shutil.rmtree(groups / "deli")
    dags, errors = found(groups, tmp_path / "home")
    assert set(dags) == {f"{kind}__acme" for kind in kinds}
    assert set(errors) == {"Bad Name.py"}
