"""What moved a figure since the previous report: the part of it, or the figure it is made from, that moved most."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from executive_suite.facts import GROUP, Fact
from executive_suite.metrics.registry import definition_of
from executive_suite.reports import wording
from executive_suite.reports.selection import Selection

MADE_FROM: Mapping[str, tuple[str, ...]] = {
    "cap_rate": ("net_operating_income", "property_value"),
    "cost_per_delivery": ("delivery_days", "delivery_jobs"),
    "revpar": ("occupancy", "adr"),
}
"""Quotients have no parts that add up: the figures that they are made from are named instead."""


def driver(s: Selection, fact: Fact) -> str:
    """The part that moved most in the figure's own direction; empty when the figure stands or nothing tells.

    Parts are the entities of a group figure, or what its dimensions divide it into where that adds up to the figure in
    both reports (a list of examples or of thresholds does not).
    """
    whole = moved(fact, s.prior(fact))
    if not whole:
        return ""
    parts = [*_entities(s, fact), *_dimensions(s, fact)]
    same = [(move, name) for move, name in parts if move * whole > 0]
    if same:
        move, name = max(same, key=lambda part: (abs(part[0]), part[1]))
        return f"{name} ({wording.difference(move, fact.unit)})"
    return ", ".join(_made_from(s, fact))


def number(fact: Fact) -> Decimal | None:
    """A fact's value as a number; None for text, dates, yes and no, and what has no value."""
    if fact.value is None or isinstance(fact.value, bool) or fact.unit in {"date", "text"}:
        return None
    if isinstance(fact.value, str) and not fact.unit.startswith("USD"):
        return None
    return Decimal(str(fact.value))


def moved(now: Fact, then: Fact | None) -> Decimal:
    """The difference; zero when either has no number."""
    after, before = number(now), number(then) if then is not None else None
    return after - before if after is not None and before is not None else Decimal(0)


def _entities(s: Selection, fact: Fact) -> Iterator[tuple[Decimal, str]]:
    if fact.entity_id != GROUP or fact.dimensions:
        return
    for part in s.facts(fact.metric_id):
        if part.entity_id != GROUP:
            yield moved(part, s.prior(part)), s.entity(part.entity_id)


def _dimensions(s: Selection, fact: Fact) -> Iterator[tuple[Decimal, str]]:
    before = s.prior(fact)
    if fact.dimensions or before is None:
        return
    for names in s.divisions(fact.metric_id):
        now = _parts(s.facts(fact.metric_id, *names, entity_id=fact.entity_id))
        then = _parts(s.facts_before(fact.metric_id, *names, entity_id=fact.entity_id))
        if sum(now.values()) != number(fact) or sum(then.values()) != number(before):
            continue
        for key in sorted(now.keys() | then.keys()):
            yield now.get(key, Decimal(0)) - then.get(key, Decimal(0)), _name(s, dict(key))


def _parts(facts: tuple[Fact, ...]) -> dict[tuple[tuple[str, str], ...], Decimal]:
    found = ((tuple(sorted(fact.dimensions.items())), number(fact)) for fact in facts)
    return {key: value for key, value in found if value is not None}


def _name(s: Selection, dimensions: Mapping[str, str]) -> str:
    """A part as a reader knows it: its title where it has one, else its values; a bare number says of what."""
    for title in ("title", "name"):
        if title in dimensions:
            return dimensions[title]
    words = [(name, s.label(name, value).replace("_", " ")) for name, value in dimensions.items()]
    return ", ".join(f"{name} {word}" if word[:1].isdigit() else word for name, word in words)


def _made_from(s: Selection, fact: Fact) -> Iterator[str]:
    for metric_id in MADE_FROM.get(fact.metric_id, ()):
        part = s.fact(metric_id, fact.entity_id)
        move = moved(part, s.prior(part))
        if move:
            found = definition_of(metric_id)
            yield f"{found.name[:1].lower()}{found.name[1:]} {wording.difference(move, found.unit)}"
