"""The portfolio section on churn risk: clients lost, and active contracts with signs of it."""

from __future__ import annotations

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.rendering.blocks import Cell, Section, Table, section
from executive_suite.reports import phrases
from executive_suite.reports.absence import left, none, zero
from executive_suite.reports.portfolio.contracts import CONTRACTS, fee_of
from executive_suite.reports.selection import Selection, cents
from executive_suite.reports.tables.builder import figures, itself, table, words
from executive_suite.wording import say

_RISK = "churn_risk_score"


def churn(s: Selection, who: str) -> Section:
    """The section on churn: clients lost, and signs of further churn."""
    return section(
        "Churn risk",
        covered=s.fact("churn_exposure", who).value is not None,
        point=_risk(s, who),
        rows={"signals": _signals(s, who), "risks": _risks(s, who), "kept": _kept(s, who)},
    )


def _risk(s: Selection, who: str) -> str:
    """Clients lost, then the active contracts with signs of churn, which signs, and what they bring."""
    lost, exposed = s.fact("logo_churn", who), s.fact("churn_exposure", who)
    if exposed.value is None:
        return phrases.missing(exposed, CONTRACTS, say("Churn is {exposed}.", exposed=phrases.of(exposed)))
    said = [] if lost.value is None else [say("{lost} of the clients of a year ago have left.", lost=formats.of(lost))]
    every = s.facts(_RISK, "contract", "client", entity_id=who)
    flagged = [fact for fact in every if cents(fact)]
    if not flagged:
        known = [fact for fact in every if fact.value is not None]
        many = formats.counted(len(known), "active contract")
        return " ".join((*said, none("None of {every} shows a sign of churn.", left(flagged, *known), every=many)))
    signs = sorted(
        (f for f in s.facts(_RISK, "signal", entity_id=who) if cents(f)),
        key=lambda f: (-cents(f), f.dimensions["signal"]),
    )
    named_signs = formats.series([f"{f.dimensions['signal']} ({formats.number(cents(f))})" for f in signs])
    of, shows = formats.counted(len(every), say("active contract")), phrases.are(len(flagged), "shows", "show")
    said.append(
        say(
            "{flagged} of {of} {shows} signs of churn: {named_signs}.",
            flagged=formats.number(len(flagged)),
            of=of,
            shows=shows,
            named_signs=named_signs,
        )
    )
    if cents(exposed):
        said.append(say("They bring {exposed} a month.", exposed=formats.of(exposed)))
    return " ".join(said)


def _kept(s: Selection, who: str) -> str:
    """How many clients a model expects to stay a year."""
    model = s.fact("client_survival_12_months", who)
    if model.value is None:
        return say("Client retention is not estimated: {reason}.", reason=model.reason)
    return say("{model} of clients stay a year (Kaplan-Meier estimate).", model=formats.of(model))


def _signals(s: Selection, who: str) -> Table:
    facts = s.facts(_RISK, "signal", entity_id=who)
    clear = [fact for fact in facts if fact.value is not None and not cents(fact)]
    listed = "; ".join(fact.dimensions["signal"] for fact in clear)

    def whole(fact: Fact) -> Cell:
        of = fact.qualifier.of if fact.qualifier is not None else None
        return Cell(of, "count") if of is not None else Cell()

    return table(
        "Active contracts by churn signal, count",
        sorted((f for f in facts if cents(f)), key=lambda f: (-cents(f), f.dimensions["signal"])),
        (
            words("Signal", lambda f: f.dimensions["signal"].capitalize()),
            itself("Contracts", notes="never"),
            figures("Of", whole),
        ),
        note=none("On no contract: {listed}.", zero(*clear), listed=listed) if clear else "",
        empty=none("No contract shows a churn signal that could be checked.", left(f for f in facts if cents(f)))
        if facts
        else phrases.missing(s.fact(_RISK, who), CONTRACTS),
    )


def _risks(s: Selection, who: str) -> Table:
    facts = s.facts(_RISK, "contract", "client", entity_id=who)
    return table(
        "Contracts by churn signals, most first, and their monthly recurring revenue (MRR)",
        sorted(facts, key=lambda f: (-cents(f), f.dimensions["contract"])),
        (
            words("Contract", lambda f: f"{f.dimensions['contract']} ({f.dimensions['client']})"),
            itself("Signals", notes="never"),
            figures("MRR", lambda f: fee_of(s, who, f)),
            words("Which", lambda f: f.reason or "none"),
        ),
        empty=phrases.missing(s.fact(_RISK, who), CONTRACTS),
    )
