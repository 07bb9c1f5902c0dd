"""The control rules: the register is data, each check is a function; a rule that is not evaluable never passes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from executive_suite.dataset.behind import Behind
from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.dataset.parameters import optional_param, scopes
from executive_suite.facts.fact import Fact, MissingInputError
from executive_suite.facts.measure import Measure, not_evaluable
from executive_suite.metrics.book.chosen import transactions_on
from executive_suite.metrics.cut import grouped
from executive_suite.metrics.registry import metric

HARD_CODED_CREDENTIALS = "CWE-798"
UNDATED = frozenset({"confirmed", "completed", "no_show"})
"""The statuses of bookings that were confirmed once."""


@dataclass(frozen=True, slots=True)
class Exceptions:
    """What breaks a rule: the keys of the offending rows of a table, in order, and the rows looked at by table."""

    table: str
    keys: tuple[str, ...]
    inputs: Mapping[str, Behind]


@per_context
def open_hardcoded_secrets(context: Context) -> Exceptions:
    """Security findings of CWE-798 opened before the report date, not closed and not accepted."""
    findings, day = context.rows("finding", "finding_id", "kind", "cwe", "opened_on"), context.report_date

    def is_open(row: Any) -> bool:
        closed, accepted = row.get("closed_on"), row.get("accepted_until")
        return row.opened_on < day and (closed is None or closed >= day) and (accepted is None or accepted < day)

    secrets = (row for row in findings if row.kind == "security" and row.cwe == HARD_CODED_CREDENTIALS)
    offending = (row.finding_id for row in secrets if is_open(row))
    return Exceptions("finding", tuple(sorted(offending)), {"finding": findings})


@per_context
def expenses_without_audit_trail(context: Context) -> Exceptions:
    """Transactions with a line on an expense account that lack a receipt or an approver."""
    context.table("ledger", "txn_id", "account")
    accounts = context.rows("account", "account", "type")
    if not accounts or context.table("ledger").empty:
        msg = f"no {'posting' if accounts else 'account'} is recorded"
        raise MissingInputError(msg)
    documents = context.rows("expense_doc", "txn_id", "receipt_uri", "approver")
    spent, lines = transactions_on(context, {row.account for row in accounts if row.type == "expense"})
    complete = {row.txn_id for row in documents if (row.receipt_uri or "").strip() and (row.approver or "").strip()}
    return Exceptions("ledger", tuple(sorted(spent - complete)), {"expense_doc": documents, "ledger": lines})


@per_context
def confirmed_without_cover(context: Context) -> Exceptions:
    """Bookings confirmed on a local day outside every verified certificate of insurance in force.

    A certificate counts from the day it was verified; the requirement counts from the day its parameter is valid.
    """
    bookings = context.rows("booking", "booking_id", "entity_id", "confirmed_at")
    documents = context.rows("compliance_doc", "entity_id", "kind", "effective", "expires", "verified_on")
    context.table("param", "param", "scope", "value")
    if not scopes(context, "coi_required"):
        msg = f"param coi_required has no value on {context.report_date.isoformat()}"
        raise MissingInputError(msg)
    held = grouped((row for row in documents if row.kind == "coi" and row.verified_on), lambda row: row.entity_id)
    confirmed = [row for row in bookings if row.confirmed_at]
    if not confirmed and any(row.get("status") in UNDATED for row in bookings):
        msg = "no booking says when it was confirmed (booking.confirmed_at)"
        raise MissingInputError(msg)

    def is_uncovered(row: Any) -> bool:
        day = context.local_day(row.confirmed_at, row.entity_id)
        own = held.get(row.entity_id, ())
        covered = any(max(one.effective, one.verified_on) <= day <= one.expires for one in own)
        return day < context.report_date and not covered and _needs_cover(context, row.entity_id, day)

    inputs = {"booking": confirmed, "compliance_doc": documents}
    return Exceptions("booking", tuple(sorted(row.booking_id for row in confirmed if is_uncovered(row))), inputs)


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


@metric("control_rule_violations", needs={"control_rule": ("rule_id", "check_name")})
def _violations(context: Context) -> Iterator[Fact]:
    rules = context.rows("control_rule")
    total, blind, inputs = 0, [], {"control_rule": rules}
    for row in sorted(rules, key=lambda row: row.rule_id):
        used: dict[str, Behind] = {"control_rule": (row,)}
        try:
            found = exceptions(context, row.check_name)
        except MissingInputError as missing:
            blind.append(f"{row.rule_id} ({missing})")
            measure = not_evaluable(str(missing))
        else:
            total += len(found.keys)
            measure = Measure(len(found.keys))
            inputs |= found.inputs
            used |= found.inputs
        yield context.fact("control_rule_violations", measure, inputs=used, rule=row.rule_id)
    if rules:
        whole = not_evaluable(f"{', '.join(blind)} not evaluable; the others have {total}") if blind else Measure(total)
        yield context.fact("control_rule_violations", whole, inputs=inputs)


def _needs_cover(context: Context, entity: str, day: date) -> bool:
    """Whether an entity's bookings needed cover on a day: by its own parameter, else by the group's."""
    group = optional_param(context, "coi_required", on=day)
    required = optional_param(context, "coi_required", entity, on=day) or group
    return required is not None and required.value != 0
