"""What the commands that read data share: their options, and how they read it."""

from __future__ import annotations

import os
import threading
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from executive_suite.cli import show
from executive_suite.facts.figures import Note
from executive_suite.folders import GROUP, SHIPPED
from executive_suite.period import time_zones
from executive_suite.settings import Settings, SettingsError
from executive_suite.sources import place, reading

if TYPE_CHECKING:
    from executive_suite.dataset.snapshot import Snapshot
    from executive_suite.facts.earlier import Earlier

CONFIG = SHIPPED


def location(text: str) -> Path | str:
    """A folder, or a bucket's URL as it is.

    Raises:
        typer.BadParameter: it is blank, or another kind of URL.
    """
    if text.startswith(place.S3):
        return text
    if not text.strip() or "://" in text:
        msg = f"{text!r} is neither a folder nor s3://bucket/prefix"
        raise typer.BadParameter(msg)
    return Path(text)


Data = Annotated[
    Path | None,  # or a bucket's URL as text, which Typer cannot say
    typer.Option(
        "--data",
        parser=location,
        metavar="PLACE",
        help="Folder of CSV or Parquet files, or s3://bucket/prefix; by default the sources of sources.yaml.",
    ),
]
ConfigFolder = Annotated[
    Path,
    typer.Option(
        "--group", "--config", envvar=GROUP, metavar="FOLDER", help="Folder of the group; the sample if left out."
    ),
]


def dataset(data: Path | str | None, report_date: date, folder: Path) -> Snapshot:
    """The dataset of a report date; what works on it is imported while the files are read."""
    return _dataset(data, report_date, folder, record=False)[0]


def dataset_and_record(data: Path | str | None, report_date: date, folder: Path) -> tuple[Snapshot, Earlier]:
    """As ``dataset``, with what earlier report dates said."""
    return _dataset(data, report_date, folder, record=True)


def _dataset(data: Path | str | None, report_date: date, folder: Path, *, record: bool) -> tuple[Snapshot, Earlier]:
    loading = threading.Thread(target=_import_metrics)
    loading.start()
    raw = [reading.of(data, folder)]
    loading.join()
    from executive_suite.dataset import snapshot
    from executive_suite.facts.earlier import NOTHING
    from executive_suite.run import pipeline

    zone = fallback_zone()
    given = snapshot.read(raw.pop(), zone)  # nobody else may hold it
    found = pipeline.dataset(given, report_date, fallback=zone)
    if not record:
        return found, NOTHING
    return found, pipeline.before(given, report_date, folder, fallback=zone).earlier


def _import_metrics() -> None:
    from executive_suite import metrics
    from executive_suite.rules import rulebook  # noqa: F401 - as above
    from executive_suite.run import pipeline  # noqa: F401 - as above

    metrics.definitions()


def fallback_zone() -> ZoneInfo:
    """The zone of a group whose own entity states none: ``EXECUTIVE_SUITE_TIMEZONE``, else its default.

    Raises:
        SettingsError: the variable is not a time zone.
    """
    name = os.environ.get("EXECUTIVE_SUITE_TIMEZONE", "").strip()
    if name and name not in time_zones():
        msg = "EXECUTIVE_SUITE_TIMEZONE: is not a time zone of the IANA database"
        raise SettingsError(msg)
    return ZoneInfo(name or str(Settings.model_fields["executive_suite_timezone"].default))


def print_notes(notes: tuple[Note, ...]) -> None:
    """Say on standard error which data was left out."""
    for note in notes:
        rows = f" ({note.rows:,} row{'s'[: note.rows != 1]})" if note.rows else ""
        show.note(f"note: {note.table + ': ' if note.table else ''}{note.text}{rows}")
