"""Calls in the words of version 1, which keep working without being shown."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

RENAMED = {"verify": ("--as-of", "--date"), "run": ("--date", "--as-of")}
"""Command to its option's old and new name."""

IN_COMMON = ("--delivery", "--report", "--date", "--recipient")
DECISION = ("--actor", "--reason")


def current(arguments: Sequence[str]) -> list[str]:
    """A call in today's words.

    >>> current(["verify", "--as-of", "2026-05-01"])
    ['verify', '--date', '2026-05-01']
    >>> current(["resend", "--settle", "sent", "--delivery", "x", "--message-id", "y", "--actor", "a", "--reason", "b"])
    ['settle', '--delivery', 'x', '--message-id', 'y', '--actor', 'a', '--reason', 'b']
    >>> current(["resend", "--close-circuit", "--actor", "a", "--reason", "b"])
    ['circuit', 'close', '--actor', 'a', '--reason', 'b']
    """
    if not arguments:
        return []
    command, *rest = arguments
    rest = [
        "table" if (before, part) == ("--format", "text") else part.replace("--format=text", "--format=table")
        for before, part in pairwise(arguments)
    ]
    if command in RENAMED:
        old, new = RENAMED[command]
        rest = [new + part.removeprefix(old) if part == old or part.startswith(f"{old}=") else part for part in rest]
    if command == "resend":
        return _resend(rest)
    if command == "audit":
        return [command, *_act_first(rest)]
    return [command, *rest]


def _resend(rest: list[str]) -> list[str]:
    """Version 1 had one command for six decisions; the first flag here decides which, as it did then."""
    given = _options(rest)
    if "--release" in given:
        return ["release", given["--release"], *_only(given, *DECISION)]
    if "--close-circuit" in given:
        return ["circuit", "close", *_only(given, *DECISION)]
    if "--list" in given:
        return ["status", *_only(given, *IN_COMMON)]
    if "--settle" in given:
        return ["settle", *_only(given, *IN_COMMON, "--message-id", *DECISION)]
    return ["resend", *rest]


def _options(rest: list[str]) -> dict[str, str]:
    """Options with their values; a flag has none."""
    given: dict[str, str] = {}
    name = ""
    for part in rest:
        if part.startswith("--"):
            name, _, value = part.partition("=")
            given[name] = value
        elif name:
            given[name] = part
    return given


def _only(given: dict[str, str], *names: str) -> list[str]:
    return [part for name in names if name in given for part in (name, given[name])]


def _act_first(rest: list[str]) -> list[str]:
    """``audit --from DATE verify`` was accepted as well."""
    acts = [part for part in rest if part in {"verify", "export", "replay", "seal", "variants"}]
    if not acts or rest[0] == acts[0]:
        return rest
    rest.remove(acts[0])
    return [acts[0], *rest]
