"""The accounting section on taxes: the calendar of returns with amounts, and information returns."""

from __future__ import annotations

from collections.abc import Sequence

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.rendering.blocks import Cell, Section, Table, section
from executive_suite.reports import phrases
from executive_suite.reports.absence import OURS, left, none, unknown
from executive_suite.reports.accounting import owed
from executive_suite.reports.selection import Selection, cents
from executive_suite.reports.tables import cells
from executive_suite.reports.tables.builder import figures, near, table, words
from executive_suite.wording import say

_REPORTED = "nec_1099"
"""A return that reports what was paid to others; nothing is owed with it."""


def taxes(s: Selection) -> Section:
    """The section on taxes: what is owed and when, and what cannot be known."""
    due = sorted(s.facts("tax_due", "kind", "due"), key=lambda f: (f.dimensions["due"] or "9", f.sort_key))
    return section(
        "Tax calendar and information returns",
        point=_point(s, due),
        covered=any(fact.value is not None for fact in due),
        rows={"taxes": owed.taxes(s)},
        **({"calendar": _calendar(s, due)} if due else {}),
    )


def _point(s: Selection, due: Sequence[Fact]) -> str:
    """What is due next, which taxes have no account, and vendors without a W-9."""
    owing = [
        fact for fact in due if fact.dimensions["kind"] != _REPORTED and cents(fact) > 0 and fact.dimensions["due"]
    ]
    if all(fact.value is None for fact in due):
        return next(
            (say("Not available: {reason}.", reason=fact.reason) for fact in due if fact.reason),
            none("No tax is recorded.", unknown(*due) if due else left(due)),
        )
    undated = [fact for fact in due if fact.dimensions["kind"] != _REPORTED and cents(fact) > 0]
    known = [fact for fact in due if fact.value is not None and fact.dimensions["kind"] != _REPORTED]
    first = none("No recorded tax is owed.", left(undated, *known))
    if undated:
        first = say(
            "{name} of {owed} is owed; its due date is not recorded.",
            name=phrases.tax_name(undated[0].dimensions["kind"]),
            owed=formats.of(undated[0]),
        )
    if owing:
        next_ = owing[0]
        name = phrases.tax_name(next_.dimensions["kind"])
        first = say(
            "{name} of {next} is due on {due}.",
            name=name,
            next=formats.of(next_),
            due=formats.day(next_.dimensions["due"]),
        )
    unseen = [
        phrases.words_of(fact.dimensions["kind"])
        for fact in due
        if fact.value is None and fact.dimensions["kind"] != _REPORTED
    ]
    second = ""
    if unseen:
        second = none(
            "Taxes without an account: {unseen}. Add accounts, or confirm that none is owed.",
            OURS,
            unseen=formats.series(unseen),
        )
    vendors, paid = s.fact("nec_1099_vendors"), s.fact("nec_1099_exposure")
    third = ""
    if vendors.value:
        count = formats.counted(vendors.value, "vendor")
        third = say(
            "Get the W-9 of {count} above the 1099-NEC threshold, paid {paid} this year.",
            count=count,
            paid=formats.of(paid),
        )
    return " ".join(filter(None, (first, second, third)))


def _calendar(s: Selection, due: Sequence[Fact]) -> Table:
    def amount(fact: Fact) -> Cell:
        if fact.value is None:
            return Cell("unknown")
        return cells.of(fact)

    def name(fact: Fact) -> str:
        paid = say(" (paid to vendors)") if fact.dimensions["kind"] == _REPORTED else ""
        return f"{phrases.tax_name(fact.dimensions['kind'])}{paid}"

    return table(
        "Next return of each tax",
        due,
        (
            words("Tax", name),
            words("Unit", lambda f: s.entity(f.entity_id)),
            near("Due", lambda f: f.dimensions["due"], s.figures.report_date, say("not known")),
            figures("Amount", amount),
        ),
    )
