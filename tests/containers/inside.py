"""The first process of a container, in its new namespaces: builds its root, gives up its rights, becomes its program.

It reads what to build from standard input, one JSON object, once its network is there. Root's rights end here, as those
of runc do: what follows runs with the service's user and capabilities.
"""

from __future__ import annotations

import ctypes
import json
import os
import platform
import signal
import socket
import sys
from pathlib import Path
from typing import Any

LIBC = ctypes.CDLL(None, use_errno=True)
RDONLY, NOSUID, NODEV, NOEXEC, REMOUNT, BIND, REC, PRIVATE = 1, 2, 4, 8, 32, 4096, 16384, 1 << 18  # linux/mount.h
PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
DETACH = 2
SET_PDEATHSIG, CAPBSET_DROP, SET_NO_NEW_PRIVS = 1, 24, 38  # linux/prctl.h
CAPABILITIES = {"CHOWN": 0, "DAC_OVERRIDE": 1, "FOWNER": 3, "SETGID": 6, "SETUID": 7}  # linux/capability.h
LAST_CAPABILITY = Path("/proc/sys/kernel/cap_last_cap")


def call(number: int) -> None:
    if number < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))


def mount(source: str, target: str, kind: str = "", flags: int = 0, options: str = "") -> None:
    call(LIBC.mount(source.encode(), target.encode(), kind.encode(), ctypes.c_ulong(flags), options.encode()))


def bind(source: str, target: str, *, read_only: bool) -> None:
    mount(source, target, flags=BIND | REC)
    if read_only:
        mount("", target, flags=REMOUNT | BIND | RDONLY | NOSUID)


def place(root: str, at: str, *, file: bool = False) -> str:
    """Where something is mounted, made if it is missing."""
    path = Path(root + at)
    if file:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    else:
        path.mkdir(parents=True, exist_ok=True)
    return str(path)


def build(given: dict[str, Any]) -> str:
    """The container's root: the image's layer, what it has from its base, and the mounts of the service."""
    mount("none", "/", flags=REC | PRIVATE)
    scratch, root = given["scratch"], f"{given['scratch']}/root"
    if given["layered"]:
        mount("tmpfs", scratch, "tmpfs")
        for folder in ("upper", "work", "root"):
            (Path(scratch) / folder).mkdir()
        (Path(scratch) / "upper").chmod(0o755)
        layers = f"lowerdir={given['layer']},upperdir={scratch}/upper,workdir={scratch}/work"
        mount("overlay", root, "overlay", options=layers)
    else:
        bind(given["layer"], place(scratch, "/root"), read_only=False)
    mount("overlay", place(root, "/usr"), "overlay", RDONLY, f"lowerdir={given['added']}:/usr")
    mount("proc", place(root, "/proc"), "proc", NOSUID | NODEV | NOEXEC)
    mount("sysfs", place(root, "/sys"), "sysfs", NOSUID | NODEV | NOEXEC | RDONLY)
    mount("tmpfs", place(root, "/dev"), "tmpfs", NOSUID, "mode=755")
    for device in ("null", "zero", "full", "random", "urandom", "tty"):
        bind(f"/dev/{device}", place(root, f"/dev/{device}", file=True), read_only=False)
    for name, target in {"fd": "fd", "stdin": "fd/0", "stdout": "fd/1", "stderr": "fd/2"}.items():
        Path(f"{root}/dev/{name}").symlink_to(f"/proc/self/{target}")
    mount("tmpfs", place(root, "/dev/shm"), "tmpfs", NOSUID | NODEV | NOEXEC, "mode=1777,size=64m")  # noqa: S108 - a container's own
    for secret, source in given["secrets"].items():
        bind(source, place(root, f"/run/secrets/{secret}", file=True), read_only=True)
    places = {kind: given[kind] for kind in ("base", "tmpfs", "volumes")}
    for at, kind, one in sorted((at, kind, one) for kind, mounts in places.items() for at, one in mounts.items()):
        if kind == "tmpfs":
            # Docker's own, unless the service says otherwise.
            mount("tmpfs", place(root, at), "tmpfs", NOSUID | NODEV | NOEXEC, one or "mode=1777")
        else:
            bind(one, place(root, at, file=Path(one).is_file()), read_only=kind == "base")
    if given["read_only"]:
        mount("", root, flags=REMOUNT | BIND | RDONLY)
    return root


def enter(root: str) -> None:
    os.chdir(root)
    call(LIBC.syscall(PIVOT_ROOT[platform.machine()], b".", b"."))
    call(LIBC.umount2(b".", DETACH))
    os.chdir("/")


def give_up(user: int, group: int, capabilities: list[str]) -> None:
    """Keep a service's user and capabilities alone, and let no program gain more."""
    kept = {CAPABILITIES[name] for name in capabilities}
    for number in range(int(LAST_CAPABILITY.read_text(encoding="ascii")) + 1):
        if number not in kept:
            call(LIBC.prctl(CAPBSET_DROP, number, 0, 0, 0))
    os.setgroups([])
    os.setgid(group)
    os.setuid(user)
    call(LIBC.prctl(SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    # Forgotten with the change of user: who starts a container ends it, whatever happens to itself.
    call(LIBC.prctl(SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0))


def main() -> None:
    given = json.loads(sys.stdin.readline())
    socket.sethostname(given["hostname"])
    enter(build(given))
    os.chdir(given["folder"])
    os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
    os.umask(0o022)
    give_up(given["user"], given["group"], given["capabilities"])
    os.execvpe(given["command"][0], given["command"], given["environment"])  # noqa: S606 - the service's own program


if __name__ == "__main__":
    main()
