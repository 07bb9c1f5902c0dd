"""The workbooks of CFO and accountant: formulas that give what the file shows, statements that foot, levers that work.

Formulas are worked out by a calculator of our own from the file's values (``workbook_formulas.py``); by hand they were
compared with LibreOffice's as well. What they must give comes from ``statements`` and from the facts of the run.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from typing import Any

import openpyxl
import pytest

from executive_suite import config, formats, reports
from executive_suite.rendering import workbook
from executive_suite.reports.accounting.workbook import sheets as of_accounting
from executive_suite.reports.accounting.workbook.statement import TITLES
from executive_suite.reports.build import view_of
from executive_suite.reports.selection import Selection
from executive_suite.statements.carried import carried
from group_data import INCLUDE, REPORT_DATE
from report_figures import figures as few_figures
from report_figures import report as specimen
from sample_figures import figures
from statement_books import CHART, IDS, books, entities, transactions
from workbook_formulas import EPOCH, Calculator

CONFIGURED = {report.report: report for report in config.load(INCLUDE / "config").reports}
CENT = 0.005
LEVERS = "Levers"


@cache
def body(name: str, day: date = REPORT_DATE) -> bytes:
    report = CONFIGURED[name].model_copy(update={"formats": ("txt", "html", "xlsx")})
    return reports.build(figures(day), report).files["xlsx"]


@cache
def book(name: str, day: date = REPORT_DATE) -> Any:
    """The values that the file shows."""
    return openpyxl.load_workbook(io.BytesIO(body(name, day)), data_only=True)


@cache
def calculator(name: str, day: date = REPORT_DATE) -> Calculator:
    return Calculator(body(name, day))


def shown(value: Any) -> Any:
    """A value as a viewer shows it that does not calculate; a day as Excel counts it."""
    return (value.date() - EPOCH).days if isinstance(value, datetime) else value


def wrong(counted: Calculator, cached: Any) -> list[str]:
    """Formulas that do not give what the file shows next to them."""
    found = []
    for sheet in counted.book:
        for cell in (cell for row in sheet for cell in row if cell.data_type == "f"):
            worked_out = counted.value(sheet.title, cell.row, cell.column)
            said = shown(cached[sheet.title].cell(cell.row, cell.column).value) or 0
            numbers = isinstance(worked_out, int | float) and isinstance(said, int | float)
            if abs(worked_out - said) > CENT if numbers else str(worked_out) != str(said or ""):
                found.append(f"{sheet.title} {cell.coordinate}: {cell.value} gives {worked_out!r}, shows {said!r}")
    return found


@pytest.mark.parametrize("name", ["accounting", "cfo"])
@pytest.mark.parametrize("day", [date(2024, 2, 29), REPORT_DATE])
def test_every_formula_gives_what_the_file_shows(name: str, day: date) -> None:
    assert wrong(calculator(name, day), book(name, day)) == []


def test_a_formula_that_gives_something_else_is_found() -> None:
    changed = calculator("cfo").given({("Burn", 4, 2): 1.0})
    assert changed.book["Burn"]["B5"].data_type == "f"
    assert changed.value("Burn", 5, 2) == pytest.approx(changed.value("Burn", 3, 2) - 1.0)
    assert any(line.startswith("Burn B5") for line in wrong(changed, book("cfo")))


def statement_rows(sheet: Any, title: str) -> dict[tuple[str, str], list[Any]]:
    """The rows of the statement that has a title, by account and label; amounts by heading."""
    found: dict[tuple[str, str], list[Any]] = {}
    inside = False
    for row in sheet.iter_rows(values_only=True):
        if row[1] in TITLES.values() and row[2] == "Year to date":
            inside = row[1] == title
        elif inside and any(isinstance(amount, int | float) for amount in row[2:18]):
            found[str(row[0] or ""), str(row[1])] = [*row[2:4], *row[5:18]]
    return found


@pytest.mark.parametrize("day", [date(2024, 2, 29), REPORT_DATE])
def test_the_sheets_have_every_line_of_the_statements_to_the_cent(day: date) -> None:
    cached = book("accounting", day)
    stated = figures(day).statements
    order = [*(period.name for period in stated.periods[-2:]), *(period.name for period in stated.periods[:-2])]
    missing = []
    sheets = {sheet["A1"].value: sheet for sheet in cached if sheet["A1"].value}
    for row in stated.rows:
        if row.entity_id == "group" and row.statement in {"receivables", "payables"}:
            continue
        title = TITLES[row.statement]
        unit = {"elimination": "Eliminations"}.get(row.entity_id, figures(day).entities.get(row.entity_id))
        where = sheets[f"{title}, consolidated" if row.entity_id == "group" else f"Statements of {unit}"]
        lines = [amounts for (_, label), amounts in statement_rows(where, title).items() if label == row.label]
        wanted = [row.amounts.get(name, 0) / 100 for name in order]
        if not any([float(amount or 0) for amount in amounts] == wanted for amounts in lines):
            missing.append((row.statement, row.entity_id, row.line))
    assert missing == []


@pytest.mark.parametrize("seed", [11, 12])
def test_random_books_foot_and_tie(seed: int) -> None:
    made = carried(books("2026-05-01", CHART, transactions(seed, 150), entity=entities(*IDS[:-1], group=IDS[-1])))
    given = replace(few_figures(), statements=made)
    with formats.speaking("USD"):
        page = view_of(few_figures(), specimen()).page
        found = workbook.make(page, (), given.report_date, of_accounting(Selection(given)))
    cached = openpyxl.load_workbook(io.BytesIO(found), data_only=True)
    assert wrong(Calculator(found), cached) == []
    checks = cached["Checks"]
    rows = [row for row in checks.iter_rows(min_row=4, values_only=True) if isinstance(row[3], int | float)]
    assert len(rows) > 20
    assert [row for row in rows if row[3]] == []


def test_the_checks_are_zero_and_are_formulas() -> None:
    made = calculator("accounting")
    total = made.book.defined_names["checks_total"].attr_text
    assert made.value("Checks", int(total.rsplit("$", 1)[1]), 4) == 0
    formulas = [cell.value for row in made.book["Checks"] for cell in row if cell.data_type == "f"]
    assert sum(formula.startswith("=SUMPRODUCT(ABS(") for formula in formulas) > 40


def test_subtotals_follow_their_lines() -> None:
    """A cent more on one account is a cent more in every total above it, up to the group's."""
    before = calculator("accounting")
    row = next(cells[0].row for cells in before.book["JADA"].iter_rows() if cells[1].value == "Operating cash")
    after = before.given({("JADA", row, 3): before.value("JADA", row, 3) + 0.01})
    place = before.book.defined_names["total_assets"].attr_text
    total = int(place.rsplit("$", 1)[1])
    moved = after.value("Balance sheet", total, 3) - before.value("Balance sheet", total, 3)
    assert moved == pytest.approx(0.01, abs=1e-6)
    assert after.value("Checks", 3, 4) > 0, "the balance sheet no longer balances, and the checks say so"


def test_units_side_by_side_add_up_to_the_group_and_to_their_own_statements() -> None:
    """Also where a line is eliminated from the group's statement."""
    shown = statement_totals(book("accounting")["By unit"])
    heads, totals = shown.pop("Line"), {name: amounts for name, amounts in shown.items() if name.startswith("Total")}
    assert heads[-1] == "Group"
    for statement, line in (("balance_sheet", "total_assets"), ("income_statement", "total_expenses")):
        of = {
            row.entity_id: row
            for row in figures(REPORT_DATE).statements.rows
            if (row.statement, row.line) == (statement, line)
        }
        year = figures(REPORT_DATE).statements.periods[-2].name
        wanted = [of[entity].amounts.get(year, 0) / 100 for entity in of if entity != "group"]
        assert sorted(totals[of["group"].label][:-1]) == pytest.approx(sorted(wanted))
        assert totals[of["group"].label][-1] == pytest.approx(of["group"].amounts[year] / 100)


def statement_totals(sheet: Any) -> dict[str, list[Any]]:
    return {str(row[1]): list(row[2:]) for row in sheet.iter_rows(values_only=True) if row[1] and row[3] is not None}


@cache
def switches() -> tuple[int, tuple[tuple[str, str, str], ...]]:
    """The row of the first switch, and what identifies each lever in order."""
    sheet = calculator("cfo").book[LEVERS]
    head = next(row[0].row for row in sheet.iter_rows() if row[0].value == "Switch")
    levers = figures(REPORT_DATE).path.levers
    return head + 1, tuple((one.name, one.key, one.entity_id) for one in levers)


def runs_out(*chosen: int) -> str | None:
    """The day on which cash runs out with some levers, ISO; None if it lasts."""
    first, _ = switches()
    made = calculator("cfo").given({(LEVERS, first + place, 1): 1 for place in chosen})
    where = made.book.defined_names["cash_out_date"].attr_text.replace("$", "").rsplit("!", 1)[1]
    found = made.value(LEVERS, int(where[1:]), openpyxl.utils.column_index_from_string(where[0]))
    return date.fromordinal(EPOCH.toordinal() + int(found)).isoformat() if isinstance(found, int | float) else None


def test_each_lever_moves_the_date_as_its_fact_says() -> None:
    """The facts come from the metric, which knows nothing of the workbook."""
    said = {
        (fact.dimensions["lever"], fact.dimensions["key"], fact.entity_id): fact.value
        for fact in figures(REPORT_DATE).facts
        if fact.metric_id == "cash_lever_date"
    }
    _, levers = switches()
    assert len(levers) > 10
    assert {lever: runs_out(place) for place, lever in enumerate(levers)} == said
    out = next(fact for fact in figures(REPORT_DATE).facts if fact.metric_id == "cash_out_date")
    assert runs_out() == out.value


def test_levers_together_move_the_date_as_their_bundle_says() -> None:
    _, levers = switches()
    cut = [place for place, (name, _, _) in enumerate(levers) if name in {"cut", "cloud"}]
    bundles = [fact for fact in figures(REPORT_DATE).facts if fact.metric_id == "cash_bundle_date"]
    assert runs_out(*cut) == next(fact.value for fact in bundles if fact.dimensions["bundle"] == "cut")


def test_what_a_unit_that_closes_has_in_it_counts_once() -> None:
    _, levers = switches()
    close = next(place for place, (name, _, entity) in enumerate(levers) if (name, entity) == ("close", "jada"))
    inside = [place for place, (name, _, entity) in enumerate(levers) if (name, entity) == ("cut", "jada")]
    assert inside
    assert runs_out(close, *inside) == runs_out(close)


@pytest.mark.parametrize("name", ["accounting", "cfo"])
def test_a_workbook_can_be_worked_in(name: str) -> None:
    made = calculator(name).book
    assert all(len(sheet.title) <= 31 for sheet in made)
    assert len({sheet.title.lower() for sheet in made}) == len(made.worksheets)
    assert len([part for part in zipfile.ZipFile(io.BytesIO(body(name))).namelist() if "/chart" in part]) >= 3
    assert {"accounting": "net_income", "cfo": "cash_out_date"}[name] in made.defined_names
    for sheet in made.worksheets[1:]:
        assert sheet.freeze_panes or sheet.title in {"Checks", "Break-even"}, sheet.title
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
    filtered = [sheet.title for sheet in made if sheet.auto_filter.ref]
    assert len(filtered) > 10


def test_the_same_figures_give_the_same_bytes() -> None:
    report = CONFIGURED["accounting"].model_copy(update={"formats": ("txt", "html", "xlsx")})
    assert reports.build(figures(REPORT_DATE), report).files["xlsx"] == body("accounting")


@pytest.mark.parametrize(
    ("locale", "negative", "day"), [("en_US", "(#,##0.00)", "m/d/yyyy"), ("de_DE", "-#,##0.00", "dd.mm.yyyy")]
)
def test_amounts_and_days_are_written_as_in_the_accounts_of_the_locale(locale: str, negative: str, day: str) -> None:
    """CLDR: accounts in the United States have negative amounts in parentheses, in Germany a minus sign."""
    given = replace(figures(REPORT_DATE), locale=locale)
    report = CONFIGURED["accounting"].model_copy(update={"formats": ("txt", "html", "xlsx")})
    made = openpyxl.load_workbook(io.BytesIO(reports.build(given, report).files["xlsx"]))
    codes = {cell.number_format for row in made["Balance sheet"] for cell in row}
    assert any(negative in code for code in codes)
    assert day in codes
    assert made["Balance sheet"].page_setup.paperSize == {"en_US": 1, "de_DE": 9}[locale]
