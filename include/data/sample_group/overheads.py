"""What is paid or written off in every month: fixed costs, contractors, the cloud bill and depreciation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise

from executive_suite.period import Month
from sample_group.assumptions import Asset, in_year
from sample_group.books import MORTGAGE, OPENING_EQUITY, PAYABLE, Memo
from sample_group.days import EVENING, at, last_day, months
from sample_group.world import ACH, Invoice, World, share

CLOUD = "6500"
CLOUD_DAY = timedelta(days=2)
DEPRECIATION = "6700"
ACCUMULATED = "1590"
EXPENSE_CLASSES = "56"
REVALUED_IN = (3, 9)
MONTHS = 12
ROUND_CONTRACTOR_CENTS = 100


def add(world: World, cloud: Mapping[Month, int]) -> None:
    """Add the costs of every month of the history; ``cloud`` is the bill of each month in cents."""
    dice = world.dice("contractors")
    contractors = world.assumptions.contractors
    for month in months(world.assumptions.first_day, world.last_day):
        for cost in world.assumptions.fixed_costs:
            about = Memo(cost.memo, counterparty=cost.vendor)
            day = month.first.replace(day=cost.day)
            world.pay_vendor(cost.entity_id, day, cost.account, in_year(cost.cents, month.year), about)
        about = Memo("AWS", counterparty="V-AWS", method="card")
        world.pay_vendor(contractors.entity_id, month.first + CLOUD_DAY, CLOUD, cloud[month], about)
        cents = dice.round_cents(*contractors.cents, step=ROUND_CONTRACTOR_CENTS)
        about = Memo(contractors.memo, counterparty=contractors.vendor)
        day = month.first.replace(day=contractors.day)
        world.pay_vendor(contractors.entity_id, day, contractors.account, cents, about)


def bills_of_the_window(world: World, ledger: Sequence[Mapping[str, str]]) -> None:
    """Write the bill behind each expense among the group's own rows: they were paid on the day when they came."""
    vendors = {cost.account: cost.vendor for cost in world.assumptions.fixed_costs}
    vendors |= {world.assumptions.contractors.account: world.assumptions.contractors.vendor, CLOUD: "V-AWS"}
    for row in ledger:
        if row["account"][0] in EXPENSE_CLASSES:
            method = "card" if row["account"] == CLOUD else ACH
            day, cents = date.fromisoformat(row["date"]), int(row["amount_cents"])
            about = Memo(row["memo"], counterparty=vendors[row["account"]], method=method)
            world.vendor_bill(row["entity_id"], day, cents, about, row["txn_id"])


def written_off(asset: Asset, until: date) -> int:
    """Straight-line depreciation at the end of the month of ``until``, from the month after acquisition, cents."""
    if asset.acquired_on is None or not asset.useful_life_months or asset.cost_cents is None:
        return 0
    age = (until.year - asset.acquired_on.year) * 12 + until.month - asset.acquired_on.month
    share = min(max(age, 0), asset.useful_life_months)
    return (asset.cost_cents - (asset.salvage_cents or 0)) * share // asset.useful_life_months


def open_books(world: World) -> None:
    """Bring in what each entity owned and owed when the books were opened."""
    first = world.assumptions.first_day
    before = first - timedelta(days=1)
    for asset in world.assumptions.assets:
        if asset.account is None or asset.cost_cents is None or asset.acquired_on is None or asset.acquired_on > first:
            continue
        lost = written_off(asset, before)
        own = asset.cost_cents - lost - asset.lien_cents
        lines = [
            (asset.account, asset.cost_cents),
            (ACCUMULATED, -lost),
            (MORTGAGE, -asset.lien_cents),
            (OPENING_EQUITY, -own),
        ]
        world.books.post(asset.entity_id, first, lines, Memo(f"opening balance, {asset.name}", "noncash"))


def interest(world: World) -> int:
    """A month's interest on the mortgage, cents."""
    terms = world.assumptions.mortgage
    lien = next(asset.lien_cents for asset in world.assumptions.assets if asset.asset_id == terms.asset_id)
    return share(lien, terms.rate_bp) // MONTHS


def split_mortgage(world: World) -> None:
    """Split every month's payment of history and window into interest and the property's running costs."""
    terms = world.assumptions.mortgage
    (paid,) = (cost for cost in world.assumptions.fixed_costs if cost.account == terms.paid_on_account)
    about = Memo("interest apart from HOA and insurance", "noncash", paid.vendor)
    for month in months(world.assumptions.first_day, world.assumptions.report_date - timedelta(days=1)):
        cents, lent = in_year(paid.cents, month.year), interest(world)
        lines = [(terms.interest, lent), (terms.running_costs, cents - lent), (terms.paid_on_account, -cents)]
        world.books.post(terms.entity_id, month.first.replace(day=paid.day), lines, about)


def split_target(world: World, targets: dict[tuple[str, str], int]) -> None:
    """The same split of a month's targets by entity and account."""
    terms = world.assumptions.mortgage
    cents = targets.pop((terms.entity_id, terms.paid_on_account))
    targets[terms.entity_id, terms.interest] = interest(world)
    targets[terms.entity_id, terms.running_costs] = cents - interest(world)


def depreciate(world: World) -> None:
    """Write off every month of history and window, and keep the register's book values in step with the books."""
    end = world.assumptions.report_date - timedelta(days=1)
    ends = [world.assumptions.first_day - timedelta(days=1)]
    ends += [last_day(month) for month in months(world.assumptions.first_day, end)]
    for asset in world.assumptions.assets:
        _register(world, asset, max(world.assumptions.first_day, asset.acquired_on or date.min))
        for before, day in pairwise(ends):
            cents = written_off(asset, day) - written_off(asset, before)
            if cents:
                about = Memo(f"depreciation, {asset.name}", "noncash")
                world.books.post(asset.entity_id, day, [(DEPRECIATION, cents), (ACCUMULATED, -cents)], about)
                _register(world, asset, day)


def _register(world: World, asset: Asset, day: date) -> None:
    booked = asset.account is not None and asset.cost_cents is not None
    valued = max((v for v in _valuation_days(world) if v <= day), default=world.assumptions.first_day)
    world.tables.add(
        "asset",
        at(day, EVENING),
        asset_id=asset.asset_id,
        entity_id=asset.entity_id,
        asset_class=asset.asset_class,
        name=asset.name,
        acquired_on=asset.acquired_on,
        cost_cents=asset.cost_cents,
        useful_life_months=asset.useful_life_months,
        salvage_cents=asset.salvage_cents,
        method="straight_line" if booked else "none",
        book_value_cents=asset.cost_cents - written_off(asset, day) if booked and asset.cost_cents else None,
        market_value_cents=in_year(asset.market_cents, valued.year) if asset.market_cents else None,
        valued_on=valued if asset.market_cents else None,
        valuation_basis=asset.basis,
        lien_cents=asset.lien_cents,
        insured_cents=asset.insured_cents,
        status="in service",
    )


def _valuation_days(world: World) -> list[date]:
    end = world.assumptions.report_date
    return [month.first for month in months(world.assumptions.first_day, end) if month.month in REVALUED_IN]


def accrue(world: World) -> None:
    """Bills that came in the window and are not paid yet: the only expenses there besides the group's own rows."""
    for entity, account, day, cents, vendor, text in (
        ("jada", "6100", date(2026, 4, 16), 86_500, "V-SURVEYOR", "haul-out survey"),
        ("rental", "5500", date(2026, 4, 21), 38_500, "V-HANDYMAN", "water heater valve"),
    ):
        txn = world.books.post(entity, day, [(account, cents), (PAYABLE, -cents)], Memo(text, "noncash", vendor))
        world.invoice(Invoice(f"BILL-{txn}", "ap", entity, vendor, cents, day, day + timedelta(days=30)))
        vessel = entity == "jada"
        world.tables.add(
            "maintenance",
            at(day, EVENING),
            work_order_id=f"WO-{txn}",
            asset_id=world.assumptions.charters.asset_id if vessel else world.assumptions.rental.asset_id,
            category="hull" if vessel else "plumbing",
            opened_on=day,
            closed_on=day,
            cost_cents=cents,
            is_capex=False,
            ledger_txn_id=txn,
        )
