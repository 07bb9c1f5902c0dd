"""Who reads what: access logs counted a day at a time, and what a report date's figures may say of it.

| object (records bucket) | says |
|---|---|
| ``reads/days/<day>.json`` | reads of one complete day of logs, by report date and file name; written once |
| ``reads/of/<report date>.json`` | what the figures of a report date know, in every run of it the same |
"""

from __future__ import annotations

import contextlib
import json
import logging
import re
import secrets
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from executive_suite import canonical
from executive_suite.archive import access_log
from executive_suite.archive.access_log import AccessLogError, Read
from executive_suite.config import Config
from executive_suite.facts.readership import NOTHING_COUNTED, Readership, Reads
from executive_suite.run import due, opens
from executive_suite.run.deployment import Deployment
from executive_suite.stores.store import ObjectMissingError, ObjectStore, StoredObject, StoreError, read_all

log = logging.getLogger(__name__)

LATE = timedelta(days=1)
"""How long after the end of its day a request may still be logged (Amazon CloudFront Developer Guide, Timing)."""
DAY = timedelta(days=1)
DATES = 12
"""Report dates that figures look back on: half a year of two a month."""
_DAYS, _OF = "reads/days/", "reads/of/"
_LOG = re.compile(r"(?:.*/)?[A-Z0-9]+\.(\d{4}-\d{2}-\d{2})-\d{2}\.[^./]+\.gz")

Totals = dict[tuple[date, str], int]
"""Reads by report date and file name."""


def count(deployment: Deployment, now: datetime) -> tuple[date, ...]:
    """Count every complete day of logs that is not counted yet; returns those days.

    Logs that cannot be read, and a bucket that does not answer, are logged: no run waits for a count.
    """
    logs = deployment.access_logs
    if logs is None:
        return ()
    try:
        known = set(_counted_days(deployment.records))
        waiting: dict[date, list[str]] = {}
        for key in logs.keys(""):
            day = _day_of(key)
            if day is not None and day not in known and _complete(day, now):
                waiting.setdefault(day, []).append(key)
        for day, keys in sorted(waiting.items()):
            _tally(deployment, logs, day, keys)
    except StoreError as error:
        log.warning("reads are not counted: %s", error)
        return ()
    return tuple(sorted(waiting))


def totals(records: ObjectStore, before: date = date.max, since: date = date.min) -> tuple[str, Totals]:
    """The last day that was counted (ISO; empty if none), and the reads of the days from ``since`` to ``before``."""
    found: Counter[tuple[date, str]] = Counter()
    counted = [day for day in _counted_days(records) if day < before]
    for item in read_all(records, (_key(day) for day in counted if day >= since)):
        for report_date, file_name, number in json.loads(item.body)["reads"]:
            found[date.fromisoformat(report_date), file_name] += number
    return max(counted).isoformat() if counted else "", dict(found)


def of(records: ObjectStore, config: Config, report_date: date) -> Readership:
    """What the figures of a report date say: what was counted when they were first made, in every later run the same.

    Only days that were complete before the report date count, of the latest report dates; opened mails until the same
    moment, so that both speak of the same days.
    """
    key = f"{_OF}{report_date.isoformat()}.json"
    with contextlib.suppress(ObjectMissingError):
        return canonical.unpacked(Readership, records.get(key).body)
    last, every = totals(records, report_date - LATE)
    until = datetime.combine(report_date - LATE, time.min, UTC)
    opened = opens.of(records, config, report_date, until)
    if not last and not opened:
        return NOTHING_COUNTED
    through = (until - DAY).date().isoformat() if opened else ""
    known = Readership(last, tuple(_reads(config, report_date, every)), opened, through)
    records.create(StoredObject(key, canonical.packed(known), "application/json"))
    return canonical.unpacked(Readership, records.get(key).body)


def _reads(config: Config, report_date: date, every: Totals) -> Iterator[Reads]:
    names = {report.file_name for report in config.reports}
    for day in sorted({day for day, name in every if name in names and day < report_date})[-DATES:]:
        for report in config.reports:
            if report.report in due.reports_at(config, day):
                yield Reads(report.report, report.title, day, every.get((day, report.file_name), 0))


def _tally(deployment: Deployment, logs: ObjectStore, day: date, keys: list[str]) -> None:
    """Count a day; a viewer of another day or count cannot be known again."""
    refused: list[str] = []
    prefix, salt = deployment.settings.executive_suite_prefix or "", secrets.token_bytes(32)

    def every() -> Iterator[Read]:
        for key in keys:
            try:
                yield from access_log.reads(access_log.text(logs.get(key).body), prefix, salt)
            except AccessLogError as error:
                refused.append(key)
                log.warning("%s: %s", key, error)

    found = access_log.counted(every())
    rows = [[when.isoformat(), name, number] for (when, name), number in sorted(found.items())]
    body = canonical.dumps({"reads": rows, "logs": len(keys), "refused": refused})
    deployment.records.create(StoredObject(_key(day), body, "application/json"))


def _counted_days(records: ObjectStore) -> Iterator[date]:
    for key in records.keys(_DAYS):
        yield date.fromisoformat(key.removeprefix(_DAYS).removesuffix(".json"))


def _key(day: date) -> str:
    return f"{_DAYS}{day.isoformat()}.json"


def _day_of(key: str) -> date | None:
    named = _LOG.fullmatch(key)
    try:
        return date.fromisoformat(named[1]) if named else None
    except ValueError:
        return None


def _complete(day: date, now: datetime) -> bool:
    return now >= datetime.combine(day + DAY, time.min, UTC) + LATE
