"""The control rules: the register is data, each check is a function here; what can't be told never passes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from executive_suite.dataset.parameters import optional_param, scopes
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import Fact, MissingInputError
from executive_suite.facts.measure import Measure, not_evaluable
from executive_suite.metrics.frames import local_days_of
from executive_suite.metrics.registry import metric

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

HARD_CODED_CREDENTIALS = "CWE-798"

VIOLATIONS = Definition(
    "control_rule_violations",
    "Control rule violations",
    "count",
    "Exceptions to each control rule and their sum. No hard-coded secret: open security findings of CWE-798. Audit "
    "trail on expenses: transactions on expense accounts without receipt or without approver. Cover before "
    "acceptance: bookings, of entities that need cover (param coi_required), confirmed on a day on which no verified "
    "certificate of insurance was in force. A rule whose inputs are missing is not evaluable, which is not a pass.",
    "COSO Internal Control - Integrated Framework (2013), principles 10-12; CWE-798",
    "zero",
)


@dataclass(frozen=True, slots=True)
class Exceptions:
    """What breaks a rule.

    Attributes:
        table: Table of the offending rows.
        keys: Their keys, in order.
        inputs: Tables and rows looked at.
    """

    table: str
    keys: tuple[str, ...]
    inputs: Mapping[str, int]


def open_hardcoded_secrets(context: Context) -> Exceptions:
    """Security findings of CWE-798 opened before the report date, not closed and not accepted."""
    found = context.table("finding", "finding_id", "kind", "cwe", "opened_on")
    day = pd.Timestamp(context.report_date)
    still = _blank_or(found, "closed_on", lambda closed: closed >= day)
    accepted = ~_blank_or(found, "accepted_until", lambda until: until < day)
    chosen = (
        (found["kind"] == "security")
        & (found["cwe"].fillna("") == HARD_CODED_CREDENTIALS)
        & (found["opened_on"] < day)
        & still
        & ~accepted
    )
    return Exceptions("finding", _texts(found.loc[chosen, "finding_id"]), {"finding": len(found)})


def expenses_without_audit_trail(context: Context) -> Exceptions:
    """Transactions with a line on an expense account that lack a receipt or an approver."""
    ledger = context.table("ledger", "txn_id", "account")
    accounts = context.table("account", "account", "type")
    documents = context.table("expense_doc", "txn_id", "receipt_uri", "approver")
    complete = documents.loc[_filled(documents["receipt_uri"]) & _filled(documents["approver"]), "txn_id"]
    expense = accounts.loc[accounts["type"] == "expense", "account"]
    spent = ledger.loc[ledger["account"].isin(expense), "txn_id"]
    missing = spent[~spent.isin(complete)].unique()
    return Exceptions("ledger", _texts(pd.Series(missing)), {"expense_doc": len(documents), "ledger": len(spent)})


def confirmed_without_cover(context: Context) -> Exceptions:
    """Bookings confirmed on a local day outside every verified certificate of insurance in force.

    A certificate counts from the day it was verified; the requirement counts from the day its parameter is valid.
    """
    bookings = context.table("booking", "booking_id", "entity_id", "confirmed_at")
    documents = context.table("compliance_doc", "entity_id", "kind", "effective", "expires", "verified_on")
    context.table("param", "param", "scope", "value")
    if not scopes(context, "coi_required"):
        msg = f"param coi_required has no value on {context.report_date.isoformat()}"
        raise MissingInputError(msg)
    cover = documents[(documents["kind"] == "coi") & documents["verified_on"].notna()]
    confirmed = bookings[bookings["confirmed_at"].notna()]
    days = local_days_of(context, confirmed, "confirmed_at")
    held: dict[str, list[tuple[pd.Timestamp, pd.Timestamp]]] = {}
    for entity, first, last, verified in zip(
        cover["entity_id"], cover["effective"], cover["expires"], cover["verified_on"], strict=True
    ):
        held.setdefault(str(entity), []).append((max(first, verified), last))
    offending = []
    for booking, entity, day in zip(confirmed["booking_id"], confirmed["entity_id"], days, strict=True):
        if day >= pd.Timestamp(context.report_date) or not _needs_cover(context, str(entity), day.date()):
            continue
        if not any(first <= day <= last for first, last in held.get(str(entity), ())):
            offending.append(str(booking))
    inputs = {"booking": len(confirmed), "compliance_doc": len(documents)}
    return Exceptions("booking", tuple(sorted(offending)), inputs)


CHECKS: Mapping[str, Callable[[Context], Exceptions]] = {
    "no_open_hardcoded_secret": open_hardcoded_secrets,
    "expense_has_receipt_and_approver": expenses_without_audit_trail,
    "coi_verified_before_acceptance": confirmed_without_cover,
}


def exceptions(context: Context, check_name: str) -> Exceptions:
    """What breaks the rule whose check has that name.

    Raises:
        MissingInputError: an input is absent, or no check of that name exists.
    """
    check = CHECKS.get(check_name)
    if check is None:
        msg = f"check {check_name!r} is not one of {', '.join(sorted(CHECKS))}"
        raise MissingInputError(msg)
    return check(context)


@metric(VIOLATIONS, needs={"control_rule": ("rule_id", "check_name")})
def violation_facts(context: Context) -> Iterator[Fact]:  # noqa: D103 - the decorator writes the docstring
    total, blind, inputs = 0, [], {"control_rule": 0}
    if context.table("control_rule").empty:
        return
    for row in context.table("control_rule").sort_values("rule_id").to_dict("records"):
        rule = str(row["rule_id"])
        inputs["control_rule"] += 1
        try:
            found = exceptions(context, str(row["check_name"]))
        except MissingInputError as missing:
            blind.append(f"{rule} ({missing})")
            measure, used = not_evaluable(str(missing)), {"control_rule": 1}
        else:
            total += len(found.keys)
            measure, used = Measure(len(found.keys)), {"control_rule": 1, **found.inputs}
            inputs |= found.inputs
        yield context.fact("control_rule_violations", measure, inputs=used, rule=rule)
    untold = f"{', '.join(blind)} can't be told; the others have {total}"
    whole = not_evaluable(untold) if blind else Measure(total)
    yield context.fact("control_rule_violations", whole, inputs=inputs)


def _needs_cover(context: Context, entity: str, day: date) -> bool:
    """Whether an entity's bookings needed cover on a day: as its own parameter says, else the group's."""
    required = optional_param(context, "coi_required", entity, on=day) or optional_param(
        context, "coi_required", on=day
    )
    return required is not None and required.value != 0


def _blank_or(frame: pd.DataFrame, column: str, test: Callable[[Any], Any]) -> Any:
    """Whether an optional column is blank or passes; an absent column is blank throughout."""
    if column not in frame.columns:
        return pd.Series(data=True, index=frame.index)
    return frame[column].isna() | test(frame[column])


def _filled(column: pd.Series[Any]) -> pd.Series[bool]:
    return column.fillna("").astype(str).str.strip() != ""


def _texts(column: pd.Series[Any]) -> tuple[str, ...]:
    return tuple(sorted(str(value) for value in column))
