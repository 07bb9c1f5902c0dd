"""Registers: accounts, parameters, documents, equity, roles, systems, budgets and counterparties."""

from __future__ import annotations

import functools
import hashlib
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from sample_group import overheads, technology
from sample_group.assumptions import Target, in_year
from sample_group.days import at
from sample_group.tables import Cell
from sample_group.world import World, share

FILE = Path(__file__).parent / "registers.yaml"
MONTHS = 12
PLANNED_ON = (1, 5)


@functools.cache
def read() -> dict[str, list[list[Any]]]:
    """The registers as written down."""
    text = FILE.read_text(encoding="utf-8")
    content: dict[str, list[list[Any]]] = yaml.load(text, Loader=_Exact)  # noqa: S506 - a safe loader, see _Exact
    return content


class _Exact(yaml.SafeLoader):
    """YAML whose decimals stay exact."""


_Exact.add_constructor("tag:yaml.org,2002:float", lambda loader, node: Decimal(loader.construct_scalar(node)))  # type: ignore[arg-type]


def add(world: World) -> None:
    """Add every register; the group's own rows of the window come on top."""
    registers = read()
    first = at(world.assumptions.first_day - timedelta(days=1))
    for account, name, kind, subtype, side, behaviour, function in registers["accounts"]:
        world.tables.add(
            "account",
            first,
            account=account,
            name=name,
            type=kind,
            subtype=subtype,
            normal_side=side,
            cost_behaviour=behaviour,
            function=function,
            is_cash=False,
        )
    for name, scope, valid_from, valid_to, value, unit, source in registers["parameters"]:
        _parameter(world, (name, scope, valid_from, valid_to), value, unit, source)
    for doc, entity, kind, issuer, limit, effective, expires, verified in registers["documents"]:
        world.tables.add(
            "compliance_doc",
            max(first, at(verified)),
            doc_id=doc,
            entity_id=entity,
            kind=kind,
            issuer=issuer,
            limit_cents=limit,
            effective=effective,
            expires=expires,
            verified_on=verified,
            verified_by="Carole",
        )
    for system, category, status, since in registers["systems"]:
        known = max(first, at(since))
        world.tables.add("system", known, system_id=system, category=category, status=status, since=since)
    _prices(world)
    _people(world)
    _recommendations(world)
    _budget(world)


def _parameter(
    world: World, key: tuple[str, str, date, date | None], value: Decimal | int, unit: str, source: str
) -> None:
    name, scope, valid_from, valid_to = key
    known = at(max(valid_from, world.assumptions.first_day) - timedelta(days=1))
    world.tables.add(
        "param",
        known,
        param=name,
        scope=scope,
        valid_from=valid_from,
        valid_to=valid_to,
        value=value,
        unit=unit,
        source=source,
    )


def _prices(world: World) -> None:
    """The charter's price and variable cost of each year; from 2025 on the group's own rows hold them."""
    terms, source = world.assumptions.charters, "chosen for the sample"
    last_year = world.last_day.year
    for name, values in (
        ("unit_price_cents", terms.price_cents),
        ("unit_variable_cost_cents", terms.variable_cost_cents),
    ):
        for year, cents in values.items():
            start = max(date(year, 1, 1), world.assumptions.first_day)
            end = date(year, 12, 31) if year < last_year else None
            _parameter(world, (name, f"{terms.entity_id}:charter", start, end), cents, "cents", source)


def _people(world: World) -> None:
    """Before the window the owner held the charter business alone, and nobody was leaving."""
    first, jada = world.assumptions.first_day, world.assumptions.charters.entity_id
    founder: dict[str, Cell] = {
        "entity_id": jada,
        "person_id": "founder",
        "valid_from": first,
        "pct_bp": 10_000,
        "agreement_signed": True,
        "vesting_schedule": "on file",
    }
    world.tables.add("equity_holder", at(first - timedelta(days=1)), **founder)
    closed_on = at(date(2026, 1, 5))
    world.tables.add("equity_holder", closed_on, **founder, valid_to=world.last_day - timedelta(days=1))
    known = at(first - timedelta(days=1))
    world.tables.add("key_role", known, role_id="operations", entity_id=jada, person_id="Carole")
    captain: dict[str, Cell] = {"role_id": "captain", "entity_id": jada, "person_id": "capt-1"}
    world.tables.add("key_role", known, **captain, successor_id="capt-2", runbook_uri="on file")


def _recommendations(world: World) -> None:
    """Savings that were found and taken up earlier, and one of the window as it was while still open."""
    for rec, title, resource, cents, opened, closed in (
        ("R01", "delete unattached volumes", technology.VOLUMES, 700, date(2024, 9, 2), technology.VOLUMES_DELETED),
        ("R02", "reserved capacity for the database", None, 1200, date(2025, 2, 3), date(2025, 3, 3)),
        ("R4", "NAT gateway removal", None, 900, date(2026, 1, 5), None),
    ):
        row: dict[str, Cell] = {
            "rec_id": rec,
            "title": title,
            "resource_id": resource,
            "est_monthly_saving_cents": cents,
            "opened_on": opened,
        }
        world.tables.add("cost_recommendation", at(opened), **row, status="open")
        if closed:
            rejected = rec == "R02"
            status = "rejected" if rejected else "done"
            world.tables.add("cost_recommendation", at(closed), **row, status=status, closed_on=closed)


def _budget(world: World) -> None:
    budget = world.assumptions.budget
    for year in budget.years:
        known = at(date(year, *PLANNED_ON))
        for month in range(1, MONTHS + 1):
            revenue = {(t.entity_id, t.account): _target(world, t, year, month) for t in budget.revenue}
            rows = dict(revenue)
            for account, (entity, source, bp) in budget.direct_cost_bp.items():
                rows[entity, account] = share(revenue[entity, source], bp)
            for cost in world.assumptions.fixed_costs:
                rows[cost.entity_id, cost.account] = in_year(cost.cents, year)
            overheads.split_target(world, rows)
            contractors = world.assumptions.contractors
            rows[contractors.entity_id, contractors.account] = sum(contractors.cents) // 2
            for (entity, account), cents in rows.items():
                world.tables.add(
                    "budget",
                    known,
                    entity_id=entity,
                    month=date(year, month, 1),
                    account=account,
                    amount_cents=cents,
                    version="v1",
                )


def _target(world: World, target: Target, year: int, month: int) -> int:
    level = target.level_cents[year]
    if month < world.assumptions.budget.back_in.get(year, {}).get(target.entity_id, 1):
        return 0
    if target.follows == "level":
        return level
    season: tuple[float, ...] = getattr(world.assumptions, target.follows).season
    return round(level * season[month - 1] * MONTHS / sum(season) / 1000) * 1000


def counterparties(world: World) -> None:
    """Add everyone whom the books, bookings and invoices name, from the day when first named."""
    met: dict[str, str] = {}
    for table, column in (("ledger", "counterparty_id"), ("invoice", "counterparty_id"), ("booking", "customer_id")):
        for row in world.tables.rows(table):
            party = row.get(column, "")
            if party and party not in world.assumptions.funding.reserve_cents:
                met[party] = min(met.get(party, row["recorded_at"]), row["recorded_at"])
    vendors = {row[0]: row[1:] for row in read()["vendors"]}
    for party in sorted(met):
        reportable, w9, form = vendors.get(party, (False, None, "company" if party.startswith("V-") else None))
        vendor = party.startswith("V-")
        kind = "vendor" if vendor else "owner" if party.startswith("P-") else "customer"
        row = {
            "counterparty_id": party,
            "kind": kind,
            "name_hash": hashlib.sha256(f"sample {party}".encode()).hexdigest()[:16],
            "is_1099_vendor": str(reportable).lower() if vendor else "",
            "w9_on_file": str(w9).lower() if w9 is not None else "",
            "entity_type": form or "",
            "state": "CA",
            "recorded_at": met[party],
        }
        world.tables.adopt("counterparty", [row])
