"""Rule for footnotes: one term has one definition, within a report and between the reports of a run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lxml import html

from executive_suite.rendering.lint.remark import Remark

_RULE = "the same term in other words"


def check(tree: html.HtmlElement) -> Iterator[Remark]:
    """Within one report."""
    yield from _told_twice("page", _terms(tree))


def across(pages: Iterable[tuple[str, html.HtmlElement]]) -> Iterator[Remark]:
    """Between reports, each with its id."""
    yield from _told_twice("reports", (pair for _, tree in pages for pair in _terms(tree)))


def _told_twice(part: str, pairs: Iterable[tuple[str, str]]) -> Iterator[Remark]:
    told: dict[str, str] = {}
    for term, words in pairs:
        if told.setdefault(term, words) != words:
            yield Remark(part, _RULE, term)


def _terms(tree: html.HtmlElement) -> Iterator[tuple[str, str]]:
    for term in tree.xpath("//section[@class='definitions']//dt"):
        yield term.text_content().strip(), term.getnext().text_content().strip()
