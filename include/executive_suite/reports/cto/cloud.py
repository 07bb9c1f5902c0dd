"""The CTO's sections on the cloud and on readiness: cost, savings, and readiness measures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.rendering.blocks import Cell, Chart, Kpi, Section, Table, section
from executive_suite.rendering.charts import Level
from executive_suite.reports import months, news, phrases, pictures
from executive_suite.reports.absence import Proof, none
from executive_suite.reports.kpis import explained, kpi
from executive_suite.reports.selection import Selection
from executive_suite.reports.tables import cells
from executive_suite.reports.tables.builder import figures, itself, table, words
from executive_suite.wording import say

_BILL, _SAVINGS, _UNIT_COST = "cloud_billed_cost", "cloud_open_savings", "cloud_unit_cost"
_ROTATION = "secret_age_days"
_READINESS = (_ROTATION, "restore_test_age_days", "cloud_untagged_share", _UNIT_COST)
ROTATED_WITHIN_DAYS = 90
"""Rotation every quarter: the age at which a credential is reported (docs/operations.md)."""


def cloud(s: Selection) -> Section:
    """The section on the cloud."""
    facts = s.months(_BILL, months.YEAR)
    return section(
        "Cloud cost and savings",
        point=_saved(s),
        covered=bool(facts or savings(s)),
        cost=_cost(s, facts),
        rows={"services": _services(s)},
        **({"savings": _savings(s)} if savings(s) else {}),
    )


def _saved(s: Selection) -> str:
    """What the open recommendations would save."""
    saving, bill = s.fact(_SAVINGS), s.month(_BILL)
    if not saving.number:
        return phrases.unless(saving, "No saving is recommended.")
    part = ""
    if saving.unit.startswith(bill.unit) and bill.number:
        part = say(", {share} of the bill", share=formats.share(Decimal(saving.number) / Decimal(bill.number)))
    count = formats.counted(len(savings(s)), "recommendation")
    return say(
        "{count} would save {saving}{part}: apply or dismiss.", count=count, saving=formats.of(saving), part=part
    )


def oldest_secret(s: Selection) -> Kpi:
    """The age of the oldest secret against the age at which it should have been rotated."""
    limit = replace(s.fact(_ROTATION), value=ROTATED_WITHIN_DAYS)
    return kpi(s, _ROTATION, target=limit, target_is="limit")


def savings(s: Selection) -> list[Fact]:
    """The open recommendations to save, the largest first."""
    facts = s.facts(_SAVINGS, "recommendation", "title")
    return sorted(facts, key=lambda f: (-(f.number or Decimal(0)), f.dimensions["recommendation"]))


def _cost(s: Selection, facts: Sequence[Fact]) -> Chart:
    """The bill by month against the range of its baseline."""
    limits = [(name, s.fact(f"cloud_baseline_{name}")) for name in ("low", "high")]
    return pictures.by_month(
        s,
        "cloud",
        "Cloud bill",
        facts,
        instead=phrases.unless(s.month(_BILL), "no complete billing period"),
        levels=[
            Level(fact.number, say("baseline {name} {fact}", name=name, fact=formats.within_period(fact)))
            for name, fact in limits
            if fact.number is not None
        ],
        finding=_within(s, facts),
    )


def _within(s: Selection, facts: Sequence[Fact]) -> str:
    """Where the latest bill is in the range of its baseline."""
    low, high = s.fact("cloud_baseline_low"), s.fact("cloud_baseline_high")
    if not facts or facts[-1].number is None:
        return ""
    value, bill = (
        facts[-1].number,
        say("The {period} bill, {facts},", period=formats.month(facts[-1].period), facts=formats.of(facts[-1])),
    )
    if low.number is None or high.number is None:
        return none("{bill} has no baseline to compare with yet.", Proof(None in {low.number, high.number}), bill=bill)
    place = say("above") if value > high.number else say("below") if value < low.number else say("within")
    return say(
        "{bill} is {place} its baseline of {low} to {high}.",
        bill=bill,
        place=place,
        low=formats.within_period(low),
        high=formats.within_period(high),
    )


def _services(s: Selection) -> Table:
    """The latest period by service against the one before."""
    whole = s.month(_BILL)
    month, earlier = whole.period, s.month(_BILL, back=1).period
    chosen = [fact for fact in months.divided(s, _BILL, month, "service") if fact.entity_id == GROUP]
    chosen.sort(key=lambda f: (-(f.number or Decimal(0)), f.dimensions["service"]))

    def prior(fact: Fact) -> Fact:
        return s.fact(_BILL, GROUP, earlier, **fact.dimensions)

    def change(fact: Fact) -> Cell:
        now, then = fact.number, prior(fact).number
        if now is None or then is None:
            return Cell("new" if then is None else say(formats.NOT_AVAILABLE))
        difference = Decimal(now) - then
        if not difference:
            return Cell("unchanged")
        return Cell(str(difference), fact.unit, news.moved(_BILL, difference), signed=True)

    return table(
        say(
            "Cloud bill by service, {month} and {earlier}, actual",
            month=formats.month(month),
            earlier=formats.month(earlier),
        ),
        chosen,
        (
            words("Service", lambda f: f.dimensions.get("service", say("All services"))),
            itself(formats.month(month), notes="always"),
            figures(formats.month(earlier), prior, notes="never"),
            figures("Change", change),
        ),
        total=whole,
        empty=phrases.unless(whole, "No complete billing period is recorded."),
    )


def _savings(s: Selection) -> Table:
    whole = s.fact(_SAVINGS)
    return table(
        "Open cloud savings per month, estimate",
        savings(s),
        (
            words(
                "Recommendation", lambda f: phrases.capital(f.dimensions.get("title", say("All open recommendations")))
            ),
            itself("Saving"),
        ),
        total=whole,
        empty=phrases.unless(whole, "No recommendation is open."),
    )


def measures(s: Selection) -> Table:
    """Readiness and unit cost, with what each is compared with."""

    def shown(metric_id: str) -> Kpi:
        if metric_id == _ROTATION:
            return oldest_secret(s)
        return kpi(s, metric_id, per="booking") if metric_id == _UNIT_COST else kpi(s, metric_id)

    def fact(metric_id: str) -> Fact:
        return s.fact(metric_id, per="booking") if metric_id == _UNIT_COST else s.fact(metric_id)

    rows = [(shown(metric_id).label, fact(metric_id), shown(metric_id)) for metric_id in _READINESS]
    units = [f for f in s.facts(_UNIT_COST, "per") if f.entity_id != GROUP]
    empty = kpi(s, _UNIT_COST)
    rows += [
        (
            say("Cloud cost per {per}, {entity_id}", per=f.dimensions["per"], entity_id=s.entity(f.entity_id)),
            f,
            replace(empty, tone="neutral", comparison=""),
        )
        for f in units
    ]
    return table(
        "Readiness and unit cost, at the report date",
        rows,
        (
            words("Measure", lambda row: Cell(row[0], metric_id=row[1].metric_id)),
            figures("Now", lambda row: cells.of(row[1], row[2].tone, notes="never")),
            words("Against", lambda row: explained(row[2], row[1])),
        ),
        empty=phrases.unless(s.fact(_READINESS[0]), "Nothing to show."),
        fixed=True,
    )
