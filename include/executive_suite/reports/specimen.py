"""The page of specimens: every block in every format, from whatever figures it is given."""

from __future__ import annotations

from dataclasses import dataclass, replace

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.rendering import charts
from executive_suite.rendering.blocks import ActionList, Chart, Decision, FindingList, Page, Table
from executive_suite.rendering.charts import Level, Point
from executive_suite.reports import frame
from executive_suite.reports.selection import Selection

_MONTHS = 6


@dataclass(frozen=True, slots=True)
class SpecimenView:
    """One block of each kind."""

    page: Page
    reading: str
    columns: Chart
    bars: Chart
    lines: Chart
    timeline: Chart
    months: Table
    nothing: Table
    findings: FindingList
    actions: ActionList


def view(s: Selection, base: Page) -> SpecimenView:
    """The page of specimens."""
    months = s.months("net_burn", _MONTHS)
    points = [_point(fact) for fact in months]
    text = ", ".join(f"{point.label} {point.text}" for point in points) or "no month"
    mean = s.fact("net_burn")
    level = [Level(int(mean.value), f"mean {formats.of_table(mean)}")] if isinstance(mean.value, int) else []
    page = replace(
        base,
        message=(
            f"Cash of {s.text('cash_balance')} against a net burn of {s.text('net_burn')} on {base.report_date}.",
        ),
        kpis=(s.kpi("cash_balance"), s.kpi("net_burn"), s.kpi("cash_runway_months"), s.kpi("break_even_units")),
        changes=frame.changes(s, "cash_balance", "net_burn"),
        decisions=(
            Decision(
                "Say whether the runway is enough.",
                f"{s.text('cash_runway_months')} are left.",
                "CEO",
                formats.day(s.figures.report_date),
                f"{s.text('cash_balance')} at stake",
            ),
        ),
    )
    later = [replace(point, style="forecast") for point in points[-2:]]
    return SpecimenView(
        page=page,
        reading=f"{len(points)} complete months are on record.",
        columns=frame.chart(
            "columns",
            "Net burn, USD, by month, actual",
            charts.columns(points, levels=level),
            f"Net burn: {text}.",
            finding=f"{len(points)} months beside their mean.",
        ),
        bars=frame.chart(
            "bars",
            "Net burn, USD, by month, compared",
            charts.bars(points),
            f"Compared: {text}.",
            finding=f"{len(points)} months beside each other.",
        ),
        lines=frame.chart(
            "lines",
            "Net burn, USD, by month, actual and forecast",
            charts.lines([("burn", [*points[:-2], *later])], band=[(p.value, p.value * 2) for p in later]),
            f"As a line: {text}.",
            finding=f"{len(later)} months are a forecast.",
        ),
        timeline=frame.chart(
            "timeline",
            "Actions, by days until due",
            charts.timeline(
                [("first", 10, "in 10 days"), ("late", -3, "3 days late")], days=90, today=base.report_date
            ),
            "Two actions: one in 10 days, one 3 days late.",
            finding="One action is late.",
        ),
        months=s.table(
            "Net burn by month, USD, complete months, actual",
            months,
            (("Month", lambda f: frame.text_cell(formats.month(f.period))), ("Net burn", s.cell)),
        ),
        nothing=s.table(
            "A table without rows", (), (("Month", s.cell),), empty="Not evaluable: table ledger is absent."
        ),
        findings=s.findings("Findings", "control_violation"),
        actions=s.actions("Actions", "capital"),
    )


def _point(fact: Fact) -> Point:
    value = fact.value if isinstance(fact.value, int) else 0
    return Point(formats.month(fact.period), value, formats.of_table(fact))
