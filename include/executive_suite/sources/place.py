"""Where files are: a folder on this machine or a prefix of a bucket, with one interface."""

from __future__ import annotations

import contextlib
import mmap
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from executive_suite.config import ConfigError

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

Body = bytes | mmap.mmap

S3 = "s3://"
MAPPED = 1 << 20


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder on this machine: files at most one folder deep, names with ``/``.

    Raises:
        FileNotFoundError: no such folder.
    """

    path: Path
    seen: dict[str, tuple[int, ...]] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        if not self.path.is_dir():
            what = "is a file, not a folder" if self.path.exists() else "does not exist"
            msg = f"data folder {self.path} {what}"
            raise FileNotFoundError(msg)

    def names(self) -> list[str]:
        """Every file's name, in order; also broken links and empty folders named like files, to report them."""
        found = [*self.path.glob("*"), *self.path.glob("*/*")]
        kept = (path for path in found if not path.is_dir() or (path.suffix and not any(path.iterdir())))
        return sorted(path.relative_to(self.path).as_posix() for path in kept)

    def read(self, name: str) -> Body:
        """A file's bytes; a large file is mapped, not copied.

        Raises:
            OSError: it cannot be read.
        """
        path = self.path / name
        if not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(self.path)):  # resolve() fails on a loop
            msg = "a link to a file outside the folder"
            raise OSError(msg)
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            msg = "not a regular file"
            raise OSError(msg)
        self.seen[name] = _marks(status)
        if status.st_size < MAPPED:
            return path.read_bytes()
        with path.open("rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def changed(self, name: str) -> bool:
        """Whether the file was written to or replaced since it was read."""
        return _marks((self.path / name).stat()) != self.seen[name]


def _marks(status: os.stat_result) -> tuple[int, ...]:
    return status.st_ino, status.st_size, status.st_mtime_ns


@dataclass(frozen=True, slots=True)
class Prefix:
    """A prefix of a bucket, read as a folder."""

    client: S3Client
    bucket: str
    prefix: str

    def names(self) -> list[str]:
        """Every object's name under the prefix, in order, at most one folder deep."""
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=self.prefix)
        with _as_os_error():
            keys = [item["Key"] for page in pages for item in page.get("Contents", ())]
        names = (key.removeprefix(self.prefix) for key in keys)
        return sorted(name for name in names if name and name.count("/") <= 1 and not name.endswith("/"))

    def read(self, name: str) -> Body:
        """An object's bytes."""
        with _as_os_error():
            return self.client.get_object(Bucket=self.bucket, Key=self.prefix + name)["Body"].read()

    def changed(self, name: str) -> bool:  # noqa: ARG002 - a response has one whole object
        """Never: a response has one version of an object."""
        return False


Place = Folder | Prefix


@contextlib.contextmanager
def _as_os_error() -> Iterator[None]:
    """Turn an error of the bucket's client into one of reading."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        answer = error.response.get("Error", {})
        msg = f"{answer.get('Code', 'error')}: {answer.get('Message', 'no reason given')}"
        raise OSError(msg) from None
    except BotoCoreError as error:
        raise OSError(str(error)) from None


def at(location: str, base: Path) -> Place:
    """The place that a location names.

    Args:
        location: ``s3://bucket/prefix``, or a folder.
        base: Where a relative folder starts.

    Raises:
        FileNotFoundError: no such folder, or nothing under the prefix.
        ConfigError: the bucket cannot be listed, or the location is another URL.
    """
    if not location.startswith(S3) and "://" not in location:
        return Folder((base / location).resolve())
    bucket, _, prefix = location.removeprefix(S3).partition("/")
    if not bucket or "://" in location.removeprefix(S3):
        msg = f"{location} is neither a folder nor s3://bucket/prefix"
        raise ConfigError(msg)
    import boto3  # slow to import

    place = Prefix(boto3.client("s3"), bucket, f"{prefix.rstrip('/')}/" if prefix.strip("/") else "")
    try:
        names = place.names()
    except OSError as error:
        msg = f"{location}: the bucket cannot be read ({error})"
        raise ConfigError(msg) from None
    if not names:
        msg = f"{location} has no files"
        raise FileNotFoundError(msg)
    return place
