"""Parts of a report that its template cannot derive, or takes long for: openings, anchors, contents, rows of panels."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from markupsafe import Markup, escape

from executive_suite.rendering import room
from executive_suite.rendering.blocks import Cell, Column, Decision, Page, Section, Table, section
from executive_suite.rendering.drill import Rows
from executive_suite.wording import noted, say

_RIGHT = ' class="right"'
_LONG = 24
"""Letters from which on a cell may break."""

WHAT_CHANGED = noted("What changed since the last report")
"""A heading."""

_SECTION = re.compile(r'<section id="([^"]+)"><h2>(.*?)</h2>', re.DOTALL)
_OTHER = re.compile(r"[^a-z0-9]+")


def slug(title: str) -> str:
    """A heading as an anchor.

    >>> slug("Cash & runway: 2026"), slug("Ocupación"), slug("现金")
    ('cash-runway-2026', 'ocupacion', 'section')
    """
    plain = unicodedata.normalize("NFKD", str(title).lower()).encode("ascii", "ignore").decode()
    return _OTHER.sub("-", plain).strip("-") or "section"


def body(page: Page, parts: Sequence[Section], points: float = 0) -> list[Section]:
    """What follows page one: the openings and a report's own sections, as many rows of them as there is room for.

    ``points`` is by how much paper has to be shorter.
    """
    return room.fitted([*opening(page), *parts], points)


def opening(page: Page) -> list[Section]:
    """The first sections of a body: what page one has no room for, and what changed since the last report."""
    parts = []
    if page.rest:
        rows = tuple((Cell(line),) for line in page.rest)
        signals = Table(say("In the order of all reports"), (Column(say("What")),), rows)
        parts.append(section("Also to know", signals=signals))
    asked = (*page.decisions, *page.later)
    behind: dict[str, Any] = {"unchanged": page.changes.note} if page.changes.note else {}
    if page.later:
        behind["further"] = _decisions(say("Further decisions"), page.later)
    if any(item.why for item in asked):
        behind["reasons"] = _reasons(asked)
    parts.append(section(WHAT_CHANGED, rows=behind, changes=replace(page.changes, note="")))
    return parts


def _decisions(title: str, items: Sequence[Decision]) -> Table:
    columns = tuple(Column(say(head)) for head in ("Decision", "Owner", "By", "Amount"))
    rows = [(item.what, item.owner, item.due, item.stake) for item in items]
    used = [at for at in range(len(columns)) if any(row[at] for row in rows)]
    return Table(title, tuple(columns[at] for at in used), tuple(tuple(Cell(row[at]) for at in used) for row in rows))


def _reasons(asked: Sequence[Decision]) -> Table:
    rows = tuple((Cell(item.what), Cell(item.why)) for item in asked if item.why)
    return Table(say("Why these decisions"), (Column(say("Decision")), Column(say("Why"))), rows)


def contents(body: Markup) -> list[tuple[Markup, Markup]]:
    """Anchor and heading of each section in a rendered page, still escaped."""
    return [(Markup(anchor), Markup(title)) for anchor, title in _SECTION.findall(body)]  # noqa: S704 - escaped before


def source_rows(rows: Rows) -> str:
    """The table of the rows behind a figure."""
    columns = enumerate(rows.columns)
    heads = "".join(f'<th scope="col"{_RIGHT * (at in rows.numbers)}>{escape(name)}</th>' for at, name in columns)
    body = "".join(f"<tr>{''.join(_cells(cells, rows.numbers))}</tr>" for cells in rows.rows)
    return f'<table class="sources"><thead><tr>{heads}</tr></thead>\n<tbody>{body}</tbody></table>'


def _cells(cells: Iterable[str], numbers: Collection[int]) -> Iterator[str]:
    for at, cell in enumerate(cells):
        looks = _RIGHT if at in numbers else (' class="long"' if len(cell) > _LONG else "")
        yield f"<td{looks}>{escape(cell)}</td>"


def months(history: Iterable[tuple[str, str]]) -> str:
    """The months of a figure as a list."""
    items = "".join(f"<li><span>{escape(period)}</span> {escape(value)}</li>" for period, value in history)
    return f'<ol class="history">{items}</ol>'
