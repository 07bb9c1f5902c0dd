"""What each job cost, and its margin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.dataset.parameters import optional_param
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable, qualified
from executive_suite.metrics.arithmetic import per_unit, ratio, whole_cents
from executive_suite.metrics.cut import Cut, grouped
from executive_suite.metrics.delivery.jobs import (
    COLUMNS,
    NO_JOBS,
    UNDER_WAY,
    completed,
    jobs,
    over_miles,
    project_lines,
    spread,
)
from executive_suite.metrics.registry import metric

OVERHEAD = "delivery_overhead_cents_per_crew_day"
WAGES = ("wages", "payroll", "crew")
# More kinds of cost than this are no breakdown: then the accounts are the kinds.
MOST_KINDS = 8
NONE = "no job completed"

NEEDS_COST: Mapping[str, tuple[str, ...]] = {
    "delivery": (*COLUMNS, "nautical_miles", "invoiced_cents"),
    "delivery_crew": ("delivery_id", "person_id", "days", "day_rate_cents"),
    "ledger": ("txn_id", "entity_id", "account", "amount_cents", "project_id"),
    "account": ("account", "type"),
}


@dataclass(frozen=True, slots=True)
class JobCost:
    """What one job, or several, cost, cents.

    Attributes:
        crew: Crew-days at their rates.
        others: Expenses of the ledger by kind.
        overhead: Applied overhead; None when no rate is set.
        rows: Ledger lines behind it.
        recorded: Whether crew-days or expenses of the job are on record: a job without any is no job without cost.
    """

    crew: int = 0
    others: Mapping[str, int] = field(default_factory=Counter)
    overhead: int | None = None
    rows: tuple[Any, ...] = ()
    recorded: bool = False

    @property
    def total(self) -> int:
        """All of it."""
        return self.crew + sum(self.others.values()) + (self.overhead or 0)


def job_margin(invoiced: int, cost: int) -> Measure:
    """Margin of one job or of many.

    >>> job_margin(1_000_000, 750_000).value
    Decimal('0.2500000000')
    """
    return ratio(invoiced - cost, invoiced, otherwise="nothing invoiced")


@per_context
def costs(context: Context) -> Mapping[str, JobCost]:
    """What each job cost so far, by id."""
    crew = grouped(context.rows("delivery_crew", *NEEDS_COST["delivery_crew"]), lambda row: row.delivery_id)
    rate = optional_param(context, OVERHEAD)
    accounts = {row.account: row for row in context.rows("account", *NEEDS_COST["account"]) if row.type == "expense"}
    wages = {account for account, row in accounts.items() if row.text("subtype").lower() in WAGES}
    posted = {
        job: [line for line in found if line.account in accounts] for job, found in project_lines(context).items()
    }
    memos = {line.get("memo") for lines in posted.values() for line in lines} - {None}

    def kind(line: Any) -> str:
        memo = line.get("memo") if len(memos) <= MOST_KINDS else None
        return str(memo or accounts[line.account].get("name") or line.account)

    found = {}
    for job in jobs(context).rows:
        hands, lines = crew.get(job.delivery_id, ()), posted.get(job.delivery_id, [])
        earned = whole_cents(sum(row.days * row.day_rate_cents for row in hands))
        found[job.delivery_id] = JobCost(
            crew=earned,
            others=_by_kind([line for line in lines if line.account not in wages], earned, kind),
            overhead=None if rate is None else whole_cents(sum(row.days for row in hands) * rate.value),
            rows=tuple(lines),
            recorded=bool(hands or lines),
        )
    return found


def _by_kind(lines: Sequence[Any], earned: int, kind: Callable[[Any], str]) -> Mapping[str, int]:
    """Ledger lines other than wages, cents by kind."""
    booked = Counter[str]()
    for line in lines:
        booked[line.txn_id] += line.amount_cents
    # Pay that was booked as one transaction of exactly the crew's earnings: those days are counted already.
    paid = next((txn_id for txn_id, cents in booked.items() if earned and cents == earned), None)
    kinds = Counter[str]()
    for line in lines:
        if line.txn_id != paid:
            kinds[kind(line)] += line.amount_cents
    return kinds


@metric("cost_per_delivery", "cost_per_nautical_mile", "delivery_margin", needs=NEEDS_COST, otherwise=NO_JOBS)
def _facts(context: Context) -> Iterator[Fact]:
    for own in jobs(context).by_entity():
        done = completed(own)
        for part in (*spread(done), *done.by("delivery", lambda job: job.delivery_id)):
            yield from _of_jobs(part)
        for part in spread(done):
            yield from _components(part)
        begun = own.where(lambda job: job.state == UNDER_WAY)
        yield _fact(begun.divided(state="work_in_progress"), "cost_per_delivery", Measure(_total(begun)))


def _of_jobs(part: Cut) -> Iterator[Fact]:
    known = with_cost(part)
    total = _total(known)
    mean = per_unit(total, len(known), otherwise=NONE)
    per_mile = over_miles(known, per_unit(total, known.sum("nautical_miles"), otherwise="no nautical miles"))
    margin = job_margin(known.sum("invoiced_cents"), total)
    for metric_id, measure in (
        ("cost_per_delivery", mean),
        ("cost_per_nautical_mile", per_mile),
        ("delivery_margin", margin if len(part) else not_applicable(NONE)),
    ):
        yield _fact(part, metric_id, of_recorded(measure, known, part))
    paid = job_margin(sum(map(_earned, known.rows)), total) if len(part) else not_applicable(NONE)
    yield _fact(part.divided(basis="with_deposits"), "delivery_margin", of_recorded(paid, known, part))


def _earned(job: Any) -> int:
    """What a job has brought: invoiced, or paid as a deposit where that is known and more."""
    return max(int(job.invoiced_cents), int(job.get("collected_cents") or 0))


def with_cost(part: Cut) -> Cut:
    """The jobs whose cost is on record."""
    spent = costs(part.context)
    return part.where(lambda job: spent[job.delivery_id].recorded)


def of_recorded(measure: Measure, known: Cut, part: Cut) -> Measure:
    """A measure of the jobs whose cost is on record, with the number of the others; none if all are others."""
    if len(part) and not len(known):
        return not_evaluable("no crew-days and no expenses of the jobs are recorded")
    left_out = len(part) - len(known)
    return qualified(measure, f"no cost recorded for {left_out} of {len(part)} jobs" if left_out else "")


def _components(whole: Cut) -> Iterator[Fact]:
    part = with_cost(whole)
    own = _costs(part)
    kinds = Counter[str](crew=sum(cost.crew for cost in own))
    for cost in own:
        kinds.update(cost.others)
    if any(cost.overhead is None for cost in own):
        none = not_applicable(f"no overhead rate is set (param {OVERHEAD})")
        yield _fact(part.divided(component="overhead"), "cost_per_delivery", none)
    else:
        kinds["overhead"] += sum(cost.overhead or 0 for cost in own)
    for kind, cents in kinds.items():
        mean = per_unit(cents, len(part), otherwise=NONE)
        yield _fact(part.divided(component=kind), "cost_per_delivery", mean)


def _costs(part: Cut) -> list[JobCost]:
    spent = costs(part.context)
    return [spent[job.delivery_id] for job in part.rows]


def _total(part: Cut) -> int:
    return sum(cost.total for cost in _costs(part))


def _fact(part: Cut, metric_id: str, measure: Measure) -> Fact:
    lines = [line for cost in _costs(part) for line in cost.rows]
    return part.fact(metric_id, measure, inputs={"delivery": part, "ledger": lines})
