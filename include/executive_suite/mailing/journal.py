"""Numbered records in one folder of the records bucket: the latest one counts, and none is ever replaced."""

from __future__ import annotations

from typing import Any, TypeVar

from executive_suite import canonical
from executive_suite.stores.store import ObjectStore, StoredObject

T = TypeVar("T")


def append(records: ObjectStore, folder: str, record: Any) -> None:
    """Write a dataclass at the first free number of ``folder``, which ends with a slash."""
    number = 1 + len(list(records.keys(folder)))
    while not records.create(StoredObject(f"{folder}{number:06d}", canonical.packed(record), "application/json")):
        number += 1


def latest(records: ObjectStore, folder: str, kind: type[T]) -> T | None:
    """The record with the highest number; None if there is none."""
    key = max(records.keys(folder), default="")
    return canonical.unpacked(kind, records.get(key).body) if key else None
