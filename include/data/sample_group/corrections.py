"""What was entered late or wrongly at first: it gives a restatement of a past period something to show."""

from __future__ import annotations

from datetime import timedelta

from sample_group.books import CASH, Memo
from sample_group.days import EVENING, at
from sample_group.world import Obligation, World

UPKEEP = "5500"
SPONSORS = "4200"


def add(world: World) -> None:
    """Add the vessel's upkeep, one bill of it entered late, and a receipt that was corrected."""
    entity, asset = world.assumptions.charters.entity_id, world.assumptions.charters.asset_id
    for bill in world.assumptions.upkeep:
        known = at(bill.entered_on or bill.day, EVENING)
        about = Memo(bill.memo, counterparty="V-BOATYARD", recorded_at=known)
        txn = world.books.post(entity, bill.day, [(UPKEEP, bill.cents), (CASH, -bill.cents)], about)
        world.vendor_bill(entity, bill.day, bill.cents, about, txn)
        world.tables.add(
            "maintenance",
            known,
            work_order_id=f"WO-{txn}",
            asset_id=asset,
            category=bill.category,
            opened_on=bill.day - timedelta(days=4),
            closed_on=bill.day,
            cost_cents=bill.cents,
            is_capex=False,
            ledger_txn_id=txn,
        )
    _misposting(world)


def _misposting(world: World) -> None:
    """The corrected version is in the books; the version keyed first is kept with its earlier time."""
    slip, entity = world.assumptions.misposting, world.assumptions.events.entity_id
    about = Memo(
        "sponsor contribution",
        counterparty="C-EV0001",
        contract="SPONSOR-1",
        recorded_at=at(slip.corrected_on, EVENING),
    )
    txn = world.books.post(entity, slip.day, [(CASH, slip.right_cents), (SPONSORS, -slip.right_cents)], about)
    world.owe(Obligation(entity, "SPONSOR-1", slip.right_cents, (slip.day, slip.day), "sponsorship"))
    keyed = at(slip.day, EVENING)
    for line, (account, cents) in enumerate(((CASH, slip.keyed_cents), (SPONSORS, -slip.keyed_cents)), 1):
        world.tables.add(
            "ledger",
            keyed,
            txn_id=txn,
            line=line,
            date=slip.day,
            entity_id=entity,
            account=account,
            amount_cents=cents,
            currency="USD",
            activity=about.activity,
            counterparty_id=about.counterparty,
            contract_id=about.contract,
            memo=about.text,
            posted_at=keyed,
        )
