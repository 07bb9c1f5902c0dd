"""CONTRIBUTING.md, done word for word in a copy of the project: what it adds is there and passes the checks."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
STEP = re.compile(
    r"(New file|Append to|Describe it in|In) `([^`]+)`[^`]*?:\n\n```\w+\n(.*?)^```", re.MULTILINE | re.DOTALL
)


def steps(title: str) -> list[tuple[str, str, str]]:
    """What a section says to do: how, to which file, and the text."""
    (section,) = re.findall(rf"^## {title}\n(.*?)(?=^## |\Z)", GUIDE, re.MULTILINE | re.DOTALL)
    return STEP.findall(section)


def patched(text: str, changes: str) -> str:
    """A file with the hunks of a diff applied; each must be found once."""
    for hunk in changes.split("@@\n"):
        lines = hunk.splitlines()
        old = "\n".join(line[1:] for line in lines if not line.startswith("+"))
        new = "\n".join(line[1:] for line in lines if not line.startswith("-"))
        assert text.count(f"{old}\n") == 1, old
        text = text.replace(f"{old}\n", f"{new}\n")
    return text


class Copy:
    """A copy of the project that may be changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("include", "tests", "docs", "pyproject.toml", ".env.example"):
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__", "images"))
            else:
                shutil.copy(source, folder)

    def do(self, title: str) -> list[str]:
        """Do what a section says; the files that it touches."""
        todo = steps(title)
        for how, name, text in todo:
            path = self.folder / name
            if how == "New file":
                assert not path.exists(), name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            elif how == "In":
                path.write_text(patched(path.read_text(encoding="utf-8"), text), encoding="utf-8")
            else:
                with path.open("a", encoding="utf-8") as file:
                    file.write(text)
        python = [name for _, name, _ in todo if name.endswith(".py")]
        self.run("-m", "ruff", "check", "--quiet", *python)
        self.run("-m", "ruff", "format", "--check", "--quiet", *python)
        self.run("-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist", *(n for n in python if "test_" in n))
        return [name for _, name, _ in todo]

    def run(self, *arguments: str) -> str:
        """Run Python in the copy.

        Raises:
            AssertionError: it failed; with its output.
        """
        environment = {**os.environ, "PYTHONPATH": str(self.folder / "include"), "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(
            [sys.executable, *arguments], cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


def test_a_metric(copy: Copy) -> None:
    assert len(copy.do("Add a metric")) == 4
    page = copy.run("-m", "executive_suite", "definitions")
    assert "### bookings_canceled" in page
    (copy.folder / "docs" / "definitions.md").write_text(page, encoding="utf-8")
    copy.run("-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist", "tests/contract/test_definitions.py")


def test_a_section(copy: Copy) -> None:
    assert len(copy.do("Add a section")) == 4


def test_a_report(copy: Copy) -> None:
    assert len(copy.do("Add a report")) == 4


def test_a_source_kind(copy: Copy) -> None:
    assert len(copy.do("Add a source kind")) == 5


def test_an_export(copy: Copy) -> None:
    assert len(copy.do("Add an export")) == 2


def test_a_channel(copy: Copy) -> None:
    assert len(copy.do("Add a channel")) == 5
    settings = ("tests/unit/test_preflight.py", "tests/dags/test_deployment_files.py")
    copy.run("-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist", *settings, "-k", "variable")
