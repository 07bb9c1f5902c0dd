"""The business day of an instant: in the group's zone where the file writes it in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_UTC = frozenset({"utc", "gmt", "z", "etc/utc"})


def local_day(text: str, zone: str) -> date | None:
    """The day in a zone of an instant that is written in UTC; None if the text has no time of day.

    >>> local_day("2025-03-01 03:30", "America/Los_Angeles"), local_day("2025-03-01", "America/Los_Angeles")
    (datetime.date(2025, 2, 28), None)
    """
    words = text.strip().removesuffix("UTC").strip()
    if len(words) <= len("2025-03-01"):
        return None
    try:
        at = datetime.fromisoformat(words)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return at.astimezone(ZoneInfo(zone) if zone else UTC).date()


def is_utc(words: str) -> bool:
    """Whether a header, or a cell that names a zone, says UTC.

    >>> is_utc("Created (UTC)"), is_utc("created_utc"), is_utc("GMT"), is_utc("PDT")
    (True, True, True, False)
    """
    plain = words.casefold()
    return plain in _UTC or "(utc)" in plain or plain.endswith("_utc")
