"""The accounting section on the chart of accounts: its audit, and the recommended structure."""

from __future__ import annotations

from collections.abc import Sequence

from executive_suite import formats
from executive_suite.facts.account_classes import STRUCTURE
from executive_suite.facts.fact import Fact
from executive_suite.rendering.blocks import Section, Tone, section
from executive_suite.reports import phrases
from executive_suite.reports.absence import OURS, Proof, none
from executive_suite.reports.selection import Selection
from executive_suite.reports.tables.builder import figures, table, words
from executive_suite.wording import noted, say

_MISSING, _UNUSED = "accounts_recommended_missing", "accounts_unused"
_CHECKS = {
    "accounts_undefined": noted("Used in the ledger, not in the chart"),
    "accounts_wrong_side": noted("Balance on the wrong side"),
    _UNUSED: noted("No posting in 12 months"),
    _MISSING: noted("Recommended class missing"),
}


def accounts(s: Selection) -> Section:
    """The section on the chart of accounts."""
    missing = s.facts(_MISSING, "number", "name", "type", "purpose")
    absent = {fact.dimensions["number"] for fact in missing}

    def tone(metric_id: str) -> Tone:
        count = s.fact(metric_id).value
        if metric_id == _UNUSED or count is None:
            return "neutral"
        return "watch" if count else "fine"

    def which(metric_id: str) -> str:
        if metric_id == _MISSING:
            return phrases.some([fact.dimensions["name"] for fact in missing]) or "none"
        return phrases.some([_account(s, fact) for fact in s.facts(metric_id, "account")]) or "none"

    rows = {
        "audit": table(
            "Audit of the chart of accounts, number of accounts",
            _CHECKS,
            (
                words("Check", lambda metric_id: say(_CHECKS[metric_id])),
                figures("Accounts", s.fact, tone=tone),
                words("Which", which),
            ),
            fixed=True,
        ),
        "structure": table(
            "Recommended structure: classes of accounts, by the usual number ranges",
            STRUCTURE if s.fact(_MISSING).value is not None else (),
            (
                words("From", lambda wanted: wanted.number),
                words("Class", lambda wanted: wanted.name),
                words("Type", lambda wanted: wanted.type),
                words(
                    "In the chart",
                    lambda wanted: "missing" if wanted.number in absent else "yes",
                    tone=lambda wanted: "watch" if wanted.number in absent else "neutral",
                ),
                words("Needed for", lambda wanted: wanted.purpose),
            ),
            note=none(
                "Number ranges are a convention; US GAAP prescribes none. Keep existing numbers; add missing classes.",
                OURS,
            ),
            empty=say("Not available: {reason}.", reason=s.fact(_MISSING).reason),
        ),
    }
    return section(
        "Chart of accounts", point=_point(s, missing), covered=s.fact("accounts_undefined").value is not None, rows=rows
    )


def _point(s: Selection, missing: Sequence[Fact]) -> str:
    """What is wrong with the chart, which class it should get, and which accounts are idle."""
    outside, wrong, unused = (s.fact(name) for name in ("accounts_undefined", "accounts_wrong_side", _UNUSED))
    if outside.value is None:
        return say("Not available: {reason}.", reason=outside.reason)
    faults = []
    if outside.value:
        count = formats.counted(outside.value, "account")
        faults.append(
            say("{count} in the ledger {are} missing from the chart", count=count, are=phrases.are(outside.value))
        )
    if wrong.value:
        has = phrases.are(wrong.value, say("has its"), say("have their"))
        faults.append(
            say("{counted} {has} balance on the wrong side", counted=formats.counted(wrong.value, "account"), has=has)
        )
    found = "; ".join(faults) or say("Every account in use is in the chart, and every balance is on its side")
    names = formats.series([fact.dimensions["name"] for fact in missing])
    add = (
        say(
            "Add the recommended {value} it lacks: {names}.",
            value=say("class") if len(missing) == 1 else say("classes"),
            names=names,
        )
        if missing
        else ""
    )
    idle = (
        none(
            "{counted} had no posting in 12 months.",
            Proof(bool(unused.value), (unused.fact_id,)),
            counted=formats.counted(unused.value, "account"),
        )
        if unused.value
        else ""
    )
    return " ".join(filter(None, (f"{found}.", add, idle)))


def _account(s: Selection, fact: Fact) -> str:
    number = fact.dimensions["account"]
    name = s.label("account", number)
    return number if name == number else f"{number} {name}"
