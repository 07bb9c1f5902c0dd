"""The reconciliation gate: figures that must agree do, or no report is sent and each difference is named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from executive_suite.dataset import quality_rules
from executive_suite.dataset.snapshot import Snapshot
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.schema.quality import lines

ROLL_FORWARD = ("opening", "received", "refunded", "released", "closing")


class ReconciliationError(ValueError):
    """Figures that must agree do not.

    Attributes:
        differences: One sentence per difference, with both figures.
    """

    def __init__(self, differences: Iterable[str]) -> None:
        self.differences = tuple(differences)
        super().__init__("the figures do not reconcile; no report is sent\n" + "\n".join(self.differences))


def check(snapshot: Snapshot, facts: Iterable[Fact]) -> None:
    """Let the run continue only if its figures agree with the books and with each other.

    Raises:
        ReconciliationError: naming every difference.
    """
    table = tuple(facts)
    differences = [
        *_one_value(table),
        *_trial_balance(snapshot),
        *_cash(snapshot, table),
        *_income(table),
        *_deferred_revenue(snapshot, table),
    ]
    if differences:
        raise ReconciliationError(differences)


def _one_value(facts: tuple[Fact, ...]) -> Iterator[str]:
    seen: dict[Any, Fact] = {}
    for fact in facts:
        before = seen.setdefault(fact.sort_key, fact)
        if before is not fact and (before.value, before.status) != (fact.value, fact.status):
            where = f"{fact.metric_id} of {fact.entity_id} in {fact.period} {dict(fact.dimensions) or ''}".rstrip()
            yield f"{where}: two values, {before.value} and {fact.value}"


def _trial_balance(snapshot: Snapshot) -> Iterator[str]:
    ledger = snapshot.tables.get("ledger")
    if ledger is None or "amount_cents" not in ledger.columns:
        return
    for column, what in (("entity_id", "entity"), ("txn_id", "transaction")):
        if column in ledger.columns:
            totals = ledger.groupby(column, observed=True, sort=True)["amount_cents"].sum()
            for name, total in totals[totals != 0].items():
                more, less = ("debits", "credits") if total > 0 else ("credits", "debits")
                yield f"trial balance of {what} {name}: {more} exceed {less} by {abs(total)} cents, expected 0"
    yield from lines(quality_rules.unbalanced_within_entities(ledger))


def _cash(snapshot: Snapshot, facts: tuple[Fact, ...]) -> Iterator[str]:
    """Cash in the facts, cash in the ledger and the sum of its monthly changes are one figure."""
    ledger, accounts = snapshot.tables.get("ledger"), snapshot.tables.get("account")
    needed = {"account", "entity_id", "amount_cents"}
    if ledger is None or accounts is None or not needed <= set(ledger.columns) or "is_cash" not in accounts.columns:
        return
    in_cash = ledger[ledger["account"].isin(cash_accounts(accounts))]
    by_entity = in_cash.groupby("entity_id", observed=True)["amount_cents"].sum()
    booked = {str(entity): int(total) for entity, total in by_entity.items()}
    booked[GROUP] = int(in_cash["amount_cents"].sum())
    stated = _plain(facts, "cash_balance", snapshot.report_date.isoformat())
    for entity, value in sorted(stated.items()):
        if value != booked.get(entity, 0):
            yield f"cash of {entity}: the facts say {value} cents, the ledger {booked.get(entity, 0)}"
    changes: dict[str, int] = {}
    for fact in facts:
        if fact.metric_id == "net_cash_change" and fact.status == "ok" and not fact.dimensions:
            changes[fact.entity_id] = changes.get(fact.entity_id, 0) + int(str(fact.value))
    for entity, total in sorted(changes.items()):
        if total != booked.get(entity, 0):
            held = booked.get(entity, 0)
            yield f"cash of {entity}: its monthly changes add up to {total} cents, the ledger says {held}"


def _income(facts: tuple[Fact, ...]) -> Iterator[str]:
    periods = sorted({fact.period for fact in facts if fact.metric_id == "net_income"})
    for period in periods:
        revenue, expenses = _plain(facts, "revenue", period), _plain(facts, "expenses", period)
        for entity, income in sorted(_plain(facts, "net_income", period).items()):
            if entity in revenue and entity in expenses and income != revenue[entity] - expenses[entity]:
                yield (
                    f"net income of {entity} in {period}: {income} cents, but revenue {revenue[entity]} "
                    f"less expenses {expenses[entity]}"
                )
        for name, parts in (("revenue", revenue), ("expenses", expenses)):
            children = [value for entity, value in parts.items() if entity != GROUP]
            own = sum(children) + sum(_consolidation(facts, name, period))
            if GROUP in parts and children and parts[GROUP] != own:
                yield f"{name} of the group in {period}: {parts[GROUP]} cents, its entities add up to {own}"


def _deferred_revenue(snapshot: Snapshot, facts: tuple[Fact, ...]) -> Iterator[str]:
    """The roll-forward closes, and its closing balance is the ledger's contract liabilities."""
    at = snapshot.report_date.isoformat()
    for entity, difference in sorted(_plain(facts, "deferred_revenue_difference", at).items()):
        if difference:
            yield (
                f"deferred revenue of {entity}: by contract it differs from the contract liabilities in the "
                f"ledger by {difference} cents"
            )
    for period in sorted({fact.period for fact in facts if fact.metric_id == "deferred_revenue_closing"}):
        parts = {name: _plain(facts, f"deferred_revenue_{name}", period) for name in ROLL_FORWARD}
        for entity, closing in sorted(parts["closing"].items()):
            if all(entity in part for part in parts.values()):
                opening, received, refunded, released = (parts[name][entity] for name in ROLL_FORWARD[:-1])
                if opening + received - refunded - released != closing:
                    yield (
                        f"deferred revenue of {entity} in {period}: opening {opening} and received {received} less "
                        f"refunded {refunded} and released {released} do not make closing {closing} cents"
                    )


def _consolidation(facts: tuple[Fact, ...], metric_id: str, period: str) -> Iterator[int]:
    """What the group itself posted, and what is eliminated between its entities, cents."""
    for fact in facts:
        if fact.metric_id == metric_id and fact.period == period and set(fact.dimensions) == {"part"}:
            yield int(str(fact.value))


def _plain(facts: tuple[Fact, ...], metric_id: str, period: str) -> dict[str, int]:
    """Entity to value, in cents, of a metric's facts of one period without dimensions."""
    return {
        fact.entity_id: int(str(fact.value))
        for fact in facts
        if fact.metric_id == metric_id and fact.period == period and fact.status == "ok" and not fact.dimensions
    }


def cash_accounts(accounts: pd.DataFrame) -> pd.Series[Any]:
    """The accounts that hold cash."""
    return accounts.loc[accounts["is_cash"].fillna(value=False).astype(bool), "account"]
