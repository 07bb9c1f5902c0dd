"""Instants as tools write them, as the schema writes them: UTC, to the second."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from executive_suite.adopt import days
from executive_suite.adopt.days import Figures, Order

_STAMP = re.compile(
    r"(?P<day>.*?)[ T,]+(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d+)?)?\s*(?P<half>[AaPp][Mm])?"
)
_NOON = 12


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
