"""The configuration of a group: reports, recipients, schedule, limits. Faults in the YAML name file and field."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, ValidationError, field_validator, model_validator

from executive_suite import config_files, logo, wording
from executive_suite.brand import PLAIN, Brand
from executive_suite.config_files import ConfigError, Strict, refused
from executive_suite.folders import GROUP, SHIPPED
from executive_suite.wording import ENGLISH

__all__ = [
    "Config",
    "ConfigError",
    "Group",
    "Identifier",
    "Limits",
    "Recipient",
    "Report",
    "ReportType",
    "Schedule",
    "group",
    "load",
]


def _spoken(name: str) -> str:
    if name not in wording.languages():
        msg = f"must be a language with a catalog: {', '.join(wording.languages())}"
        raise ValueError(msg)
    return name


Language = Annotated[str, AfterValidator(_spoken)]
Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,40}$")]
ReportType = Literal["ceo", "cto", "accounting", "cmo", "cfo", "audit", "board"]

Domain = Annotated[
    str, StringConstraints(pattern=r"^@?([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]*$")
]

MOST_RECIPIENTS = 50
"""A report with more recipients than this is refused: it would be a newsletter."""


class Group(Strict):
    """How the group writes and shows itself.

    ``locale`` is a CLDR locale with its territory, which also decides the paper size; words are in ``language``. At the
    head of each report is ``name`` with the ``logo`` (an SVG file next to ``group.yaml``) or its initials; ``color`` is
    the brand's. ``roles`` are those of Airflow that see the group's DAGs where one Airflow has many groups.
    """

    name: Annotated[str, StringConstraints(max_length=60)] = ""
    color: Annotated[str, StringConstraints(pattern=r"^#[0-9a-f]{6}$")] = PLAIN.color
    logo: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*\.svg$")] | None = None
    locale: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(_[A-Z][a-z]{3})?_[A-Z]{2}$")] = "en_US"
    language: Language = ENGLISH
    roles: tuple[str, ...] = ()

    @field_validator("locale")
    @classmethod
    def _locale_is_known(cls, name: str) -> str:
        from babel import localedata

        if not localedata.exists(name):
            msg = "must be a locale of CLDR with its territory, such as en_US or de_DE"
            raise ValueError(msg)
        return name


class Report(Strict):
    """One report: its reader, view, template, archive formats and recipients.

    ``short_name`` stands for the title in the subject of its mail; ``mail`` decides whether that has page one, which
    takes ninety seconds to read, or the whole report. Its words are in ``language``, by default that of the group.
    ``readers`` are the users of Airflow who may read it in the report room, besides those who run it. With
    ``every: quarter``, runs make it only at the first report date after a quarter of the fiscal year has ended.
    """

    report: Identifier
    file_name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,80}$")]
    title: str
    short_name: Annotated[str, StringConstraints(min_length=1, max_length=24)] | None = None
    reader: str
    report_type: ReportType
    entity: Identifier
    view: Annotated[str, StringConstraints(pattern=r"^executive_suite\.reports(\.[a-z0-9_]+)+:[a-z_]+$")]
    template: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_/-]+\.j2$")]
    formats: tuple[Literal["txt", "html", "pdf", "xlsx", "ics"], ...] = ("txt", "html")
    recipients: Annotated[tuple[Identifier, ...], Field(min_length=1, max_length=MOST_RECIPIENTS)]
    approval: bool = False
    mail: Literal["brief", "full"] = "brief"
    every: Literal["quarter"] | None = None
    readers: tuple[str, ...] = ()
    language: Language | None = None

    @property
    def called(self) -> str:
        """Its title, short where it has a short name."""
        return self.short_name or self.title


class Recipient(Strict):
    """A recipient by id; the address stays in the environment or a secrets backend."""

    recipient_id: Identifier
    address_from: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]*$")]
    role: str


class Schedule(Strict):
    """When reports are due: cron in the group's zone, overridden by EXECUTIVE_SUITE_SCHEDULE.

    ``sample_report_date`` is the default report date of ``make run`` and ``make preview``; without it they use today.
    ``fiscal_year_first_month`` decides when quarters end; it repeats the parameter of that name, which a run only knows
    once it has read the data.
    """

    cron: str = "0 6 1,15 * *"
    sample_report_date: date | None = None
    fiscal_year_first_month: Annotated[int, Field(ge=1, le=12)] = 1


class Limits(Strict):
    """Limits of sending (``delivery.yaml``): timeouts, retries, age, recipients' domains, approvals, deadlines, links.

    ``approvers`` are the ids of the users of Airflow who may answer, instead of everybody who may act; with
    ``four_eyes`` whoever started a run does not approve what it made. With ``alerts`` readers hear once of what comes
    up between two reports and calls for an act.
    """

    connect_timeout_seconds: Annotated[float, Field(gt=0)] = 5
    read_timeout_seconds: Annotated[float, Field(gt=0)] = 30
    lease_seconds: Annotated[float, Field(gt=0)] = 120
    first_retry_seconds: Annotated[float, Field(gt=0)] = 20
    retries: Annotated[int, Field(ge=0, le=20)] = 7
    age_limit_days: Annotated[int, Field(gt=0)] = 45
    allowed_domains: tuple[Domain, ...] = ()
    approval_hours: Annotated[float, Field(gt=0)] = 48
    approvers: tuple[str, ...] = ()
    four_eyes: bool = False
    deadline_hours: Annotated[float, Field(gt=0)] | None = 6
    link_days: Annotated[int, Field(gt=0, le=3650)] = 30
    owner: Identifier | None = None
    alerts: bool = False

    @model_validator(mode="after")
    def _lease_outlasts_the_call(self) -> Limits:
        if self.lease_seconds <= self.connect_timeout_seconds + self.read_timeout_seconds:
            msg = "lease_seconds must exceed connect_timeout_seconds + read_timeout_seconds"
            raise ValueError(msg)
        return self


class Config(Strict):
    """Who gets which report, when and how: the files of ``include/config``."""

    reports: Annotated[tuple[Report, ...], Field(min_length=1)]
    recipients: tuple[Recipient, ...]
    schedule: Schedule = Schedule()
    limits: Limits = Limits()

    @model_validator(mode="after")
    def _references_hold(self) -> Config:
        known = {r.recipient_id for r in self.recipients}
        for report in self.reports:
            unknown = sorted(set(report.recipients) - known)
            if unknown:
                msg = (
                    f"report {report.report}: recipients {unknown} are not in recipients.yaml (known: {sorted(known)})"
                )
                raise ValueError(msg)
        owner = self.limits.owner
        if owner is not None and (owner not in known or any(owner in report.recipients for report in self.reports)):
            msg = f"owner {owner!r} of delivery.yaml must be in recipients.yaml and not receive any report"
            raise ValueError(msg)
        for field in ("report", "file_name"):
            names = [getattr(r, field) for r in self.reports]
            twice = sorted({n for n in names if names.count(n) > 1})
            if twice:
                msg = f"{field} must be unique, found twice: {twice}"
                raise ValueError(msg)
        return self

    def find(self, name: str) -> Report | None:
        """The report with that id; None if it is not configured, or no longer."""
        return next((report for report in self.reports if report.report == name), None)

    def report(self, name: str) -> Report:
        """The report with that id.

        Raises:
            ConfigError: there is none; the message lists the configured ones.
        """
        if found := self.find(name):
            return found
        msg = f"report {name!r} is not configured; reports.yaml has {', '.join(r.report for r in self.reports)}"
        raise ConfigError(msg)

    def recipient(self, recipient_id: str) -> Recipient:
        """The recipient with that id.

        Raises:
            ConfigError: there is none; the message lists the configured ones.
        """
        for recipient in self.recipients:
            if recipient.recipient_id == recipient_id:
                return recipient
        known = ", ".join(recipient.recipient_id for recipient in self.recipients)
        msg = f"recipient {recipient_id!r} is not configured; recipients.yaml has {known}"
        raise ConfigError(msg)


FILES = {
    "reports": "reports.yaml",
    "recipients": "recipients.yaml",
    "schedule": "schedule.yaml",
    "limits": "delivery.yaml",
}
NAMES = (*FILES.values(), "group.yaml", "sources.yaml", "rules.yaml", "signals.yaml", "experiments.yaml")
"""The files that a group's folder may have, besides its data."""


def load(folder: Path) -> Config:
    """The configuration of the group in ``folder``: one file per field, each the shipped one where it is left out.

    Raises:
        ConfigError: there is no such folder, a file has an unknown name, is not YAML, or has a wrong field.
    """
    _known(folder)
    files = ((field, config_files.of_group(folder, name)) for field, name in FILES.items())
    texts = tuple((field, path, config_files.text(path)) for field, path in files)
    return _made(folder, texts, group(folder).language)


@lru_cache(maxsize=4)
def _made(folder: Path, texts: tuple[tuple[str, Path, str], ...], spoken: str) -> Config:
    """The configuration that these texts say: every task and step asks for it, and most inherit it from their parent.

    By eight hundred reports it takes a tenth of a second, as much as the rest of a small task.
    """
    content = {field: config_files.parsed(path, text) for field, path, text in texts}
    if folder.resolve() != SHIPPED and not (folder / FILES["schedule"]).exists():
        del content["schedule"]  # the shipped one names the sample's date
    try:
        made = Config.model_validate(content)
    except ValidationError as error:
        raise refused(error, lambda place: _place(folder, place)) from None
    reports = tuple(one if one.language else one.model_copy(update={"language": spoken}) for one in made.reports)
    return made.model_copy(update={"reports": reports})


def group(folder: Path) -> Group:
    """What ``group.yaml`` in ``folder`` says; the defaults if there is no such file.

    Raises:
        ConfigError: the file is not YAML, or a field in it is wrong.
    """
    path = folder / "group.yaml"
    if not path.exists():
        return Group()
    try:
        return Group.model_validate(config_files.read(path) or {})
    except ValidationError as error:
        raise refused(error, lambda place: f"{path}: {config_files.field_of(place)}") from None


def report_ids(folder: Path) -> tuple[str, ...]:
    """The ids of the reports in ``folder``; none if it does not say."""
    path = folder / FILES["reports"]
    return tuple(one["report"] for one in config_files.read(path)) if path.exists() else ()


def quarterly(folder: Path) -> bool:
    """Whether a report of the group is made every quarter.

    Raises:
        ConfigError: as ``load``.
    """
    return any(report.every == "quarter" for report in load(folder).reports)


def brand(folder: Path) -> Brand:
    """How the group of ``folder`` shows itself.

    Raises:
        ConfigError: as ``group``, or the logo is not there or cannot be shown as a picture.
    """
    said = group(folder)
    if said.logo is None:
        return Brand(said.name, said.color)
    text = config_files.text(folder / said.logo)
    if wrong := logo.fault(text):
        msg = f"{folder / 'group.yaml'}: logo: {said.logo} {wrong}"
        raise ConfigError(msg)
    return Brand(said.name, said.color, text)


def _known(folder: Path) -> None:
    """Refuse a misspelled file: the shipped one would be read in its place, and mail others."""
    if not folder.is_dir():
        msg = f"{folder}: is not a folder; name the folder of a group (--group, {GROUP})"
        raise ConfigError(msg)
    for path in sorted(folder.iterdir()):
        if path.suffix in {".yaml", ".yml"} and path.name not in NAMES:
            meant = difflib.get_close_matches(path.name, NAMES, n=1)
            advice = f"rename it to {meant[0]}" if meant else f"a group has {', '.join(NAMES)}"
            msg = f"{path}: is not a file of a group; {advice}"
            raise ConfigError(msg)


def _place(folder: Path, location: Sequence[int | str]) -> str:
    first, *rest = location or ("",)
    name = FILES.get(str(first), "")
    return f"{config_files.of_group(folder, name) if name else folder}: {config_files.field_of(rest)}"
