"""The cloud bill in exact decimals: by billing period, its baseline, and what open recommendations would save."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from statistics import median
from typing import TYPE_CHECKING, Any

import pandas as pd

from executive_suite.dataset.memo import per_context
from executive_suite.dataset.parameters import optional_param
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import GROUP, Fact, MissingInputError
from executive_suite.facts.measure import Measure, not_applicable
from executive_suite.metrics.registry import metric
from executive_suite.metrics.rows import rows
from executive_suite.period import Month, cut_off

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

COLUMNS = ("BilledCost", "BillingPeriodStart", "BillingPeriodEnd")
CURRENCY = "USD"
DIGITS = 200
"""More than any sum of bills has: no digit of a charge is rounded away."""
PERIODS = 6
"""Complete billing periods of a baseline (param cloud_baseline_periods overrides it)."""


@dataclass(frozen=True, slots=True)
class Period:
    """A billing period.

    Attributes:
        month: The month it begins in, UTC, as bills are cut.
        complete: Whether it ended at or before the cut-off.
        cost: Billed cost.
        rows: Charge rows.
    """

    month: Month
    complete: bool
    cost: Decimal
    rows: int


def exact(column: pd.Series[Any]) -> Decimal:
    """The sum of a column of decimal text, exact; equal texts are counted before they are read.

    >>> exact(pd.Series(["0.1", "0.2", "0.1"]))
    Decimal('0.4')
    """
    counts = column.dropna().astype(str).value_counts(sort=False)
    with localcontext() as unrounded:
        unrounded.prec = DIGITS
        return sum((Decimal(str(text)) * int(n) for text, n in counts.items()), Decimal(0))


def plain(amount: Decimal) -> str:
    """The amount as decimal text without an exponent: every place that says something, and at least two.

    So it is the same text whether a bill comes as CSV, or from a database whose type adds zeros or takes them off.

    >>> plain(Decimal("1E-7")), plain(Decimal("50")), plain(Decimal("12.1000"))
    ('0.0000001', '50.00', '12.10')
    """
    whole, _, places = format(amount, "f").partition(".")
    return f"{whole}.{places.rstrip('0').ljust(2, '0')}"


def dollars(cents: Decimal) -> str:
    """Cents as dollars with two places.

    >>> dollars(Decimal(2500))
    '25.00'
    """
    return plain((cents / 100).quantize(Decimal("0.01"), ROUND_HALF_UP))


@per_context
def bill(context: Context) -> pd.DataFrame:
    """The charge rows in US dollars."""
    frame = context.table("focus_cost", *COLUMNS)
    return frame[frame["BillingCurrency"] == CURRENCY] if "BillingCurrency" in frame.columns else frame


def _month_labels(frame: pd.DataFrame) -> pd.Series[Any]:
    labels: pd.Series[Any] = frame["BillingPeriodStart"].dt.strftime("%Y-%m")
    return labels


def _as_month(label: str) -> Month:
    return Month(int(label[:4]), int(label[5:]))


@per_context
def periods(context: Context) -> tuple[Period, ...]:
    """Every billing period of the bill, oldest first."""
    frame = bill(context)
    end = pd.Timestamp(cut_off(context.report_date, context.zone))
    found = []
    for label, charges in frame.groupby(_month_labels(frame), sort=True):
        complete = bool((charges["BillingPeriodEnd"] <= end).all())
        found.append(Period(_as_month(str(label)), complete, exact(charges["BilledCost"]), len(charges)))
    return tuple(found)


def tagged(tags: str | float | None, key: str = "entity") -> str:
    """What a charge's tags say under a key; empty when they say nothing there or are not a JSON object.

    >>> tagged('{"entity":"web"}'), tagged('{"client":"c1"}', "client"), tagged(None)
    ('web', 'c1', '')
    """
    if not isinstance(tags, str):
        return ""
    try:
        found = json.loads(tags)
    except json.JSONDecodeError:
        return ""
    said = found.get(key) if isinstance(found, dict) else None
    return said if isinstance(said, str) else ""


@metric(
    Definition(
        "cloud_billed_cost",
        "Cloud cost, billed",
        "USD",
        "Sum of FOCUS BilledCost by billing period, credits, tax and adjustments included. A period that had not ended "
        "at the cut-off is labelled month to date. Charges in other currencies are left out and counted.",
        "FinOps FOCUS 1.2, BilledCost and BillingPeriodStart",
        "lower",
    ),
    needs={"focus_cost": COLUMNS},
)
def _billed(context: Context) -> Iterator[Fact]:
    frame = bill(context)
    other = len(context.table("focus_cost")) - len(frame)
    foreign = f"{other} charges in other currencies left out" if other else ""
    labels = _month_labels(frame)
    complete = {str(p.month): p.complete for p in periods(context)}
    divisions: dict[str, pd.Series[Any]] = {}
    for name, column in (("service", "ServiceName"), ("category", "ChargeCategory"), ("provider", "ProviderName")):
        if column in frame.columns:
            divisions[name] = frame[column].fillna("unnamed").astype(str)

    def fact(label: str, charged: tuple[Decimal, int], entity: str = GROUP, **dimensions: str) -> Fact:
        cost, charges = charged
        partial = "" if complete[label] else "month to date, billing period open"
        reason = "; ".join(filter(None, (partial, "" if dimensions else foreign)))
        return context.fact(
            "cloud_billed_cost",
            Measure(plain(cost), reason=reason),
            inputs={"focus_cost": charges},
            entity_id=entity,
            period=label,
            assumed=False,
            **dimensions,
        )

    costs = frame["BilledCost"]
    for (label,), charged in _sums(costs, labels):
        yield fact(label, charged)
    for name, values in divisions.items():
        for (label, value), charged in _sums(costs, labels, values):
            yield fact(label, charged, GROUP, **{name: value})
    if "Tags" in frame.columns:
        entities = frame["Tags"].map(tagged, na_action="ignore").fillna("")
        known = set(context.table("entity", "entity_id")["entity_id"]) if context.has("entity") else set()
        for (label, entity), charged in _sums(costs, labels, entities):
            if entity and entity != GROUP and (not known or entity in known):
                yield fact(label, charged, entity)


def _sums(costs: pd.Series[Any], *by: pd.Series[Any]) -> Iterator[tuple[tuple[str, ...], tuple[Decimal, int]]]:
    """Exact cost and number of charges by words, in their order; charges that lack one of the words are in none.

    Equal texts are counted before they are read.
    """
    sums: dict[tuple[str, ...], tuple[Decimal, int]] = {}
    counts = pd.DataFrame(dict(enumerate((*by, costs)))).value_counts(dropna=False, sort=False)
    with localcontext() as unrounded:
        unrounded.prec = DIGITS
        for (*words, text), number in zip(counts.index.tolist(), counts.tolist(), strict=True):
            if not any(pd.isna(word) for word in words):
                key = tuple(map(str, words))
                cost, charges = sums.get(key, (Decimal(0), 0))
                added = Decimal(0) if pd.isna(text) else Decimal(str(text)) * int(number)
                sums[key] = (cost + added, charges + int(number))
    yield from sorted(sums.items())


def baseline(context: Context) -> tuple[tuple[Period, ...], str, bool]:
    """The latest complete periods that make the baseline, what qualifies it, and whether a parameter is assumed."""
    wanted = optional_param(context, "cloud_baseline_periods")
    count = wanted.whole if wanted else PERIODS
    complete = tuple(p for p in periods(context) if p.complete)[-count:]
    reason = f"only {len(complete)} of {count} complete billing periods" if len(complete) < count else ""
    return complete, reason, wanted is not None and wanted.assumed


_BASELINE = (
    "of billed cost over the latest complete billing periods (six unless param cloud_baseline_periods says otherwise)."
)


@metric(
    Definition("cloud_baseline_low", "Cloud baseline, low", "USD/month", f"Lowest {_BASELINE}", "FinOps FOCUS 1.2"),
    Definition("cloud_baseline_high", "Cloud baseline, high", "USD/month", f"Highest {_BASELINE}", "FinOps FOCUS 1.2"),
    Definition(
        "cloud_baseline_median", "Cloud baseline, median", "USD/month", f"Median {_BASELINE}", "FinOps FOCUS 1.2"
    ),
    needs={"focus_cost": COLUMNS},
)
def _baseline(context: Context) -> Iterator[Fact]:
    chosen, reason, assumed = baseline(context)
    costs = [p.cost for p in chosen]
    charges = sum(p.rows for p in chosen)
    for name, statistic in (("low", min), ("high", max), ("median", median)):
        with localcontext() as unrounded:
            unrounded.prec = DIGITS
            value = plain(statistic(costs)) if costs else ""
        measure = Measure(value, reason=reason) if costs else not_applicable("no complete period yet")
        yield context.fact(f"cloud_baseline_{name}", measure, inputs={"focus_cost": charges}, assumed=assumed)


@dataclass(frozen=True, slots=True)
class Saving:
    """What one recommendation, or the largest of several for one resource, would save a month.

    Attributes:
        rec_id: The recommendation.
        title: In a reader's words.
        resource_id: Empty when unknown.
        cents: Counted saving.
        note: Why it is less than estimated; empty when it is not.
        assumed: Whether the row is marked so.
    """

    rec_id: str
    title: str
    resource_id: str
    cents: Decimal
    note: str
    assumed: bool


def _resource_costs(context: Context) -> dict[str, Decimal]:
    """Billed cost of each resource in the latest complete period, cents; empty when the bill names none."""
    if not context.has("focus_cost"):
        return {}
    try:
        frame = bill(context)
        latest = [p for p in periods(context) if p.complete][-1:]
    except MissingInputError:
        return {}
    if not latest or "ResourceId" not in frame.columns:
        return {}
    frame = frame[(_month_labels(frame) == str(latest[0].month)) & frame["ResourceId"].notna()]
    return {str(r): exact(charges["BilledCost"]) * 100 for r, charges in frame.groupby("ResourceId")}


def open_savings(context: Context) -> tuple[Saving, ...]:
    """Open recommendations, one a known resource, each capped by what that resource costs; largest first.

    Raises:
        MissingInputError: the register is absent.
    """
    frame = context.table("cost_recommendation", "rec_id", "est_monthly_saving_cents", "status", "opened_on")
    day = pd.Timestamp(context.report_date)
    still = frame["status"] == "open"
    if "closed_on" in frame.columns:
        still |= frame["closed_on"] >= day  # on that day it was open, whatever became of it
    frame = frame[still & (frame["opened_on"] < day)]
    costs = _resource_costs(context)
    best: dict[str, Saving] = {}
    for row in rows(frame.sort_values(["est_monthly_saving_cents", "rec_id"], ascending=[False, True])):
        rec_id, resource = row.text("rec_id"), row.text("resource_id")
        estimate = Decimal(row.whole("est_monthly_saving_cents"))
        cents = min(estimate, max(costs[resource], Decimal(0))) if resource in costs else estimate
        note = "capped at the cost of the resource" if cents < estimate else ""
        if resource and resource in best:
            cents, note = Decimal(0), f"overlaps {best[resource].rec_id} on the same resource"
        saving = Saving(rec_id, row.text("title") or rec_id, resource, cents, note, row.assumed)
        best[resource if resource and resource not in best else f"\0{rec_id}"] = saving
    return tuple(sorted(best.values(), key=lambda s: (-s.cents, s.rec_id)))


@metric(
    Definition(
        "cloud_open_savings",
        "Open cloud savings",
        "USD/month",
        "Sum of the estimated monthly saving of open recommendations; one a resource, and never more than the resource "
        "cost in the latest complete billing period, where the resource is known.",
        "FinOps Framework, Rate Optimization and Usage Optimization",
    ),
    needs={"cost_recommendation": ("rec_id", "est_monthly_saving_cents", "status", "opened_on")},
)
def _savings(context: Context) -> Iterator[Fact]:
    found = open_savings(context)
    total = sum((s.cents for s in found), Decimal(0))
    yield context.fact(
        "cloud_open_savings",
        Measure(dollars(total)),
        inputs={"cost_recommendation": len(found)},
        assumed=any(s.assumed for s in found),
    )
    for saving in found:
        yield context.fact(
            "cloud_open_savings",
            Measure(dollars(saving.cents), reason=saving.note),
            inputs={"cost_recommendation": 1},
            assumed=saving.assumed,
            recommendation=saving.rec_id,
            title=saving.title,
        )
