"""How the group is funded: opening cash, the winter reserves of 31 October, and the bank's own view."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sample_group.books import (
    AFFILIATES_DUE_FROM,
    AFFILIATES_DUE_TO,
    CASH,
    CONTRIBUTIONS,
    CUSTOMER_DEPOSITS,
    DRAWS,
    Memo,
)
from sample_group.world import World

FINANCING = "financing"


def open_accounts(world: World) -> None:
    """The owner funds each entity with its reserve when the books open."""
    for entity, cents in world.assumptions.funding.reserve_cents.items():
        about = Memo("owner contribution, opening cash", FINANCING, counterparty="P-OWNER")
        world.books.post(entity, world.assumptions.first_day, [(CASH, cents), (CONTRIBUTIONS, -cents)], about)


def fund_the_winters(world: World) -> None:
    """On the funding day of each year bring every entity to its reserve and the deposits that it holds.

    Called after everything else of the history is posted.
    """
    owed: dict[str, int] = dict.fromkeys(world.assumptions.funding.reserve_cents, 0)  # to the treasurer
    for day in _funding_days(world):
        _fund(world, day, owed)


def _funding_days(world: World) -> Iterator[date]:
    funding = world.assumptions.funding
    for year in range(world.assumptions.first_day.year, world.last_day.year + 1):
        day = date(year, funding.month, funding.day)
        if world.assumptions.first_day < day <= world.last_day:
            yield day


def _fund(world: World, day: date, owed: dict[str, int]) -> None:
    """Whoever is short gets an advance from the treasurer; whoever has more repays, and the owner draws the rest."""
    funding = world.assumptions.funding
    bank = funding.treasurer
    for entity in funding.reserve_cents:
        need = _missing(world, entity, day)
        if entity == bank:
            continue
        if need > 0:
            world.books.transfer(bank, entity, day, (AFFILIATES_DUE_FROM, AFFILIATES_DUE_TO), need)
            owed[entity] += need
            continue
        repaid = min(owed[entity], -need)
        if repaid:
            world.books.transfer(entity, bank, day, (AFFILIATES_DUE_TO, AFFILIATES_DUE_FROM), repaid)
            owed[entity] -= repaid
        _owner(world, day, entity, need + repaid)
    _owner(world, day, bank, _missing(world, bank, day))


def _missing(world: World, entity: str, day: date) -> int:
    """What an entity's cash lacks of its reserve and of the deposits that it holds; minus: what it has beyond."""
    held = -world.books.balance(entity, CUSTOMER_DEPOSITS, day)
    return world.assumptions.funding.reserve_cents[entity] + held - world.books.balance(entity, CASH, day)


def _owner(world: World, day: date, entity: str, cents: int) -> None:
    """The owner contributes what is missing, or draws what is left (minus)."""
    account, text = (CONTRIBUTIONS, "owner contribution") if cents > 0 else (DRAWS, "owner draw")
    about = Memo(f"{text}, winter reserve", FINANCING, counterparty="P-OWNER")
    if cents:
        world.books.post(entity, day, [(CASH, cents), (account, -cents)], about)


def check_cash(world: World) -> None:
    """Nobody pays from an empty account.

    Raises:
        ValueError: an entity's cash is below zero at the end of a day; the reserves are too small.
    """
    for entity in world.assumptions.funding.reserve_cents:
        cents, day = world.books.lowest_cash(entity)
        if cents < 0:
            msg = f"{entity} has {cents} cents of cash on {day}: raise funding.reserve_cents"
            raise ValueError(msg)


def bank(world: World) -> None:
    """The bank statement at the report date: one cheque not yet presented, one fee not yet booked."""
    world.books.statement(
        outstanding=("T0050",),
        unbooked=(
            (date(2026, 3, 31), -1_500, "account service fee"),
            (date(2026, 4, 24), -1_500, "account service fee"),
        ),
    )
