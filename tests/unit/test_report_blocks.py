"""Text tables and words of figures, checked from the outside."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from wcwidth import wcswidth

from executive_suite import formats
from executive_suite.facts.fact import Fact, Qualifier, Why
from executive_suite.rendering import text_layout
from executive_suite.rendering.blocks import Cell, Column, Table
from executive_suite.reports import phrases
from executive_suite.reports.kpis import kpi
from executive_suite.reports.selection import Selection
from report_figures import HOSTILE, figures

_words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=60)


@given(_words, st.integers(2, 78))
def test_wrapped_lines_are_no_wider_than_asked_and_lose_nothing(words: str, columns: int) -> None:
    lines = text_layout.wrap(words, columns).splitlines()
    assert "".join("".join(lines).split()) == "".join(words.split())
    assert all(text_layout.width(line) <= columns for line in lines if len(line) > 1)


@given(st.lists(st.tuples(_words, _words, st.integers(-(10**12), 10**12)), min_size=1, max_size=8))
@example([("", "", -1_000_000), ("0" * 31, "0" * 30 + "\u2e80", 0)])  # the last letter takes two columns
def test_text_tables_fit_and_lose_nothing(rows: list[tuple[str, str, int]]) -> None:
    columns = (Column("Name"), Column("Reason"), Column("Amount", "right"))
    block = Table("t", columns, tuple((Cell(a), Cell(b), Cell(formats.number(n))) for a, b, n in rows))
    shown = text_layout.table(block)
    assert all(wcswidth(line) <= text_layout.WIDTH for line in shown.splitlines())
    for _, _, amount in rows:
        assert formats.number(amount) in shown


def test_numbers_stand_under_each_other() -> None:
    rows = ((Cell("short"), Cell("1")), (Cell("株式会社"), Cell("1,000")))
    shown = text_layout.table(Table("t", (Column("Name"), Column("n", "right")), rows)).splitlines()
    assert {wcswidth(line) for line in shown[2:]} == {wcswidth("株式会社") + 2 + len("1,000")}


@pytest.mark.parametrize("words", HOSTILE)
def test_wrapping_keeps_every_character_but_blanks(words: str) -> None:
    assert "".join(text_layout.wrap(words).split()) == "".join(words.split())


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (None, "cents", "n/a"),
        (True, "bool", "yes"),
        (0, "cents", "$0"),
        ("63.895", "USD/month", "$63.90 a month"),  # half-even, IEEE 754-2008 roundTiesToEven
        (Decimal("1.05"), "ratio", "105%"),
        (4000, "bp", "40%"),
        ("2026-06-30", "date", "Jun 30, 2026"),
    ],
)
def test_values_in_words(value: object, unit: str, text: str) -> None:
    assert formats.amount(value, unit) == text  # type: ignore[arg-type]


def test_a_figure_says_when_there_is_nothing_to_compare_it_with() -> None:
    assert kpi(Selection(figures()), "cash_balance").comparison == "no target, no earlier value"


@pytest.mark.parametrize(("now", "tone"), [(0, "fine"), (7, "act")])
def test_what_has_to_be_fixed_has_a_target_even_if_nothing_is_known_of_before(now: int, tone: str) -> None:
    """A count without a value at the last report date is no reason to say that there is no target."""
    at, before = "2026-05-01", "2026-04-01"
    known = Fact("security_gaps_open", "group", at, now, "count")
    unknown = Fact("security_gaps_open", "group", before, None, "count", {}, "not_evaluable", "table finding is absent")
    given = replace(figures(), facts=(known,), previous_date=before, previous=(unknown,))
    shown = kpi(Selection(given), "security_gaps_open")
    assert (shown.comparison, shown.tone) == ("target 0", tone)


def test_a_figure_says_against_what_and_whether_that_is_good() -> None:
    target = Fact("net_burn", "group", "2026-05-01", 640_000, "cents/month")
    shown = kpi(Selection(figures()), "net_burn", target=target, target_is="budget")
    assert shown.comparison == "budget $6,400 a month"
    assert shown.tone == "act"


@pytest.mark.parametrize(
    ("count", "of", "table", "words"),
    [
        (0, 0, "review", "No review is recorded"),
        (0, 0, "touchpoint", "No tagged visit is recorded"),
        (633, 633, "booking", "None of 633 bookings qualifies"),
        (10, 11, "client_contract", "10 of 11 client contracts are incomplete"),
        (1, 2, "opportunity", "1 of 2 opportunities is incomplete"),
    ],
)
def test_a_missing_kpi_names_the_records_that_it_needs(count: int, of: int, table: str, words: str) -> None:
    lacking = Qualifier(Why.INPUT_BLANK, count, of, table)
    assert phrases.lacking(Fact("kpis_missing", "group", "2026-05-01", 1, "count", qualifier=lacking)) == words
    assert phrases.lacking(Fact("kpis_missing", "group", "2026-05-01", 1, "count", reason="no need")) == "No need"
