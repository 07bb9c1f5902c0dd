"""One way to write JSON, so that equal records have equal bytes and anyone can recompute their hash."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

END_OF_TIME = datetime.max.replace(tzinfo=UTC)
"""Later than any lease."""


def dumps(record: Any) -> bytes:
    r"""Sorted keys, no spaces, UTF-8: what ``jq -cS`` prints, without its newline.

    >>> dumps({"b": "ü", "a": [1, None]})
    b'{"a":[1,null],"b":"\xc3\xbc"}'
    """
    return json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def instant(moment: datetime) -> str:
    """A moment as records write it: UTC, microseconds, always the same width.

    Raises:
        ValueError: the moment has no zone.

    >>> instant(datetime(2026, 5, 1, 6, tzinfo=UTC))
    '2026-05-01T06:00:00.000000Z'
    """
    if moment.tzinfo is None:
        msg = f"a moment without a zone: {moment.isoformat()}; expected an aware datetime"
        raise ValueError(msg)
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def moment(text: str) -> datetime:
    """The moment that ``instant`` wrote."""
    return datetime.fromisoformat(text)
