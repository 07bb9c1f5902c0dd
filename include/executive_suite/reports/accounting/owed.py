"""The accounting report on what is owed: receivables and payables by age, taxes, information returns."""

from __future__ import annotations

from dataclasses import dataclass

from executive_suite import formats
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.rendering import charts
from executive_suite.rendering.blocks import Cell, Chart, Table
from executive_suite.rendering.charts import Point
from executive_suite.reports import frame, phrases
from executive_suite.reports.accounting.statement import cents, columns
from executive_suite.reports.selection import Selection
from executive_suite.reports.tables.length import without_figures

BUCKETS = (
    ("current", "not yet due"),
    ("1-30", "1 to 30 days"),
    ("31-60", "31 to 60 days"),
    ("61-90", "61 to 90 days"),
    ("90+", "over 90 days"),
    ("unapplied_credit", "overpaid"),
)
LATE = ("31-60", "61-90", "90+")
_OVERPAID = "unapplied_credit"
_HEADS = {
    "current": "Not due",
    "1-30": "1\u201330",
    "31-60": "31\u201360",
    "61-90": "61\u201390",
    "90+": "Over\u00a090",
}


@dataclass(frozen=True, slots=True)
class Owed:
    """Who owes the group and whom it owes."""

    chart: Chart
    receivables: Table
    payables: Table
    reading: str


def owed(s: Selection) -> Owed:
    """The section on receivables and payables."""
    reading = (
        f"Days sales outstanding: {_with_reason(s.fact('dso_days'))}, prior {_prior(s, 'dso_days')}. "
        f"Days payables outstanding: {_with_reason(s.fact('dpo_days'))}, prior {_prior(s, 'dpo_days')}."
    )
    ours = _ageing(s, "ar_ageing", "Open receivables", "Nobody owes the group anything.")
    theirs = _ageing(s, "ap_ageing", "Open payables", "The group owes nobody anything.")
    return Owed(_chart(s), ours, theirs, reading)


def _chart(s: Selection) -> Chart:
    """Open receivables by age; what is overpaid is no age and stands in the table."""
    facts = [(bucket, words, s.fact("ar_ageing", bucket=bucket)) for bucket, words in BUCKETS[:-1]]
    points = [
        Point(words, f.value, formats.of(f), tone="bad" if bucket in LATE and f.value else "neutral")
        for bucket, words, f in facts
        if isinstance(f.value, int)
    ]
    words = ", ".join(f"{p.label} {p.text}" for p in points) or s.fact("ar_ageing").reason
    title = f"Open receivables by days past due, {formats.currency()}, at the report date"
    return frame.chart("ageing", title, charts.bars(points), f"Receivables: {words}.", finding=old(s))


def old(s: Selection) -> str:
    """How much of what is owed is over ninety days past due, and to whom most of all is owed; blank when nothing is."""
    whole, late = s.fact("ar_ageing"), s.fact("ar_ageing", bucket="90+")
    if cents(whole) <= 0:
        return "Nothing is owed to the group."
    part = "All" if late.value == whole.value else formats.of(late)
    said = f"{part} of the {formats.of(whole)} owed to the group is over 90 days past due"
    parts = [f for f in s.facts("ar_ageing") if f.entity_id != GROUP and cents(f) > 0]
    if len(parts) < 2:  # noqa: PLR2004 - one alone has no most
        return f"{said}."
    most = max(parts, key=lambda f: (cents(f), f.entity_id))
    return f"{said}; {s.entity(most.entity_id)} has most to collect, {formats.of(most)}."


def _ageing(s: Selection, metric_id: str, title: str, nothing: str) -> Table:
    """Open balances of each business unit by days past due; columns that are empty for all are left out."""
    whole = s.fact(metric_id)
    names = sorted((f.entity_id for f in s.facts(metric_id) if f.entity_id != GROUP and f.value), key=s.entity)
    shown = [
        (bucket, words) for bucket, words in BUCKETS if bucket != _OVERPAID or s.fact(metric_id, bucket=bucket).value
    ]

    def line(name: str, entity_id: str) -> tuple[Cell, ...]:
        ages = ((bucket, s.fact(metric_id, entity_id, bucket=bucket)) for bucket, _ in shown)
        cells = (s.cell(f, "bad" if bucket in LATE and f.value else "neutral") for bucket, f in ages)
        return Cell(name), *cells, s.cell(s.fact(metric_id, entity_id))

    return Table(
        f"{title} by business unit and days past due, {formats.currency()}, at the report date",
        columns("Business unit", *(_HEADS.get(bucket, words.capitalize()) for bucket, words in shown), "All"),
        tuple(line(s.entity(name), name) for name in names),
        line("Group", GROUP) if names else (),
        empty=phrases.nothing(whole, nothing),
    )


def _prior(s: Selection, metric_id: str) -> str:
    before = s.prior(s.fact(metric_id))
    return "none" if before is None else formats.of(before)


def taxes(s: Selection) -> Table:
    """Taxes collected for others, and information returns."""
    year = s.figures.report_date.year
    rows = []
    for metric_id, dimensions, words in (
        ("lodging_tax_accrued", {}, "Lodging tax accrued on nights sold"),
        ("lodging_tax_remitted", {}, "Lodging tax remitted"),
        ("lodging_tax_liability", {}, "Lodging tax still owed"),
        ("nec_1099_reportable", {"year": str(year - 1)}, f"1099-NEC returns for {year - 1}"),
        ("nec_1099_vendors", {"year": str(year - 1)}, f"of them vendors without W-9, {year - 1}"),
        ("nec_1099_vendors", {}, "Vendors over the threshold without W-9, this year"),
        ("nec_1099_exposure", {}, "Paid to them this year"),
    ):
        fact = s.fact(metric_id, **dimensions)
        watched = metric_id in {"lodging_tax_liability", "nec_1099_vendors", "nec_1099_exposure"}
        rows.append((Cell(words), s.cell(fact, "bad" if watched and fact.value else "neutral")))
    title = "Lodging tax and 1099-NEC returns at the report date"
    return without_figures(Table(title, columns("Item", "Figure"), tuple(rows)))


def _with_reason(fact: Fact) -> str:
    return formats.of(fact) if fact.value is not None else f"{formats.NOT_AVAILABLE} ({fact.reason})"
