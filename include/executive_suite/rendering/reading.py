"""How long a report takes to read: words as a reader counts them, and how many each part of a report may have."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree as ET

from executive_suite.rendering import fit
from executive_suite.rendering.blocks import ActionItem, ActionList, Cell, Chart, FindingItem, Page, Section, Table
from executive_suite.wording import ENGLISH, language, noted, say

MOST_ON_PAGE_ONE = 220
"""Words of page one: a minute of reading, at the 238 words a minute of adults (Brysbaert 2019)."""
MOST_IN_BODY = 1100
"""Words of the sections after page one, without their rows: five minutes."""
DECISIONS, NOTHING_TO_DECIDE, ALSO = noted("Decisions"), noted("Nothing to decide."), noted("Also")
"""Headings of page one: the decisions, what it says if there are none, and the signals after the headline."""


def most_on_page_one() -> int:
    """Words that a page one may have: in other languages a fifth more, since they say the same in more words.

    Source: W3C, Text size in translation.
    """
    return MOST_ON_PAGE_ONE if language() == ENGLISH else MOST_ON_PAGE_ONE * 6 // 5


@functools.lru_cache(maxsize=1 << 14)  # a body is measured again for each row that it gives up
def words(text: str) -> int:
    """How many words a reader has to read: whatever has a letter or a figure in it.

    >>> words("$38,800 · falls by June 26")
    5
    """
    return sum(any(map(str.isalnum, word)) for word in text.split())


def in_label(text: str) -> int:
    """The words of a label in a picture; its values are read as a picture.

    >>> in_label("May 31: revenue ends"), in_label("$38,800")
    (3, 0)
    """
    return sum(any(map(str.isalpha, word)) for word in text.split())


def in_picture(svg: str) -> int:
    """The words in a picture but for its scales."""
    if not svg:
        return 0
    labels = ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")  # noqa: S314 - our own picture
    return sum(in_label("".join(label.itertext())) for label in labels if label.get("class") != "soft")


def of_picture(chart: Chart | None) -> int:
    """The words of a picture with those above and under it."""
    if chart is None:
        return 0
    shown = in_picture(chart.svg) if chart.svg else words(chart.alt)
    return shown + sum(map(words, (chart.finding, chart.title, chart.note)))


def on_page_one(page: Page) -> int:
    """The words of page one, without the line of the period and the mark of a sample."""
    told = [page.brand.name, page.title, *page.replaces, *page.message, *page.headlines, page.more, say(DECISIONS)]
    for kpi in page.kpis:
        told += [kpi.label, kpi.text, kpi.comparison]
    for decision in page.decisions:
        told += [decision.what, *decision.terms]
    if not page.decisions:
        told.append(say(NOTHING_TO_DECIDE))
    if page.headlines or page.more:
        told.append(say(ALSO))
    return sum(map(words, told)) + of_picture(page.picture)


def in_section(part: Section) -> int:
    """The words of a section of the body, without its rows."""
    return words(part.title) + words(part.point) + sum(map(in_block, part.blocks.values()))


def in_block(block: Any) -> int:
    """The words of a paragraph, table, list or chart, as the page has them; those in the picture are not counted."""
    if isinstance(block, str):
        return words(block)
    if isinstance(block, Chart):
        return sum(map(words, (block.finding, block.title, block.note, "" if block.svg else block.alt)))
    told = [block.title, block.under]
    if isinstance(block, Table):
        return sum(map(words, told)) + (_in_rows(block) if block.rows else words(block.empty))
    if not block.items:
        return sum(map(words, (*told, block.empty)))
    return sum(map(words, told)) + sum(map(_in_action if isinstance(block, ActionList) else _in_finding, block.items))


def _in_rows(table: Table) -> int:
    """A table that is a list per row on a phone has its headings once more in each row."""
    heads = [words(column.title) for column in table.columns]
    again = heads if fit.phone(table) == "stack" else [0] * len(heads)
    return sum(heads) + sum(_in_row(row, again) for row in table.lines)


def _in_row(row: Sequence[Cell], heads: Sequence[int]) -> int:
    further = sum(head for cell, head in list(zip(row, heads, strict=True))[1:] if cell.text)
    return further + sum(words(cell.text) + words(cell.note) for cell in row)


def _in_finding(item: FindingItem) -> int:
    told = [item.level, item.title, item.reason, item.entity, item.score, *item.evidence]
    told += [say("at stake {at_stake}", at_stake=item.at_stake)] if item.at_stake else []
    told += [say("owner:"), item.owner or say("not assigned"), say("assumed") if item.assumed else ""]
    return sum(map(words, told))


def _in_action(item: ActionItem) -> int:
    told = [str(item.rank), item.title, item.owner, item.due, item.status]
    told += [say("worth {at_stake}", at_stake=item.at_stake)] if item.at_stake else []
    told += [say("Ranked by {score}", score=item.score), say("assumed") if item.assumed else ""]
    return sum(map(words, told))
