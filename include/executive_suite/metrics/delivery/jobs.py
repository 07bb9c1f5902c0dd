"""The register of delivery jobs: owner, state, route, distance and duration."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.measure import Measure, not_evaluable
from executive_suite.metrics.arithmetic import per_unit, rounded
from executive_suite.metrics.bookings import canceled
from executive_suite.metrics.cut import YEAR, Cut, Owned, complete_months_since, cut, grouped
from executive_suite.metrics.registry import metric
from executive_suite.period import Month, complete_months

NO_JOBS = "table delivery has no job"
PLANNED, UNDER_WAY, COMPLETED, CANCELLED = "planned", "in_progress", "completed", "cancelled"
COLUMNS = ("delivery_id", "planned_start", "planned_end", "actual_start", "actual_end", "status")
NEEDS: Mapping[str, tuple[str, ...]] = {"delivery": COLUMNS}
TRAILING = {"window": "trailing_12_months"}


@dataclass(frozen=True, slots=True)
class Job(Owned):
    """A job of the register.

    Attributes:
        state: planned, in_progress, completed or cancelled; a job not begun is also when its booking is.
        first: Its first day, actual where there is one, else planned.
        last: Its last day, likewise.
    """

    state: str
    first: date
    last: date

    @property
    def days(self) -> int | None:
        """Calendar days from the actual first to the actual last, both included; None before it has both."""
        return _span(self.row.actual_start, self.row.actual_end)

    @property
    def days_planned(self) -> int | None:
        """As ``days``, as planned."""
        return _span(self.row.planned_start, self.row.planned_end)


def _span(first: date | None, last: date | None) -> int | None:
    return None if first is None or last is None else (last - first).days + 1


@per_context
def project_lines(context: Context) -> Mapping[str, tuple[Any, ...]]:
    """The ledger lines that name a job as their project, by job, in the order of the ledger.

    Raises:
        MissingInputError: table ledger or its column project_id is absent.
    """
    ledger = context.table("ledger", "project_id")
    ids = [row.delivery_id for row in context.rows("delivery", "delivery_id")]
    # One selection over whole columns: a ledger may have ten million lines, few of them of a job.
    return grouped(context.rows_from(ledger[ledger["project_id"].isin(ids)], "ledger"), lambda line: line.project_id)


@per_context
def jobs(context: Context) -> Cut:
    """Every job, by id.

    Raises:
        MissingInputError: table delivery, or a column of it, is absent.
    """
    rows = sorted(context.rows("delivery", *COLUMNS), key=lambda row: row.delivery_id)
    owners, called_off = _owners(context, rows), canceled(context)
    register = (
        Job(
            row,
            owners.get(row.delivery_id),
            _state(row, context.report_date, called_off),
            row.actual_start or row.planned_start,
            row.actual_end or row.planned_end,
        )
        for row in rows
    )
    return cut(context, "delivery", register)


def _state(row: Any, today: date, called_off: frozenset[str]) -> str:
    if "cancel" in row.text("status").lower():
        return CANCELLED
    if row.actual_end is not None and row.actual_end < today:
        return COMPLETED
    if row.actual_start is not None and row.actual_start < today:
        return UNDER_WAY
    return CANCELLED if row.get("booking_id") in called_off else PLANNED


def _owners(context: Context, rows: Iterable[Any]) -> Mapping[str, str]:
    """Entity by job: of its booking, else of its ledger lines; where all known are one, the others are its too."""
    ids = [row.delivery_id for row in rows]
    found: dict[str, str] = {}
    if _has(context, "ledger", "project_id", "entity_id"):
        found = {job: lines[0].entity_id for job, lines in project_lines(context).items()}
    if _has(context, "booking", "booking_id", "entity_id"):
        booked = {row.booking_id: row.entity_id for row in context.rows("booking")}
        sold = {row.delivery_id: booked.get(row.get("booking_id")) for row in rows}
        found |= {job: entity for job, entity in sold.items() if entity is not None}
    known = set(found.values())
    return {**dict.fromkeys(ids, known.pop()), **found} if len(known) == 1 else found


def _has(context: Context, table: str, *columns: str) -> bool:
    return context.has(table) and set(columns) <= set(context.table(table).columns)


def crew_scope(register: Cut) -> str:
    """Whose the whole crew is: the one entity that runs all jobs, else the group."""
    known = {job.entity_id for job in register.rows} - {None}
    return known.pop() if len(known) == 1 else GROUP


def completed(register: Cut) -> Cut:
    """The jobs that are done."""
    return register.where(lambda job: job.state == COMPLETED)


def recent(register: Cut) -> Cut:
    """The jobs that ended in the latest twelve complete months."""
    months = set(complete_months(register.context.report_date, YEAR))
    return replace(register.where(lambda job: Month.of(job.last) in months), dimensions=TRAILING)


def spread(register: Cut) -> Iterator[Cut]:
    """All jobs, then those of the latest twelve complete months."""
    yield register
    yield recent(register)


def done_by_entity(context: Context) -> Iterator[Cut]:
    """The completed jobs of each entity with jobs, and of the group: all, and those of the latest twelve months."""
    for own in jobs(context).by_entity():
        yield from spread(completed(own))


def over_miles(register: Cut, measure: Measure) -> Measure:
    """A measure over the miles of completed jobs; not evaluable where a job has none recorded."""
    blank = any(job.nautical_miles is None for job in register.rows)
    return not_evaluable("a completed job has no nautical miles") if blank else measure


@metric("delivery_jobs", needs={"delivery": (*COLUMNS, "origin", "destination")}, otherwise=NO_JOBS)
def _counts(context: Context) -> Iterator[Fact]:
    for own in jobs(context).by_entity():
        live = own.where(lambda job: job.state != CANCELLED)
        set_out = live.where(lambda job: job.state != PLANNED)
        months = complete_months_since(context, (job.first for job in set_out.rows))
        for part in (
            *spread(live),
            *own.by("state", lambda job: job.state, (PLANNED, UNDER_WAY, COMPLETED, CANCELLED)),
            *live.by("lane", _lane),
            *set_out.by_month(lambda job: job.first, months),
        ):
            yield part.fact("delivery_jobs", Measure(len(part)))


@metric("delivery_completed_on", needs=NEEDS, otherwise=NO_JOBS)
def _completions(context: Context) -> Iterator[Fact]:
    for own in jobs(context).by_entity():
        for one in completed(own).by("delivery", lambda job: job.delivery_id):
            last = max(job.last for job in one.rows)
            yield one.fact("delivery_completed_on", Measure(last.isoformat()))


def _lane(job: Job) -> str | None:
    return None if job.origin is None or job.destination is None else f"{job.origin} - {job.destination}"


@metric("delivery_nautical_miles", "delivery_days", needs={"delivery": (*COLUMNS, "nautical_miles")}, otherwise=NO_JOBS)
def _extent(context: Context) -> Iterator[Fact]:
    for own in jobs(context).by_entity():
        done = completed(own)
        months = complete_months_since(context, (job.last for job in done.rows))
        for part in (*spread(done), *done.by_month(lambda job: job.last, months)):
            days = [job.days for job in part.rows if job.days is not None]
            miles = over_miles(part, Measure(rounded(part.sum("nautical_miles"), 1)))
            yield part.fact("delivery_nautical_miles", miles)
            yield part.fact("delivery_days", per_unit(sum(days), len(days), otherwise="no job completed"))
