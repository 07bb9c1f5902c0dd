"""The CEO's report on what the group has: equity and key people, KPIs, assets."""

from __future__ import annotations

from dataclasses import dataclass, replace

from executive_suite import formats
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.rendering.blocks import Cell, Column, Table
from executive_suite.reports import monthly, phrases
from executive_suite.reports.ceo.units import entities
from executive_suite.reports.selection import Selection

_ASSET_COLUMNS = ("asset_book_value", "asset_market_value", "asset_equity", "asset_insured_ratio")
_MOST_ASSETS = 15
"""Assets named one by one; a mail has no room for more."""


@dataclass(frozen=True, slots=True)
class People:
    """Who holds equity and who holds the critical roles."""

    equity: Table
    roles: Table


@dataclass(frozen=True, slots=True)
class Kpis:
    """What cannot be told for want of an input, and what can."""

    missing: Table
    ready: Table


@dataclass(frozen=True, slots=True)
class Assets:
    """What the group owns, by unit and one by one."""

    units: Table
    register: Table


def people(s: Selection) -> People:
    """The section on equity and key people."""
    return People(_equity(s), _roles(s))


def assets(s: Selection) -> Assets:
    """The section on assets."""
    return Assets(_assets(s), _register(s))


def _equity(s: Selection) -> Table:
    # One person may hold several shares, told apart by their first day.
    shares, risks = (
        [fact for since in ((), ("since",)) for fact in s.facts(metric_id, "person", *since, *also)]
        for metric_id, also in (("equity_share_pct", ("signed", "vesting")), ("equity_uncommitted_pct", ()))
    )

    def holding(fact: Fact) -> tuple[str, str, str]:
        return fact.entity_id, fact.dimensions["person"], fact.dimensions.get("since", "")

    facts = sorted(shares, key=lambda f: (f.entity_id, -monthly.whole(f)))
    bare = {holding(fact) for fact in risks if fact.value}

    def risk(fact: Fact) -> Cell:
        exposed = holding(fact) in bare
        return Cell("exposed" if exposed else "committed", tone="bad" if exposed else "good")

    return s.table(
        "Holders of equity at the report date, share of the company",
        tuple(facts),
        (
            ("Company", lambda f: Cell(s.entity(f.entity_id))),
            ("Holder", lambda f: Cell(f.dimensions["person"])),
            ("Share", s.cell),
            ("Signed agreement", lambda f: Cell(f.dimensions["signed"])),
            ("Vesting", lambda f: Cell(f.dimensions["vesting"])),
            ("Risk", risk),
        ),
        empty="Not evaluable: table equity_holder is absent or empty; add the capitalisation table.",
    )


def _roles(s: Selection) -> Table:
    def risk(fact: Fact) -> Cell:
        return Cell("exposed" if fact.value else "covered", tone="bad" if fact.value else "good")

    def left(fact: Fact) -> Cell:
        day = fact.dimensions["departure"]
        return Cell(formats.day(day) if day else "not planned")

    return s.table(
        "Critical roles and who could take over, at the report date",
        s.facts("key_role_exposed", "role", "person", "departure", "successor", "runbook"),
        (
            ("Role", lambda f: Cell(phrases.capital(f.dimensions["role"]))),
            ("Business unit", lambda f: Cell(s.entity(f.entity_id))),
            ("Held by", lambda f: Cell(f.dimensions["person"])),
            ("Leaves", left),
            ("Successor", lambda f: Cell(f.dimensions["successor"] or "nobody named")),
            ("Runbook", lambda f: Cell(f.dimensions["runbook"] or "none")),
            ("Risk", risk),
        ),
        empty="Not evaluable: table key_role is absent or empty; add the critical roles.",
    )


def _assets(s: Selection) -> Table:
    heads = (
        Column("Business unit"),
        Column("Assets", "right"),
        Column("Book value", "right"),
        Column("Market value", "right"),
        Column("Equity", "right"),
        Column("Insured", "right"),
    )

    def row(entity_id: str, name: str) -> tuple[Cell, ...]:
        cells = (s.cell(s.fact(m, entity_id)) for m in ("asset_count", *_ASSET_COLUMNS))
        return (Cell(name), *(replace(cell, note="") for cell in cells))

    return Table(
        f"Assets by business unit, {formats.currency()}, at the report date",
        heads,
        tuple(row(entity, s.entity(entity)) for entity in entities(s, "asset_count")),
        row(GROUP, "Group"),
        _coverage(s),
        "Not evaluable: table asset is absent or empty; add the register of assets.",
    )


def _coverage(s: Selection) -> str:
    """How many assets a value is missing for; empty when none is."""
    found = [s.fact(metric_id).reason for metric_id in ("asset_book_value", "asset_market_value")]
    words = "; ".join(dict.fromkeys(filter(None, found)))
    return f"{phrases.capital(words)}: left out of the sums." if words else ""


def _register(s: Selection) -> Table:
    facts = s.facts("asset_market_value", "asset", "class", "name")
    facts = tuple(sorted(facts, key=lambda f: (-(monthly.number(f) or 0), f.dimensions["asset"])))

    def same(metric_id: str, fact: Fact) -> Cell:
        return phrases.plain(s.cell(s.fact(metric_id, fact.entity_id, **fact.dimensions)))

    more = len(facts) - _MOST_ASSETS
    return s.table(
        f"Register of assets, {formats.currency()}, at the report date, largest market value first",
        facts[:_MOST_ASSETS],
        (
            ("Asset", lambda f: Cell(f"{f.dimensions['name']} ({f.dimensions['class']})")),
            ("Business unit", lambda f: Cell(s.entity(f.entity_id))),
            ("Book value", lambda f: same("asset_book_value", f)),
            ("Market value", lambda f: phrases.plain(s.cell(f))),
            ("Equity", lambda f: same("asset_equity", f)),
        ),
        note=f"{more} more assets are in the fact table." if more > 0 else "",
        empty="Not evaluable: table asset is absent or empty; add the register of assets.",
    )


def _report_name(report_id: str) -> str:
    """Offices are written in capitals, other reports as words."""
    return report_id.upper() if len(report_id) == len("ceo") else phrases.capital(report_id)


def kpis(s: Selection) -> Kpis:
    """The section on KPIs: those that are missing with what each lacks, then those that are ready."""
    facts = s.facts("kpis_missing", "kpi", "report", "name", "formula")
    facts = tuple(sorted(facts, key=lambda f: (f.dimensions["report"], f.dimensions["name"])))
    missing = tuple(f for f in facts if f.value is None or f.value)
    ready = tuple(f for f in facts if f not in missing)
    nothing = "Not evaluable: table kpi_definition is absent or empty; add the catalogue of KPIs."
    return Kpis(
        s.table(
            f"KPIs that cannot be told, {s.text('kpis_missing')} of {s.text('kpis_defined')} defined",
            missing,
            (
                ("KPI", lambda f: Cell(f.dimensions["name"])),
                ("Report", lambda f: Cell(_report_name(f.dimensions["report"]))),
                ("What is missing", lambda f: Cell(phrases.capital(f.reason))),
                ("Definition", lambda f: Cell(f.dimensions["formula"])),
            ),
            empty="No KPI is missing." if facts else nothing,
        ),
        s.table(
            f"KPIs that can be told, {len(ready)} of {s.text('kpis_defined')} defined",
            ready,
            (
                ("KPI", lambda f: Cell(f.dimensions["name"])),
                ("Report", lambda f: Cell(_report_name(f.dimensions["report"]))),
                ("Definition", lambda f: Cell(f.dimensions["formula"])),
            ),
            empty="No KPI can be told yet." if facts else nothing,
        ),
    )
