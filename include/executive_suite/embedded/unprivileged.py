"""Running PostgreSQL when the launcher is root: PostgreSQL refuses to run as root, so it becomes ``nobody``.

A checkout may be in a folder that only root may enter. Rather than opening that folder to everybody, the child keeps
the one right it needs: Linux lets an ordinary user hold single capabilities ("ambient", capabilities(7)).
"""

from __future__ import annotations

import ctypes
import os
import pwd
import sys
from collections.abc import Callable
from pathlib import Path

# From linux/prctl.h and linux/capability.h: the kernel's stable interface.
_PR_SET_KEEPCAPS = 8
_PR_SET_SECUREBITS = 28
_SECBIT_NO_SETUID_FIXUP = 1 << 2
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_CAPABILITY_VERSION_3 = 0x20080522
_CAP_DAC_OVERRIDE = 1
_CAP_DAC_READ_SEARCH = 2


def is_root() -> bool:
    """Whether this process runs as root."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


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
    # Loaded here: between fork and exec a child should do as little as possible.
    libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

    def drop() -> None:
        if libc is not None:
            libc.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0)
            # Otherwise access(2), which initdb uses to find its programs, ignores capabilities.
            libc.prctl(_PR_SET_SECUREBITS, _SECBIT_NO_SETUID_FIXUP, 0, 0, 0)
        os.setgroups([])
        os.setgid(account.pw_gid)
        os.setuid(account.pw_uid)
        if libc is not None:
            _keep_folder_access(libc)

    return drop


def _keep_folder_access(libc: ctypes.CDLL) -> None:
    """Keep the right to pass through closed folders; if that fails, the call that needs it says so."""
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    mask = 1 << _CAP_DAC_OVERRIDE | 1 << _CAP_DAC_READ_SEARCH
    # effective, permitted, inheritable for capabilities 0-31, then the same for 32-63
    data = (ctypes.c_uint32 * 6)(mask, mask, mask, 0, 0, 0)
    libc.capset(header, data)
    for capability in (_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH):
        libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, capability, 0, 0)
