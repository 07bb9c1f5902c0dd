"""The board's section on signals: what appeared since the quarter began, what went on, and what ended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from executive_suite import formats, written
from executive_suite.facts.earlier import Began
from executive_suite.facts.signals import Signal
from executive_suite.rendering.blocks import Section, Table, section
from executive_suite.reports import phrases
from executive_suite.reports.absence import OURS, left, none
from executive_suite.reports.selection import Selection
from executive_suite.reports.tables.builder import table, words
from executive_suite.reports.tables.lean import first
from executive_suite.wording import say

_IN_BODY = 5


def signals(s: Selection) -> Section:
    """The section on signals; one that only repeats what was asked is among the decisions."""
    told = [one for one in s.figures.signals if one.kind != "decision_open"]
    began = next(iter(s.figures.earlier.began), None)
    if began is None:
        return section("Signals of the quarter", point=_unknown(s), covered=bool(told), **_whole(s, told))
    came = [one for one in told if one.signal_id not in began.signals]
    stayed = [one for one in told if one.signal_id in began.signals]
    over = _over(s, began)
    tables = {
        "came": _table(s, "Appeared since the quarter began", came),
        "over": _ended("Ended", over),
        "stayed": _table(s, "Went on", stayed),
    }
    return section(
        "Signals of the quarter",
        point=_point(began, came, stayed, over),
        covered=bool(told or over),
        rows={f"{name}_whole": made for name, made in tables.items() if len(made.rows) > _IN_BODY},
        **{name: first(made, _IN_BODY) for name, made in tables.items() if made.rows},
    )


def _point(began: Began, came: Sequence[Signal], stayed: Sequence[Signal], over: Sequence[str]) -> str:
    return say(
        "Since {day}, {came} appeared, {stayed} went on, and {over} ended.",
        day=formats.day(began.made_on),
        came=formats.counted(len(came), "signal"),
        stayed=formats.number(len(stayed)),
        over=formats.number(len(over)),
    )


def _over(s: Selection, began: Began) -> list[str]:
    """The headlines of signals as the quarter began that are none any more, word for word."""
    now = {one.signal_id for one in s.figures.signals}
    return [
        written.quoted(said, f"signal {name} of {began.made_on}")
        for name, said in began.signals.items()
        if name not in now and not name.startswith("decision_open:")
    ]


def _unknown(s: Selection) -> str:
    return none(
        "What the signals were when the quarter began is not known; these are in force at {day}.",
        OURS,
        day=formats.day(s.figures.report_date),
    )


def _whole(s: Selection, told: Sequence[Signal]) -> dict[str, Any]:
    return {"now": first(_table(s, "In force", told), _IN_BODY)} if told else {}


def _table(s: Selection, title: str, told: Sequence[Signal]) -> Table:
    return table(
        title,
        told,
        (
            words("Signal", lambda one: phrases.sentence(one.headline)),
            words("Who answers", lambda one: one.owner or s.entity(one.entity_id)),
        ),
        empty=none("None.", left(told)),
    )


def _ended(title: str, over: Sequence[str]) -> Table:
    return table(title, over, (words("Signal", phrases.sentence),), empty=none("None.", left(over)))
