"""Where the files are that ship with the package, and where a person's own are."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_INSTALLED = _PACKAGE / "include"

INCLUDE = _INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent
"""Holds ``config``, ``data`` and ``templates``: the folder around the package in a checkout, inside it in a wheel."""

HOME = Path.cwd() if _INSTALLED.is_dir() else INCLUDE.parent
"""Holds ``.env``, ``.local`` and ``out``: the checkout, or where an installed command is started."""
