"""Client services: retainers by the month, projects by milestone, and work on contracts that nobody bills."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from data.sample_group.assumptions import Project, Retainer
from data.sample_group.books import CUSTOMER_DEPOSITS, RECEIVABLE, Memo
from data.sample_group.days import EVENING, at, days, last_day, months
from data.sample_group.dice import Dice
from data.sample_group.world import ACH, Invoice, Obligation, World, share
from executive_suite.period import Month

REVENUE = "4300"
TERMS = timedelta(days=15)
NOTICE_DAYS = 30
WEEKEND = 5


def add(world: World) -> None:
    """Add the contracts that the group's own rows do not hold, invoices, revenue and the work log."""
    dice = world.dice("clients")
    for retainer in world.assumptions.clients.retainers:
        _retainer(world, dice, retainer)
    for project in world.assumptions.clients.projects:
        _project(world, dice, project)
    for unbilled in world.assumptions.clients.unbilled:
        start = next(
            date.fromisoformat(r["start_on"]) for r in _contracts(world) if r["contract_id"] == unbilled.contract_id
        )
        for month in months(start, world.assumptions.report_date - timedelta(days=1)):
            for _ in range(dice.count(unbilled.sessions_a_month)):
                _work(world, dice, unbilled.contract_id, month, unbilled.minutes, invoice=None, billable=True)


def _contracts(world: World) -> list[dict[str, str]]:
    return [dict(row) for row in world.tables.rows("client_contract")]


def _known_contract(world: World, contract: str) -> bool:
    return any(row["contract_id"] == contract for row in _contracts(world))


def _retainer(world: World, dice: Dice, retainer: Retainer) -> None:
    entity = world.assumptions.clients.entity_id
    own_rows = _known_contract(world, retainer.contract_id)
    if not own_rows:
        _contract(world, retainer, "retainer", mrr=retainer.monthly_cents)
    last = min(retainer.end_on, world.assumptions.report_date - timedelta(days=1))
    for month in months(retainer.start_on, last):
        invoice = f"INV-{retainer.contract_id}-{month}"
        issued = month.first + timedelta(days=1) if own_rows else month.first
        contract, cents = retainer.contract_id, retainer.monthly_cents
        about = Memo(
            "retainer received" if own_rows else "retainer", counterparty=retainer.client_id, contract=contract
        )
        due = issued + TERMS
        world.invoice(Invoice(invoice, "ar", entity, retainer.client_id, cents, issued, due, contract=contract))
        span = (month.first, issued)
        world.owe(Obligation(entity, contract, cents, span, "monthly retainer", suffix=f"-{month}"))
        if own_rows:
            if issued <= world.last_day:
                world.receive(entity, issued, cents, REVENUE, replace(about, method=ACH))
            world.settle(invoice, issued, cents, ACH)
        else:
            world.earn(entity, issued, {RECEIVABLE: cents}, REVENUE, about)
            paid = world.paid_on(dice, issued, world.assumptions.clients.pays_after_days)
            world.collect(entity, (invoice, paid, cents), Memo("retainer received", counterparty=retainer.client_id))
        for _ in range(dice.count(world.assumptions.clients.retainer_sessions_a_month)):
            minutes = world.assumptions.clients.retainer_minutes
            _work(world, dice, contract, month, minutes, invoice=invoice, billable=True)


def _project(world: World, dice: Dice, project: Project) -> None:
    """Half at the start, earned at the first milestone; half billed when it is handed over."""
    entity, contract, client = world.assumptions.clients.entity_id, project.contract_id, project.client_id
    _contract(world, project, "project", tcv=project.total_cents)
    half = project.total_cents // 2
    middle = project.start_on + (project.end_on - project.start_on) / 2
    advance = Memo("project advance", counterparty=client, contract=contract, method=ACH)
    world.receive(entity, project.start_on, half, CUSTOMER_DEPOSITS, advance)
    first = Memo("project, first milestone", counterparty=client, contract=contract)
    world.earn(entity, middle, {CUSTOMER_DEPOSITS: half}, REVENUE, first)
    owed = Obligation(
        entity, contract, half, (project.start_on, middle), "first milestone", "-M1", sold_on=project.start_on
    )
    world.owe(owed)
    second = Memo("project, handed over", counterparty=client, contract=contract)
    world.earn(entity, project.end_on, {RECEIVABLE: project.total_cents - half}, REVENUE, second)
    rest = project.total_cents - half
    world.owe(replace(owed, cents=rest, span=(middle, project.end_on), what="hand-over", suffix="-M2"))
    invoice = f"INV-{contract}-M2"
    due = project.end_on + TERMS
    world.invoice(Invoice(invoice, "ar", entity, client, rest, project.end_on, due, contract=contract))
    paid = world.paid_on(dice, project.end_on, world.assumptions.clients.pays_after_days)
    world.collect(entity, (invoice, paid, rest), Memo("project paid", counterparty=client))
    for month in months(project.start_on, project.end_on):
        hours = share(project.total_cents, 8000) // world.assumptions.clients.hour_cents
        sessions = max(1, hours // (2 * sum(1 for _ in months(project.start_on, project.end_on))))
        for _ in range(sessions):
            _work(world, dice, contract, month, (90, 150), invoice=invoice, billable=True)


def _contract(
    world: World, terms: Retainer | Project, model: str, *, mrr: int | None = None, tcv: int | None = None
) -> None:
    """Write a contract when it starts, and as churned when it has ended."""
    for known, status in ((terms.start_on, "active"), (terms.end_on, "churned")):
        world.tables.add(
            "client_contract",
            at(known, EVENING),
            contract_id=terms.contract_id,
            valid_from=terms.start_on,
            client_id=terms.client_id,
            tier=terms.tier,
            billing_model=model,
            mrr_cents=mrr,
            tcv_cents=tcv,
            start_on=terms.start_on,
            end_on=terms.end_on,
            auto_renew=False,
            notice_days=NOTICE_DAYS,
            status=status,
        )


def _work(  # noqa: PLR0913 - each is a column of the work log
    world: World,
    dice: Dice,
    contract: str,
    month: Month,
    minutes: tuple[int, int],
    *,
    invoice: str | None,
    billable: bool,
) -> None:
    weekdays = [day for day in days(month.first, last_day(month)) if day.weekday() < WEEKEND]
    day = dice.pick(weekdays)
    number = len(world.tables.rows("work_log")) + 1
    world.tables.add(
        "work_log",
        at(day, EVENING),
        work_id=f"W{number:04d}",
        contract_id=contract,
        date=day,
        minutes=round(dice.between(*minutes) / 15) * 15,
        rate_cents=world.assumptions.clients.hour_cents,
        invoice_id=invoice,
        billable=billable,
    )
