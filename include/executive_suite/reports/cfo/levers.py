"""The CFO's section on what can be done about the cash path: each action with its saving and the date it buys."""

from __future__ import annotations

from collections.abc import Sequence

from executive_suite import formats
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.rendering.blocks import NOTHING, Cell, Section, Table, section
from executive_suite.reports import phrases, runway
from executive_suite.reports.absence import Proof, left, none, unknown
from executive_suite.reports.cfo.terms import contract_of, is_lease
from executive_suite.reports.selection import Selection, cents
from executive_suite.reports.tables.builder import figures, table, words
from executive_suite.reports.tables.lean import MOST_ROWS, shown
from executive_suite.wording import noted, say

_BUNDLES = {
    "cut": noted("All cuts"),
    "sell": noted("Sell all idle assets"),
    "cut_and_sell": noted("All cuts, and sell all idle assets"),
    "cut_collect_renew": noted("All cuts, collect, renew"),
    "raise": noted("Raise money"),
}


def levers(s: Selection) -> Section:
    """The section on cuts, sales and renewals; if cash does not run out, that nothing has to be cut."""
    found = _levers(s)
    alone = [fact for fact in found if fact.dimensions["lever"] != "close"]
    return section(
        "Cuts and what they buy",
        covered=s.fact("net_burn").value is not None,
        point=_point(s),
        rows={"every": _table(s, say("Every action that buys a day, each alone"), found)} if found else {},
        **shown(
            levers=_table(s, say("What each action alone brings, and until when cash lasts"), alone[:MOST_ROWS]),
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
        return say("Not available: {reason}.", reason=mean.reason)
    if mean.number <= 0:
        return none(
            "Operations add {number} a month: nothing has to be cut while sales go on.",
            Proof(mean.number <= 0, (mean.fact_id,)),
            number=formats.money(-mean.number),
        )
    bundles = {fact.dimensions["bundle"]: fact for fact in s.facts("cash_bundle", "bundle", entity_id=GROUP)}
    end = s.fact("cash_out_date")
    if end.status == "not_applicable":
        return none(
            "Cash lasts beyond 12 months at {mean} of net burn: nothing has to be cut.",
            unknown(end),
            mean=formats.of(mean),
        )
    if end.value is None:
        return say("Not available: {reason}.", reason=end.reason)
    said = []
    if cut := bundles.get("cut"):
        saving, until = _like(s, "cash_bundle_saving", cut), _like(s, "cash_bundle_date", cut)
        said.append(
            say(
                "All cuts together save {saving} and move the end of cash {until}.",
                saving=formats.of(saving),
                until=_to(until),
            )
        )
    both = bundles.get("cut_collect_renew")
    if both is not None and not _same(s, both, bundles.get("cut")):
        until = _like(s, "cash_bundle_date", both)
        said.append(
            say("Collecting what is overdue and renewing what ends as well moves it {until}.", until=_to(until))
        )
    if new := bundles.get("raise"):
        said.append(
            say("Without any of this we have to raise {like}.", like=formats.of(_like(s, "cash_bundle_once", new)))
        )
    if said or _levers(s):
        return " ".join(said)
    return none("No cut or sale moves the date on which cash runs out.", left(_levers(s), end))


def _same(s: Selection, one: Fact, other: Fact | None) -> bool:
    """Whether a bundle brings no more than another: there is nothing to collect and nothing to renew."""
    parts = ("cash_bundle_saving", "cash_bundle_once", "cash_bundle_date")
    return other is not None and all(_like(s, part, one).value == _like(s, part, other).value for part in parts)


def _to(until: Fact) -> str:
    return say("to {day}", day=formats.day(until.value)) if isinstance(until.value, str) else say("beyond 12 months")


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
    return Cell(fact.value, "date") if isinstance(fact.value, str) else Cell(say("12+ months"))


def _named(s: Selection, fact: Fact) -> str:
    return named(s, fact.dimensions["lever"], fact.dimensions["key"], fact.entity_id)


def named(s: Selection, lever: str, key: str, entity_id: str) -> str:
    """An action in words."""
    entity = s.entity(entity_id)
    ending = say("the lease of {entity}", entity=entity) if is_lease(s, key) else contract_of(s, key, entity)
    return {
        "cut": say("Cut at {entity}: {label}", entity=entity, label=s.label("account", key)),
        "close": say("Close {entity}", entity=entity),
        "collect": say("Collect what is over 90 days overdue"),
        "renew": say("Renew {ending}", ending=ending),
        "cloud": say("Apply the open cloud savings"),
        "sell": say("Sell {asset}", asset=_asset(s, key, entity)),
    }[lever]


def _asset(s: Selection, key: str, entity: str) -> str:
    """An asset by its name, and whose it is unless the name says so."""
    name = s.label("asset", key)
    return phrases.capital(name) if entity in name else f"{name} ({entity})"
