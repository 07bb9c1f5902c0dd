"""The accounting report on the chart of accounts: its audit, and the structure that is recommended."""

from __future__ import annotations

from dataclasses import dataclass

from executive_suite.facts.fact import Fact
from executive_suite.metrics.accounting.chart import STRUCTURE
from executive_suite.rendering.blocks import Cell, Table, Tone
from executive_suite.reports import phrases
from executive_suite.reports.accounting.statement import columns
from executive_suite.reports.selection import Selection
from executive_suite.reports.tables.length import without_figures


@dataclass(frozen=True, slots=True)
class Accounts:
    """The audit of the chart of accounts."""

    audit: Table
    structure: Table


def accounts(s: Selection) -> Accounts:
    """The section on the chart of accounts."""
    rows = []
    for metric_id, words in (
        ("accounts_undefined", "Used in the ledger, not in the chart"),
        ("accounts_wrong_side", "Balance on the wrong side"),
        ("accounts_unused", "No posting in twelve months"),
        ("accounts_recommended_missing", "Recommended class missing"),
    ):
        whole = s.fact(metric_id)
        tone: Tone = (
            "neutral" if metric_id == "accounts_unused" or whole.value is None else "bad" if whole.value else "good"
        )
        if metric_id == "accounts_recommended_missing":
            names = [f.dimensions["name"] for f in s.facts(metric_id, "number", "name", "type", "purpose")]
        else:
            names = [_account(s, f) for f in s.facts(metric_id, "account")]
        rows.append((Cell(words), s.cell(whole, tone), Cell(phrases.some(sorted(names)) or "none")))
    audit = without_figures(
        Table(
            "Audit of the chart of accounts, number of accounts",
            columns("Check", "Accounts", "Which", text=(0, 2)),
            tuple(rows),
        )
    )
    return Accounts(audit, _structure(s))


def _structure(s: Selection) -> Table:
    absent = {
        f.dimensions["number"] for f in s.facts("accounts_recommended_missing", "number", "name", "type", "purpose")
    }
    known = s.fact("accounts_recommended_missing").value is not None
    rows = tuple(
        (
            Cell(wanted.number),
            Cell(wanted.name),
            Cell(wanted.type),
            Cell("missing", tone="bad") if wanted.number in absent else Cell("there", tone="good"),
            Cell(wanted.purpose),
        )
        for wanted in STRUCTURE
    )
    return Table(
        "Recommended structure: classes of accounts, by the usual number ranges",
        columns("From", "Class", "Type", "In the chart", "Needed for", text=(0, 1, 2, 3, 4)),
        rows if known else (),
        note="Number ranges are a convention; US GAAP prescribes none. Keep existing numbers, add what is missing.",
        empty=f"Not evaluable: {s.fact('accounts_recommended_missing').reason}.",
    )


def _account(s: Selection, fact: Fact) -> str:
    number = fact.dimensions["account"]
    name = s.label("account", number)
    return number if name == number else f"{number} {name}"
