"""Yacht charters: deposit by card when confirmed, balance and crew costs on the day, revenue when it is over."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from sample_group.assumptions import Charters, in_year
from sample_group.books import CASH, CUSTOMER_DEPOSITS, Memo
from sample_group.days import EVENING, at, days, last_day, months
from sample_group.dice import WHOLE_BP, Dice
from sample_group.tables import Cell
from sample_group.world import Obligation, World, share

REVENUE = "4100"
CREW_AND_FUEL = "5100"
REFUND_DAYS = 3
CAST_OFF = time(11)


@dataclass(frozen=True)
class Sale:
    """One charter as sold."""

    booking_id: str
    customer: str
    channel: str
    day: date
    confirmed_on: date
    hours: int
    gross: int
    discount: int
    variable_cost: int
    guests: int

    @property
    def price(self) -> int:
        """What the customer pays, cents."""
        return self.gross - self.discount


def add(world: World) -> None:
    """Add the charters of the history; none after it, because the insurance certificate lapsed."""
    terms = world.assumptions.charters
    dice = world.dice("charters")
    number = 0
    for month in months(world.assumptions.first_day, world.last_day):
        expected = terms.season[month.month - 1] * (1 + terms.growth_bp_a_year / WHOLE_BP * world.years_since(month))
        free = list(days(month.first, last_day(month)))
        for _ in range(min(dice.count(expected), len(free) // 2)):
            day = free.pop(dice.whole(0, len(free) - 1))
            number += 1
            _add_one(world, dice, _sale(world, dice, terms, number, day))


def _sale(world: World, dice: Dice, terms: Charters, number: int, day: date) -> Sale:
    long_day = dice.happens(terms.long_day_share_bp)
    price = in_year(terms.price_cents, day.year)
    gross = price + share(price, terms.long_day_uplift_bp) if long_day else price
    discount = share(gross, terms.discount_bp) if dice.happens(terms.discount_share_bp) else 0
    spread = dice.whole(-terms.variable_cost_spread_bp, terms.variable_cost_spread_bp)
    cost = in_year(terms.variable_cost_cents, day.year)
    repeats = dice.happens(terms.repeat_customer_bp)
    customer = dice.whole(1, number) if repeats else number
    lead = timedelta(days=dice.whole(*terms.lead_days))
    return Sale(
        booking_id=f"CH{number:04d}",
        customer=f"C-CH{customer:04d}",
        channel=dice.weighted(terms.channels),
        day=day,
        confirmed_on=max(world.assumptions.first_day, day - lead),
        hours=8 if long_day else 4,
        gross=gross,
        discount=discount,
        variable_cost=round((cost + share(cost, spread)) * (1.6 if long_day else 1) / 100) * 100,
        guests=dice.whole(4, 12),
    )


def _add_one(world: World, dice: Dice, sale: Sale) -> None:
    terms, entity = world.assumptions.charters, world.assumptions.charters.entity_id
    deposit = share(sale.price, terms.deposit_bp)
    about = Memo("charter deposit (not yet earned)", counterparty=sale.customer, contract=sale.booking_id)
    world.take_deposit(entity, sale.confirmed_on, deposit, about)
    _booking(world, sale, deposit, "confirmed", at(sale.confirmed_on, EVENING))
    span = (sale.day, sale.day)
    owed = Obligation(entity, sale.booking_id, sale.price, span, "charter", sold_on=sale.confirmed_on)
    notice = (sale.day - sale.confirmed_on).days
    if notice > REFUND_DAYS and dice.happens(terms.cancelled_bp):
        cancelled = sale.confirmed_on + timedelta(days=dice.whole(1, notice - REFUND_DAYS))
        refund = Memo("charter deposit refunded", counterparty=sale.customer, contract=sale.booking_id)
        world.books.post(entity, cancelled, [(CUSTOMER_DEPOSITS, deposit), (CASH, -deposit)], refund)
        _booking(world, sale, deposit, "cancelled", at(cancelled, EVENING), cancelled_at=at(cancelled))
        world.owe(replace(owed, satisfied=False))
        world.owe(replace(owed, cents=0, satisfied=False, sold_on=cancelled))
        return
    if dice.happens(terms.no_show_bp):
        kept = Memo("charter deposit kept, no show", counterparty=sale.customer, contract=sale.booking_id)
        world.earn(entity, sale.day, {CUSTOMER_DEPOSITS: deposit}, REVENUE, kept)
        _booking(world, sale, deposit, "no_show", at(sale.day, EVENING))
        world.owe(replace(owed, cents=deposit))
        return
    balance = Memo("charter balance", counterparty=sale.customer, contract=sale.booking_id)
    world.take_deposit(entity, sale.day, sale.price - deposit, balance)
    earned = Memo("charter", counterparty=sale.customer, contract=sale.booking_id)
    world.earn(entity, sale.day, {CUSTOMER_DEPOSITS: sale.price}, REVENUE, earned)
    crew = Memo("captain, crew, fuel", counterparty="V-CREW", contract=sale.booking_id)
    world.pay_vendor(entity, sale.day, CREW_AND_FUEL, sale.variable_cost, crew)
    _booking(world, sale, deposit, "completed", at(sale.day, EVENING))
    world.owe(owed)


def _booking(world: World, sale: Sale, deposit: int, status: str, known: datetime, **cells: Cell) -> None:
    terms = world.assumptions.charters
    start = at(sale.day, CAST_OFF)
    world.tables.add(
        "booking",
        known,
        booking_id=sale.booking_id,
        entity_id=terms.entity_id,
        asset_id=terms.asset_id,
        customer_id=sale.customer,
        channel_id=sale.channel,
        booked_at=at(sale.confirmed_on, time(10)),
        confirmed_at=at(sale.confirmed_on),
        service_start=start,
        service_end=start + timedelta(hours=sale.hours),
        status=status,
        gross_cents=sale.gross,
        discount_cents=sale.discount,
        tax_cents=0,
        platform_fee_cents=0,
        variable_cost_cents=sale.variable_cost,
        deposit_cents=deposit,
        guests=sale.guests,
        **cells,
    )
