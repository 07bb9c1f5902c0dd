"""Anchors kept where the trail is not: in a folder of another machine's disk, or in a bucket of another account."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from executive_suite.folders import private_folder
from executive_suite.stores.s3 import S3Store
from executive_suite.stores.store import StoredObject
from executive_suite.trail.chain import TrailError
from executive_suite.trail.sealing import Anchor

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_s3.client import S3Client

_NAME = re.compile(r"(\d{6,})-([0-9a-f]{64})")
_S3 = "s3://"


class Place(Protocol):
    """Where anchors are; nothing there is ever replaced."""

    def keep(self, name: str) -> None:
        """Keep a name, if it is new."""
        ...

    def names(self) -> Iterable[str]:
        """Every name that was kept."""
        ...


class _Folder:
    def __init__(self, path: Path) -> None:
        self._path = path

    def keep(self, name: str) -> None:
        private_folder(self._path)
        os.close(os.open(self._path / name, os.O_WRONLY | os.O_CREAT, 0o400))

    def names(self) -> Iterable[str]:
        return (path.name for path in self._path.glob("*"))


class _Bucket:
    def __init__(self, client: S3Client, bucket: str, prefix: str) -> None:
        self._store, self._prefix = S3Store(client, bucket), prefix

    def keep(self, name: str) -> None:
        self._store.create(StoredObject(self._prefix + name, b"", "text/plain"))

    def names(self) -> Iterable[str]:
        return (key.removeprefix(self._prefix) for key in self._store.keys(self._prefix))


def at(place: str, client: Callable[[], S3Client]) -> Place:
    """The place that a setting names: a folder, or ``s3://bucket/prefix``."""
    if not place.startswith(_S3):
        return _Folder(Path(place))
    bucket, _, prefix = place.removeprefix(_S3).partition("/")
    return _Bucket(client(), bucket, f"{prefix.rstrip('/')}/" if prefix.strip("/") else "")


def keep(place: Place, anchor: Anchor) -> None:
    """Keep an anchor.

    Raises:
        TrailError: another manifest of that number was anchored before.
    """
    name = f"{anchor.number:06d}-{anchor.hash}"
    if any(other.startswith(f"{anchor.number:06d}-") and other != name for other in place.names()):
        msg = f"another manifest {anchor.number} was anchored before: the trail was rewritten"
        raise TrailError(msg)
    place.keep(name)


def newest(place: Place) -> Anchor | None:
    """The anchor with the highest number; None if none was kept."""
    found = [Anchor(int(match[1]), match[2]) for match in map(_NAME.fullmatch, place.names()) if match]
    return max(found, key=lambda anchor: anchor.number, default=None)
