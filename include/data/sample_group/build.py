"""The sample group from its assumptions: history, the group's own rows of the window, and what follows from both."""

from __future__ import annotations

from sample_group import (
    charters,
    clients,
    corrections,
    deliveries,
    events,
    hauling,
    headline,
    marketing,
    overheads,
    registers,
    stays,
    technology,
    treasury,
)
from sample_group.assumptions import Assumptions
from sample_group.books import Books
from sample_group.tables import Tables
from sample_group.world import World


def build(assumptions: Assumptions) -> Tables:
    """Every table of the sample group; the same assumptions give the same rows."""
    tables = Tables()
    world = World(assumptions, tables, Books(tables))
    registers.add(world)
    headline.add_registers(world)
    treasury.open_accounts(world)
    overheads.open_books(world)
    charters.add(world)
    events.add(world)
    web_jobs = hauling.add(world)
    deliveries.add(world)
    stays.add(world)
    clients.add(world)
    overheads.add(world, technology.cloud_bill(world))
    corrections.add(world)
    treasury.fund_the_winters(world)
    window = headline.ledger()
    world.books.adopt(window)
    overheads.bills_of_the_window(world, window)
    overheads.accrue(world)
    overheads.depreciate(world)
    overheads.split_mortgage(world)
    treasury.check_cash(world)
    treasury.bank(world)
    technology.add_registers(world)
    marketing.add(world, web_jobs)
    headline.add_obligations(world)
    registers.counterparties(world)
    return tables
