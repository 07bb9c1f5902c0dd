"""What a figure rests on, as an assistant is told: some rows, with no address in them."""

from __future__ import annotations

from dataclasses import replace

from executive_suite.assistant.sources import MOST_ROWS, basis
from executive_suite.facts.fact import Input
from executive_suite.facts.sources import Posted, Sources, SourceTable, Used
from report_figures import figures

BASE = figures()
CASH = replace(next(one for one in BASE.facts if one.metric_id == "cash_balance"), inputs=(Input("contact", 9),))


def test_some_rows_by_file_and_place_and_no_address() -> None:
    rows = {place: ("contact.csv", str(place + 2), f"c{place}", "Ann <ann@example.com>", "") for place in range(9)}
    table = SourceTable(("contact_id", "who", "note"), rows)
    used = Used("contact", 9, tuple(range(9)), named=9)
    found = basis(replace(BASE, sources=Sources({CASH.fact_id: (used,)}, {"contact": table})), CASH)
    (source,) = found.sources
    assert (source["table"], source["rows"], len(source["examples"])) == ("contact", 9, MOST_ROWS)
    assert source["examples"][0]["file"] == "contact.csv"
    assert source["examples"][0]["cells"].keys() == {"contact_id", "who"}
    assert "@" not in str(found)
    assert "cash accounts" in found.definition


def test_sums_take_the_place_of_too_many_lines_and_a_figure_that_nobody_traced_has_its_tables() -> None:
    posted = (Posted("1010", "2026-04", -780_000, 9),)
    used = Used("ledger", 500, (1,), named=500, posted=posted)
    (_, ledger) = basis(replace(BASE, sources=Sources({CASH.fact_id: (used,)})), CASH).sources
    assert ledger["sums"] == [{"account": "1010", "month": "2026-04", "cents": -780_000, "lines": 9}]
    assert basis(BASE, CASH).sources == ({"table": "contact", "rows": 9},)


def test_a_metric_that_there_is_no_longer_has_no_definition() -> None:
    assert basis(BASE, replace(CASH, metric_id="gone")).definition == ""
