"""Yacht deliveries: quoted from miles, crew and fuel; weather delays some; some fuel never reaches the invoice."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from sample_group.assumptions import Lane, in_year
from sample_group.books import CASH, CUSTOMER_DEPOSITS, RECEIVABLE, UNBILLED, Memo
from sample_group.days import EVENING, at, days, last_day, months
from sample_group.dice import Dice
from sample_group.tables import Cell
from sample_group.world import ACH, Invoice, Obligation, World, share

REVENUE = "4600"
COSTS = "5400"
PEOPLE = {"captain": ("capt-1", "capt-2"), "mate": ("mate-1", "mate-2"), "deckhand": ("deck-1",)}
TERMS = timedelta(days=15)
QUOTE_STEP = 5_000
PORT_DAYS = 1
ROSTER_DAYS_AHEAD = 60
DAYS_PER_DAY_LOST = 3  # bad weather costs at most a day in three

Roster = dict[str, date]


@dataclass(frozen=True)
class Job:
    """One delivery as sold and as it went.

    Attributes:
        planned: First and last planned day.
        delay: Days lost to weather.
        costs: What it cost in the end, by kind, cents.
        estimate: What it was expected to cost when it was quoted, cents.
        incidents: What went wrong under way.
        offered: Days a year on which the owner would let the yacht for charter.
    """

    number: int
    lane: Lane
    sold_on: date
    planned: tuple[date, date]
    delay: int
    crew: tuple[tuple[str, str], ...]
    fuel_gallons: int
    quoted: int
    invoiced: int
    costs: tuple[tuple[str, int], ...]
    estimate: int
    incidents: int
    offered: int

    @property
    def delivery_id(self) -> str:
        """Its id in the job register."""
        return f"DL{self.number:03d}"

    @property
    def booking_id(self) -> str:
        """Its id among the bookings."""
        return f"BK-{self.delivery_id}"

    @property
    def customer(self) -> str:
        """Whose yacht it is."""
        return f"C-{self.delivery_id}"

    @property
    def arrived(self) -> date:
        """The day of arrival."""
        return self.planned[1] + timedelta(days=self.delay)


def add(world: World) -> None:
    """Add the deliveries of the history, and those that are planned at the report date."""
    terms = world.assumptions.deliveries
    dice = world.dice("deliveries")
    back: Roster = {}
    jobs: list[Job] = []
    for month in months(world.assumptions.first_day, world.last_day):
        all_days = list(days(month.first, last_day(month)))
        for start in sorted(dice.pick(all_days) for _ in range(dice.count(terms.season[month.month - 1]))):
            jobs.append(_job(world, dice, len(jobs) + 1, start, back))
    done = [job for job in jobs if job.arrived + timedelta(days=2) <= world.last_day]
    for job in done:
        _add_one(world, dice, job, billed=job is not done[-1])
    opening = world.assumptions.report_date
    sold = opening - timedelta(days=9)
    for number, start in enumerate((opening + timedelta(days=11), opening + timedelta(days=32)), len(jobs) + 1):
        planned = replace(_job(world, dice, number, start, back), sold_on=sold, delay=0)
        _delivery(world, planned, "planned", at(sold, EVENING))
        done.append(planned)
    _crew_calendar(world, done)


def _crew(dice: Dice, roles: tuple[str, ...], start: date, back: Roster) -> tuple[tuple[tuple[str, str], ...], date]:
    """Who sails, and the first day on or after ``start`` on which each role has somebody ashore."""
    ready = max(start, *(min(back.get(person, start) for person in PEOPLE[role]) for role in roles))
    ashore = {role: [person for person in PEOPLE[role] if back.get(person, ready) <= ready] for role in roles}
    return tuple((role, dice.pick(ashore[role])) for role in roles), ready


def _job(world: World, dice: Dice, number: int, start: date, back: Roster) -> Job:
    """One delivery; ``back`` is the day from which each of the crew is ashore again, and is kept up to date."""
    terms = world.assumptions.deliveries
    lane = dice.pick(terms.lanes)
    at_sea = math.ceil(lane.nautical_miles / terms.miles_a_day) + PORT_DAYS
    delay = dice.whole(1, max(1, at_sea // DAYS_PER_DAY_LOST)) if dice.happens(terms.weather_delay_bp) else 0
    roles = ("captain", "mate", "deckhand") if lane.nautical_miles >= terms.deckhand_from_miles else ("captain", "mate")
    crew, start = _crew(dice, roles, start, back)
    back |= {person: start + timedelta(days=at_sea + delay) for _, person in crew}
    gallons = round(lane.nautical_miles * dice.between(*terms.gallons_a_mile))

    def costs(days_out: int, fuel: int) -> tuple[tuple[str, int], ...]:
        return (
            ("crew", sum(terms.day_rate_cents[role] for role, _ in crew) * days_out),
            ("fuel", fuel * in_year(terms.gallon_cents, start.year)),
            ("travel", dice.round_cents(*terms.travel_cents)),
            ("provisions", terms.provisions_cents_a_person_day * len(crew) * days_out),
            ("insurance", terms.insurance_cents),
        )

    luck = world.dice(f"yacht {number}")
    expected = costs(at_sea, round(lane.nautical_miles * sum(terms.gallons_a_mile) / 2))
    actual = costs(at_sea + delay, gallons)
    cost = sum(cents for _, cents in expected)
    quoted = round((cost + share(cost, terms.markup_bp)) / QUOTE_STEP) * QUOTE_STEP
    lost = dict(actual)["fuel"] // 4 if dice.happens(terms.underbilled_bp) else 0
    return Job(
        number=number,
        lane=lane,
        sold_on=max(world.assumptions.first_day, start - timedelta(days=dice.whole(12, 45))),
        planned=(start, start + timedelta(days=at_sea - 1)),
        delay=delay,
        crew=crew,
        fuel_gallons=gallons,
        quoted=quoted,
        invoiced=quoted - lost,
        costs=actual,
        estimate=cost,
        incidents=int(luck.happens(terms.incident_bp)),
        offered=luck.whole(*terms.charter_days_offered) if luck.happens(terms.owner_lets_bp) else 0,
    )


def _add_one(world: World, dice: Dice, job: Job, *, billed: bool) -> None:
    terms = world.assumptions.deliveries
    entity = terms.entity_id
    deposit = share(job.quoted, terms.deposit_bp)
    about = Memo("delivery deposit", counterparty=job.customer, contract=job.booking_id)
    world.books.post(entity, job.sold_on, [(CASH, deposit), (CUSTOMER_DEPOSITS, -deposit)], about)
    _booking(world, job, deposit, "confirmed", at(job.sold_on, EVENING))
    _delivery(world, job, "planned", at(job.sold_on, EVENING))
    for kind, cents in job.costs:
        method = ACH if kind == "crew" else "card"
        vendor = f"V-DL-{kind.upper()}"
        spent = Memo(f"delivery {kind}", counterparty=vendor, project=job.delivery_id, method=method)
        world.pay_vendor(entity, job.arrived, COSTS, cents, spent)
    balance = job.invoiced - deposit
    earned = Memo("yacht delivery", counterparty=job.customer, contract=job.booking_id, project=job.delivery_id)
    world.earn(entity, job.arrived, {CUSTOMER_DEPOSITS: deposit, UNBILLED: balance}, REVENUE, earned)
    span = (job.arrived, job.arrived)
    world.owe(Obligation(entity, job.booking_id, job.invoiced, span, "yacht delivery", sold_on=job.sold_on))
    _booking(world, job, deposit, "completed", at(job.arrived + timedelta(days=1)))
    _delivery(world, job, "completed", at(job.arrived + timedelta(days=1)), collected=deposit)
    if not billed:
        return
    day = min(job.arrived + timedelta(days=dice.whole(1, 12)), world.last_day)
    invoice = f"INV-{job.delivery_id}"
    billing = Memo("delivery billed", "noncash", counterparty=job.customer, contract=job.booking_id)
    world.books.post(entity, day, [(RECEIVABLE, balance), (UNBILLED, -balance)], billing)
    world.invoice(Invoice(invoice, "ar", entity, job.customer, balance, day, day + TERMS, booking=job.booking_id))
    _delivery(world, job, "completed", at(day, EVENING), invoiced=job.invoiced, collected=deposit)
    paid = world.paid_on(dice, day, terms.pays_after_days)
    world.collect(entity, (invoice, paid, balance), Memo("delivery balance", counterparty=job.customer))
    if paid <= world.last_day:
        _delivery(world, job, "completed", at(paid, EVENING), invoiced=job.invoiced, collected=job.invoiced)


def _booking(world: World, job: Job, deposit: int, status: str, known: datetime) -> None:
    world.tables.add(
        "booking",
        known,
        booking_id=job.booking_id,
        entity_id=world.assumptions.deliveries.entity_id,
        customer_id=job.customer,
        channel_id="delivery-referral",
        booked_at=at(job.sold_on, time(9)),
        confirmed_at=at(job.sold_on),
        service_start=at(job.planned[0], time(7)),
        service_end=at(job.arrived if status == "completed" else job.planned[1], time(16)),
        status=status,
        gross_cents=job.invoiced if status == "completed" else job.quoted,
        discount_cents=0,
        tax_cents=0,
        platform_fee_cents=0,
        variable_cost_cents=sum(cents for _, cents in job.costs),
        deposit_cents=deposit,
    )


def _delivery(world: World, job: Job, status: str, known: datetime, **money: int) -> None:
    planned: dict[str, Cell] = {"planned_start": job.planned[0], "planned_end": job.planned[1]}
    hours = round(job.lane.nautical_miles / world.assumptions.deliveries.knots)
    if status == "completed":
        planned |= {"actual_start": job.planned[0], "actual_end": job.arrived}
        planned |= {"engine_hours": hours, "fuel_gal": job.fuel_gallons}
        planned |= {"weather_days": job.delay, "incidents": job.incidents}
    world.tables.add(
        "delivery",
        known,
        delivery_id=job.delivery_id,
        booking_id=None if status == "planned" and job.sold_on > world.last_day else job.booking_id,
        client_id=job.customer,
        origin=job.lane.origin,
        destination=job.lane.destination,
        nautical_miles=job.lane.nautical_miles,
        quoted_cents=job.quoted,
        estimated_cost_cents=job.estimate,
        vessel_id=f"Y-{job.number:03d}",
        charter_days_offered=job.offered,
        invoiced_cents=money.get("invoiced", 0),
        collected_cents=money.get("collected", 0),
        status=status,
        **planned,
    )
    days_at_sea = (job.planned[1] - job.planned[0]).days + 1 + (job.delay if status == "completed" else 0)
    first_version = money.get("invoiced") is None
    for role, person in job.crew if first_version else ():
        world.tables.add(
            "delivery_crew",
            known,
            delivery_id=job.delivery_id,
            person_id=person,
            role=role,
            days=days_at_sea,
            day_rate_cents=world.assumptions.deliveries.day_rate_cents[role],
            qualified=True,
        )


def _crew_calendar(world: World, jobs: list[Job]) -> None:
    """Add the days that the crew, who are free-lance, offer each month, and those on which they sail."""
    terms, dice = world.assumptions.deliveries, world.dice("crew")
    sails: dict[tuple[str, date], date] = {}
    for job in jobs:
        for _, person in job.crew:
            sails |= {(person, day): job.sold_on for day in days(job.planned[0], job.arrived)}
    ahead = world.assumptions.report_date + timedelta(days=ROSTER_DAYS_AHEAD)
    for month in months(world.assumptions.first_day, ahead):
        offered = month.first - timedelta(days=7)
        share_bp = terms.offered_bp[terms.season[month.month - 1] >= 1]
        for role, people in PEOPLE.items():
            for person in people:
                for day in days(month.first, min(last_day(month), ahead)):
                    free = dice.happens(share_bp)
                    if not free and (person, day) not in sails:
                        continue
                    known = offered if free else max(offered, sails[person, day])
                    cells: dict[str, Cell] = {"person_id": person, "date": day, "role": role}
                    withdrawn = (person, day) not in sails and dice.happens(terms.withdrawn_bp)
                    world.tables.add("crew_availability", at(known), **cells, available=not withdrawn)
