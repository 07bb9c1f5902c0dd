"""The page of specimens: every block in every format, from whatever figures it is given."""

from __future__ import annotations

from dataclasses import replace

from executive_suite import formats, written
from executive_suite.facts.fact import Fact
from executive_suite.rendering import charts
from executive_suite.rendering.blocks import Decision, Page, View, section
from executive_suite.rendering.charts import Due, Event, Level, Path, Point, Stage, Step
from executive_suite.reports import bound, frame, lists, pictures
from executive_suite.reports.kpis import kpi
from executive_suite.reports.selection import Selection
from executive_suite.reports.tables.builder import itself, month, table

_MONTHS = 6


def view(s: Selection, base: Page) -> View:
    """The page of specimens, whose prose is made up: it is accounted for as if the code had said all of it."""
    made = _view(s, base)
    for told in (*(sentence for sentence, _ in bound.sentences(made.page)), *bound.body(made)):
        written.denied(written.said(told), holds=True, facts=())
    return made


def _view(s: Selection, base: Page) -> View:
    months = s.months("net_burn", _MONTHS)
    points = [_point(fact) for fact in months]
    text = ", ".join(f"{point.label} {point.text}" for point in points) or "no month"
    mean = s.fact("net_burn")
    level = [Level(mean.number, f"mean {formats.within_period(mean)}")] if mean.number is not None else []
    page = replace(
        base,
        message=(f"Cash of {s.text('cash_balance')}, net burn {s.text('net_burn')}, {formats.day(base.report_date)}.",),
        kpis=tuple(kpi(s, name) for name in ("cash_balance", "net_burn", "cash_runway_months", "break_even_units")),
        changes=frame.changes(s, "cash_balance", "net_burn"),
        decisions=(
            Decision(
                "Decide whether the runway is enough.",
                f"{s.text('cash_runway_months')} are left.",
                "CEO",
                formats.day(s.figures.report_date),
                f"{s.text('cash_balance')} at stake",
            ),
        ),
    )
    names = [s.entity("group"), *(action.title for action in s.figures.actions)]
    due = [("first", 10, "in 10 days"), ("late", -3, "3 days late")]
    return View(
        page,
        {
            "charts": section(
                "Charts",
                reading=f"{len(points)} complete months are on record.",
                columns=pictures.chart(
                    "columns",
                    "Net burn by month, USD, actual",
                    charts.columns(points, levels=level),
                    f"Net burn: {text}.",
                    finding=f"{len(points)} months and their mean.",
                ),
                bars=pictures.bars(
                    "bars",
                    "Net burn by month, USD, compared",
                    points,
                    of="Compared",
                    instead="No month.",
                    finding=f"{len(points)} months compared.",
                ),
                lines=pictures.chart(
                    "lines",
                    "Net burn by month, USD, actual and forecast",
                    charts.lines(
                        [("burn", [*points[:-2], *pictures.foreseen(points[-2:])])],
                        band=[(p.value, p.value * 2) for p in points[-2:]],
                    ),
                    f"As a line: {text}.",
                    finding=f"{len(points[-2:])} months are a forecast.",
                ),
                path=pictures.chart(
                    "path",
                    "Cash, USD: actual, then base case",
                    charts.dated(
                        Path(
                            [(0, 9)],
                            [(30, 5), (60, -5)],
                            events=[Event(20, names[0], acute=True), Event(20, names[-1])],
                        )
                    ),
                    f"On day 20: {', '.join(names)}.",
                    finding="Cash of 9 is gone on day 45.",
                ),
                waterfall=pictures.chart(
                    "waterfall",
                    "Net burn by entity, added up",
                    charts.waterfall([Step(name, at + 1, f"{at + 1}") for at, name in enumerate(names)]),
                    f"Added up: {', '.join(names)}.",
                    finding=f"{len(names)} steps.",
                ),
                funnel=pictures.chart(
                    "funnel",
                    "People in each step",
                    charts.funnel([Stage(name, 9 - at, f"{9 - at}", name) for at, name in enumerate(names)]),
                    f"Steps: {', '.join(names)}.",
                    finding=f"{len(names)} stages.",
                ),
                calendar=pictures.chart(
                    "calendar",
                    "What falls due in 12 months",
                    charts.calendar([Due(at, name, name, "act") for at, name in enumerate(names)], days=365),
                    f"Due: {', '.join(names)}.",
                    finding=f"{len(names)} dates lie ahead.",
                ),
                timeline=pictures.chart(
                    "timeline",
                    "Actions, by days until due",
                    charts.timeline(due, days=90, today=base.report_date),
                    "Two actions: one in 10 days, one 3 days late.",
                    finding="One action is late.",
                ),
            ),
            "tables": section(
                "Tables",
                months=table(
                    "Net burn by month, complete months, actual",
                    months,
                    (month(lambda f: f.period), itself("Net burn")),
                ),
                nothing=table("A table without rows", (), (month(str),), empty="Not available: no ledger is recorded."),
            ),
            "lists": section(
                "Findings and actions",
                findings=lists.findings(s, "Findings", "control_violation"),
                actions=lists.actions("Actions", lists.agenda(s, "capital"), "Nothing is open."),
            ),
        },
    )


def _point(fact: Fact) -> Point:
    return Point(formats.month(fact.period), fact.number or 0, formats.within_period(fact))
