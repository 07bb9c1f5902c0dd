"""Where the files are that ship with the package, and where a person's own are."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
PACKAGES = _PACKAGE.parent
"""The folder from which the package is imported."""
_INSTALLED = _PACKAGE / "include"

INCLUDE = _INSTALLED if _INSTALLED.is_dir() else PACKAGES
"""Holds ``config``, ``data`` and ``templates``: the folder around the package in a checkout, inside it in a wheel."""

HOME = Path.cwd() if _INSTALLED.is_dir() else INCLUDE.parent
"""Holds ``.env``, ``.local`` and ``out``: the checkout, or where an installed command is started."""

SHIPPED = INCLUDE / "config"
"""The group that ships: the sample's configuration. Another group leaves out what is the same."""
GROUP = "EXECUTIVE_SUITE_GROUP"
"""The variable that names a group's folder."""


def private_folder(path: Path) -> None:
    """Make a folder that only its owner may enter, or close one that exists; its content is closed with it."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.chmod(0o700)


def group_of(environment: Mapping[str, str]) -> Path:
    """The folder of the group whose reports a process makes; the shipped one unless the environment names another.

    >>> group_of({}) == SHIPPED, group_of({"EXECUTIVE_SUITE_GROUP": "my-group"}) == HOME / "my-group"
    (True, True)
    """
    named = environment.get(GROUP, "").strip()
    return HOME / named if named else SHIPPED
