"""Rule for footnotes: a term has one definition, within a report and across the reports of a run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lxml import html

from executive_suite.rendering.lint.remark import Remark


def check(tree: html.HtmlElement) -> Iterator[Remark]:
    """Within one report."""
    yield from _two_definitions("page", _terms(tree))


def across(pages: Iterable[html.HtmlElement]) -> Iterator[Remark]:
    """Across reports."""
    yield from _two_definitions("reports", (pair for tree in pages for pair in _terms(tree)))


def _two_definitions(part: str, pairs: Iterable[tuple[str, str]]) -> Iterator[Remark]:
    known: dict[str, str] = {}
    for term, words in pairs:
        if known.setdefault(term, words) != words:
            yield Remark(part, "a term with two definitions", term)


def _terms(tree: html.HtmlElement) -> Iterator[tuple[str, str]]:
    for term in tree.xpath("//section[@class='definitions']//dt"):
        yield term.text_content().strip(), term.getnext().text_content().strip()
