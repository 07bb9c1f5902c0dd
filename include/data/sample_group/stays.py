"""The rental property: furnished winter lets by the month, guests by the night otherwise, and the upkeep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from executive_suite.period import Month
from sample_group import registers
from sample_group.assumptions import Let, Rental
from sample_group.books import CASH, CUSTOMER_DEPOSITS, LODGING_TAX, TENANT_DEPOSITS, Memo
from sample_group.days import EVENING, at, days, last_day, months
from sample_group.dice import WHOLE_BP, Dice
from sample_group.tables import Cell
from sample_group.world import ACH, Invoice, Obligation, World

REVENUE = "4500"
REPAIRS = "5500"
CLEANING = "5510"
ARRIVAL, DEPARTURE = time(15), time(11)
TAX_PARAMETER = "lodging_tax_rate_bp"
AHEAD_DAYS = 120
REPAIR_KINDS = ("plumbing", "electrical", "hvac", "landscaping", "other")
OWNER_NIGHTS = 7

Night = dict[date, str]


@dataclass(frozen=True)
class Stay:
    """One stay as sold: booked, first night, day of departure, price and lodging tax in cents."""

    booking_id: str
    customer: str
    booked: date
    arrives: date
    leaves: date
    gross: int
    tax: int = 0


def tax_bp(night: date) -> int:
    """The lodging tax rate on a night, basis points, as the register of parameters has it."""
    rates = [(row[2], row[4]) for row in registers.read()["parameters"] if row[0] == TAX_PARAMETER]
    return int(max((first, rate) for first, rate in rates if first <= night)[1])


def lodging_tax(gross: int, stay: Sequence[date]) -> int:
    """Tax of a stay whose price is spread evenly over its nights, each at its own rate; cents, rounded once.

    >>> lodging_tax(20_000, [date(2025, 4, 30), date(2025, 5, 1)])
    2225
    """
    parts = [gross * (n + 1) // len(stay) - gross * n // len(stay) for n in range(len(stay))]
    exact = sum(part * tax_bp(night) for part, night in zip(parts, stay, strict=True))
    return (exact + WHOLE_BP // 2) // WHOLE_BP


def add(world: World) -> None:
    """Add lets, stays, calendar, lodging tax and upkeep."""
    nights: Night = {}
    for let in world.assumptions.rental.lets:
        _let(world, let, nights)
    _guests(world, nights)
    _calendar(world, nights)
    _remit(world)
    _repairs(world)


def _let(world: World, let: Let, nights: Night) -> None:
    terms = world.assumptions.rental
    lease, tenant = f"LET-{let.start_on.year}", f"C-LET-{let.start_on.year}"
    agreed = let.start_on - timedelta(days=16)
    nights |= dict.fromkeys(days(let.start_on, let.end_on), "booked")
    row: dict[str, Cell] = {
        "lease_id": lease,
        "asset_id": terms.asset_id,
        "unit": "whole property",
        "kind": "long_term",
        "start_on": let.start_on,
        "end_on": let.end_on,
        "rent_cents": let.rent_cents,
        "security_deposit_cents": let.deposit_cents,
    }
    world.tables.add("lease", at(agreed, EVENING), **row, status="active")
    held = Memo("tenant's security deposit", counterparty=tenant, contract=lease)
    taken = [(CASH, let.deposit_cents), (TENANT_DEPOSITS, -let.deposit_cents)]
    world.books.post(terms.entity_id, let.start_on - timedelta(days=3), taken, held)
    history = let.end_on <= world.last_day
    stay = _as_stay(let, lease, agreed)
    _booking(world, stay, "confirmed", agreed)
    for month in months(let.start_on, min(let.end_on, world.assumptions.report_date - timedelta(days=1))):
        invoice = f"RENT-{month}"
        first, due = month.first, month.first + timedelta(days=4)
        booking, cents = f"ST-{lease}", let.rent_cents
        world.invoice(
            Invoice(invoice, "ar", terms.entity_id, tenant, cents, first, due, booking=booking, contract=lease)
        )
        world.owe(Obligation(terms.entity_id, booking, cents, (first, first), "rent", suffix=f"-{month}"))
        if history:
            about = Memo("rent received", counterparty=tenant, contract=f"ST-{lease}")
            world.books.post(terms.entity_id, month.first, [(CASH, let.rent_cents), (REVENUE, -let.rent_cents)], about)
        world.settle(invoice, first, cents, ACH)
    if history:
        back = Memo("security deposit returned", counterparty=tenant, contract=lease)
        paid = [(TENANT_DEPOSITS, let.deposit_cents), (CASH, -let.deposit_cents)]
        world.books.post(terms.entity_id, let.end_on + timedelta(days=10), paid, back)
        world.tables.add("lease", at(let.end_on, EVENING), **row, status="ended")
        _booking(world, stay, "completed", stay.leaves)


def _as_stay(let: Let, lease: str, agreed: date) -> Stay:
    count = sum(1 for _ in months(let.start_on, let.end_on))
    leaves = let.end_on + timedelta(days=1)
    return Stay(f"ST-{lease}", f"C-{lease}", agreed, let.start_on, leaves, let.rent_cents * count)


def _booking(world: World, stay: Stay, status: str, known: date) -> None:
    terms = world.assumptions.rental
    world.tables.add(
        "booking",
        at(known, EVENING),
        booking_id=stay.booking_id,
        entity_id=terms.entity_id,
        asset_id=terms.asset_id,
        customer_id=stay.customer,
        channel_id="rental-direct",
        booked_at=at(stay.booked, time(9)),
        confirmed_at=at(stay.booked),
        service_start=at(stay.arrives, ARRIVAL),
        service_end=at(stay.leaves, DEPARTURE),
        status=status,
        gross_cents=stay.gross,
        discount_cents=0,
        tax_cents=stay.tax,
        platform_fee_cents=0,
        variable_cost_cents=terms.turnover_cost_cents,
        deposit_cents=0,
    )


def _guests(world: World, nights: Night) -> None:
    terms, dice = world.assumptions.rental, world.dice("stays")
    for start in terms.owner_week_from.values():
        nights |= dict.fromkeys(days(start, start + timedelta(days=OWNER_NIGHTS - 1)), "owner_block")
    for day in days(world.assumptions.first_day, world.last_day):
        if day not in nights and dice.happens(terms.out_of_order_bp):
            nights[day] = "out_of_order"
    day, number = world.assumptions.first_day, 0
    while day <= world.last_day:
        length = dice.whole(*terms.stay_nights)
        stay = list(days(day, day + timedelta(days=length - 1)))
        if stay[-1] <= world.last_day and not any(night in nights for night in stay):
            number += 1
            _stay(world, dice, f"ST{number:04d}", stay)
            nights |= dict.fromkeys(stay, "booked")
            day = stay[-1] + timedelta(days=1 + dice.whole(0, terms.gap_nights[day.month - 1]))
        else:
            day += timedelta(days=1)


def night_price(terms: Rental, first: date, night: date) -> int:
    """The asking price of a night, cents, to the dollar."""
    base = terms.night_cents[night.month - 1]
    grown = base * (1 + terms.price_growth_bp_a_year / WHOLE_BP * (night.year - first.year))
    return round(grown / 100) * 100


def _stay(world: World, dice: Dice, booking: str, stay: list[date]) -> None:
    terms, first = world.assumptions.rental, world.assumptions.first_day
    leaves = stay[-1] + timedelta(days=1)
    customer = f"C-{booking}"
    booked = max(first, stay[0] - timedelta(days=dice.whole(6, 60)))
    price = {Month.of(night): 0 for night in stay}
    for night in stay:
        price[Month.of(night)] += night_price(terms, first, night)
    gross = sum(price.values())
    tax = lodging_tax(gross, stay)
    sold = Stay(booking, customer, booked, stay[0], leaves, gross, tax)
    _booking(world, sold, "confirmed", booked)
    paid = Memo("guest stay paid on arrival", counterparty=customer, contract=booking)
    world.receive(terms.entity_id, stay[0], gross, CUSTOMER_DEPOSITS, paid)
    collected = Memo("lodging tax collected", counterparty=customer, contract=booking)
    world.books.post(terms.entity_id, stay[0], [(CASH, tax), (LODGING_TAX, -tax)], collected)
    bill = f"INV-{booking}"
    world.invoice(Invoice(bill, "ar", terms.entity_id, customer, gross + tax, leaves, leaves, booking=booking, tax=tax))
    world.settle(bill, leaves, gross + tax, "card")  # what was paid on arrival is applied at departure
    for month, cents in price.items():
        earned_on = min(stay[-1], last_day(month))
        about = Memo("guest stay", counterparty=customer, contract=booking)
        world.earn(terms.entity_id, earned_on, {CUSTOMER_DEPOSITS: cents}, REVENUE, about)
        span_days = (max(stay[0], month.first), earned_on)
        world.owe(Obligation(terms.entity_id, booking, cents, span_days, "guest stay", f"-{month}", sold_on=booked))
    _booking(world, sold, "completed", leaves)
    if leaves <= world.last_day:
        cleaning = Memo("turnover cleaning", counterparty="V-CLEANING")
        txn = world.pay_vendor(terms.entity_id, leaves, CLEANING, terms.turnover_cost_cents, cleaning)
        _work_order(world, (leaves, leaves), "cleaning", terms.turnover_cost_cents, txn)


def _calendar(world: World, nights: Night) -> None:
    terms, first = world.assumptions.rental, world.assumptions.first_day
    for night in days(first, world.assumptions.report_date + timedelta(days=AHEAD_DAYS)):
        world.tables.add(
            "availability",
            at(night - timedelta(days=1)) if night < world.assumptions.report_date else at(world.last_day),
            asset_id=terms.asset_id,
            date=night,
            status=nights.get(night, "available"),
            asking_cents=night_price(terms, first, night),
        )


def _remit(world: World) -> None:
    """Hand a month's lodging tax to the city by the end of the next month; after the history nothing was remitted."""
    entity = world.assumptions.rental.entity_id
    owed: dict[Month, int] = {}
    for row in world.tables.rows("ledger"):
        if row["account"] == LODGING_TAX:
            month = Month.of(date.fromisoformat(row["date"]))
            owed[month] = owed.get(month, 0) - int(row["amount_cents"])
    for month, cents in owed.items():
        day = last_day(month + 1)
        if day <= world.last_day:
            about = Memo(f"lodging tax for {month}", counterparty="V-CITY")
            world.books.post(entity, day, [(LODGING_TAX, cents), (CASH, -cents)], about)


def _repairs(world: World) -> None:
    terms, dice = world.assumptions.rental, world.dice("repairs")
    for month in months(world.assumptions.first_day, world.last_day):
        for _ in range(dice.count(terms.repairs_a_month)):
            opened = dice.pick(list(days(month.first, last_day(month) - timedelta(days=6))))
            closed = opened + timedelta(days=dice.whole(0, 6))
            cents = dice.round_cents(*terms.repair_cents, step=1_000)
            kind = dice.pick(REPAIR_KINDS)
            about = Memo(f"repair, {kind}", counterparty="V-HANDYMAN")
            txn = world.pay_vendor(terms.entity_id, closed, REPAIRS, cents, about)
            _work_order(world, (opened, closed), kind, cents, txn)


def _work_order(world: World, when: tuple[date, date], category: str, cents: int, txn: str) -> None:
    world.tables.add(
        "maintenance",
        at(when[1], EVENING),
        work_order_id=f"WO-{txn}",
        asset_id=world.assumptions.rental.asset_id,
        category=category,
        opened_on=when[0],
        closed_on=when[1],
        cost_cents=cents,
        is_capex=False,
        ledger_txn_id=txn,
    )
