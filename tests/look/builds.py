"""The reports of this checkout and of any other commit, each made by its own ``make preview``."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

LOCKS = "requirements*.txt"


def unpacked(repository: Path, commit: str, folder: Path) -> Path:
    """The files of a commit, in a folder that is called like it.

    Raises:
        SystemExit: git knows no such commit.
    """
    named = _git(repository, "rev-parse", "--verify", "--quiet", f"{commit}^{{commit}}").decode().strip()
    if not named:
        sys.exit(f"git knows no commit {commit!r}")
    tree = folder / named
    if not tree.exists():
        folder.mkdir(parents=True, exist_ok=True)
        beginning = Path(tempfile.mkdtemp(dir=folder))
        with tarfile.open(fileobj=io.BytesIO(_git(repository, "archive", named))) as files:
            files.extractall(beginning, filter="data")
        beginning.rename(tree)
    return tree


def previews(tree: Path, report: str | None, like: Path | None = None) -> list[Path]:
    """Build the sample's reports of a tree; its pages and mails.

    Args:
        tree: A checkout, or the files of a commit.
        report: Only this one.
        like: A checkout whose environment serves if its locks are the same; otherwise the tree sets up its own.
    """
    command = ["make", "--no-print-directory", "-C", str(tree), "preview"]
    if report:
        command.append(f"REPORT={report}")
    if like is None or locks(like) == locks(tree):
        # The environment that runs this: make is to take it as it is.
        stamp = Path(sys.prefix) / ".installed"
        command += [f"PYTHON={sys.executable}", f"STAMP={stamp}", f"--old-file={stamp}"]
    of_make = {"MAKEFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "MFLAGS"}
    environment = {name: value for name, value in os.environ.items() if name not in of_make}
    made = tree / "out" / "preview"
    shutil.rmtree(made, ignore_errors=True)
    subprocess.run(command, env=environment, check=True)
    return sorted(made.glob("*/*.html"))


def locks(tree: Path) -> dict[str, bytes]:
    """What a tree's environment is made of."""
    return {path.name: path.read_bytes() for path in sorted(tree.glob(LOCKS))}


def _git(repository: Path, *arguments: str) -> bytes:
    return subprocess.run(["git", "-C", str(repository), *arguments], capture_output=True, check=False).stdout
