"""Concerts and events: half in advance, the rest billed on the night, musicians and crew paid then."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from sample_group.books import CUSTOMER_DEPOSITS, RECEIVABLE, Memo
from sample_group.days import EVENING, at, days, last_day, months
from sample_group.dice import Dice
from sample_group.world import Invoice, Obligation, World, share

REVENUE = "4200"
COSTS = "5200"
DOORS = time(17)
TERMS = timedelta(days=15)
PERFORMERS = ("V-BAND-A", "V-BAND-B", "V-CATERING", "V-STAGE")


def add(world: World) -> None:
    """Add the events of the history."""
    dice = world.dice("events")
    number = 0
    for month in months(world.assumptions.first_day, world.last_day):
        free = list(days(month.first, last_day(month)))
        for _ in range(dice.count(world.assumptions.events.season[month.month - 1])):
            number += 1
            _add_one(world, dice, number, free.pop(dice.whole(0, len(free) - 1)))


def _add_one(world: World, dice: Dice, number: int, day: date) -> None:
    terms = world.assumptions.events
    entity, booking, customer = terms.entity_id, f"EV{number:04d}", f"C-EV{dice.whole(1, 14):04d}"
    gross = dice.round_cents(*terms.price_cents, step=10_000)
    sold = max(world.assumptions.first_day, day - timedelta(days=dice.whole(*terms.lead_days)))
    deposit = share(gross, terms.deposit_bp)
    cost = round(share(gross, dice.whole(*terms.cost_share_bp)) / 100) * 100
    world.take_deposit(entity, sold, deposit, Memo("event deposit", counterparty=customer, contract=booking))

    def known(status: str, when: datetime) -> None:
        world.tables.add(
            "booking",
            when,
            booking_id=booking,
            entity_id=entity,
            customer_id=customer,
            channel_id="qos-site",
            booked_at=at(sold, time(10)),
            confirmed_at=at(sold),
            service_start=at(day, DOORS),
            service_end=at(day, EVENING),
            status=status,
            gross_cents=gross,
            discount_cents=0,
            tax_cents=0,
            platform_fee_cents=0,
            variable_cost_cents=cost,
            deposit_cents=deposit,
            guests=None,
        )

    known("confirmed", at(sold, EVENING))
    about = Memo("event", counterparty=customer, contract=booking)
    world.earn(entity, day, {CUSTOMER_DEPOSITS: deposit, RECEIVABLE: gross - deposit}, REVENUE, about)
    invoice = f"INV-{booking}"
    world.invoice(Invoice(invoice, "ar", entity, customer, gross - deposit, day, day + TERMS, booking=booking))
    paid = world.paid_on(dice, day, terms.pays_after_days)
    receipt = Memo("event balance", counterparty=customer, contract=booking)
    world.collect(entity, (invoice, paid, gross - deposit), receipt)
    world.pay_vendor(entity, day, COSTS, cost, Memo("music, stage, catering", counterparty=dice.pick(PERFORMERS)))
    world.owe(Obligation(entity, booking, gross, (day, day), "event", sold_on=sold))
    known("completed", at(day + timedelta(days=1)))
