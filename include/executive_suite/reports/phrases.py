"""Lines of a report that are made from the data's own words, and what to say when a figure is missing."""

from __future__ import annotations

from dataclasses import replace

from executive_suite.facts import Fact
from executive_suite.reports import wording
from executive_suite.reports.blocks import ActionList, Cell, FindingList, Kpi
from executive_suite.reports.selection import Selection


def capital(words: str) -> str:
    """A text of the data as the beginning of a line; a name such as ``app.env`` or ``iPhone`` stays as it is.

    >>> capital("no staging"), capital("app.env in plain text")
    ('No staging', 'app.env in plain text')
    """
    first = words.split(" ", 1)[0]
    return words if "." in first or first != first.lower() else f"{words[:1].upper()}{words[1:]}"


def titled(found: FindingList) -> FindingList:
    """The findings with titles that begin as lines do."""
    return replace(found, items=tuple(replace(item, title=capital(item.title)) for item in found.items))


def listed(ranked: ActionList) -> ActionList:
    """The agenda with titles that begin as lines do."""
    return replace(ranked, items=tuple(replace(item, title=capital(item.title)) for item in ranked.items))


def against(item: Kpi, fact: Fact) -> str:
    """What a figure is compared with; where it has no value, why."""
    return item.comparison if fact.value is not None else f"{wording.NOT_AVAILABLE}: {fact.reason}"


def told(s: Selection, *metric_ids: str) -> str:
    """How many of some figures can be told and what the first of the others lacks: a message without its figure."""
    facts = [s.fact(metric_id) for metric_id in metric_ids]
    missing = [f for f in facts if f.value is None]
    count = f"{len(facts) - len(missing)} of {len(facts)} main figures can be told"
    return f"{count}; first to mend: {missing[0].reason}." if missing else f"{count}."


def window(s: Selection) -> str:
    """How many latest complete months are taken together: "6 months"."""
    size = s.fact("burn_window")
    return wording.of(size) if size.value is not None else "the window"


def coverage(s: Selection) -> str:
    """How much of the fact table could be told, for a first page that has nothing better to say."""
    facts = s.figures.facts
    count = sum(fact.status != "not_evaluable" for fact in facts)
    return f"{wording.number(count)} of {wording.number(len(facts))} figures are evaluable"


def plain(cell: Cell) -> Cell:
    """A cell without its note, where the note stands elsewhere."""
    return replace(cell, note="")
