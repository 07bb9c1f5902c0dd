"""Client services: a retainer by the month, hours, projects by milestone, and work that nobody bills."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from executive_suite.period import Month
from sample_group.assumptions import Hourly, Project, Retainer
from sample_group.books import CUSTOMER_DEPOSITS, RECEIVABLE, Memo
from sample_group.days import EVENING, at, days, last_day, months
from sample_group.dice import Dice
from sample_group.world import ACH, Invoice, Obligation, World, share

REVENUE = "4300"
TERMS = timedelta(days=15)
NOTICE_DAYS = 30
WEEKEND = 5
PAID_AFTER = timedelta(days=1)
MINUTES = 60
QUARTER = 15
WORKED_BP, HOURS_A_SESSION, PROJECT_MINUTES = 8_000, 2, (90, 150)  # a project's price pays its hours and a margin


def add(world: World) -> None:
    """Add the contracts that the group's own rows do not hold, invoices, revenue and the work log."""
    dice = world.dice("clients")
    terms = world.assumptions.clients
    until = world.assumptions.report_date - timedelta(days=1)
    for retainer in terms.retainers:
        _retainer(world, dice, retainer, until)
    for client in terms.hourly:
        _hourly(world, dice, client)
    for project in terms.projects:
        _project(world, dice, project)
    starts = {row["contract_id"]: row["start_on"] for row in world.tables.rows("client_contract")}
    for unbilled in terms.unbilled:
        for month in months(date.fromisoformat(starts[unbilled.contract_id]), until):
            _sessions(world, dice, (unbilled.contract_id, None), month, (unbilled.sessions_a_month, unbilled.minutes))


def _retainer(world: World, dice: Dice, retainer: Retainer, until: date) -> None:
    """A fee on the second of every month; the group's own rows hold the contract, and the fees of the window."""
    terms = world.assumptions.clients
    entity, contract, cents = terms.entity_id, retainer.contract_id, retainer.monthly_cents
    about = Memo("retainer received", counterparty=retainer.client_id, contract=contract, method=ACH)
    for month in months(retainer.start_on, min(retainer.end_on, until)):
        invoice, issued = f"INV-{contract}-{month}", month.first + PAID_AFTER
        due = issued + TERMS
        world.invoice(Invoice(invoice, "ar", entity, retainer.client_id, cents, issued, due, contract=contract))
        world.owe(Obligation(entity, contract, cents, (month.first, issued), "client retainer", suffix=f"-{month}"))
        if issued <= world.last_day:
            world.receive(entity, issued, cents, REVENUE, about)
        world.settle(invoice, issued, cents, ACH)
        _sessions(world, dice, (contract, invoice), month, (terms.retainer_sessions_a_month, terms.session_minutes))


def _hourly(world: World, dice: Dice, client: Hourly) -> None:
    """The hours of a month, billed on its last day."""
    terms = world.assumptions.clients
    entity, contract = terms.entity_id, client.contract_id
    _contract(world, client, "hourly")
    for month in months(client.start_on, client.end_on):
        invoice, issued = f"INV-{contract}-{month}", last_day(month)
        work = (client.sessions_a_month, terms.session_minutes)
        cents = _sessions(world, dice, (contract, invoice), month, work) * terms.hour_cents // MINUTES
        if not cents:
            continue
        about = Memo("hours of the month", counterparty=client.client_id, contract=contract)
        due = issued + TERMS
        world.invoice(Invoice(invoice, "ar", entity, client.client_id, cents, issued, due, contract=contract))
        world.owe(Obligation(entity, contract, cents, (month.first, issued), "client hours", suffix=f"-{month}"))
        world.earn(entity, issued, {RECEIVABLE: cents}, REVENUE, about)
        paid = world.paid_on(dice, issued, terms.pays_after_days)
        world.collect(entity, (invoice, paid, cents), Memo("hours paid", counterparty=client.client_id))


def _project(world: World, dice: Dice, project: Project) -> None:
    """Half at the start, earned at the first milestone; half billed when it is handed over."""
    terms = world.assumptions.clients
    entity, contract, client = terms.entity_id, project.contract_id, project.client_id
    _contract(world, project, "project", tcv=project.total_cents)
    half = project.total_cents // 2
    middle = project.start_on + (project.end_on - project.start_on) / 2
    advance = Memo("project advance", counterparty=client, contract=contract, method=ACH)
    world.receive(entity, project.start_on, half, CUSTOMER_DEPOSITS, advance)
    first = Memo("project, first milestone", counterparty=client, contract=contract)
    world.earn(entity, middle, {CUSTOMER_DEPOSITS: half}, REVENUE, first)
    owed = Obligation(
        entity, contract, half, (project.start_on, middle), "client project", "-M1", sold_on=project.start_on
    )
    world.owe(owed)
    second = Memo("project, handed over", counterparty=client, contract=contract)
    world.earn(entity, project.end_on, {RECEIVABLE: project.total_cents - half}, REVENUE, second)
    rest = project.total_cents - half
    world.owe(replace(owed, cents=rest, span=(middle, project.end_on), suffix="-M2"))
    invoice = f"INV-{contract}-M2"
    due = project.end_on + TERMS
    world.invoice(Invoice(invoice, "ar", entity, client, rest, project.end_on, due, contract=contract))
    paid = world.paid_on(dice, project.end_on, terms.pays_after_days)
    world.collect(entity, (invoice, paid, rest), Memo("project paid", counterparty=client))
    spent = list(months(project.start_on, project.end_on))
    sessions = share(project.total_cents, WORKED_BP) // (terms.hour_cents * HOURS_A_SESSION * len(spent))
    for month in spent:
        _sessions(world, dice, (contract, invoice), month, (sessions, PROJECT_MINUTES))


def _contract(world: World, terms: Hourly | Project, model: str, *, tcv: int | None = None) -> None:
    """Write a contract from the day when it starts, and from the day after its end as churned."""
    for start, status in ((terms.start_on, "active"), (terms.end_on + timedelta(days=1), "churned")):
        world.tables.add(
            "client_contract",
            at(start),
            contract_id=terms.contract_id,
            valid_from=start,
            client_id=terms.client_id,
            tier=terms.tier,
            billing_model=model,
            tcv_cents=tcv,
            start_on=terms.start_on,
            end_on=terms.end_on,
            auto_renew=False,
            notice_days=NOTICE_DAYS,
            status=status,
        )


def _sessions(
    world: World, dice: Dice, bill: tuple[str, str | None], month: Month, work: tuple[float, tuple[int, int]]
) -> int:
    """Log a month's sessions on a contract, with the invoice that bills them; return the minutes."""
    (contract, invoice), (expected, minutes) = bill, work
    weekdays = [day for day in days(month.first, last_day(month)) if day.weekday() < WEEKEND]
    total = 0
    for _ in range(dice.count(expected)):
        day, length = dice.pick(weekdays), round(dice.between(*minutes) / QUARTER) * QUARTER
        total += length
        number = len(world.tables.rows("work_log")) + 1
        world.tables.add(
            "work_log",
            at(day, EVENING),
            work_id=f"W{number:04d}",
            contract_id=contract,
            date=day,
            minutes=length,
            rate_cents=world.assumptions.clients.hour_cents,
            invoice_id=invoice,
            billable=True,
        )
    return total
