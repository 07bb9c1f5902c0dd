"""Running PostgreSQL when the launcher is root: PostgreSQL refuses to run as root, so it becomes ``nobody``.

``nobody`` gets no right of root. The platform's folder is closed to it, so its data are put outside of that folder, and
its programs where they are in a closed one too; no folder is opened to anybody.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

HOMES = Path("/var/lib/executive-suite")
"""Where such homes are: root owns it, and everybody may pass."""
_FOR = "for"
"""The file in a home that names the link which leads to it."""


def is_root() -> bool:
    """Whether this process runs as root."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def passable(folder: Path) -> bool:
    """Whether everybody may enter a folder and all above it."""
    return all(each.stat().st_mode & stat.S_IXOTH for each in (folder.resolve(), *folder.resolve().parents))


def outside(*links: Path) -> Path:
    """A home that ``nobody`` reaches, for folders in one that only root may enter; each link leads to its folder there.

    What was at a link before moves along. Homes whose checkout has removed its links are removed.

    Args:
        links: Where the folders would be; the first one names the home.

    Returns:
        The home.
    """
    _passed_by_all(HOMES)
    for other in HOMES.iterdir():
        _remove_if_left(other)
    first = links[0]
    home = first.resolve().parent if first.is_symlink() and first.exists() else HOMES / secrets.token_hex(6)
    _passed_by_all(home)
    (home / _FOR).write_text(str(first), encoding="utf-8")
    for link in links:
        if link.is_symlink():
            link.unlink()
        elif link.exists():
            shutil.move(link, home / link.name)
        (home / link.name).mkdir(mode=0o700, exist_ok=True)
        link.symlink_to(home / link.name)
    return home


def _passed_by_all(folder: Path) -> None:
    """Make a folder that everybody may pass, whatever the umask: every command's is private."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o711)


def copied(programs: Path, home: Path) -> Path:
    """A copy of programs in a home, made once for each version of them."""
    copy = home / f"{programs.name}-{programs.stat().st_mtime_ns}"
    if not copy.exists():
        for older in home.glob(f"{programs.name}-*"):
            shutil.rmtree(older)
        shutil.copytree(programs, copy)
    return copy


def _remove_if_left(home: Path) -> None:
    """Remove a home that nothing leads to, while the checkout that it was for is there to say so."""
    named = home / _FOR
    link = Path(named.read_text(encoding="utf-8")) if named.is_file() else None
    if link and link.parent.parent.exists() and link.resolve() != (home / link.name).resolve():
        shutil.rmtree(home)


def hand_over(*folders: Path) -> None:
    """Give folders with their content to the unprivileged user."""
    account = pwd.getpwnam("nobody")
    for folder in folders:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)


def become_nobody() -> Callable[[], None] | None:
    """What a child of root must do before it becomes PostgreSQL; None if nothing."""
    if not is_root():
        return None
    account = pwd.getpwnam("nobody")

    def drop() -> None:
        os.setgroups([])
        os.setgid(account.pw_gid)
        os.setuid(account.pw_uid)

    return drop
