"""Paper: no letter in a margin, no page but the last less than two thirds full, nothing parted that belongs together.

The rules are those of typesetting by hand (Chicago Manual of Style: no heading at the foot of a page, no single last
line at the head of one), for tables: their head with their first row, their last row not alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import cycle, pairwise

import pytest
from lxml import etree

from executive_suite import config, formats
from executive_suite.facts.figures import Figures
from executive_suite.rendering import pdf, render, typesetter
from executive_suite.reports.build import view_of
from group_data import INCLUDE
from pdf_structure import Element, structure
from sample_figures import figures

CONFIGURED = {report.report: report for report in config.load(INCLUDE / "config").reports}
DATES = (date(2024, 2, 29), date(2025, 9, 1), date(2026, 5, 1))
MILLIMETER = 72 / 25.4
SIDES, TOP, BOTTOM = 20 * MILLIMETER, 22 * MILLIMETER, 20 * MILLIMETER
"""Points: the margins that the sheet is set with."""
SLACK = 0.5
"""Points by which a letter's edge may overhang."""
FULL = 2 / 3
LAST_OF_BODY = 2
"""The third page, from 0."""
BAND = 60
"""Points of white across page one: five lines, from which on something seems to be missing."""
_STEPS = 20
LONG = ("Holdings of the Pacific Coast and its Islands " * 3, "and sons " * 50)
_NUMBER = re.compile(r"-?[\d.]+(?:e-?\d+)?")

CASES = [(name, day, "en_US") for day in DATES for name in CONFIGURED]
CASES += [(name, DATES[-1], "de_DE") for name in CONFIGURED]  # A4, and longer numbers

every_report = pytest.mark.parametrize(("name", "day", "locale"), CASES)


@dataclass(frozen=True)
class Sheet:
    """A page: its size, and where letters and pictures are, across and down, in points from its upper left corner.

    A picture is where its diagonal is, from one corner to the other.
    """

    width: float
    height: float
    letters: tuple[tuple[float, float], ...]

    @property
    def filled(self) -> float:
        """How much of the space between head and foot is used, from its top to the lowest letter."""
        bottom = self.height - BOTTOM
        return (max((down for _, down in self.letters if down < bottom), default=TOP) - TOP) / (bottom - TOP)


@cache
def source(name: str, day: date, locale: str) -> str:
    with formats.speaking("USD", locale):
        view = view_of(replace(figures(day), locale=locale), CONFIGURED[name])
        return render.as_typst(CONFIGURED[name].template, view)


@cache
def sheets(name: str, day: date, locale: str) -> tuple[Sheet, ...]:
    made = typesetter.compiler().compile(input=source(name, day, locale).encode(), format="svg")
    return tuple(sheet(page) for page in (made if isinstance(made, list) else [made]))


def sheet(page: bytes) -> Sheet:
    tree = etree.fromstring(page)
    width, height = (float(tree.get(side, "").removesuffix("pt")) for side in ("width", "height"))
    return Sheet(width, height, tuple(letters(tree)))


def letters(
    element: etree._Element, across: float = 0, down: float = 0, wide: float = 1, high: float = 1
) -> Iterator[tuple[float, float]]:
    """Where each letter begins and each picture begins and ends, through every shift and scale around it."""
    for kind, given in re.findall(r"(\w+)\(([^)]*)\)", element.get("transform") or ""):
        numbers = [float(number) for number in _NUMBER.findall(given)]
        if kind == "translate":
            across, down = across + wide * numbers[0], down + high * numbers[-1] * (len(numbers) > 1)
        elif kind == "matrix":
            across, down = across + wide * numbers[4], down + high * numbers[5]
            wide, high = wide * numbers[0], high * numbers[3]
        elif kind == "scale":
            wide, high = wide * numbers[0], high * numbers[-1]
    kind, given = etree.QName(element).localname, {side: float(element.get(side, "0")) for side in ("x", "y")}
    if kind == "use":
        yield across + wide * given["x"], down + high * given["y"]
    elif kind == "image":
        size = [float(element.get(side, "0")) for side in ("width", "height")]
        for part in (step / _STEPS for step in range(_STEPS + 1)):
            yield across + wide * (given["x"] + part * size[0]), down + high * (given["y"] + part * size[1])
    for inner in element:
        yield from letters(inner, across, down, wide, high)


@every_report
def test_page_one_has_no_band_of_white(name: str, day: date, locale: str) -> None:
    places = sorted(down for _, down in sheets(name, day, locale)[0].letters)
    assert max(after - before for before, after in pairwise(places)) <= BAND


@every_report
def test_no_letter_stands_in_a_margin(name: str, day: date, locale: str) -> None:
    for number, page in enumerate(sheets(name, day, locale), start=1):
        places = sorted(across for across, _ in page.letters)
        assert places, f"page {number} is empty"
        assert places[0] >= SIDES - SLACK, f"page {number}: {places[0]:.1f} pt"
        assert places[-1] <= page.width - SIDES + SLACK, f"page {number}: {places[-1]:.1f} of {page.width:.1f} pt"


@every_report
def test_no_page_but_the_last_is_less_than_two_thirds_full(name: str, day: date, locale: str) -> None:
    filled = {number: round(page.filled, 2) for number, page in enumerate(sheets(name, day, locale), start=1)}
    del filled[len(filled)]
    assert {number: share for number, share in filled.items() if share < FULL} == {}


@every_report
def test_nothing_is_parted_that_belongs_together(name: str, day: date, locale: str) -> None:
    read = structure(pdf.typeset(source(name, day, locale), day))
    assert parted(read) == []


@every_report
def test_a_body_is_two_pages_at_most(name: str, day: date, locale: str) -> None:
    """The design: page one, at most two pages more, then the appendix."""
    assert last_page_of_body(replace(figures(day), locale=locale), name) <= LAST_OF_BODY


@pytest.mark.parametrize("name", CONFIGURED)
def test_a_body_of_long_names_is_two_pages_at_most(name: str) -> None:
    """Entities with names of a hundred letters, and of a hundred words."""
    found = figures(DATES[-1])
    names = {
        entity: f"{name} {long}" for (entity, name), long in zip(found.entities.items(), cycle(LONG), strict=False)
    }
    assert last_page_of_body(replace(found, entities=names), name) <= LAST_OF_BODY


def last_page_of_body(found: Figures, name: str) -> int:
    """From 0; the appendix is the last heading of its level."""
    with formats.speaking(found.currency, found.locale, found.report_date):
        view = view_of(found, CONFIGURED[name])
        made = pdf.fitted(
            lambda less: render.as_typst(CONFIGURED[name].template, view, shorter=less), found.report_date
        )
    flow = list(structure(made).every("H1", "H2", "P", "Table", "Figure", "L"))
    appendix = max(at for at, one in enumerate(flow) if one.kind == "H2")
    return max(page for one in flow[:appendix] for page in one.pages)


def parted(document: Element) -> list[str]:
    """What a page break separates and should not."""
    wrong = []
    flow = list(document.every("H1", "H2", "H3", "P", "Table", "Figure", "L", "Span", "Strong", "Link"))
    for one, following in pairwise(flow):
        heads = one.kind in {"H1", "H2", "H3"} or (following.kind in {"Table", "Figure"} and one.kind == "P")
        if heads and one.pages and following.pages and one.pages[-1] < following.pages[0]:
            wrong.append(f"{one.kind} on page {one.pages[-1] + 1}, its {following.kind} on {following.pages[0] + 1}")
    for table in document.every("Table"):
        rows = [row.pages for row in table.every("TR")]
        if len(table.pages) > 1 and rows[0][-1] < rows[1][0]:
            wrong.append(f"head of a table on page {rows[0][-1] + 1}, its first row on {rows[1][0] + 1}")
        if len(table.pages) > 1 and rows[-2][-1] < rows[-1][0]:
            wrong.append(f"last row of a table alone on page {rows[-1][0] + 1}")
    return wrong


def element(kind: str, *inside: Element, page: int = 0) -> Element:
    return Element(kind, tuple(sorted({p for part in inside for p in part.pages})) or (page,), inside)


@pytest.mark.parametrize(
    ("flow", "found"),
    [
        ([element("H2"), element("P", page=1)], ["H2 on page 1, its P on 2"]),
        ([element("P"), element("Table", element("TR", page=1))], ["P on page 1, its Table on 2"]),
        (
            [element("Table", element("TR"), element("TR", page=1), element("TR", page=1))],
            ["head of a table on page 1, its first row on 2"],
        ),
        (
            [element("Table", element("TR"), element("TR"), element("TR", page=1))],
            ["last row of a table alone on page 2"],
        ),
        ([element("Table", element("TR"), element("TR"), element("TR", page=1), element("TR", page=1))], []),
    ],
)
def test_what_is_parted_is_found(flow: list[Element], found: list[str]) -> None:
    assert parted(element("Document", *flow)) == found
