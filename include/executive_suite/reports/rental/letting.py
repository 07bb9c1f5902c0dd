"""The rental section on stays: occupancy and rates against the target. Months let under a lease are not in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.rendering.blocks import Section, Table, section
from executive_suite.rendering.charts import Level
from executive_suite.reports import months, phrases, pictures
from executive_suite.reports.absence import none, unknown
from executive_suite.reports.selection import Selection
from executive_suite.reports.tables import cells
from executive_suite.reports.tables.builder import figures, itself, month, table
from executive_suite.reports.tables.lean import shown
from executive_suite.wording import noted, say

CALENDAR = noted("Record each unit's nights with their status.")


def occupancy(s: Selection, who: str) -> Section:
    """The section on occupancy of stays against its target, month by month with the year before, and the rate."""
    facts, target = _stayed(s, who), s.fact("occupancy_target", who)
    goal = target.number
    chart = pictures.by_month(
        s,
        "occupancy",
        "Occupancy",
        facts,
        instead=say("Occupancy is {fact}", fact=phrases.of(s.fact("occupancy", who))),
        levels=[] if goal is None else [Level(goal, say("target {target}", target=formats.of(target)))],
        tone=lambda fact: "watch" if goal is not None and (fact.number or 0) < goal else "neutral",
        finding=_found(facts, target),
        with_year_before=True,
    )
    return section(
        "Occupancy against target",
        covered=s.fact("occupancy", who).value is not None,
        point=_point(s, who),
        rows={"months": _months(s, who)},
        **shown(chart=chart),
    )


def _stayed(s: Selection, who: str) -> list[Fact]:
    """The months with nights offered to guests."""
    return [fact for fact in s.months("occupancy", months.YEAR, who) if fact.number is not None]


def _found(known: Sequence[Fact], target: Fact) -> str:
    if not known:
        return ""
    if target.number is None:
        last = known[-1]
        return none(
            "{last} of the nights of {period} were sold; no target is set.",
            unknown(target),
            last=formats.of(last),
            period=formats.month(last.period),
        )
    met = sum((fact.number or 0) >= target.number for fact in known)
    low = min(known, key=lambda fact: fact.number or 0)
    return say(
        "{met} of {known} reached the target of {target}; the weakest was {period} with {low}.",
        met=met,
        known=formats.counted(len(known), "month"),
        target=formats.of(target),
        period=formats.month(low.period),
        low=formats.of(low),
    )


def _point(s: Selection, who: str) -> str:
    """Nights sold to guests against the target, at what rate, and what is left out."""
    sold, target, rate, earned = (s.fact(m, who) for m in ("occupancy", "occupancy_target", "adr", "revpar"))
    if sold.value is None:
        return phrases.missing(sold, CALENDAR)
    aim = "" if target.value is None else say(", against a target of {target}", target=formats.of(target))
    apart = f" ({sold.reason})" if sold.reason else ""
    said = say(
        "Stays filled {sold} of the nights of 12 months{apart}{aim}.", sold=formats.of(sold), apart=apart, aim=aim
    )
    if rate.value is None or earned.value is None:
        return said
    average = say(
        "A night sold brought {rate} on average, a night available {earned}.",
        rate=formats.of(rate),
        earned=formats.of(earned),
    )
    return f"{said} {average}"


def _months(s: Selection, who: str) -> Table:
    """Occupancy, rate and revenue per night, and the change in the latter against the same month a year earlier."""

    def of(metric_id: str, sold: Fact) -> Fact:
        return s.fact(metric_id, who, sold.period)

    facts = _stayed(s, who)
    changes = {f.period: cells.growth("revpar", e := of("revpar", f), months.year_before(s, e)) for f in facts}
    shown = any(not change.empty for change in changes.values())
    compared = [say("Change: RevPAR against the same month a year earlier.")] if shown else []
    return table(
        "Nights sold, average daily rate (ADR) and revenue per available night (RevPAR) by month, actual",
        facts,
        (
            month(lambda f: f.period),
            itself("Sold", notes="never"),
            figures("ADR", lambda f: of("adr", f), notes="never"),
            figures("RevPAR", lambda f: of("revpar", f), notes="never"),
            figures("Change", lambda f: changes[f.period]),
        ),
        note=" ".join((*compared, *_without(s, who))),
        empty=phrases.missing(s.fact("occupancy", who), CALENDAR),
    )


def _without(s: Selection, who: str) -> Iterator[str]:
    """The months without figures, under each reason once."""
    left_out: dict[str, list[str]] = {}
    for fact in s.months("occupancy", months.YEAR, who):
        if fact.value is None:
            left_out.setdefault(fact.reason, []).append(formats.month(fact.period))
    yield from (f"{formats.series(names)}: {reason}." for reason, names in left_out.items())
