"""Rules for tables of changes: only what changed, and a cause for each change over the threshold."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from lxml import html

from executive_suite.rendering.blocks import CAUSES, NOTABLE
from executive_suite.rendering.lint.remark import Remark
from executive_suite.rendering.page_parts import WHAT_CHANGED, slug

_CHANGED = f"//section[@id='{slug(WHAT_CHANGED)}']//table[not(ancestor::details)]"


def check(tree: html.HtmlElement) -> Iterator[Remark]:
    """The table of what changed, and any other that has a column of causes."""
    for table in tree.xpath(f"{_CHANGED} | //table[thead//th[.='{CAUSES}']]"):
        heads = [head.text_content().strip() for head in table.xpath("thead//th")]
        for row in table.xpath("tbody/tr[not(@class='phone')]"):
            cells = row.xpath("td|th")
            cause = cells[heads.index(CAUSES)].text_content().strip() if CAUSES in heads else ""
            if not cause and _change(cells[1], cells[2]) > NOTABLE:
                yield Remark("page", "a change over the threshold without its cause", cells[0].text_content().strip())
    for row in tree.xpath(f"{_CHANGED}/tbody/tr[not(@class='phone')][td[normalize-space(.)='unchanged']]"):
        yield Remark("page", "an unchanged figure listed as a change", row[0].text_content().strip())


def _change(now: html.HtmlElement, before: html.HtmlElement) -> Decimal:
    """How much of the earlier figure a figure moved by; zero if either is no number, or there was none before."""
    after, base = now.get("data-value"), before.get("data-value")
    if after is None or base is None or not Decimal(base):
        return Decimal(0)
    return abs((Decimal(after) - Decimal(base)) / Decimal(base))
