"""A Dockerfile as it is written, and the files that its builder is sent."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Line:
    """An instruction of a Dockerfile."""

    word: str
    rest: str


def stages_of(text: str) -> Iterator[tuple[str, tuple[str, list[Line]]]]:
    """Each stage of a Dockerfile: its name, what it is made from, its lines."""
    plain = "\n".join(line for line in text.splitlines() if not line.startswith("#")).replace("\\\n", " ")
    lines = [Line(*line.split(maxsplit=1)) for line in plain.splitlines() if line.strip()]
    starts = [number for number, line in enumerate(lines) if line.word == "FROM"]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        base, name = lines[start].rest.split(" AS ")
        yield name, (base, lines[start + 1 : end])


def context(checkout: Path) -> list[Path]:
    """The files that .dockerignore lets through: its last line that fits a file, or a folder above it, decides."""
    lines = (checkout / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    files = (path.relative_to(checkout) for path in checkout.rglob("*") if path.is_file())
    return sorted(path for path in files if not _ignored(path, rules))


def _ignored(path: Path, rules: list[str]) -> bool:
    ignored = False
    for rule in rules:
        pattern = rule.removeprefix("!").removeprefix("**/")
        places = [str(one) for one in (path, *path.parents)[:-1]]
        if rule.startswith("**/"):
            fits = any(fnmatch.fnmatch(part, pattern) for part in path.parts)
        else:
            fits = any(fnmatch.fnmatch(place, pattern) for place in places if "/" not in place or "/" in pattern)
        if fits:
            ignored = not rule.startswith("!")
    return ignored
