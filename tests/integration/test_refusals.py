"""What must not start says which name is missing, and starts nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from integration.suite import CHECKOUT


def start(folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """``make run`` in a checkout of its own, without a terminal."""
    for part in ("dags", "plugins", "include"):
        shutil.copytree(CHECKOUT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(CHECKOUT / ".env.example", folder)
    return subprocess.run(
        [sys.executable, "-m", "executive_suite", "run"],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(folder / "include"), **variables},
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("AWS_BCC_EMAIL", ""),
        ("AWS_RECIPIENT_EMAIL", "  "),
        ("AWS_SES_FROM_ADDRESS", "not an address"),
        ("RECIPIENT_HASH_KEY", "short"),
        ("REPORTS_BUCKET", "Upper_Case"),
    ],
)
def test_a_blank_or_ill_formed_variable_is_named_and_nothing_starts(tmp_path: Path, variable: str, value: str) -> None:
    done = start(tmp_path, **{variable: value})
    assert done.returncode not in {0, None}
    assert variable in done.stdout + done.stderr
    assert not value.strip() or value not in done.stdout + done.stderr
    assert not (tmp_path / ".local" / "processes.json").exists()


def test_a_real_account_is_never_guessed_from_the_placeholders(tmp_path: Path) -> None:
    done = start(tmp_path, EXECUTIVE_SUITE_AWS="real")
    assert done.returncode != 0
    assert "AWS_SES_FROM_ADDRESS" in done.stdout + done.stderr
