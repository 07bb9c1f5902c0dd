"""What a container is made of and given, and how a program in it ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Image:
    """What a container is made of.

    Attributes:
        layer: Its files, but for those of its base.
        base: Files and folders of this machine that stand in for its base, by their place.
        added: Programs that its base has and this machine may lack, below ``/usr``.
        environment: Its variables.
        entry: Its entry point.
        command: What follows, unless a service says otherwise.
        user: Its user and group.
        folder: Where its programs start.
        own: Places that get a volume without a name.
    """

    layer: Path
    base: Mapping[str, Path]
    added: Path
    environment: Mapping[str, str]
    entry: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    user: tuple[int, int] = (0, 0)
    folder: str = "/"
    own: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """What a container is given besides its image."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    user: tuple[int, int]
    folder: str
    capabilities: Sequence[str] = ()
    secrets: Mapping[str, Path] | None = None
    tmpfs: Mapping[str, str] | None = None
    volumes: Mapping[str, Path] | None = None
    read_only: bool = False
    layered: bool = True


@dataclass(frozen=True, slots=True)
class Ran:
    """How a program within a container ended, with the processor's time that it took."""

    code: int
    output: str
    processor_seconds: float
