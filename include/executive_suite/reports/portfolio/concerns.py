"""By which rules the figures of the client portfolio call for attention."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.reports import audit
from executive_suite.reports.audit import Concern
from executive_suite.reports.portfolio.names import named
from executive_suite.reports.selection import Selection, cents

UNBILLED = "Billable work that was never billed"
NEEDS = (
    "unbilled_revenue",
    "contracts_uninvoiced",
    "mrr",
    "contract_renewals",
    "contract_notice_deadline",
    "renewals_due",
    "logo_churn",
)


def concerns(s: Selection, who: str) -> tuple[Concern, ...]:
    """Everything that the rules find, worst first."""
    rules = (_unbilled, _uninvoiced, _unstated, _ending, _over, _concentration, _lost, _notice, _loss)
    return audit.ordered(rule(s, who) for rule in rules)


def _unbilled(s: Selection, who: str) -> Concern | None:
    """Fires when billable work stands on no invoice; critical when most of it is older than ninety days."""
    gap, old = s.fact("unbilled_revenue", who), s.fact("unbilled_revenue", who, age_days="91+")
    if cents(gap) <= 0:
        return None
    facts = sorted(s.facts("unbilled_revenue", "contract", entity_id=who), key=lambda f: -cents(f))
    aged = f", {formats.of(old)} of it for more than 90 days" if cents(old) else ""
    return Concern(
        UNBILLED,
        "critical" if 2 * cents(old) > cents(gap) else "high",
        f"{formats.of(gap)} of billable work stands on no invoice{aged}.",
        f"Bill or write off {formats.of(gap)} of work.",
        at_stake=cents(gap),
        evidence=tuple(f"{named(s, who, f.dimensions['contract'])}: {formats.of(f)}" for f in facts[:5] if cents(f)),
        assumed=gap.assumed,
    )


def _uninvoiced(s: Selection, who: str) -> Concern | None:
    """Fires when an active contract got no invoice in the latest complete month."""
    none = s.fact("contracts_uninvoiced", who)
    if cents(none) <= 0:
        return None
    return Concern(
        "Active contracts without an invoice",
        "high",
        f"{formats.of(none)} {none.reason} got no invoice.",
        f"Invoice or close {formats.counted(cents(none), 'contract')} without an invoice.",
        assumed=none.assumed,
    )


def _unstated(s: Selection, who: str) -> Concern | None:
    """Fires when active contracts state no monthly fee, so that recurring revenue cannot be told."""
    mrr = s.fact("mrr", who)
    if not any(words in mrr.reason for words in ("no monthly fee", "states a monthly fee")):
        return None
    return Concern(
        "Contracts without a stated fee",
        "high",
        f"{mrr.reason[:1].upper()}{mrr.reason[1:]}; recurring revenue leaves them out.",
        f"Agree a billing model and a fee: {mrr.reason}.",
        assumed=mrr.assumed,
    )


def _within(s: Selection, who: str) -> list[Fact]:
    """Contracts whose running term ends within the quarter and does not renew itself."""
    found = []
    for fact in s.facts("contract_renewals", "contract", "client", entity_id=who):
        if fact.value is None or fact.reason:
            continue
        days = (date.fromisoformat(str(fact.value)) - s.figures.report_date).days
        if 0 <= days <= audit.LOOK_AHEAD_DAYS:
            found.append(fact)
    return sorted(found, key=lambda f: str(f.value))


def _ending(s: Selection, who: str) -> Concern | None:
    """Fires when contracts end within the quarter and do not renew themselves."""
    facts = _within(s, who)
    if not facts:
        return None
    fee = s.fact("renewal_mrr", who, within_days=str(audit.LOOK_AHEAD_DAYS))
    ends = "ends" if len(facts) == 1 else "end"
    return Concern(
        "Contracts about to end",
        "high",
        f"{len(facts)} of {formats.counted(len(_all(s, who)), 'active contract')} {ends} "
        f"within {audit.LOOK_AHEAD_DAYS} days without renewing: {formats.of(fee)} of recurring revenue a month.",
        f"Renew or release {formats.counted(len(facts), 'contract')}, the first by {formats.of(facts[0])}.",
        at_stake=cents(fee) or None,
        due=date.fromisoformat(str(facts[0].value)),
        evidence=tuple(f"{f.dimensions['contract']} ({f.dimensions['client']}): {formats.of(f)}" for f in facts[:8]),
        assumed=any(f.assumed for f in facts),
    )


def _all(s: Selection, who: str) -> tuple[Fact, ...]:
    return s.facts("contract_renewals", "contract", "client", entity_id=who)


def _over(s: Selection, who: str) -> Concern | None:
    """Fires when contracts go on past their end without renewing themselves."""
    over = s.fact("renewals_due", who, state="out_of_contract")
    if cents(over) <= 0:
        return None
    return Concern(
        "Work out of contract",
        "high",
        f"{formats.counted(cents(over), 'contract')} went past the end and still runs.",
        f"Renew {formats.counted(cents(over), 'contract')} that ran out.",
    )


def _concentration(s: Selection, who: str) -> Concern | None:
    """Fires when one client brings more than half of the recurring revenue."""
    total = cents(s.fact("mrr", who))
    clients = [f for f in s.facts("mrr", "client", entity_id=who) if cents(f) > 0]
    if not total or not clients:
        return None
    top = max(clients, key=lambda f: (cents(f), f.dimensions["client"]))
    if 2 * cents(top) <= total:
        return None
    part = formats.share(Decimal(cents(top)) / total)
    return Concern(
        "Recurring revenue hangs on one client",
        "medium",
        f"{top.dimensions['client']} brings {formats.of(top)} of {formats.of(s.fact('mrr', who))} a month ({part}).",
        at_stake=cents(top),
        assumed=top.assumed,
    )


def _lost(s: Selection, who: str) -> Concern | None:
    """Fires when more than a tenth of the clients left within twelve months."""
    churn = s.fact("logo_churn", who)
    if churn.value is None or Decimal(str(churn.value)) <= Decimal("0.1"):
        return None
    return Concern(
        "Clients lost",
        "medium",
        f"{formats.of(churn)} of the clients of a year ago have left.",
        assumed=churn.assumed,
    )


def _notice(s: Selection, who: str) -> Concern | None:
    """Fires when the last day to give notice of a contract that renews itself lies within the quarter.

    A contract that ends by itself needs no notice: its end is a concern of its own.
    """
    renewing = [
        s.fact("contract_notice_deadline", who, **fact.dimensions)
        for fact in s.facts("contract_renewals", "contract", "client", entity_id=who)
        if fact.reason == "renews itself"
    ]
    today = s.figures.report_date
    ahead = [f for f in renewing if f.value is not None and date.fromisoformat(str(f.value)) >= today]
    if not ahead:
        return None
    deadline = min(ahead, key=lambda fact: str(fact.value))
    days = (date.fromisoformat(str(deadline.value)) - today).days
    if days > audit.LOOK_AHEAD_DAYS:
        return None
    when = f"in {formats.counted(days, 'day')}" if days else "the day of this report"
    return Concern(
        "A notice deadline is near",
        "medium",
        f"The next deadline for notice is {formats.of(deadline)}, {when}.",
        f"Decide on notice by {formats.of(deadline)}.",
        due=date.fromisoformat(str(deadline.value)),
    )


def _loss(s: Selection, who: str) -> Concern | None:
    """Fires when a client costs more than was invoiced, cloud cost included."""
    facts = sorted((f for f in s.facts("client_margin", "client", entity_id=who) if cents(f) < 0), key=cents)
    if not facts:
        return None
    lost = -sum(cents(f) for f in facts)
    return Concern(
        "Clients that cost more than they bring",
        "high",
        f"{formats.counted(len(facts), 'client')} cost {formats.money(lost)} more than was invoiced in twelve months.",
        f"Reprice or leave {formats.counted(len(facts), 'client')}: {formats.money(lost)} a year.",
        at_stake=lost,
        evidence=tuple(f"{f.dimensions['client']}: {formats.of(f)}" for f in facts[:8]),
        assumed=any(f.assumed for f in facts),
    )
