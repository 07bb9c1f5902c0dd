"""The accounting report on revenue and what is owed: recognition, deferred revenue, ageing, taxes, the roadmap."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from executive_suite.facts import GROUP, Fact
from executive_suite.metrics.registry import definition_of
from executive_suite.rendering import charts
from executive_suite.rendering.blocks import Cell, Chart, FindingList, Table, Tone
from executive_suite.rendering.charts import Point
from executive_suite.reports import frame, phrases, wording
from executive_suite.reports.accounting.books import MONTHS, columns
from executive_suite.reports.phrases import capital, plain, window, words_of
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
ROADMAP = "accounting"
SYSTEM = ("no_accounting_system",)
TRACKING = ("revenue_tracking_gap",)
"""Rules of the group about the accounting system, and about bookings whose revenue the books do not have."""
QUARTER = 3
TARGETS = {
    "trial_balance_diff_cents": "trial_balance_difference",
    "unreconciled_items": "bank_unreconciled_count",
    "net_operating_cents": "operating_income",
    "net_income_cents": "net_income",
}
"""What the roadmap's targets are measured by."""


@dataclass(frozen=True, slots=True)
class Revenue:
    """Recognition by stream, and its gaps."""

    reading: str
    streams: Table
    gaps: FindingList
    deferred: Table


@dataclass(frozen=True, slots=True)
class Owed:
    """Who owes the group and whom it owes."""

    chart: Chart
    ageing: Table
    reading: str


@dataclass(frozen=True, slots=True)
class Roadmap:
    """The way to profitability."""

    reading: str
    timeline: Chart
    milestones: Table
    plan: Chart


def only(s: Selection, title: str, *finding_ids: str, empty: str) -> FindingList:
    """The findings of single rules."""
    chosen = tuple(f for f in s.figures.findings if f.finding_id in finding_ids)
    narrowed = Selection(replace(s.figures, findings=chosen))
    return narrowed.findings(title, *{f.kind for f in chosen}, empty=empty)


def revenue(s: Selection) -> Revenue:
    """The section on recognition."""
    whole, gap = s.fact("revenue_recognised"), s.fact("revenue_recognition_difference")
    if whole.value is None or not isinstance(gap.value, int):
        reading = f"Recognition is not evaluable: {whole.reason or gap.reason}."
    elif gap.value:
        side = "has no obligation in the schedule" if gap.value > 0 else "is scheduled as earned and not booked"
        reading = (
            f"The schedule of obligations recognises {wording.of(whole)} over {window(s)}; the ledger differs: "
            f"{wording.money(abs(gap.value))} of revenue {side}."
        )
    else:
        reading = f"The schedule of obligations recognises {wording.of(whole)} over {window(s)}, as the ledger does."
    empty = "Every completed booking has revenue in the ledger or a satisfied obligation."
    gaps = only(s, "Gaps of recognition", *TRACKING, empty=empty)
    return Revenue(reading, _streams(s), gaps, _deferred(s))


def _streams(s: Selection) -> Table:
    """Every stream of the last twelve months, with the latest months and the same a year before."""
    end = s.figures.report_date
    months: dict[str, dict[str, int]] = defaultdict(dict)
    for fact in s.figures.facts:
        if (
            fact.metric_id == "revenue_recognised"
            and fact.entity_id == GROUP
            and "stream" in fact.dimensions
            and len(fact.period) == 7  # noqa: PLR2004 - YYYY-MM
        ):
            months[fact.dimensions["stream"]][fact.period] = int(str(fact.value))
    latest = [f.period for f in s.months("net_income", MONTHS)]
    before = [f"{int(m[:4]) - 1}{m[4:]}" for m in latest]
    year = [f"{end.year - (1 if number >= end.month else 0)}-{number:02d}" for number in range(1, 13)]
    rows = []
    for stream, by_month in sorted(months.items()):
        sums = [sum(by_month.get(m, 0) for m in span) for span in (latest, before, year)]
        if any(sums):
            rows.append((stream, sums))
    rows.sort(key=lambda row: (-row[1][0], -row[1][2], row[0]))
    cells = tuple((Cell(name.capitalize()), *_amounts(sums)) for name, sums in rows)
    totals = [sum(sums[place] for _, sums in rows) for place in range(3)]
    return Table(
        f"Revenue recognised by stream, {wording.currency()}: {phrases.latest(len(latest))}, the "
        "same a year before, "
        "latest 12 months; actual",
        columns("Stream", "Latest", "A year before", "12 months"),
        cells,
        (Cell("All streams"), *_amounts(totals)) if cells else (),
        note="Services at completion, retainers and rents over time, deposits only when the service is rendered.",
        empty=f"Nothing recognised: {s.fact('revenue_recognised').reason or 'no obligation is satisfied'}.",
    )


def _amounts(sums: list[int]) -> tuple[Cell, ...]:
    return tuple(Cell(wording.money(cents), cents, "money", metric_id="revenue_recognised") for cents in sums)


def _deferred(s: Selection) -> Table:
    names = ("opening", "received", "released", "refunded", "closing")
    months = s.months("deferred_revenue_closing", MONTHS)
    rows = tuple(
        (
            Cell(wording.month(f.period)),
            *(s.cell(s.fact(f"deferred_revenue_{name}", period=f.period)) for name in names),
        )
        for f in months
    )
    tie = s.fact("deferred_revenue_difference")
    if tie.value is None:
        note = f"Tie to the ledger not evaluable: {tie.reason}."
    else:
        note = "Ties to the ledger to the cent." if not tie.value else f"Differs from the ledger by {wording.of(tie)}."
    return Table(
        f"Deferred revenue, {wording.currency()}, by complete month: opening + received - earned - refunded = closing",
        columns("Month", "Opening", "Received", "Earned", "Refunded", "Closing"),
        rows,
        note=note,
        empty=f"Not evaluable: {s.fact('deferred_revenue_closing').reason}.",
    )


def owed(s: Selection) -> Owed:
    """The section on receivables and payables."""
    rows, points = [], []
    for bucket, words in BUCKETS:
        ours, theirs = s.fact("ar_ageing", bucket=bucket), s.fact("ap_ageing", bucket=bucket)
        late = bucket in LATE
        rows.append((Cell(words), s.cell(ours, _late(ours, late=late)), s.cell(theirs, _late(theirs, late=late))))
        if isinstance(ours.value, int):
            points.append(Point(words, ours.value, wording.of(ours), tone=_late(ours, late=late)))
    whole = s.fact("ar_ageing")
    words = ", ".join(f"{p.label} {p.text}" for p in points) or whole.reason
    chart = frame.chart(
        "ageing",
        f"Open receivables by days past due, {wording.currency()}, at the report date",
        charts.bars(points),
        f"Receivables: {words}.",
    )
    table = Table(
        f"Open balances by days past due, {wording.currency()}, at the report date",
        columns("Past due", "Receivables", "Payables"),
        tuple(rows) if whole.value is not None else (),
        (Cell("All"), s.cell(whole), s.cell(s.fact("ap_ageing"))) if whole.value is not None else (),
        empty=f"Not evaluable: {whole.reason}.",
    )
    reading = (
        f"Days sales outstanding: {_with_reason(s.fact('dso_days'))}, prior {_prior(s, 'dso_days')}. "
        f"Days payables outstanding: {_with_reason(s.fact('dpo_days'))}, prior {_prior(s, 'dpo_days')}.{_owed_to(s)}"
    )
    return Owed(chart, table, reading)


def _owed_to(s: Selection) -> str:
    """Whose receivables they mostly are."""
    whole = s.fact("ar_ageing")
    parts = [f for f in s.facts("ar_ageing") if f.entity_id != GROUP and isinstance(f.value, int) and f.value > 0]
    if not parts or not isinstance(whole.value, int) or whole.value <= 0:
        return ""
    most = max(parts, key=lambda f: (int(str(f.value)), f.entity_id))
    return f" Of {wording.of(whole)} owed to the group, {wording.of(most)} is owed to {s.entity(most.entity_id)}."


def _late(fact: Fact, *, late: bool) -> Tone:
    return "bad" if late and fact.value else "neutral"


def _prior(s: Selection, metric_id: str) -> str:
    before = s.prior(s.fact(metric_id))
    return "none" if before is None else wording.of(before)


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


def roadmap(s: Selection) -> Roadmap:
    """The section on the roadmap to profitability."""
    names = ("milestone", "report", "title", "due_on", "target")
    facts = sorted(
        (f for f in s.facts("milestone_status", *names) if f.dimensions["report"] == ROADMAP),
        key=lambda f: (f.dimensions["due_on"], f.dimensions["milestone"]),
    )
    today = s.figures.report_date
    points, rows = [], []
    for fact in facts:
        due = date.fromisoformat(fact.dimensions["due_on"])
        metric, _, value = fact.dimensions["target"].partition(" ")
        status = str(fact.value)
        tone: Tone = "bad" if status.startswith("slipped") else "good" if status.startswith("achieved") else "neutral"
        title_of = capital(fact.dimensions["title"])
        points.append((title_of, (due - today).days, wording.day(due)))
        rows.append(
            (
                Cell(title_of, assumed=fact.assumed),
                Cell(wording.day(due), fact.dimensions["due_on"], "date"),
                Cell(status, tone=tone, metric_id=fact.metric_id),
                Cell(target_in_words(metric, value)),
                _now(s, metric),
            )
        )
    horizon = max([day for _, day, _ in points] + [30])
    alt = "; ".join(f"{name}, due {text}" for name, _, text in points) or "No milestone is set"
    timeline = frame.chart(
        "roadmap",
        "Milestones to profitability by due date",
        charts.timeline(points, days=horizon, today=wording.day(today)),
        f"{alt}.",
    )
    table = Table(
        "Milestones of the roadmap: due date, state, target and where it stands",
        columns("Milestone", "Due", "State", "Target", "Now", text=(0, 1, 2, 3)),
        tuple(rows),
        empty="No milestone of this report is set.",
    )
    return Roadmap(_reading(s), timeline, table, _plan(s))


def target_in_words(metric: str, value: str) -> str:
    """A milestone's target in words: "Net income of 0.01 USD"; a measure of its own keeps its own name."""
    name = (
        definition_of(TARGETS[metric]).name if metric in TARGETS else capital(words_of(metric.removesuffix("_cents")))
    )
    if not value:
        return name
    amount = wording.money(Decimal(value)) if metric.endswith("_cents") else wording.number(Decimal(value))
    return f"{name} of {amount}"


def _now(s: Selection, metric: str) -> Cell:
    """Where a milestone's target stands; income is that of the latest quarter."""
    if metric == "net_income_cents":
        cents = sum(f.value for f in s.months("net_income", QUARTER) if isinstance(f.value, int))
        return Cell(f"{wording.money(cents)} in three months", cents, "money", metric_id="net_income")
    if metric not in TARGETS:
        return Cell("not measured")
    now = plain(s.cell(s.fact(TARGETS[metric])))
    return replace(now, text=f"{now.text} in {window(s)}") if metric == "net_operating_cents" else now


def _reading(s: Selection) -> str:
    month = s.fact("profitability_month")
    slipped, due = s.fact("milestones_slipped"), s.fact("milestones_due")
    kept = f"{wording.of(slipped)} of {wording.counted(due.value, 'milestone')} slipped."
    if due.value is None:
        kept = f"Milestones: {wording.NOT_AVAILABLE}, {due.reason}."
    if month.value is None:
        return f"{kept} Month of profitability: {wording.NOT_AVAILABLE}, {month.reason}."
    begins = f"{date.fromisoformat(str(month.value)):%B %Y}"
    return f"{kept} By budget, net income is at zero or above for three months from {begins} on."


def _plan(s: Selection) -> Chart:
    """Net income of the year: actual for complete months, then budget, outlined."""
    year = str(s.figures.report_date.year)
    done = {f.period: f for f in s.months("net_income", 12) if f.period.startswith(year)}
    planned = sorted(
        (
            f
            for f in s.figures.facts
            if f.metric_id == "budget_amount"
            and f.entity_id == GROUP
            and not f.dimensions
            and f.period.startswith(year)
        ),
        key=lambda f: f.period,
    )
    points = [_point(f, "actual") for f in done.values() if isinstance(f.value, int)]
    points += [_point(f, "plan") for f in planned if f.period not in done and isinstance(f.value, int)]
    words = ", ".join(f"{p.label} {p.text}{' planned' if p.style == 'plan' else ''}" for p in points)
    return frame.chart(
        "plan",
        f"Net income a month, thousand {wording.currency()}, {year}: actual (filled), then budget (outlined)",
        charts.columns(points),
        f"Net income by month: {words or s.fact('budget_variance').reason}.",
    )


def _point(fact: Fact, style: str) -> Point:
    thousands = wording.number(Decimal(str(fact.value)) / 100_000, 1)
    return Point(
        wording.month(fact.period)[:3], int(str(fact.value)), thousands, "plan" if style == "plan" else "actual"
    )


def _with_reason(fact: Fact) -> str:
    return wording.of(fact) if fact.value is not None else f"{wording.NOT_AVAILABLE} ({fact.reason})"
