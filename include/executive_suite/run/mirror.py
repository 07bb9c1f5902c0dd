"""A run's reports and mails as files of this machine, with a page that lists them; on, where a variable names a folder.

| file (``EXECUTIVE_SUITE_OUT``) | says |
|---|---|
| ``<report date>/<file name>.<extension>`` | the archived report |
| ``<report date>/<file name>-<date>-<recipient>.eml`` | a mail as SES accepted it |
| ``<report date>/reports.json`` | each report and mail with its state when its latest run ended |
| ``index.html`` | all of it, to open |
"""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import jinja2
from pydantic import TypeAdapter, ValidationError

from executive_suite import config, formats
from executive_suite.folders import HOME, INCLUDE, private_folder
from executive_suite.run.deployment import Deployment
from executive_suite.run.summary import Lane, MailStatus, Summary
from executive_suite.stores.store import ObjectMissingError, StoreError

log = logging.getLogger(__name__)

LISTED = "reports.json"
KINDS = {"html": "page", "pdf": "PDF", "txt": "text", "xlsx": "workbook", "csv": "table"}
"""What people call a file, by its extension, in the order in which they look for them."""


@dataclass(frozen=True, slots=True)
class Mailed:
    """A mail on the page.

    Attributes:
        recipient: By id.
        said: How it stood when the run ended.
        waits: Whether somebody has to do something.
        file: Its name in the date's folder; empty if it was not sent.
    """

    recipient: str
    said: str
    waits: bool
    file: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A report on the page.

    Attributes:
        report: Its id.
        title: As readers know it.
        files: Their names in the date's folder.
        mails: Its mails; none if its run was to send none.
        why: Why not.
    """

    report: str
    title: str
    files: tuple[str, ...]
    mails: tuple[Mailed, ...]
    why: str


_REPORTS = TypeAdapter(tuple[Listed, ...])


def mirror(deployment: Deployment, found: Summary) -> None:
    """Mirror a run if the deployment says where; a failure is logged, for the records have everything anyway."""
    place = deployment.settings.executive_suite_out
    if not place:
        return
    folder = HOME / place
    try:
        with _held(folder):
            reports = _of_date(deployment, folder / found.report_date, found)
            name = config.group(deployment.config_folder).name
            _write(folder / "index.html", page(folder, name, {found.report_date: reports}).encode())
    except (OSError, StoreError, jinja2.TemplateError) as error:
        log.warning("EXECUTIVE_SUITE_OUT: the run is not mirrored to %s: %s", folder, error)


def mail_name(lane: Lane, report_date: str, mail: MailStatus) -> str:
    """The file of a mail as a person looks for it: report, date, recipient; later revisions and resends are marked."""
    marks = [f"revision-{mail.revision}"] * (mail.revision > 1) + [f"resend-{mail.generation - 1}"] * (
        mail.generation > 1
    )
    name = Path(lane.keys[0]).stem if lane.keys else lane.report
    return f"{'-'.join((name, report_date, mail.recipient_id, *marks))}.eml"


def page(folder: Path, group: str, new: Mapping[str, tuple[Listed, ...]]) -> str:
    """The page of everything in a folder, under the group's name, the latest date first.

    ``new`` are the dates of this process: what it makes in a folder that was not there, it may write and not read.
    """
    listed = {file.parent.name: file for file in folder.glob(f"????-??-??/{LISTED}")}
    every = {**{day: _listed(file) for day, file in listed.items() if day not in new}, **new}
    dates = [(day, formats.day(day), every[day]) for day in sorted(every, reverse=True) if every[day]]
    loader = jinja2.FileSystemLoader(INCLUDE / "templates" / "mirror")
    made = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    return made.get_template("index.j2").render(group=group, dates=dates, kinds=KINDS)


def _of_date(deployment: Deployment, folder: Path, found: Summary) -> tuple[Listed, ...]:
    """Write the files of a run's reports; returns those of the date: what other runs made of others stays listed."""
    private_folder(folder)
    file = folder / LISTED
    known = {one.report: one for one in _listed(file)}
    for lane in found.lanes:
        keys = sorted(lane.keys, key=lambda key: [*KINDS, _kind(key)].index(_kind(key)))
        files = tuple(Path(key).name for key in keys if _copy(deployment, key, folder))
        mails = tuple(_mail(deployment, folder, lane, one) for one in lane.deliveries) if found.send else ()
        known[lane.report] = Listed(lane.report, lane.title, files, mails, "" if found.send else found.why_not)
    order = {one.report: number for number, one in enumerate(deployment.config.reports)}
    reports = tuple(sorted(known.values(), key=lambda one: (order.get(one.report, len(order)), one.report)))
    _write(file, _REPORTS.dump_json(reports, indent=1))
    return reports


def _listed(file: Path) -> tuple[Listed, ...]:
    """What earlier runs of a date listed; nothing if the file is not there or not ours."""
    try:
        return _REPORTS.validate_json(file.read_bytes())
    except (FileNotFoundError, ValidationError):
        return ()


def _copy(deployment: Deployment, key: str, folder: Path) -> bool:
    try:
        _write(folder / Path(key).name, deployment.reports.get(key).body)
    except ObjectMissingError:
        return False
    return True


def _mail(deployment: Deployment, folder: Path, lane: Lane, one: MailStatus) -> Mailed:
    """A mail with its file, if it was sent."""
    name = mail_name(lane, folder.name, one) if one.state == "sent" and one.mail_key else ""
    if name:
        _write(folder / name, deployment.records.get(one.mail_key).body)
    said = f"held by {one.held_by}" if one.held_by else "not sent" if one.state == "none" else one.state
    return Mailed(one.recipient_id, said, one.state != "sent" and not one.held_by, name)


def _kind(name: str) -> str:
    return Path(name).suffix.removeprefix(".")


def _write(path: Path, body: bytes) -> None:
    """Replace a file that only its owner may read."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
        stream.write(body)
    draft.replace(path)


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Runs that end at the same time list each other's reports."""
    private_folder(folder)
    with os.fdopen(os.open(folder / ".lock", os.O_WRONLY | os.O_CREAT, 0o600), "wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
