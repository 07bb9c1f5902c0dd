"""Where files lie: a folder of this machine or a prefix of a bucket, read through the same two functions."""

from __future__ import annotations

import mmap
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from executive_suite.sources.csv_text import Body

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

S3 = "s3://"
MAPPED = 1 << 20


class Place(Protocol):
    """A set of named files, names with ``/`` between folders."""

    def names(self) -> list[str]:
        """Every file's name, in order, at most one folder deep."""
        ...

    def read(self, name: str) -> Body:
        """A file's bytes."""
        ...


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of this machine.

    Raises:
        FileNotFoundError: no such folder.
    """

    path: Path

    def __post_init__(self) -> None:
        """Refuse a folder that is not there at once."""
        if not self.path.is_dir():
            msg = f"data folder {self.path} does not exist"
            raise FileNotFoundError(msg)

    def names(self) -> list[str]:
        """Every file's name, in order, at most one folder deep."""
        found = [*self.path.glob("*"), *self.path.glob("*/*")]
        return sorted(path.relative_to(self.path).as_posix() for path in found if path.is_file())

    def read(self, name: str) -> Body:
        """A file's bytes; a large file is mapped, not copied."""
        path = self.path / name
        if path.stat().st_size < MAPPED:
            return path.read_bytes()
        with path.open("rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


@dataclass(frozen=True, slots=True)
class Prefix:
    """A prefix of a bucket."""

    client: S3Client
    bucket: str
    prefix: str

    def names(self) -> list[str]:
        """Every object's name below the prefix, in order, at most one folder deep."""
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=self.prefix)
        keys = (item["Key"] for page in pages for item in page.get("Contents", ()))
        names = (key.removeprefix(self.prefix) for key in keys)
        return sorted(name for name in names if name and name.count("/") <= 1 and not name.endswith("/"))

    def read(self, name: str) -> Body:
        """An object's bytes."""
        return self.client.get_object(Bucket=self.bucket, Key=self.prefix + name)["Body"].read()


def at(location: str, base: Path) -> Place:
    """The place that a location names.

    Args:
        location: ``s3://bucket/prefix``, or a folder.
        base: Where a relative folder starts.

    Raises:
        FileNotFoundError: no such folder, or nothing below the prefix.
    """
    if not location.startswith(S3):
        return Folder((base / location).resolve())
    import boto3  # noqa: PLC0415 - costly, and only buckets need it

    bucket, _, prefix = location.removeprefix(S3).partition("/")
    place = Prefix(boto3.client("s3"), bucket, f"{prefix.rstrip('/')}/" if prefix.strip("/") else "")
    if not place.names():
        msg = f"{location} holds nothing"
        raise FileNotFoundError(msg)
    return place
