"""Dumpster and junk hauling: paid by card on the day, or billed to trade customers; the tip is paid on the day."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta

from executive_suite.period import Month
from sample_group.assumptions import in_year
from sample_group.books import CUSTOMER_DEPOSITS, RECEIVABLE, Memo
from sample_group.days import EVENING, at, days, last_day, months
from sample_group.dice import Dice
from sample_group.world import Invoice, Obligation, World, share

REVENUE = "4400"
DISPOSAL = "5300"
ARRIVAL = time(8)
TERMS = timedelta(days=30)
TRADE_CUSTOMERS = 9
SUNDAY = 6
WEB, PHONE = "qdn-site", "qdn-phone"

WebJobs = Counter[Month]


def add(world: World) -> WebJobs:
    """Add the jobs of the history and return how many were booked over the site in each month.

    None after the history: the quote form has failed since the site's relaunch, and the telephone is the site's.
    """
    dice = world.dice("hauling")
    web: WebJobs = Counter()
    number = 0
    for month in months(world.assumptions.first_day, world.last_day):
        free = [day for day in days(month.first, last_day(month)) if day.weekday() != SUNDAY]
        for _ in range(dice.count(world.assumptions.hauling.season[month.month - 1])):
            number += 1
            day = dice.pick(free)
            booked = max(world.assumptions.first_day, day - timedelta(days=dice.whole(1, 4)))
            channel = WEB if dice.happens(world.assumptions.hauling.web_share_bp) else PHONE
            web[Month.of(booked)] += channel == WEB
            _add_one(world, dice, f"JB{number:04d}", (booked, day), channel)
    return web


def _add_one(world: World, dice: Dice, booking: str, when: tuple[date, date], channel: str) -> None:
    terms = world.assumptions.hauling
    entity, (booked, day) = terms.entity_id, when
    trade = dice.happens(terms.trade_account_bp)
    customer = f"C-TR{dice.whole(1, TRADE_CUSTOMERS):04d}" if trade else f"C-{booking}"
    price = dice.round_cents(*in_year(terms.price_cents, day.year))
    tip = round(share(price, dice.whole(*terms.disposal_share_bp)) / 100) * 100

    def known(status: str, recorded: datetime) -> None:
        world.tables.add(
            "booking",
            recorded,
            booking_id=booking,
            entity_id=entity,
            customer_id=customer,
            channel_id=channel,
            booked_at=at(booked, time(9)),
            confirmed_at=at(booked, time(10)),
            service_start=at(day, ARRIVAL),
            service_end=at(day, time(11)),
            status=status,
            gross_cents=price,
            discount_cents=0,
            tax_cents=0,
            platform_fee_cents=0,
            variable_cost_cents=tip,
            deposit_cents=0,
        )

    known("confirmed", at(booked, EVENING))
    about = Memo("hauling job", counterparty=customer, contract=booking)
    if trade:
        world.earn(entity, day, {RECEIVABLE: price}, REVENUE, about)
        invoice = f"INV-{booking}"
        world.invoice(Invoice(invoice, "ar", entity, customer, price, day, day + TERMS, booking=booking))
        paid = world.paid_on(dice, day, terms.pays_after_days)
        world.collect(entity, (invoice, paid, price), Memo("hauling job paid", counterparty=customer))
    else:
        world.receive(entity, day, price, CUSTOMER_DEPOSITS, about)
        world.earn(entity, day, {CUSTOMER_DEPOSITS: price}, REVENUE, about)
    world.pay_vendor(entity, day, DISPOSAL, tip, Memo("disposal fee", counterparty="V-TRANSFER", method="card"))
    world.owe(Obligation(entity, booking, price, (day, day), "hauling", sold_on=booked))
    known("completed", at(day + timedelta(days=1)))
