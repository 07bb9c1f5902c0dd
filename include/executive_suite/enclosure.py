"""What a process may reach of its machine, where the kernel can bind it (Linux's Landlock; docs/guarantees.md).

Without it, a process may read the environment and the memory of every other process of its user, and root's of all. A
process that has enclosed itself reads those of its own children only, signals no other, and cannot undo that.
"""

from __future__ import annotations

import ctypes
import os
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

# linux/landlock.h, linux/prctl.h; the numbers of these calls are the same on every machine.
_CREATE, _ADD, _RESTRICT = 444, 445, 446
_VERSION = 1  # instead of a ruleset: how much of this the kernel knows
_PATH_BENEATH = 1
_NO_NEW_PRIVS, _DROP_FROM_BOUNDS = 38, 24
_READ_FILE = 1 << 2
# WRITE_FILE, REMOVE_*, MAKE_*, REFER (since 2), TRUNCATE (since 3)
_CHANGES = {1: 1 << 1 | 0b1_1111_1111 << 4, 2: 1 << 13, 3: 1 << 14}
_OF_FILES = 1 << 1 | _READ_FILE | 1 << 14
_TCP = {4: 0b11}  # BIND, CONNECT
_SCOPES = {6: 0b11}  # abstract sockets, signals
_OF_ROOT = 0b1111
"""The capabilities that root keeps: to own, read and write any file; with others it would look into any process."""
_EVERY = 64
_CAPABILITIES = 0x20080522  # linux/capability.h: version 3, two words for each set


def version() -> int:
    """How much of Landlock this kernel knows; 0 if it binds nobody."""
    return max(_call(_CREATE, None, 0, _VERSION), 0) if sys.platform == "linux" else 0


def enclose(reads: Iterable[Path], *, changes: Iterable[Path] | None = None, network: bool = True) -> bool:
    """Bind this process for the rest of its life, with all that it starts; False where the kernel cannot.

    Call it before any thread is started: others would stay free.

    Args:
        reads: Files, and folders with everything in them, that may be read; what is open already may be, too.
        changes: What may be written, made and removed; None leaves that to the file system's own rights.
        network: Whether TCP may be used (from version 4 on).

    Raises:
        OSError: the kernel knows how and refused.
    """
    known = version()
    if not known:
        return False
    handled = _READ_FILE | (0 if changes is None else _upto(known, _CHANGES))
    parts = (handled, 0 if network else _upto(known, _TCP), _upto(known, _SCOPES))
    sizes = {1: 1, 4: 2, 6: 3}  # how many of the parts a version takes
    taken = max(size for since, size in sizes.items() if known >= since)
    ruleset = _done(_call(_CREATE, (ctypes.c_uint64 * taken)(*parts[:taken]), taken * 8, 0))
    try:
        for path in reads:
            _allow(ruleset, path, _READ_FILE)
        for path in changes or ():
            _allow(ruleset, path, handled & ~_READ_FILE)
        _done(_libc().prctl(_NO_NEW_PRIVS, 1, 0, 0, 0))
        _done(_call(_RESTRICT, ruleset, 0))
    finally:
        os.close(ruleset)
    _give_up_capabilities()
    return True


def all_but(closed: Iterable[Path]) -> Iterator[Path]:
    """Everything there is now but some files and folders: what lies next to them, and next to the folders above them.

    What is made later right in such a folder is not among it. A link is what it leads to, which has its own place here.
    """
    shut = {Path(os.path.realpath(path)) for path in closed}
    above = {folder for path in shut for folder in path.parents}
    for folder in sorted(above):
        if folder not in shut and not shut & set(folder.parents):
            with suppress(OSError):  # one that is not there, or that we may not list, needs no wall
                yield from (one for one in sorted(folder.iterdir()) if one not in shut | above and not one.is_symlink())


def _allow(ruleset: int, path: Path, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # nothing is there
    try:
        if not stat.S_ISDIR(os.fstat(place).st_mode):
            rights &= _OF_FILES
        rule = rights.to_bytes(8, sys.byteorder) + place.to_bytes(4, sys.byteorder)
        _done(_call(_ADD, ruleset, _PATH_BENEATH, ctypes.create_string_buffer(rule, len(rule)), 0))
    finally:
        os.close(place)


def _give_up_capabilities() -> None:
    """Keep what a user of files needs; who has no capability, or none that it may give up, keeps what it has."""
    libc = _libc()
    for number in range(_EVERY):
        if not _OF_ROOT >> number & 1:
            libc.prctl(_DROP_FROM_BOUNDS, number, 0, 0, 0)  # what is started later gains none of them again
    header = (ctypes.c_uint32 * 2)(_CAPABILITIES, 0)
    held = (ctypes.c_uint32 * 6)()  # effective, permitted, inheritable; then the upper halves of the three
    _done(libc.capget(header, held))
    lower, upper = [word & _OF_ROOT for word in held[:3]], [0, 0, 0]
    _done(libc.capset(header, (ctypes.c_uint32 * 6)(*lower, *upper)))


def _upto(known: int, since: dict[int, int]) -> int:
    """The rights that a version has."""
    return sum(rights for first, rights in since.items() if known >= first)


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _call(number: int, *arguments: object) -> int:
    # The kernel takes whole registers.
    given = (ctypes.c_long(one) if isinstance(one, int) else one for one in arguments)
    return int(_libc().syscall(ctypes.c_long(number), *given))


def _done(answer: int) -> int:
    """The answer of a call that must not fail."""
    if answer < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"the process cannot be enclosed: {os.strerror(number)}")
    return answer
