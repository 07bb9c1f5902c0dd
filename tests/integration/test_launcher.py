"""``make run`` without a terminal, in a checkout of its own with one report: exits 0, leaves nothing, sends once."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
import yaml

from executive_suite.embedded.journal import Journal
from integration.suite import CHECKOUT, DATE

pytestmark = pytest.mark.airflow


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("launcher") / "my reports"
    for part in ("dags", "plugins", "include"):
        shutil.copytree(CHECKOUT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(CHECKOUT / ".env.example", folder)
    file = folder / "include" / "config" / "reports.yaml"
    reports = yaml.safe_load(file.read_text(encoding="utf-8"))
    file.write_text(yaml.safe_dump([one for one in reports if one["report"] == "portfolio"]), encoding="utf-8")
    return folder


def start(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "executive_suite", "run"],
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": str(folder / "include")},
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def left_of(folder: Path) -> list[str]:
    """The command lines of processes that still belong to a checkout."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.cwd().startswith(str(folder)) or any(str(folder) in part for part in process.cmdline()):
                found.append(" ".join(process.cmdline()) or process.name())
        except psutil.Error:
            continue
    return found


def mails(folder: Path) -> int:
    """How many mails the endpoint accepted, by its journal."""
    entries = Journal(folder / ".local" / "aws" / "journal.jsonl").entries()
    return sum("outbound-emails" in entry.target for _, entry in entries)


def test_it_makes_archives_and_sends_and_leaves_no_process(checkout: Path) -> None:
    with start(checkout) as run:
        text, _ = run.communicate()
    assert run.returncode == 0, text
    assert "embedded" in text.splitlines()[0]
    assert f"{DATE}/dangerouscentaur-portfolio-audit.html" in text
    assert re.search(r"primary: sent, message \S+", text)
    assert re.search(r"http://127\.0\.0\.1:\d+ +user admin, password in \S.*passwords\.json", text)
    assert json.loads((checkout / ".local" / "airflow" / "passwords.json").read_text())["admin"] not in text
    written = [path for name in (".local", "out") for path in (checkout / name, *(checkout / name).rglob("*"))]
    assert [path for path in written if not path.is_symlink() and path.stat().st_mode & 0o077] == []
    out = checkout / "out" / DATE
    assert {"dangerouscentaur-portfolio-audit.txt", "dangerouscentaur-portfolio-audit.html"} <= {
        path.name for path in out.iterdir()
    }
    assert [path.name for path in out.glob("*.eml")] == [f"dangerouscentaur-portfolio-audit-{DATE}-primary.eml"]
    assert left_of(checkout) == []
    assert mails(checkout) == 1


def test_again_after_everything_was_stopped_it_finds_all_as_it_was_and_sends_nothing(checkout: Path) -> None:
    before = {path.name: path.read_bytes() for path in (checkout / "out" / DATE).iterdir()}
    with start(checkout) as run:
        text, _ = run.communicate()
    assert run.returncode == 0, text
    assert mails(checkout) == 1
    assert {path.name: path.read_bytes() for path in (checkout / "out" / DATE).iterdir()} == before
    assert left_of(checkout) == []


def test_ctrl_c_stops_everything_in_the_middle(checkout: Path) -> None:
    with start(checkout) as run:
        assert run.stdout is not None
        for line in run.stdout:
            if line.startswith("Run "):
                break
        time.sleep(1)
        run.send_signal(signal.SIGINT)
        run.communicate()
    assert run.returncode not in {0, None}
    assert left_of(checkout) == []
