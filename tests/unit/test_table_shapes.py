"""How tables are shown: figures in line, a shape that a phone can show, nothing lost on the way."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from executive_suite.rendering import fit, mail_html, paper, render, text_layout
from executive_suite.rendering.blocks import ActionItem, ActionList, Cell, Column, Table

_figures = st.lists(st.integers(-(10**7), 10**7), min_size=2, max_size=6)


def wide(*, words: bool) -> Table:
    heads = [Column("Figure"), *(Column(name, "right") for name in ("Now", "Before", "Change"))]
    figures = [Cell("Cash balances"), Cell("38,800 USD"), Cell("46,600 USD"), Cell("\u22127,800 USD")]
    if words:
        heads, figures = [*heads, Column("Mainly")], [*figures, Cell("Harbour office")]
    return Table("Figures", tuple(heads), (tuple(figures),))


# "balances" and three figures of eleven letters, a gap of two each, are 49; with three marks of two, 55 of 50.
def test_a_mark_takes_room_too() -> None:
    plain = wide(words=False)
    cells = (plain.rows[0][0], *(replace(cell, value=f"{cell.value}1", tone="watch") for cell in plain.rows[0][1:]))
    assert fit.phone(replace(plain, rows=(tuple(replace(cell, tone="neutral") for cell in cells),))) == "table"
    assert fit.phone(replace(plain, rows=(cells,))) == "stack"


def test_shapes_for_a_phone() -> None:
    assert fit.phone(wide(words=False)) == "table"
    assert fit.phone(wide(words=True)) == "under"
    many = Table("t", tuple(Column(f"Head {n}", "right") for n in range(9)), ((Cell("1,000 USD"),) * 9,))
    assert fit.phone(many) == "stack"


def long_words(count: int) -> Table:
    heads = (Column("Gap"), *(Column(f"Figure {n}", "right") for n in range(count)), Column("Closed by"))
    cells = (Cell("A gap of some length"), *(Cell("1,000") for _ in range(count)), Cell("a remedy in many words " * 3))
    return Table("t", heads, (cells,))


def test_long_words_stand_below_their_row_where_figures_need_the_room() -> None:
    assert not fit.below(long_words(2))
    assert fit.below(long_words(6))
    page = html.fromstring(render.alone("html", "table", long_words(6)))
    assert "below" in page.xpath("string(//table/@class)").split()
    assert page.xpath("string(//tr[@class='phone']/td)").startswith("closed by: a remedy")


def test_only_names_that_no_screen_holds_are_broken_anywhere() -> None:
    assert not fit.unbroken(long_words(6))
    assert fit.unbroken(Table("t", (Column("Name"),), ((Cell("n" * 120),),)))


# On paper a rank takes what it needs, and words share the rest by their length.
def test_paper_gives_room_to_the_long_words() -> None:
    assert paper.columns(wide(words=True)) == ["auto"] * 5
    shares = paper.columns(long_words(2))
    assert shares[1:3] == ["auto", "auto"]
    assert int(shares[-1].removesuffix("fr")) > int(shares[0].removesuffix("fr"))
    assert paper.columns(long_words(6)) == ["1fr", *["auto"] * 6, "0pt"]  # the long words stand below their row


@pytest.mark.parametrize("name", ["html", "mail", "text", "typst"])
@pytest.mark.parametrize("columns", [2, 4, 9])
def test_no_shape_loses_a_cell(name: str, columns: int) -> None:
    cells = tuple(Cell(f"cell-{place}") for place in range(columns))
    heads = tuple(Column(f"Head{place}", "right" if place else "left") for place in range(columns - 1))
    table = Table("t", (*heads, Column("Why")), (cells,), tuple(Cell(f"sum-{place}") for place in range(columns)))
    shown = render.alone(name, "table", table)
    assert [word for n in range(columns) for word in (f"cell-{n}", f"sum-{n}") if word not in shown] == []


@given(_figures, st.sets(st.integers(0, 5)))
def test_figures_stand_in_line_whatever_is_marked(values: list[int], marked: set[int]) -> None:
    rows = tuple((Cell(f"row {n}"), Cell(v, "count", assumed=n in marked)) for n, v in enumerate(values))
    lines = text_layout.table(Table("t", (Column("Row"), Column("n", "right")), rows)).splitlines()[2:]
    ends = {len(re.sub(r" *\*?$", "", line)) for line in lines}
    assert len(ends) == 1


def test_a_rank_and_what_is_ranked_lead_a_list_together() -> None:
    heads = (Column("Rank", "right"), *(Column(f"Head number {n}") for n in range(6)))
    table = Table("t", heads, ((Cell(1, "rank"), *(Cell("unbreakable-words") for _ in range(6))),))
    assert fit.phone(table) == "stack"
    assert fit.leads(table) == 2
    assert html.fromstring(render.alone("mail", "table", table)).xpath("count(//strong)") == 2


def test_a_mail_says_how_many_actions_it_leaves_out() -> None:
    items = tuple(ActionItem(rank, f"Do {rank}", "cost", "cfo", "Jun 1") for rank in range(1, 16))
    shown = html.fromstring(render.alone("mail", "actions", ActionList("Agenda", items)))
    assert shown.xpath("count(//tr)") == 12
    assert "3 more are in the archived report" in shown.text_content()


def test_the_longest_mail_that_is_short_enough_is_taken() -> None:
    sizes = {"whole": mail_html.MOST_BYTES, "half": mail_html.MOST_BYTES - 1, "page one": 10}
    assert mail_html.fitted(lambda name: "x" * sizes[name], list(sizes)) == "x" * sizes["half"]
    assert mail_html.fitted(lambda name: "\u00e9" * sizes[name], list(sizes)) == "\u00e9" * 10  # bytes count
