"""Dealings between entities of the group that the two books state differently."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure, not_applicable
from executive_suite.metrics.book.amounts import stated
from executive_suite.metrics.book.book import NEEDS
from executive_suite.metrics.book.dealings import UNKNOWN, Dealing, dealings
from executive_suite.metrics.registry import metric

METRIC = "intercompany_difference"


@metric(METRIC, needs={**NEEDS, "ledger": (*NEEDS["ledger"], "counterparty_id")}, classified="nothing")
def _differences(context: Context) -> Iterator[Fact]:
    found = dealings(context)
    if not found:
        nothing = not_applicable("no dealings between entities of the group are on record")
        yield context.fact(METRIC, nothing, inputs={"ledger": 0})
        return
    counted = [one for _, its in groupby(found, lambda one: one.pair) for one in _counted(list(its))]
    yield _together(context, counted)
    for pair, its in groupby(counted, lambda one: one.pair):
        yield _together(context, tuple(its), pair=":".join(pair))
    for one in found:
        about: dict[str, Any] = {"pair": ":".join(one.pair), "kind": one.kind, "inputs": {"ledger": one.lines}}
        yield context.fact(METRIC, Measure(abs(one.difference), reason=_words(context, (one,))), **about)
        for month, cents in sorted(one.months.items()):
            yield context.fact(METRIC, Measure(abs(cents)), period=str(month), **about)


def _counted(its: Sequence[Dealing]) -> Iterator[Dealing]:
    """The kinds of one pair that differ each on its own: a payment has the difference of what it is booked against.

    Where one side received what the other paid by a line that names nobody, or for somebody else, it has its own.
    """
    rest = sum(one.difference for one in its)
    for one in its:
        if one.kind != "payments" or (one.difference and rest):
            yield one


def _together(context: Context, those: Sequence[Dealing], **pair: Any) -> Fact:
    """The differences of some pairs and kinds added up, with both sides of each in words.

    Lines that name no other entity may be the two sides of one another: they are one difference together.
    """
    named = sum(abs(one.difference) for one in those if UNKNOWN not in one.pair)
    unnamed = sum(one.difference for one in those if UNKNOWN in one.pair)
    measure = Measure(named + abs(unnamed), reason=_words(context, those if named + abs(unnamed) else ()))
    return context.fact(METRIC, measure, inputs={"ledger": sum(one.lines for one in those)}, **pair)


def _words(context: Context, those: Iterable[Dealing]) -> str:
    """Both sides of each difference: ``charges: a booked 700.00 USD as a credit, b nothing``."""
    parts = []
    for one in those:
        first, second = one.pair
        if one.difference and second == UNKNOWN:
            parts.append(f"{one.kind}: {first} booked {_side(context, one, first)} with an entity it does not name")
        elif one.difference:
            booked, other = _side(context, one, first), _side(context, one, second)
            parts.append(f"{one.kind}: {first} booked {booked}, {second} {other}")
    return "; ".join(parts)


def _side(context: Context, one: Dealing, entity: str) -> str:
    cents = one.sides.get(entity, 0)
    return f"{stated(context, abs(cents))} as a {'debit' if cents > 0 else 'credit'}" if cents else "nothing"
