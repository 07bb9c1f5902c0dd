"""With ``include`` on the path one package can be imported: the folders of files next to it cannot."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

INCLUDE = Path(__file__).parents[2] / "include"
FOLDERS = sorted(path.name for path in INCLUDE.iterdir() if path.is_dir() and path.name.isidentifier())


def test_the_package_is_one_of_them() -> None:
    assert {"config", "data", "executive_suite", "setup", "templates"} <= set(FOLDERS)


@pytest.mark.parametrize("name", [name for name in FOLDERS if name not in {"executive_suite", "__pycache__"}])
def test_a_folder_of_files_is_no_module(name: str) -> None:
    command = [sys.executable, "-S", "-c", f"import {name}"]
    done = subprocess.run(command, env={"PYTHONPATH": str(INCLUDE)}, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"include/{name} is a folder of files, not a package" in done.stderr
