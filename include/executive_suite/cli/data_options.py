"""What the commands that read data share: their options, and how faults are told."""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from executive_suite import folders
from executive_suite.config import ConfigError
from executive_suite.facts.figures import Note
from executive_suite.period import time_zones
from executive_suite.schema.quality import QualityError
from executive_suite.settings import Settings, SettingsError
from executive_suite.sources import place, reading

if TYPE_CHECKING:
    from executive_suite.dataset.snapshot import Snapshot

CONFIG = folders.INCLUDE / "config"

YEARS = range(1901, 2200)
"""Those of report dates: records begin in 1900, and figures are made for every month up to the date."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(slots=True)
class Exit:
    """The command's exit code so far."""

    code: int = 0


def arguments(parser: argparse.ArgumentParser, *, as_of: bool = True) -> None:
    """Add ``--data``, ``--config`` and ``--as-of``."""
    text = "folder of CSV or Parquet files, or s3://bucket/prefix; default: the sources of sources.yaml"
    parser.add_argument("--data", type=location, help=text)
    parser.add_argument("--config", type=Path, default=CONFIG, help="configuration folder")
    parser.add_argument("--as-of", type=day, required=as_of, help="report date, YYYY-MM-DD")


def location(text: str) -> Path | str:
    """A folder, or a bucket's URL as it is.

    Raises:
        argparse.ArgumentTypeError: blank, or a URL of something else; told as wrong usage.
    """
    if text.startswith(place.S3):
        return text
    if not text.strip() or "://" in text:
        msg = f"{text!r} is neither a folder nor s3://bucket/prefix"
        raise argparse.ArgumentTypeError(msg)
    return Path(text)


def day(text: str) -> date:
    """A report date.

    Raises:
        argparse.ArgumentTypeError: not a date, or none of this age; told as wrong usage.
    """
    try:
        found = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError as error:
        msg = f"{text!r} is no day of the calendar ({error})"
        raise argparse.ArgumentTypeError(msg) from None
    if found is None:
        msg = f"{text!r} is not a date as YYYY-MM-DD"
        raise argparse.ArgumentTypeError(msg)
    if found.year not in YEARS:
        msg = f"{text!r} is not a report date from {YEARS[0]} to {YEARS[-1]}"
        raise argparse.ArgumentTypeError(msg)
    return found


def dataset(options: argparse.Namespace) -> Snapshot:
    """The dataset that the options name; what works on it is imported while the files are read."""
    beside = threading.Thread(target=_import_metrics)
    beside.start()
    raw = [reading.of(options.data, options.config)]
    beside.join()
    from executive_suite.dataset import snapshot  # noqa: PLC0415 - costly: not before the files are being read
    from executive_suite.run import pipeline  # noqa: PLC0415 - as above

    given = snapshot.read(raw.pop())  # nobody else may hold it
    return pipeline.dataset(given, options.as_of, fallback=fallback_zone())


def _import_metrics() -> None:
    from executive_suite import metrics  # noqa: PLC0415 - costly
    from executive_suite.rules import rulebook  # noqa: F401, PLC0415 - as above
    from executive_suite.run import pipeline  # noqa: F401, PLC0415 - as above

    metrics.definitions()


def fallback_zone() -> ZoneInfo:
    """The zone of a group whose own entity states none: ``EXECUTIVE_SUITE_TIMEZONE``, else its default.

    Raises:
        SettingsError: the variable holds no time zone.
    """
    name = os.environ.get("EXECUTIVE_SUITE_TIMEZONE", "").strip()
    if name and name not in time_zones():
        msg = "EXECUTIVE_SUITE_TIMEZONE: is not a time zone of the IANA database"
        raise SettingsError(msg)
    return ZoneInfo(name or str(Settings.model_fields["executive_suite_timezone"].default))


@contextlib.contextmanager
def told_faults() -> Iterator[Exit]:
    """Turn faults of data and configuration into their text on standard error and exit code 1."""
    outcome = Exit()
    try:
        yield outcome
    except (ValueError, OSError) as error:
        if not isinstance(error, _faults()):
            raise
        sys.stderr.write(f"{error}\n")
        outcome.code = 1


def _faults() -> tuple[type[Exception], ...]:
    from executive_suite.dataset.reconcile import ReconciliationError  # noqa: PLC0415 - costly

    return (QualityError, ReconciliationError, ConfigError, SettingsError, OSError)


def tell_notes(notes: tuple[Note, ...]) -> None:
    """Say on standard error what was left out of the data."""
    for note in notes:
        rows = f" ({note.rows:,} row{'s'[: note.rows != 1]})" if note.rows else ""
        sys.stderr.write(f"note: {note.table + ': ' if note.table else ''}{note.text}{rows}\n")
