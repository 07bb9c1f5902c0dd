"""The body of a report is short: each promised section makes its point in it, and its rows are behind it.

What each report must have is the product statement's list, section by section; the limits are those of the design: at
most 1,100 words, tables that fit a phone, nothing that belongs to a database.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest

import sample_figures
from executive_suite import config, formats
from executive_suite.facts.figures import Figures
from executive_suite.rendering import fit
from executive_suite.rendering.blocks import ActionList, Chart, FindingList, Section, Table
from executive_suite.reports.build import view_of
from group_data import INCLUDE, REPORT_DATE

CONFIGURED = {report.report: report for report in config.load(INCLUDE / "config").reports}
MOST_WORDS, MOST_ROWS, MOST_COLUMNS, MOST_CHARTS = 1_100, 10, 5, 2

# Report, what the product statement asks for, the section that has it, and words that its body or its rows must show.
PROMISED = [
    ("ceo", "asset inventory across all entities", "assets", "9 assets", "Four roll-off dumpsters"),
    ("ceo", "critical shortfalls", "shortfalls", "All 8 critical shortfalls are open", "Sailo (JADA): not listed"),
    ("ceo", "revenue pipeline gap", "pipeline", "$193,110", "Win rate"),
    ("ceo", "equity risk", "people", "Sergio (40% of JADA)", "Signed agreement"),
    ("ceo", "missing KPIs", "kpis", "9 of 15 KPIs", "Site conversion rate"),
    ("ceo", "KPI definitions", "kpis", "", "converting visitors / visitors"),
    ("ceo", "business-unit health and P&L impact", "units", "−62,247", "loss-making"),
    ("ceo", "revenue against last year, units at zero", "units", "No revenue from QueenofSanDiego", "Direct cost"),
    ("ceo", "prioritised 30-day agenda", "agenda", "1. Renew or replace the lease", "Sign Sergio's agreement"),
    ("cto", "stack-by-stack audit (jada, qos, qdn, dc)", "stacks", "QOS", "Releases, per week"),
    ("cto", "security gaps ranked", "security", "Stripe secret key hardcoded in code", "CVSS"),
    ("cto", "cloud cost baseline and savings", "cloud", "would save $25 a month", "Amazon CloudFront"),
    ("cto", "cloud cost baseline", "cloud", "$50 to $84", ""),
    ("cto", "availability calendar missing", "users", "No availability calendar", "finding.csv, row 27"),
    ("cto", "no analytics instrumentation", "users", "8. Analytics instrumentation", ""),
    ("cto", "stale pricing-tier copy", "users", "Stale pricing-tier copy", ""),
    ("cto", "no CI/CD pipeline", "release", "No CI/CD pipeline", "Change lead time"),
    ("cto", "no staging", "release", "No staging environment", ""),
    ("cto", "no automated rollback", "release", "7. One-click rollback", ""),
    ("cto", "ten engineering actions ranked", "actions", "10. CI pipeline with staging", "8.40 (security 10"),
    ("cto", "backup and recovery", "recovery", "Nov 18, 2024", "Error budget left"),
    ("accounting", "revenue recognition by stream", "revenue", "Yacht delivery", "Client project"),
    ("accounting", "its gaps", "revenue", "delivered but not booked as revenue: $2,000", "B1 (JADA)"),
    ("accounting", "chart-of-accounts audit", "accounts", "every balance is on its side", "Balance on the wrong side"),
    ("accounting", "recommended structure", "accounts", "Prepaid expenses", "Contract liabilities"),
    ("accounting", "expenses by function", "expenses", "Cost of sales", "Truck lease, yard, fuel"),
    ("accounting", "no accounting system deployed", "system", "No accounting system is deployed", "system.csv, row 5"),
    ("accounting", "four-milestone roadmap", "roadmap", "Profitable quarter (Q1 2027)", "334 days to go"),
    ("accounting", "the statements", "statements", "The statements tie", "Mortgage payable"),
    ("accounting", "the tax calendar with amounts", "taxes", "Lodging tax of $385 is due on Jun 1, 2026", "remitted"),
    ("cmo", "leads, bookings and revenue by month", "demand", "Demand broke at", "May 2025"),
    ("cmo", "channel-by-channel visibility", "channels", "9 of 14 channels are live", "travel agency"),
    ("cmo", "attribution matrix", "channels", "No conversion can be attributed", "Record tagged touchpoints"),
    ("cmo", "email blast business case (3,676 people)", "mailing", "3,676 contacts may be mailed", "complaint rate"),
    ("cmo", "OTA sequence", "listings", "1. Sailo", "ranked by"),
    ("cmo", "QDN local SEO roadmap", "search", "dumpster rental san diego", "Job booked"),
    ("cmo", "30/60/90-day milestones", "plan", "Sailo + GetMyBoat live", "Site conversion rate"),
    ("cmo", "what each needs for attribution", "plan", "tagged visits and campaign spend", "bookings recorded"),
]
REPORTS = sorted({report for report, *_ in PROMISED})


@cache
def figures() -> Figures:
    return sample_figures.figures(REPORT_DATE)


@cache
def shown(report: str) -> Mapping[str, Section]:
    """The sections that a report's template lists, with whose names, in its order."""
    view = view_of(figures(), CONFIGURED[report])
    template = (INCLUDE / "templates" / "reports" / f"{report}.j2").read_text(encoding="utf-8")
    return {name: view[name] for name in re.findall(r"sections\.(\w+)", template)}


def words_of(block: Any) -> str:
    """A block as a reader sees it."""
    match block:
        case str():
            return block
        case Table():
            cells = [cell.text for line in block.lines for cell in line]
            return " ".join([block.title, *(column.title for column in block.columns), *cells, block.note])
        case Chart():
            return " ".join([block.finding, block.title, block.note] if block.svg else [block.title, block.alt])
        case FindingList():
            items = [" ".join([item.title, item.reason, *item.evidence]) for item in block.items]
            return " ".join([block.title, *items, block.empty])
        case ActionList():
            items = [f"{item.rank}. {item.title} ranked by {item.score}" for item in block.items]
            return " ".join([block.title, *items, block.empty])
    raise TypeError(type(block))


def body(section: Section) -> str:
    return " ".join([section.title, section.point, *map(words_of, section.blocks.values())])


def behind(section: Section) -> str:
    empty = (block.empty for block in section.rows.values() if isinstance(block, Table) and not block.rows)
    return " ".join([*map(words_of, section.rows.values()), *empty])


def tables(report: str) -> Iterator[Table]:
    for section in shown(report).values():
        yield from (block for block in section.blocks.values() if isinstance(block, Table))


@pytest.mark.parametrize(("report", "asked", "name", "point", "rows"), PROMISED)
def test_each_promised_section_has_its_point_and_its_rows(
    report: str, asked: str, name: str, point: str, rows: str
) -> None:
    with formats.speaking(figures().currency, figures().locale):
        section = shown(report)[name]
        assert section.point, asked
        assert point in body(section), asked
        assert rows in behind(section), asked


@pytest.mark.parametrize("report", REPORTS)
def test_a_body_is_short(report: str) -> None:
    with formats.speaking(figures().currency, figures().locale):
        words = " ".join(map(body, shown(report).values())).split()
    assert len(words) <= MOST_WORDS
    charts = [b for section in shown(report).values() for b in section.blocks.values() if isinstance(b, Chart)]
    assert len(charts) <= MOST_CHARTS


@pytest.mark.parametrize("report", REPORTS)
def test_a_table_of_a_body_fits_a_phone_and_is_no_wall_of_zeros(report: str) -> None:
    with formats.speaking(figures().currency, figures().locale):
        for table in tables(report):
            assert table.rows, table.title
            assert len(table.rows) <= MOST_ROWS, table.title
            assert len(table.columns) <= MOST_COLUMNS, table.title
            assert fit.phone(table) in {"table", "under"}, table.title
            for place, column in enumerate(table.columns):
                numbers = [row[place].number for row in table.rows if row[place].tone == "neutral"]
                idle = column.align == "right" and len(numbers) == len(table.rows) and not any(numbers)
                assert not idle, (table.title, column.title)


# What belongs to the rows, the workbook and the foot: files and rows of the source, keys of the data, formulas, scores.
OF_A_DATABASE = re.compile(r"\.csv|\brows?\b \d|\b[a-z]+_[a-z_]+\b|\bCVSS\b|\bSSVC\b|ceil\(|\bsum\(|security \d+, user")


@pytest.mark.parametrize("report", REPORTS)
def test_a_body_speaks_no_database(report: str) -> None:
    with formats.speaking(figures().currency, figures().locale):
        for section in shown(report).values():
            assert OF_A_DATABASE.search(body(section)) is None, section.title


# The CTO reads one order of priorities: a gap names its action by the number that the list of actions gives it.
def test_every_gap_of_the_cto_names_its_action_in_the_one_order() -> None:
    sections = shown("cto")
    order = [row[0].text for row in sections["actions"]["order"].rows]
    assert [text.partition(". ")[0] for text in order] == [str(rank) for rank in range(1, len(order) + 1)]
    for name, block in (("security", "gaps"), ("users", "short"), ("release", "short")):
        named = [row[-1].text for row in sections[name][block].rows]
        known = [text for text in named if text in order]
        assert known == sorted(known, key=order.index)
        assert named == known + ["none yet"] * (len(named) - len(known))
        assert all(row[-1].tone == "watch" for row in sections[name][block].rows if row[-1].text == "none yet")
