"""Cells: facts, money, changes and shares with their number, unit and verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Literal

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.rendering.blocks import NOTHING, Cell, Tone
from executive_suite.reports import news
from executive_suite.wording import say

Notes = Literal["always", "missing", "never"]
"""When a cell carries the reason of its fact: always, only in place of a missing value, or never."""


def of(fact: Fact, tone: Tone = "neutral", *, notes: Notes = "missing") -> Cell:
    """A fact as a cell; the table's title names the period."""
    note = fact.reason if notes == "always" or (notes == "missing" and fact.value is None) else ""
    unit = formats.once(fact.unit)
    return Cell(fact.value, unit, tone, fact.metric_id, fact.assumed, note, fact_id=fact.fact_id)


def known(fact: Fact) -> Cell:
    """A fact as a cell, or a dash if it has no value."""
    return of(fact) if fact.value is not None else Cell(NOTHING)


def money(cents: Decimal | int | None, metric_id: str = "", *, assumed: bool = False) -> Cell:
    """An amount; a dash if unknown."""
    return Cell(NOTHING) if cents is None else Cell(cents, "cents", metric_id=metric_id, assumed=assumed)


def change(metric_id: str, now: Decimal | int | None, then: Decimal | int | None, unit: str = "cents") -> Cell:
    """A difference with its sign and its verdict; a dash if either side is unknown."""
    if now is None or then is None:
        return Cell(NOTHING)
    difference = now - then
    return Cell(difference, unit, news.moved(metric_id, difference), metric_id, signed=True)


def growth(metric_id: str, now: Fact, then: Fact) -> Cell:
    """A relative change with its sign and its verdict; a dash if it cannot be calculated."""
    if now.number is None or then.number is None or then.number <= 0:
        return Cell(NOTHING)
    part = Decimal(now.number) / Decimal(then.number) - 1
    return Cell(part, "ratio", news.moved(metric_id, part), signed=True, fact_id=now.fact_id)


def share(part: Fact, whole: Fact) -> Cell:
    """The share that a money fact has of a total."""
    if not whole.number:
        return Cell(None, "ratio", note=say("the total is 0"))
    return Cell(Decimal(part.number or 0) / Decimal(whole.number), "ratio", fact_id=part.fact_id)


def together(facts: Sequence[Fact], metric_id: str) -> Cell:
    """The sum of money facts; a dash if one of them has no value."""
    if any(fact.number is None for fact in facts):
        return Cell(NOTHING)
    return money(sum(int(fact.number or 0) for fact in facts), metric_id)


def rate(fact: Fact) -> Cell:
    """A rate as an amount, under a heading that names the "per"."""
    return replace(of(fact), unit="cents")


def tenths(fact: Fact, unit: str) -> Cell:
    """A mean to one decimal, in another unit."""
    return Cell(fact.value, unit, metric_id=fact.metric_id, places=1, fact_id=fact.fact_id)
