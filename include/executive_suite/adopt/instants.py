"""Instants as exports write them: in UTC to the second, as the schema has them, and as business days."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from executive_suite.adopt import days
from executive_suite.adopt.days import Figures, Order

_STAMP = re.compile(
    r"(?P<day>.*?)[ T,]+(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d+)?)?\s*(?P<half>[AaPp][Mm])?"
)
_NOON = 12
_UTC = frozenset({"utc", "gmt", "z", "etc/utc"})


def instant(text: str, zone: str, order: Order = "") -> datetime | None:
    """The instant of a text without a zone of its own in ``zone``; a day alone is its noon. None if it is none.

    >>> instant("2026-01-10 14:05", "America/New_York").isoformat()
    '2026-01-10T19:05:00+00:00'
    >>> instant("2026-01-10T14:05:00Z", "America/New_York").isoformat()
    '2026-01-10T14:05:00+00:00'
    """
    words = text.strip()
    try:
        at = datetime.fromisoformat(words)
    except ValueError:
        return _written(words, zone, order)
    if len(words) <= len("2026-01-10"):
        at = datetime.combine(at.date(), time(_NOON))
    return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone or "UTC"))).astimezone(UTC)


def _written(words: str, zone: str, order: Order) -> datetime | None:
    found = _STAMP.fullmatch(words)
    day = days.read(found["day"] if found else words)
    if isinstance(day, Figures):
        day = day.on(order or "mdy") if order or day.first == day.second else None
    if day is None:
        return None
    hour, minute, second = (int(found[name] or 0) for name in ("hour", "minute", "second")) if found else (_NOON, 0, 0)
    if found and found["half"]:
        hour = hour % _NOON + (_NOON if found["half"].casefold() == "pm" else 0)
    return datetime.combine(day, time(hour, minute, second), tzinfo=ZoneInfo(zone or "UTC")).astimezone(UTC)


def stamp(at: datetime | None) -> str:
    """As the schema writes it; empty for none."""
    return "" if at is None else at.strftime("%Y-%m-%dT%H:%M:%SZ")


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
