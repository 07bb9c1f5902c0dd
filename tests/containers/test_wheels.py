"""Every lock of the image, and of a checkout, can be installed from wheels alone, on both kinds of machine."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
LOCKS = ("requirements.txt", "requirements-kubernetes.txt", "requirements-embedded.txt", "requirements-dev.txt")


def of_image() -> str:
    """The version of Python that the image's base has in its name."""
    found = re.search(r"-python([\d.]+)$", (CHECKOUT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    assert found
    return found[1]


@pytest.mark.engine  # it asks the package index for every file of a lock
@pytest.mark.parametrize("machine", ["x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"])
@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_is_wheels_only(lock: str, machine: str, tmp_path: Path) -> None:
    platform = ["--python-platform", machine, "--python-version", of_image(), "--only-binary", ":all:"]
    command = ["pip", "install", "--dry-run", "--target", tmp_path, *platform, "--no-deps", "--require-hashes"]
    done = subprocess.run(
        [sys.executable, "-m", "uv", *command, "-r", CHECKOUT / lock], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_every_lock_of_the_image_is_among_them() -> None:
    installed = re.findall(r"--requirement (\S+)", (CHECKOUT / "Dockerfile").read_text(encoding="utf-8"))
    assert set(installed) == set(LOCKS) - {"requirements-dev.txt"}


@pytest.mark.engine  # it installs an environment
def test_the_locks_of_the_image_are_enough_for_its_executors_and_for_the_project(tmp_path: Path) -> None:
    environment, locks = tmp_path / "environment", [f"--requirement={CHECKOUT / lock}" for lock in LOCKS[:2]]
    uv = [sys.executable, "-m", "uv"]
    subprocess.run([*uv, "venv", "--quiet", "--python", sys.executable, environment], check=True)
    python = environment / "bin" / "python"
    install = [*uv, "pip", "install", "--quiet", "--no-deps", "--require-hashes", "--python", python]
    subprocess.run([*install, *locks], check=True)
    modules = (
        "airflow.providers.celery.executors.celery_executor",
        "airflow.providers.cncf.kubernetes.executors.kubernetes_executor",
        "executive_suite.run.bodies",
    )
    given = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "PYTHONPATH": str(CHECKOUT / "include")}
    for module in modules:
        subprocess.run([python, "-c", f"import {module}"], env=given, cwd=tmp_path, check=True)
