"""What was delivered and not billed, or billed and not collected, and how long billing takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pandas as pd

from executive_suite.dataset.context import Context
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import Fact, Qualifier, Why
from executive_suite.facts.measure import Measure
from executive_suite.metrics.arithmetic import per_unit
from executive_suite.metrics.cut import for_group_too
from executive_suite.metrics.delivery.jobs import COLUMNS, COMPLETED, NO_JOBS, jobs, spread
from executive_suite.metrics.frames import any_assumed, by_entity
from executive_suite.metrics.registry import metric

NOT_SENT = ("draft", "void")

BILLING_GAP = Definition(
    "delivery_billing_gap",
    "Delivery billing gap",
    "cents",
    "Quoted and not invoiced, over the completed jobs, job by job (a change order raises the quote; what was invoiced "
    "above it is shown apart and offsets nothing). Beside it: invoiced and not collected, completed and not invoiced "
    "at all, and jobs in dispute, which are in none of the others.",
    "Revenue assurance practice; ASC 606-10-45-3",
    "zero",
)
DAYS_TO_INVOICE = Definition(
    "days_to_invoice",
    "Days to invoice",
    "days",
    "Mean days from the last day of a completed job to its first invoice; a job invoiced before it ended waits 0 days. "
    "Completed jobs without an invoice are counted apart, with their mean age. Nothing invoiced: n/a.",
    "Order-to-cash practice",
    "lower",
)


@metric(BILLING_GAP, needs={"delivery": (*COLUMNS, "quoted_cents", "invoiced_cents", "collected_cents")})
def delivery_billing_gap(context: Context) -> Iterable[Fact]:  # noqa: D103 - the registry writes it
    return for_group_too(context, _gaps(context), ("delivery_billing_gap",), NO_JOBS)


def _gaps(context: Context) -> Iterator[Fact]:
    for entity_id, rows in by_entity(jobs(context)):
        disputed = rows["status"].str.contains("disput", case=False, regex=False)
        done = rows[(rows["state"] == COMPLETED) & ~disputed]
        quoted, invoiced, collected = (done[f"{c}_cents"] for c in ("quoted", "invoiced", "collected"))
        never = done[invoiced == 0]
        owed = rows.loc[disputed, "invoiced_cents"] - rows.loc[disputed, "collected_cents"]
        cuts: list[tuple[dict[str, str], int, pd.DataFrame]] = [
            ({}, int((quoted - invoiced).clip(lower=0).sum()), done),
            ({"gap": "invoiced_above_quote"}, int((invoiced - quoted).clip(lower=0).sum()), done),
            ({"gap": "invoiced_not_collected"}, int((invoiced - collected).clip(lower=0).sum()), done),
            ({"gap": "completed_not_invoiced"}, int(never["quoted_cents"].sum()), never),
            ({"gap": "disputed"}, int(owed.sum()), rows[disputed]),
        ]
        for row in done.itertuples():
            one, job = done.loc[[row.Index]], str(row.delivery_id)
            short = max(int(one["quoted_cents"].iloc[0]) - int(one["invoiced_cents"].iloc[0]), 0)
            unpaid = max(int(one["invoiced_cents"].iloc[0]) - int(one["collected_cents"].iloc[0]), 0)
            cuts += [({"delivery": job}, short, one)] if short else []
            cuts += [({"delivery": job, "gap": "invoiced_not_collected"}, unpaid, one)] if unpaid else []
        for dimensions, cents, part in cuts:
            yield context.fact(
                "delivery_billing_gap",
                Measure(
                    cents,
                    reason=f"{len(part)} jobs" if len(part) != 1 else "1 job",
                    qualifier=Qualifier(Why.COUNTED, len(part)),
                ),
                entity_id=entity_id,
                inputs={"delivery": len(part)},
                assumed=any_assumed(part),
                **dimensions,
            )


@metric(
    DAYS_TO_INVOICE,
    needs={
        "delivery": (*COLUMNS, "booking_id"),
        "invoice": ("direction", "issued_on", "status", "booking_id"),
    },
)
def days_to_invoice(context: Context) -> Iterable[Fact]:  # noqa: D103 - the registry writes it
    return for_group_too(context, _delays(context), ("days_to_invoice",), NO_JOBS)


def _delays(context: Context) -> Iterator[Fact]:
    invoice = context.tables["invoice"]
    sent = invoice[(invoice["direction"] == "ar") & ~invoice["status"].isin(NOT_SENT)]
    issued = sent.groupby("booking_id")["issued_on"].min()
    if "contract_id" in sent.columns:
        # A job sold without a booking is invoiced under its own number.
        issued = pd.concat([issued, sent.groupby("contract_id")["issued_on"].min()])
        issued = issued.groupby(level=0).min()
    today = pd.Timestamp(context.report_date)
    for entity_id, rows in by_entity(jobs(context)):
        for window, done in spread(context, rows[rows["state"] == COMPLETED]):
            # Looked up by reindex: mapping an empty column of text loses the type of the dates.
            own, sold = (issued.reindex(done[column]).set_axis(done.index) for column in ("delivery_id", "booking_id"))
            first = sold.fillna(own)
            delay = (first - done["actual_end"]).dt.days.dropna().clip(lower=0)
            waiting = (today - done.loc[first.isna(), "actual_end"]).dt.days
            for dimensions, measure, number in (
                ({}, per_unit(int(delay.sum()), len(delay), otherwise="no completed job was invoiced"), len(delay)),
                (
                    {"state": "not_invoiced"},
                    per_unit(int(waiting.sum()), len(waiting), otherwise="every completed job was invoiced"),
                    len(waiting),
                ),
            ):
                yield context.fact(
                    "days_to_invoice",
                    measure,
                    entity_id=entity_id,
                    inputs={"delivery": number, "invoice": len(sent)},
                    assumed=any_assumed(done),
                    **window,
                    **dimensions,
                )
