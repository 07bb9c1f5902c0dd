"""The board's section on the business units: revenue and contribution of the quarter, next to those compared."""

from __future__ import annotations

from executive_suite import formats
from executive_suite.facts.fact import GROUP
from executive_suite.rendering.blocks import Section, Table, section
from executive_suite.reports import phrases
from executive_suite.reports.board import quarter
from executive_suite.reports.selection import Selection
from executive_suite.reports.tables import cells
from executive_suite.reports.tables.builder import figures, table, words
from executive_suite.reports.tables.lean import lean
from executive_suite.wording import say

_REVENUE, _CONTRIBUTION = "segment_revenue", "segment_contribution"


def units(s: Selection) -> Section:
    """The section on the business units."""
    revenue, contribution = _by_unit(s, _REVENUE, "Revenue"), _by_unit(s, _CONTRIBUTION, "Contribution")
    shown = {"revenue": lean(revenue), "contribution": lean(contribution)} if revenue.rows else {}
    return section(
        "Business units",
        point=_point(s),
        covered=bool(revenue.rows),
        rows={"revenue_whole": revenue, "contribution_whole": contribution} if revenue.rows else {},
        **shown,
    )


def _point(s: Selection) -> str:
    """Which unit earned most and which lost most."""
    now = quarter.latest(s)
    known = {
        e: made for e in s.entities(_CONTRIBUTION) if (made := quarter.total(s, _CONTRIBUTION, now, e)) is not None
    }
    if not known:
        return phrases.missing(s.month(_CONTRIBUTION), "Record a ledger with a business unit on each line.")
    best, worst = max(known, key=lambda e: (known[e], e)), min(known, key=lambda e: (known[e], e))
    period = quarter.named(now)
    if known[worst] >= 0:
        return say(
            "{best} contributed most in {period}: {amount}.",
            best=s.entity(best),
            period=period,
            amount=formats.money(known[best]),
        )
    lost = say(
        "{worst} lost most in {period}: {amount}", worst=s.entity(worst), period=period, amount=_loss(known[worst])
    )
    if known[best] <= 0:
        return f"{lost}."
    return say(
        "{lost}; {best} contributed {amount}.", lost=lost, best=s.entity(best), amount=formats.money(known[best])
    )


def _loss(cents: int) -> str:
    return formats.money(-cents)


def _by_unit(s: Selection, metric_id: str, what: str) -> Table:
    columns = [one for one in quarter.compared(s) if quarter.total(s, metric_id, one) is not None]
    shown = (
        sorted(s.entities(metric_id), key=lambda e: (-(quarter.total(s, metric_id, columns[0], e) or 0), e))
        if columns
        else []
    )
    return table(
        say("{what} by business unit and quarter", what=say(what)),
        shown,
        (
            words("Business unit", s.entity),
            *(
                figures(
                    quarter.named(one),
                    lambda e, one=one: cells.together(quarter.facts(s, metric_id, one, e), metric_id),  # type: ignore[misc]
                )
                for one in columns
            ),
        ),
        total=GROUP,
        empty=phrases.unless(s.month(metric_id), "Not available: the ledger has no complete month."),
    )
