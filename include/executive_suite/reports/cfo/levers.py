"""What the CFO can do about the cash path: each action with its saving and the date it buys, and in bundles."""

from __future__ import annotations

from executive_suite import formats
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.rendering.blocks import NOTHING, Cell, Table
from executive_suite.reports import runway
from executive_suite.reports.selection import Selection, cents
from executive_suite.reports.tables.builder import figures, table, words

_SHOWN = 10
_BUNDLES = {
    "cut": "All cuts",
    "sell": "Sell all idle assets",
    "cut_and_sell": "All cuts, and sell all idle assets",
    "cut_collect_renew": "All cuts, collect what is overdue, renew what ends",
    "raise": "Raise money to stay above the floor",
}


def levers(s: Selection) -> Table:
    """The actions that buy most, first the longest; one that buys no day is left out."""
    every = s.facts("cash_lever", "lever", "key") if runway.burns(s) else ()
    found = [fact for fact in every if cents(fact) > 0 and not _part(s, fact)]
    found.sort(key=lambda fact: (-cents(fact), -cents(_like(s, "cash_lever_saving", fact)), fact.sort_key))
    left = len(found) - _SHOWN
    return table(
        "Cuts and what they buy, each alone",
        found[:_SHOWN],
        (
            words("Action", lambda fact: _named(s, fact)),
            figures("Saves per month", lambda fact: _amount(_like(s, "cash_lever_saving", fact))),
            figures("Brings once", lambda fact: _amount(_like(s, "cash_lever_once", fact))),
            words("Cash lasts until", lambda fact: _until(_like(s, "cash_lever_date", fact))),
        ),
        note=f"{formats.counted(left, 'smaller action')} not shown." if left > 0 else "",
        empty=_nothing(s),
    )


def bundles(s: Selection) -> Table:
    """The stated bundles, in their order."""
    every = s.facts("cash_bundle", "bundle", entity_id=GROUP) if runway.burns(s) else ()
    found = {fact.dimensions["bundle"]: fact for fact in every}
    return table(
        "Actions together",
        [(name, found[key]) for key, name in _BUNDLES.items() if key in found],
        (
            words("Actions", lambda row: row[0]),
            figures("Saves per month", lambda row: _amount(_like(s, "cash_bundle_saving", row[1]))),
            figures("Brings once", lambda row: _amount(_like(s, "cash_bundle_once", row[1]))),
            words("Cash lasts until", lambda row: _until(_like(s, "cash_bundle_date", row[1]))),
        ),
        empty=_nothing(s),
    )


def _nothing(s: Selection) -> str:
    """Why there is no action to show."""
    mean = s.fact("net_burn").number
    if mean is not None and mean <= 0:
        return "Operations bring cash: nothing has to be cut."
    if s.fact("cash_out_date").status == "not_applicable":
        return "Cash lasts beyond 12 months: nothing has to be cut."
    return "None of the rules for cuts and sales finds an action that moves the date on which cash runs out."


def _part(s: Selection, fact: Fact) -> bool:
    """Whether a group row has all of it: what single entities are owed, where the group is owed more."""
    return (
        fact.dimensions["lever"] == "collect"
        and fact.entity_id != GROUP
        and bool(s.facts("cash_lever", entity_id=GROUP, lever="collect", key=""))
    )


def _like(s: Selection, metric_id: str, fact: Fact) -> Fact:
    return s.fact(metric_id, fact.entity_id, **fact.dimensions)


def _amount(fact: Fact) -> Fact | Cell:
    return fact if fact.number is not None else Cell(NOTHING)


def _until(fact: Fact) -> Cell:
    return Cell(fact.value, "date") if isinstance(fact.value, str) else Cell("beyond 12 months")


def _named(s: Selection, fact: Fact) -> str:
    """An action in words."""
    key, entity = fact.dimensions["key"], s.entity(fact.entity_id)
    return {
        "cut": f"Cut {entity}: {s.label('account', key)}",
        "close": f"Close {entity}",
        "collect": "Collect what is more than 90 days overdue",
        "renew": f"Renew the lease of {entity}" if _is_lease(s, key) else f"Renew contract {key} ({entity})",
        "cloud": "Apply the open cloud savings",
        "sell": f"Sell {s.label('asset', key)} ({entity})",
    }[fact.dimensions["lever"]]


def _is_lease(s: Selection, key: str) -> bool:
    """Whether what ends is a lease."""
    return bool(s.facts("cash_event", "day", event="lease_ends", key=key))
