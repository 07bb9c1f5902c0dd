"""The accounting section on expenses: by function, account, and entity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.rendering.blocks import Section, Table, Tone, section
from executive_suite.rendering.charts import Point
from executive_suite.reports import phrases, pictures
from executive_suite.reports.absence import Proof, none
from executive_suite.reports.phrases import window
from executive_suite.reports.selection import Selection, cents
from executive_suite.reports.tables.builder import figures, itself, table, words
from executive_suite.reports.tables.lean import lean, only
from executive_suite.wording import say

_FUNCTION, _NATURE = "expense_by_function", "expense_by_nature"
_MOST_ACCOUNTS = 15
_UNCATEGORIZED, _UNCATEGORIZED_MOST = "uncategorised", Decimal("0.01")
"""The function of unassigned expense, and the KPI catalog's target for its share."""


def expenses(s: Selection) -> Section:
    """The section on expenses by function."""
    facts = sorted(
        s.facts(_FUNCTION, "function", entity_id=GROUP),
        key=lambda f: (f.dimensions["function"] == _UNCATEGORIZED, -cents(f), f.dimensions["function"]),
    )
    points = [Point(_name(fact), cents(fact), formats.of(fact)) for fact in facts if fact.value is not None]
    chart = pictures.bars(
        "functions",
        say("Expenses by function, {currency}, latest {window}, actual", currency=formats.currency(), window=window(s)),
        points,
        of="Expenses",
        instead=phrases.unless(s.fact(_FUNCTION), "no expense is recorded"),
        finding=_most(s, facts),
    )
    whole = _functions(s, facts)
    return section(
        "Expenses by function",
        point=f"{_most(s, facts)}{_times(s)}" if facts else whole.empty,
        covered=bool(facts),
        rows={"functions": whole, "chart": chart, "accounts": _by_account(s)},
        **({"short": _short(s, whole)} if facts else {}),
    )


def _short(s: Selection, whole: Table) -> Table:
    return replace(
        lean(only(whole, say("Function"), say("Expenses"), say("Mostly"))),
        title=say("Expenses, latest {window}", window=window(s)),
    )


def _times(s: Selection) -> str:
    """Expenses next to the revenue of the same months."""
    part = s.fact("expense_share_of_revenue")
    if part.number is None:
        return ""
    return say(
        " Expenses were {number} of the revenue of those {window}.", number=formats.share(part.number), window=window(s)
    )


def _functions(s: Selection, facts: Sequence[Fact]) -> Table:
    whole = s.fact(_FUNCTION)

    def tone(fact: Fact) -> Tone:
        if fact.dimensions.get("function") != _UNCATEGORIZED:
            return "neutral"
        return "fine" if cents(fact) < _UNCATEGORIZED_MOST * cents(whole) or not cents(whole) else "watch"

    return table(
        say("Expenses by function and share of revenue, latest {window}, actual", window=window(s)),
        facts,
        (
            words("Function", _name),
            itself("Expenses", tone=tone),
            figures("Of revenue", lambda f: s.fact("expense_share_of_revenue", **f.dimensions)),
            words("Mostly", lambda f: _largest(s, f)),
        ),
        total=whole,
        total_name="All functions",
        note=say(
            "Uncategorized expense should stay below {uncategorized_most} of all.",
            uncategorized_most=formats.share(_UNCATEGORIZED_MOST),
        ),
        empty=say("Not available: {reason}.", reason=whole.reason),
    )


def _most(s: Selection, facts: Sequence[Fact]) -> str:
    """The function with the largest part of all expenses."""
    whole, first = s.fact(_FUNCTION), max(facts, key=cents, default=None)
    if whole.number is None:
        return say("Not available: {reason}.", reason=whole.reason)
    if cents(whole) <= 0:
        return none("No net expense was recorded.", Proof(holds=True, facts=(whole.fact_id,)))
    if first is None:
        return ""
    part = formats.share(Decimal(cents(first)) / cents(whole))
    return say(
        "{first} is the largest: {first_2} of {whole}, {part}.",
        first=_name(first),
        first_2=formats.of(first),
        whole=formats.of(whole),
        part=part,
    )


def _largest(s: Selection, fact: Fact) -> str:
    """The entity with the largest part of a function's expense."""
    parts = [s.fact(_FUNCTION, entity, **fact.dimensions) for entity in s.entities(_FUNCTION)]
    most = max(parts, key=lambda f: (cents(f), f.entity_id), default=None)
    return f"{s.entity(most.entity_id)} ({formats.of(most)})" if most is not None and cents(most) > 0 else ""


def _by_account(s: Selection) -> Table:
    facts = s.facts(_NATURE, "account", entity_id=GROUP)
    shown = sorted((f for f in facts if f.value), key=lambda f: (-cents(f), f.dimensions["account"]))[:_MOST_ACCOUNTS]
    return table(
        say("Expenses by account, latest {window}, actual", window=window(s)),
        shown,
        (
            words("Account", lambda f: f.dimensions.get("account", "")),
            words("Name", lambda f: _account(s, f), totals=True),
            itself("Expenses"),
        ),
        total=replace(s.fact(_NATURE), dimensions={}),
        note=_rest(len(facts) - len(shown)),
        empty=say("Not available: {reason}.", reason=s.fact(_NATURE).reason),
    )


def _account(s: Selection, fact: Fact) -> str:
    return s.label("account", fact.dimensions["account"]) if fact.dimensions else say("All accounts")


def _rest(count: int) -> str:
    """How many accounts a table of the largest leaves out."""
    return say("Total includes {count} not shown.", count=formats.counted(count, "account")) if count > 0 else ""


def _name(fact: Fact) -> str:
    return formats.function(fact.dimensions.get("function", ""))
