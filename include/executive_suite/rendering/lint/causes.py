"""Rules for tables of changes: only what changed; over the threshold with its cause, or that the records tell none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from lxml import html

from executive_suite.rendering.blocks import CAUSES, NOTABLE
from executive_suite.rendering.lint.remark import Remark

_FIGURE = re.compile(r"\u2212?[\d,]+(?:\.\d+)?")


def check(tree: html.HtmlElement) -> Iterator[Remark]:
    """The table of what changed, and any other that has a column of causes."""
    for table in tree.xpath(f"(//section)[1]//table | //table[thead//th[.='{CAUSES}']]"):
        heads = [head.text_content().strip() for head in table.xpath("thead//th")]
        for row in table.xpath("tbody/tr[not(@class='phone')]"):
            cells = row.xpath("td|th")
            cause = cells[heads.index(CAUSES)].text_content().strip() if CAUSES in heads else ""
            if not cause and _change(cells[1], cells[2]) > NOTABLE:
                yield Remark("page", "a change over the threshold without its cause", cells[0].text_content().strip())
    for row in tree.xpath("(//section)[1]//tbody/tr[not(@class='phone')][td[normalize-space(.)='unchanged']]"):
        yield Remark("page", "what did not change stands among what did", row[0].text_content().strip())


def _change(now: html.HtmlElement, before: html.HtmlElement) -> Decimal:
    """How much of the earlier figure a figure moved by; zero where either is no number, or there was none before."""
    after, base = _number(now), _number(before)
    return abs((after - base) / base) if after is not None and base else Decimal(0)


def _number(cell: html.HtmlElement) -> Decimal | None:
    found = _FIGURE.match((cell.text or "").strip())
    return Decimal(found.group().replace("\u2212", "-").replace(",", "")) if found else None
