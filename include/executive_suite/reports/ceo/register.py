"""The CEO's sections on equity and key people, KPIs, and assets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from executive_suite import formats
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.rendering.blocks import Section, Table, section
from executive_suite.reports import phrases
from executive_suite.reports.absence import left, none, zero
from executive_suite.reports.selection import Selection, cents
from executive_suite.reports.tables.builder import Col, day, figures, itself, table, words
from executive_suite.wording import say
from executive_suite.written import named

_MOST_ASSETS = 15
"""Assets listed individually; a mail has no room for more."""
_NAMED = 3
"""Holders or roles that a sentence names."""
_OFFICES = frozenset({"ceo", "cto", "cfo", "cmo"})


def people(s: Selection) -> Section:
    """The section on equity and key people."""
    known = [s.fact(name).value for name in ("equity_uncommitted_pct", "succession_coverage")]
    return section(
        "Equity and key people",
        point=_people(s),
        covered=any(value is not None for value in known),
        rows={"equity": _equity(s), "roles": _roles(s)},
    )


def _people(s: Selection) -> str:
    """Who holds shares without a signed agreement or vesting, and which critical roles have no successor."""
    shares, roles = s.fact("equity_uncommitted_pct"), s.fact("succession_coverage")
    held = [fact for since in ((), ("since",)) for fact in s.facts("equity_uncommitted_pct", "person", *since)]
    exposed = [
        say(
            "{person} ({fact} of {entity_id})",
            person=fact.dimensions["person"],
            fact=formats.of(fact),
            entity_id=s.entity(fact.entity_id),
        )
        for fact in held
        if fact.value
    ]
    committed = say("Every holder has a signed agreement with vesting.")
    if exposed:
        hold = phrases.are(len(exposed), "holds", "hold")
        committed = say(
            "{exposed} {hold} shares without a signed agreement or vesting: sign both.",
            exposed=phrases.some(exposed, _NAMED),
            hold=hold,
        )
    leaving = [
        f"{fact.dimensions['person']} ({fact.dimensions['role']}, {s.entity(fact.entity_id)}"
        + (say(", leaves {gone})", gone=formats.day(gone)) if (gone := fact.dimensions["departure"]) else ")")
        for fact in s.facts("key_role_exposed", "role", "person", "departure", "successor", "runbook")
        if fact.value
    ]
    covered = say("Every critical role is covered.")
    if leaving:
        covered = say(
            "Critical roles without cover: {leaving}. Name a successor and write the runbook.",
            leaving=phrases.some(leaving, _NAMED),
        )
    return " ".join(
        (
            phrases.unless(shares, committed) if shares.value is None else committed,
            phrases.unless(roles, covered) if roles.value is None and not leaving else covered,
        )
    )


def assets(s: Selection) -> Section:
    """The section on assets."""
    return section(
        "Assets across all business units",
        point=_owned(s),
        covered=s.fact("asset_count").value is not None,
        rows={"units": _by_unit(s), "register": _register(s)},
    )


def _owned(s: Selection) -> str:
    """What the assets are worth, what is owed on them, how far they are insured, and what has no value on record."""
    count, value, equity, insured = (
        s.fact(f"asset_{name}") for name in ("count", "market_value", "equity", "insured_ratio")
    )
    if count.value is None:
        return phrases.unless(count, "No assets are recorded.")
    worth = f"{formats.counted(count.value, 'asset')}"
    if value.value is not None:
        worth += say(": market value {of}", of=formats.of(value))
        worth += say(", {equity} after liens", equity=formats.of(equity)) if equity.value is not None else ""
        worth += say("; {insured} of it is insured", insured=formats.of(insured)) if insured.value is not None else ""
    low = min(
        (f for e in s.entities("asset_insured_ratio") if (f := s.fact("asset_insured_ratio", e)).number is not None),
        key=lambda fact: (fact.number or 0, fact.entity_id),
        default=None,
    )
    least = ""
    if low is not None and (low.number or 0) < 1:
        least = say(
            "Least insured is {entity_id}: {low} of market value.",
            entity_id=s.entity(low.entity_id),
            low=formats.of(low),
        )
    return " ".join(filter(None, (f"{worth}.", least, phrases.sentence(value.reason))))


def _equity(s: Selection) -> Table:
    # One person may hold several shares, distinguished by their first day.
    shares, risks = (
        [fact for since in ((), ("since",)) for fact in s.facts(metric_id, "person", *since, *also)]
        for metric_id, also in (("equity_share_pct", ("signed", "vesting")), ("equity_uncommitted_pct", ()))
    )

    def holding(fact: Fact) -> tuple[str, str, str]:
        return fact.entity_id, fact.dimensions["person"], fact.dimensions.get("since", "")

    exposed = {holding(fact) for fact in risks if fact.value}
    return table(
        "Equity holders at the report date, share of the company",
        sorted(shares, key=lambda f: (f.entity_id, -cents(f), holding(f))),
        (
            words("Company", lambda f: s.entity(f.entity_id)),
            words("Holder", lambda f: f.dimensions["person"]),
            itself("Share"),
            words("Signed agreement", lambda f: f.dimensions["signed"]),
            words("Vesting", lambda f: f.dimensions["vesting"]),
            words(
                "Risk",
                lambda f: "exposed" if holding(f) in exposed else "committed",
                tone=lambda f: "act" if holding(f) in exposed else "fine",
            ),
        ),
        empty=phrases.missing(
            s.fact("equity_share_pct"), "Add the capitalization table.", "No equity holders are recorded."
        ),
    )


def _roles(s: Selection) -> Table:
    return table(
        "Critical roles and successors, at the report date",
        s.facts("key_role_exposed", "role", "person", "departure", "successor", "runbook"),
        (
            words("Role", lambda f: phrases.capital(f.dimensions["role"])),
            words("Business unit", lambda f: s.entity(f.entity_id)),
            words("Held by", lambda f: f.dimensions["person"]),
            day("Leaves", lambda f: f.dimensions["departure"], say("not planned")),
            words("Successor", lambda f: f.dimensions["successor"] or say("none named")),
            words("Runbook", lambda f: f.dimensions["runbook"] or "none"),
            words(
                "Risk",
                lambda f: "exposed" if f.value else "covered",
                tone=lambda f: "act" if f.value else "fine",
            ),
        ),
        empty=phrases.missing(
            s.fact("key_role_exposed"), "Add them with their successors.", "No critical roles are recorded."
        ),
    )


def _by_unit(s: Selection) -> Table:
    def column(head: str, metric_id: str) -> Col[str]:
        return figures(head, lambda entity: s.fact(metric_id, entity), notes="never")

    return table(
        "Assets by business unit, at the report date",
        s.entities("asset_count"),
        (
            words("Business unit", s.entity),
            column("Assets", "asset_count"),
            column("Book value", "asset_book_value"),
            column("Market value", "asset_market_value"),
            column("Equity", "asset_equity"),
            column("Insured", "asset_insured_ratio"),
        ),
        total=GROUP,
        note=_coverage(s),
        empty=phrases.missing(s.fact("asset_count"), "Add the asset register.", "No assets are recorded."),
    )


def _coverage(s: Selection) -> str:
    """How many assets lack a value; empty if none does."""
    found = [s.fact(metric_id).reason for metric_id in ("asset_book_value", "asset_market_value")]
    words_of_both = "; ".join(dict.fromkeys(filter(None, found)))
    return (
        say("{words_of_both}: not included in the sums.", words_of_both=phrases.capital(words_of_both))
        if words_of_both
        else ""
    )


def _register(s: Selection) -> Table:
    facts = s.facts("asset_market_value", "asset", "class", "name")
    more = len(facts) - _MOST_ASSETS
    return table(
        "Asset register at the report date, largest market value first",
        sorted(facts, key=lambda f: (-cents(f), f.dimensions["asset"]))[:_MOST_ASSETS],
        (
            words("Asset", lambda f: f"{f.dimensions['name']} ({f.dimensions['class']})"),
            words("Business unit", lambda f: s.entity(f.entity_id)),
            figures("Book value", lambda f: s.fact("asset_book_value", f.entity_id, **f.dimensions), notes="never"),
            itself("Market value", notes="never"),
            figures("Equity", lambda f: s.fact("asset_equity", f.entity_id, **f.dimensions), notes="never"),
        ),
        note=phrases.left_out(more, "asset"),
        empty=phrases.missing(s.fact("asset_count"), "Add the asset register.", "No assets are recorded."),
    )


def _report_name(report_id: str) -> str:
    return named(report_id.upper() if report_id in _OFFICES else phrases.capital(report_id), f"report {report_id}")


def kpis(s: Selection) -> Section:
    """The section on KPIs: those that lack an input, and which, then those that can be measured."""
    facts = sorted(
        s.facts("kpis_missing", "kpi", "report", "name", "formula"),
        key=lambda f: (f.dimensions["report"], f.dimensions["kpi"]),
    )
    missing = [fact for fact in facts if fact.value is None or fact.value]
    ready = [fact for fact in facts if fact not in missing]
    nothing = phrases.missing(s.fact("kpis_missing"), "Add the KPI catalog.", "No KPIs are defined.")
    name: Col[Fact] = words("KPI", lambda f: f.dimensions["name"])
    report: Col[Fact] = words("Report", lambda f: _report_name(f.dimensions["report"]))
    formula: Col[Fact] = words("Definition", lambda f: f.dimensions["formula"])
    listed = table(
        say(
            "KPIs we cannot measure yet, {text} of {text_2} defined",
            text=s.text("kpis_missing"),
            text_2=s.text("kpis_defined"),
        ),
        missing,
        (name, report, words("What is missing", phrases.lacking), formula),
        empty=none("No KPI is missing.", zero(*facts)) if facts else nothing,
    )
    measured = table(
        say("KPIs we can measure, {ready} of {text} defined", ready=len(ready), text=s.text("kpis_defined")),
        ready,
        (name, report, formula),
        empty=none("No KPI can be measured yet.", left(ready)) if facts else nothing,
    )
    return section(
        "Missing KPIs and what each means",
        point=_unmeasured(s, missing) if facts else nothing,
        covered=bool(facts),
        rows={"missing": listed, "ready": measured},
    )


def _unmeasured(s: Selection, missing: Sequence[Fact]) -> str:
    """How many KPIs lack an input, and for whom."""
    every = s.text("kpis_defined")
    if not missing:
        return say("All {every} KPIs can be measured.", every=every)
    readers = Counter(_report_name(fact.dimensions["report"]) for fact in missing)
    of = formats.series([say("{count} for {name}", count=count, name=name) for name, count in sorted(readers.items())])
    count = s.fact("kpis_missing")
    known = formats.of(count) if count.value is not None else formats.number(len(missing))
    return say(
        "{known} of {every} KPIs cannot be measured yet: {of}. {missing}",
        known=known,
        every=every,
        of=of,
        missing=_inputs(missing),
    )


def _inputs(missing: Sequence[Fact]) -> str:
    """What is missing, with the KPIs that wait for it: what most of them wait for first."""
    waiting: dict[str, list[str]] = {}
    for fact in missing:
        waiting.setdefault(phrases.lacking(fact), []).append(fact.dimensions["name"])
    shown = sorted(waiting, key=lambda name: (-len(waiting[name]), name))[:_NAMED]
    return " ".join(f"{name}: {formats.series(waiting[name])}." for name in shown)
