"""The CFO's report: burn, runway, break-even, where capital may go, and the control rules."""

from __future__ import annotations

from dataclasses import dataclass, replace

from executive_suite import charts
from executive_suite.charts import Level, Point
from executive_suite.facts import Fact
from executive_suite.reports import frame, wording
from executive_suite.reports.blocks import ActionList, Chart, FindingList, Page, Table
from executive_suite.reports.selection import Selection

_MONTHS = 6


@dataclass(frozen=True, slots=True)
class CfoView:
    """What the CFO's template relies on."""

    page: Page
    burn: Chart
    burn_months: Table
    capital: ActionList
    controls: FindingList


def view(s: Selection, base: Page) -> CfoView:
    """The CFO's report from the figures of a run."""
    page = replace(
        base,
        message=_message(s),
        kpis=(
            s.kpi("cash_balance"),
            s.kpi("net_burn"),
            s.kpi("cash_runway_months"),
            s.kpi("break_even_units"),
            s.kpi("gross_burn"),
            s.kpi("control_rule_violations"),
        ),
        changes=frame.changes(s, "cash_balance", "net_burn", "cash_runway_months", "gross_margin"),
    )
    return CfoView(
        page=page,
        burn=_burn(s),
        burn_months=_burn_months(s),
        capital=s.actions("Where capital may go: options by tier, then payback", "capital"),
        controls=s.findings("Control rules and their exceptions", "control_violation"),
    )


def _message(s: Selection) -> tuple[str, ...]:
    """Cash against burn, then what it takes to break even; both from the facts."""
    runway = s.fact("cash_runway_months")
    if runway.value is None:
        first = f"Cash of {s.text('cash_balance')}; runway {wording.NOT_AVAILABLE}: {runway.reason}."
    else:
        first = f"Cash of {s.text('cash_balance')} lasts {wording.of(runway)} at a net burn of {s.text('net_burn')}."
    units = s.fact("break_even_units")
    second = (
        f"Break-even takes {wording.of(units)} a month; {s.text('break_even_units', basis='worst_month')} in the worst."
    )
    return (first, second) if units.value is not None else (first,)


def _burn(s: Selection) -> Chart:
    months = s.months("net_burn", _MONTHS)
    points = [Point(wording.month(f.period), f.value, wording.of_table(f)) for f in months if f.value is not None]  # type: ignore[arg-type]
    mean = s.fact("net_burn")
    levels = [Level(mean.value, f"mean {wording.of(mean).removesuffix(' a month')}")] if mean.value is not None else []  # type: ignore[arg-type]
    words = ", ".join(f"{p.label} {p.text}" for p in points)
    title = f"Net burn a month, USD, latest {len(points)} complete months, actual"
    return frame.chart(
        "burn", title, charts.columns(points, levels=levels), f"Net burn by month: {words}. Mean {wording.of(mean)}."
    )


def _burn_months(s: Selection) -> Table:
    return s.table(
        "Burn by month, USD, complete months, actual",
        s.months("net_burn", _MONTHS),
        (
            ("Month", lambda f: frame.text_cell(wording.month(f.period))),
            ("Gross burn", lambda f: s.cell(_same_month(s, "gross_burn", f))),
            ("Net burn", s.cell),
            ("Including capex", lambda f: s.cell(_same_month(s, "free_cash_flow_burn", f))),
        ),
        empty="Not evaluable: the ledger has no complete month.",
    )


def _same_month(s: Selection, metric_id: str, fact: Fact) -> Fact:
    return s.fact(metric_id, fact.entity_id, fact.period)
