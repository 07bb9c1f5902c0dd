"""The CFO's section on what can be done about the cash path: each action with its saving and the date it buys."""

from __future__ import annotations

from collections.abc import Sequence

from executive_suite import formats
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.rendering.blocks import NOTHING, Cell, Section, Table, section
from executive_suite.reports import phrases, runway
from executive_suite.reports.cfo.terms import contract_of, is_lease
from executive_suite.reports.selection import Selection, cents
from executive_suite.reports.tables.builder import figures, table, words
from executive_suite.reports.tables.lean import MOST_ROWS, shown

_BUNDLES = {
    "cut": "All cuts",
    "sell": "Sell all idle assets",
    "cut_and_sell": "All cuts, and sell all idle assets",
    "cut_collect_renew": "All cuts, collect, renew",
    "raise": "Raise money",
}


def levers(s: Selection) -> Section:
    """The section on cuts, sales and renewals; if cash does not run out, that nothing has to be cut."""
    found = _levers(s)
    alone = [fact for fact in found if fact.dimensions["lever"] != "close"]
    return section(
        "Cuts and what they buy",
        covered=s.fact("net_burn").value is not None,
        point=_point(s),
        rows={"every": _table(s, "Every action that buys a day, each alone", found)} if found else {},
        **shown(
            levers=_table(s, "What each action alone brings, and until when cash lasts", alone[:MOST_ROWS]),
            bundles=_bundles(s),
        ),
    )


def _levers(s: Selection) -> list[Fact]:
    """The actions that buy a day, first those that buy most."""
    every = s.facts("cash_lever", "lever", "key") if runway.burns(s) else ()
    found = [fact for fact in every if cents(fact) > 0 and not _part(s, fact)]
    return sorted(found, key=lambda fact: (-cents(fact), -cents(_like(s, "cash_lever_saving", fact)), fact.sort_key))


def _point(s: Selection) -> str:
    """What all cuts together save and buy, what it takes to get through the year, and else what has to be raised."""
    mean = s.fact("net_burn")
    if mean.number is None:
        return f"Not available: {mean.reason}."
    if mean.number <= 0:
        return f"Operations add {formats.money(-mean.number)} a month: nothing has to be cut while sales go on."
    bundles = {fact.dimensions["bundle"]: fact for fact in s.facts("cash_bundle", "bundle", entity_id=GROUP)}
    if s.fact("cash_out_date").status == "not_applicable":
        return f"Cash lasts beyond 12 months at {formats.of(mean)} of net burn: nothing has to be cut."
    said = []
    if cut := bundles.get("cut"):
        saving, until = _like(s, "cash_bundle_saving", cut), _like(s, "cash_bundle_date", cut)
        said.append(f"All cuts together save {formats.of(saving)} and move the end of cash {_to(until)}.")
    both = bundles.get("cut_collect_renew")
    if both is not None and not _same(s, both, bundles.get("cut")):
        until = _like(s, "cash_bundle_date", both)
        said.append(f"Collecting what is overdue and renewing what ends as well moves it {_to(until)}.")
    if new := bundles.get("raise"):
        said.append(f"Without any of this we have to raise {formats.of(_like(s, 'cash_bundle_once', new))}.")
    return " ".join(said) or "No cut or sale moves the date on which cash runs out."


def _same(s: Selection, one: Fact, other: Fact | None) -> bool:
    """Whether a bundle brings no more than another: there is nothing to collect and nothing to renew."""
    parts = ("cash_bundle_saving", "cash_bundle_once", "cash_bundle_date")
    return other is not None and all(_like(s, part, one).value == _like(s, part, other).value for part in parts)


def _to(until: Fact) -> str:
    return f"to {formats.day(until.value)}" if isinstance(until.value, str) else "beyond 12 months"


def _table(s: Selection, title: str, facts: Sequence[Fact]) -> Table:
    return table(
        title,
        facts,
        (
            words("Action", lambda fact: _named(s, fact)),
            figures("A month", lambda fact: _amount(_like(s, "cash_lever_saving", fact))),
            figures("Once", lambda fact: _amount(_like(s, "cash_lever_once", fact))),
            words("Cash until", lambda fact: _until(_like(s, "cash_lever_date", fact))),
        ),
    )


def _bundles(s: Selection) -> Table:
    """The stated bundles, in their order."""
    every = s.facts("cash_bundle", "bundle", entity_id=GROUP) if runway.burns(s) else ()
    found = {fact.dimensions["bundle"]: fact for fact in every}
    if "cut_collect_renew" in found and _same(s, found["cut_collect_renew"], found.get("cut")):
        del found["cut_collect_renew"]
    return table(
        "Actions together",
        [(name, found[key]) for key, name in _BUNDLES.items() if key in found],
        (
            words("Actions", lambda row: row[0]),
            figures("A month", lambda row: _amount(_like(s, "cash_bundle_saving", row[1]))),
            figures("Once", lambda row: _amount(_like(s, "cash_bundle_once", row[1]))),
            words("Cash until", lambda row: _until(_like(s, "cash_bundle_date", row[1]))),
        ),
    )


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
    return Cell(fact.value, "date") if isinstance(fact.value, str) else Cell("12+ months")


def _named(s: Selection, fact: Fact) -> str:
    return named(s, fact.dimensions["lever"], fact.dimensions["key"], fact.entity_id)


def named(s: Selection, lever: str, key: str, entity_id: str) -> str:
    """An action in words."""
    entity = s.entity(entity_id)
    ending = f"the lease of {entity}" if is_lease(s, key) else contract_of(s, key, entity)
    return {
        "cut": f"Cut at {entity}: {s.label('account', key)}",
        "close": f"Close {entity}",
        "collect": "Collect what is over 90 days overdue",
        "renew": f"Renew {ending}",
        "cloud": "Apply the open cloud savings",
        "sell": f"Sell {_asset(s, key, entity)}",
    }[lever]


def _asset(s: Selection, key: str, entity: str) -> str:
    """An asset by its name, and whose it is unless the name says so."""
    name = s.label("asset", key)
    return phrases.capital(name) if entity in name else f"{name} ({entity})"
