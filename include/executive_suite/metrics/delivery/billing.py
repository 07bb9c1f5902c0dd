"""What was delivered and not billed, or billed and not collected, and how long billing takes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from executive_suite.dataset.context import Context
from executive_suite.facts.fact import Fact, Qualifier, Why
from executive_suite.facts.measure import Measure
from executive_suite.metrics.accounting.documents import NOT_ISSUED
from executive_suite.metrics.arithmetic import per_unit
from executive_suite.metrics.cut import Cut
from executive_suite.metrics.delivery.jobs import COLUMNS, NO_JOBS, Job, completed, done_by_entity, jobs
from executive_suite.metrics.registry import metric


@metric(
    "delivery_billing_gap",
    needs={"delivery": (*COLUMNS, "quoted_cents", "invoiced_cents", "collected_cents")},
    otherwise=NO_JOBS,
)
def _gaps(context: Context) -> Iterator[Fact]:
    for own in jobs(context).by_entity():
        disputed, done = own.where(_disputed), completed(own).where(lambda job: not _disputed(job))
        never = done.where(lambda job: job.invoiced_cents == 0)
        above = sum(max(job.invoiced_cents - job.quoted_cents, 0) for job in done.rows)
        owed = disputed.sum("invoiced_cents") - disputed.sum("collected_cents")
        yield _gap(done, _short(done))
        yield _gap(done.divided(gap="invoiced_above_quote"), above)
        yield _gap(done.divided(gap="invoiced_not_collected"), _unpaid(done))
        yield _gap(never.divided(gap="completed_not_invoiced"), never.sum("quoted_cents"))
        yield _gap(done.divided(gap="deposit_not_invoiced"), _deposits(done))
        yield _gap(disputed.divided(gap="disputed"), owed)
        for one in done.by("delivery", lambda job: job.delivery_id):
            if short := _short(one):
                yield _gap(one, short)
            if unpaid := _unpaid(one):
                yield _gap(one.divided(gap="invoiced_not_collected"), unpaid)
            if deposit := _deposits(one):
                yield _gap(one.divided(gap="deposit_not_invoiced"), deposit)


def _disputed(job: Job) -> bool:
    return "disput" in job.row.text("status").lower()


def _short(part: Cut) -> int:
    return sum(max(job.quoted_cents - job.invoiced_cents, 0) for job in part.rows)


def _unpaid(part: Cut) -> int:
    return sum(max(job.invoiced_cents - job.collected_cents, 0) for job in part.rows)


def _deposits(part: Cut) -> int:
    """What customers have paid on jobs beyond what was invoiced."""
    return sum(max(job.collected_cents - job.invoiced_cents, 0) for job in part.rows)


def _gap(part: Cut, cents: int) -> Fact:
    count = len(part)
    measure = Measure(cents, reason="1 job" if count == 1 else f"{count} jobs", qualifier=Qualifier(Why.COUNTED, count))
    return part.fact("delivery_billing_gap", measure)


@metric(
    "days_to_invoice",
    needs={
        "delivery": (*COLUMNS, "booking_id"),
        "invoice": ("direction", "issued_on", "status", "booking_id"),
    },
    otherwise=NO_JOBS,
)
def _delays(context: Context) -> Iterator[Fact]:
    sent = [row for row in context.rows("invoice") if row.direction == "ar" and row.status not in NOT_ISSUED]
    issued: dict[str, date] = {}
    for row in sent:
        # A job sold without a booking is invoiced under its own number.
        for sold in filter(None, (row.booking_id, row.get("contract_id"))):
            issued[sold] = min(row.issued_on, issued.get(sold, row.issued_on))
    for done in done_by_entity(context):
        invoiced = {job.delivery_id: issued.get(job.booking_id) or issued.get(job.delivery_id) for job in done.rows}
        ended = {job.delivery_id: job.actual_end for job in done.rows}
        delays = {job: max((first - ended[job]).days, 0) for job, first in invoiced.items() if first}
        waiting = {job: (context.report_date - ended[job]).days for job, first in invoiced.items() if not first}
        for part, days, nothing in (
            (done, delays, "no completed job was invoiced"),
            (done.divided(state="not_invoiced"), waiting, "every completed job was invoiced"),
        ):
            measure = per_unit(sum(days.values()), len(days), otherwise=nothing)
            yield part.fact("days_to_invoice", measure, inputs={"delivery": tuple(days), "invoice": sent})
