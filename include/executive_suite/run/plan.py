"""The plan of a run: its report date, its reports, and whether mail may be sent."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Self

from executive_suite.config import Config
from executive_suite.run import due
from executive_suite.settings import Settings

KEYS = ("report_date", "reports", "send", "approve", "future_date", "old_date", "arm_backfill_send")
"""What a run's configuration may have."""
FIRST = date(1970, 1, 1)
"""No report date is earlier: the records of no running group are."""
MOST_AHEAD = timedelta(days=366)


class RequestError(ValueError):
    """A person asked for what no run can do; the message says what to correct."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a person or the schedule asked for.

    Attributes:
        run_id: Airflow's id of the run.
        backfill: Whether the run belongs to a backfill.
        params: The form: ``report_date``, ``reports``, ``send``, ``approve``, ``future_date``, ``old_date`` and
            ``arm_backfill_send``, with their defaults.
        conf: The run's configuration as given: those of the same keys that somebody set.
        interval_end: End of a scheduled run's data interval.
        run_after: When it could start.
        started_by: The person who started it, as Airflow knows them; empty for the schedule.
    """

    run_id: str
    backfill: bool
    params: Mapping[str, Any]
    conf: Mapping[str, Any]
    interval_end: datetime | None
    run_after: datetime
    started_by: str = ""

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        end = self.interval_end
        return {
            "run_id": self.run_id,
            "backfill": self.backfill,
            "params": dict(self.params),
            "conf": dict(self.conf),
            "interval_end": end and end.isoformat(),
            "run_after": self.run_after.isoformat(),
            "started_by": self.started_by,
        }

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Self:
        """The request that ``to_json`` wrote."""
        end, after = record["interval_end"], datetime.fromisoformat(record["run_after"])
        return cls(**{**record, "interval_end": end and datetime.fromisoformat(end), "run_after": after})


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of a run, as plain values that tasks pass on.

    Attributes:
        run_id: Airflow's id of the run.
        report_date: ISO date.
        reports: Report ids, in the configuration's order.
        send: Whether to mail the reports.
        why_not: Why not, if they are not mailed.
        dated: Whether a person named the date: then it may exceed the age limit.
        backfill: Whether the run belongs to a backfill.
        approve: Whether every report waits for approval; the configuration may require it for some anyway.
        send_rate: The account's addresses per second, from preflight; 0 if unknown.
        left_out: Why reports that were chosen are not made, one sentence each.
    """

    run_id: str
    report_date: str
    reports: tuple[str, ...]
    send: bool
    why_not: str
    dated: bool
    backfill: bool = False
    approve: bool = False
    send_rate: float = 0.0
    left_out: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {**asdict(self), "reports": list(self.reports), "left_out": list(self.left_out)}

    def of_lane(self, report: str) -> Plan:
        """What a lane must know of the plan: of the reports, its own. Each of its tasks carries it."""
        return replace(self, reports=(report,), left_out=())

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Self:
        """The plan that ``to_json`` wrote."""
        lists = {name: tuple(record.get(name, ())) for name in ("reports", "left_out")}
        return cls(**{**record, **lists})


def of(request: Request, config: Config, settings: Settings) -> Plan:
    """The plan of a request.

    A backfill renders and archives. It sends mail only if it was started with ``arm_backfill_send`` set to true; the
    switch for runs, which is on by default, does not arm it. A quarterly report that is not due is left out, unless
    nothing else is chosen.

    Raises:
        RequestError: a key of the configuration is unknown, the date is invalid or out of bounds, or so old that the
            form asks again, no report is chosen, or a flag is not true or false.
        ConfigError: a chosen report is not configured.
    """
    _known(request.conf)
    given = request.params.get("report_date")
    if not isinstance(given, str | None):
        msg = f"report_date is {given!r}, expected a date like 2026-05-01, or null"
        raise RequestError(msg)
    try:
        report_date = due.report_date(given, request.interval_end, request.run_after, settings.zone)
    except ValueError as error:
        raise RequestError(*error.args) from None
    _bounded(report_date, request, settings)
    chosen = request.params.get("reports")
    if not isinstance(chosen, list | tuple | None):
        msg = f"reports is {chosen!r}, expected a list of them"
        raise RequestError(msg)
    wanted = {config.report(name).report for name in (chosen if chosen is not None else [])}
    reports = tuple(one.report for one in config.reports if chosen is None or one.report in wanted)
    if not reports:
        msg = "no report is chosen: name at least one"
        raise RequestError(msg)
    due_now = due.reports_at(config, report_date)
    made = tuple(name for name in reports if name in due_now) or reports
    plan = Plan(
        run_id=request.run_id,
        report_date=report_date.isoformat(),
        reports=made,
        send=_flag(request.params, "send", default=True),
        why_not="",
        dated=bool(given) and not request.backfill,
        backfill=request.backfill,
        approve=_flag(request.params, "approve", default=False),
        left_out=tuple(due.left_out(config, config.report(name), report_date) for name in reports if name not in made),
    )
    if not plan.send:
        return replace(plan, why_not="sending is off for this run")
    if request.backfill and not _flag(request.conf, "arm_backfill_send", default=False):
        return replace(plan, send=False, why_not="a backfill sends no mail unless arm_backfill_send is set")
    _recent(report_date, request, config, settings)
    return plan


def _known(conf: Mapping[str, Any]) -> None:
    """Refuse a misspelled key: with ``{"sned": false}``, the switch would stay on and mail everybody."""
    for key in conf:
        if key not in KEYS:
            meant = difflib.get_close_matches(str(key).casefold(), KEYS, n=1)
            advice = f"did you mean {meant[0]}?" if meant else f"expected {', '.join(KEYS)}"
            msg = f"{key!r} is not a setting of a run; {advice}"
            raise RequestError(msg)


def _bounded(report_date: date, request: Request, settings: Settings) -> None:
    """Refuse a date that no group reports at; the day ahead is today in some zone."""
    today = request.run_after.astimezone(settings.zone).date()
    last = today + (MOST_AHEAD if _flag(request.params, "future_date", default=False) else timedelta(days=1))
    if report_date < FIRST:
        msg = f"report date {report_date} is before {FIRST}; correct the date"
        raise RequestError(msg)
    if report_date > today + MOST_AHEAD:
        msg = f"report date {report_date} is more than {MOST_AHEAD.days} days ahead; correct the date"
        raise RequestError(msg)
    if report_date > last:
        msg = f"report date {report_date} is in the future; correct the date, or set future_date to true"
        raise RequestError(msg)


def _recent(report_date: date, request: Request, config: Config, settings: Settings) -> None:
    """Ask a person again before a report older than the age limit is mailed.

    The form always says whether an old date is meant. A configuration written by hand need not: whoever spells a date
    out there has said which they mean.
    """
    age = (request.run_after.astimezone(settings.zone).date() - report_date).days
    limit = config.limits.age_limit_days
    if request.backfill or age <= limit or _flag(request.conf, "old_date", default=True):
        return
    msg = (
        f"report date {report_date} is {age} days ago, and the limit for mail is {limit} days: "
        "to mail it all the same, set old_date to true; to make and archive it only, set send to false"
    )
    raise RequestError(msg)


def _flag(values: Mapping[str, Any], name: str, *, default: bool) -> bool:
    """A switch that is exactly true or false: the text "false" must not switch anything on."""
    value = values.get(name, default)
    if not isinstance(value, bool):
        msg = f"{name} is {value!r}, expected true or false"
        raise RequestError(msg)
    return value
