"""The suite in an Airflow that is there already: docs/platforms.md, "Into an Airflow that you have", layout by layout.

Layouts: the project of Astronomer's command line (dags, plugins and include in /usr/local/airflow, which is on the
path), git-sync of the official Helm chart (a link to a work tree, a sub-path of it as DAG folder), Amazon MWAA
(plugins.zip unpacked into a folder on the path, DAGs next to it).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import boto3
import pytest

from group_data import INCLUDE
from integration.many import make
from loopback import PRETENDED
from ses_stub import SesStub

CHECKOUT = INCLUDE.parent
OWN_FILE = """import os

from executive_suite_dag import executive_suite_of  # the DAG for Airflow

executive_suite_of(os.environ)
"""
PARSE = """
import json
from airflow.dag_processing.dagbag import DagBag
from airflow.settings import DAGS_FOLDER
from pathlib import Path

bag = DagBag(dag_folder=DAGS_FOLDER, bundle_path=Path(DAGS_FOLDER))
print(json.dumps([sorted(bag.dags), list(map(str, bag.import_errors.values()))]))
"""
Layout = Callable[[Path, Path], dict[str, str]]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
    subprocess.run(build, cwd=CHECKOUT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def _copied(place: Path) -> None:
    for part in ("dags", "plugins", "include"):
        shutil.copytree(CHECKOUT / part, place / part, ignore=shutil.ignore_patterns("__pycache__"))


def plain(place: Path, wheel: Path) -> dict[str, str]:
    """A checkout anywhere, its folders named by settings."""
    del wheel
    _copied(place / "suite")
    return {
        "AIRFLOW__CORE__DAGS_FOLDER": str(place / "suite" / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(place / "suite" / "plugins"),
        "PYTHONPATH": str(place / "suite" / "include"),
    }


def astro(place: Path, wheel: Path) -> dict[str, str]:
    """The project is AIRFLOW_HOME; its folders are where Airflow looks anyway."""
    del wheel
    _copied(place / "home")
    return {"PYTHONPATH": f"{place / 'home'}:{place / 'home' / 'include'}"}


def git_sync(place: Path, wheel: Path) -> dict[str, str]:
    """``/opt/airflow/dags/repo`` is a link to the current work tree; ``subPath: dags``."""
    del wheel
    tree = place / "home" / "dags" / ".worktrees" / "4e45ae4"
    _copied(tree)
    (place / "home" / "dags" / "repo").symlink_to(tree)
    synced = place / "home" / "dags" / "repo"
    return {
        "AIRFLOW__CORE__DAGS_FOLDER": str(synced / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(synced / "plugins"),
        "PYTHONPATH": str(synced / "include"),
    }


def mwaa(place: Path, wheel: Path) -> dict[str, str]:
    """plugins.zip is the wheel; the DAG folder has one file of one's own."""
    zipfile.ZipFile(wheel).extractall(place / "home" / "plugins")
    (place / "home" / "dags").mkdir()
    (place / "home" / "dags" / "executive_reports.py").write_text(OWN_FILE, encoding="utf-8")
    return {}


def airflow(place: Path, given: Mapping[str, str], *command: str) -> str:
    """Standard output of a command of that Airflow; nothing of this process's environment but the path of programs."""
    ran = subprocess.run(
        [sys.executable, *command],
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(place),
            "AIRFLOW_HOME": str(place / "home"),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "EXECUTIVE_SUITE_GROUP": str(place / "group"),
            **given,
        },
        cwd=place,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-2000:] + ran.stderr[-2000:]
    return ran.stdout


@pytest.mark.parametrize("layout", [plain, astro, git_sync, mwaa])
def test_airflow_finds_the_dags(tmp_path: Path, wheel: Path, layout: Layout) -> None:
    make(tmp_path / "group", 0)
    found, errors = json.loads(airflow(tmp_path, layout(tmp_path, wheel), "-c", PARSE).splitlines()[-1])
    assert errors == []
    own_file = layout is mwaa
    assert found == (["executive_suite"] if own_file else ["delivery_feedback", "delivery_watch", "executive_suite"])


def test_a_run_on_trial_makes_archives_and_sends(tmp_path: Path, wheel: Path, moto_server: str, bucket: str) -> None:
    """``airflow dags test``: every task in one process, the steps in processes of their own."""
    make(tmp_path / "group", 0)
    records = f"{bucket}-records"
    boto3.client("s3", endpoint_url=moto_server, **PRETENDED).create_bucket(Bucket=records)
    with SesStub() as ses:
        given = {
            **mwaa(tmp_path, wheel),
            "AWS_ENDPOINT_URL": moto_server,
            "AWS_ENDPOINT_URL_SESV2": ses.url,
            "AWS_ACCESS_KEY_ID": str(PRETENDED["aws_access_key_id"]),
            "AWS_SECRET_ACCESS_KEY": str(PRETENDED["aws_secret_access_key"]),
            "AWS_SES_REGION": "us-east-1",
            "AWS_SES_FROM_ADDRESS": "reports@example.com",
            "AWS_SES_FROM_NAME": "Reports",
            "AWS_RECIPIENT_EMAIL": "reader@example.com",
            "AWS_BCC_EMAIL": "copy@example.com",
            "REPORTS_BUCKET": bucket,
            "RECORDS_BUCKET": records,
            "RECIPIENT_HASH_KEY": "0" * 40,
        }
        airflow(tmp_path, given, "-m", "airflow", "db", "migrate")
        trial = ("dags", "test", "executive_suite", "--conf", '{"report_date": "2026-05-01"}')
        airflow(tmp_path, given, "-m", "airflow", *trial)
        assert [mail.to for mail in ses.accepted] == [("reader@example.com",)]
