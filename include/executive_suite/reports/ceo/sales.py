"""The CEO's section on sales: from the revenue target to the unsold rest, and how concentrated revenue is."""

from __future__ import annotations

from executive_suite import formats
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.rendering.blocks import Cell, Chart, Section, Table, section
from executive_suite.rendering.charts import Point
from executive_suite.reports import phrases, pictures
from executive_suite.reports.pictures_change import worth, year_target
from executive_suite.reports.selection import Selection, cents
from executive_suite.reports.tables import cells
from executive_suite.reports.tables.builder import figures, table, words
from executive_suite.wording import say

_HIGHLY_CONCENTRATED = 1800
"""DOJ/FTC Merger Guidelines (2023), 2.1, used as a yardstick."""
_SPREADS: tuple[tuple[str, dict[str, str]], ...] = (
    ("customer", {}),
    ("business unit", {"by": "entity"}),
    ("channel", {"by": "channel"}),
)


def pipeline(s: Selection) -> Section:
    """The section on the pipeline."""
    chart = _gap(s)
    return section(
        "Revenue pipeline gap",
        point=" ".join(filter(None, (_point(s), chart.finding))),
        covered=any(s.fact(name).value is not None for name in ("pipeline_gap", "pipeline_weighted")),
        rows={"table": _table(s), "gap": chart, "concentration": _concentration(s)},
    )


def _point(s: Selection) -> str:
    """What is unsold, what that is a month, and how full the pipeline is."""
    gap, weighted, cycle = (s.fact(name) for name in ("pipeline_gap", "pipeline_weighted", "sales_cycle_days"))
    year, target = s.year_label, year_target(s, GROUP)
    open_ = "" if weighted.value is None else worth(s, weighted)
    takes = say("a sale takes {cycle} from first contact", cycle=formats.of(cycle)) if cycle.value is not None else ""
    sold = "; ".join(filter(None, (open_, takes)))
    if gap.value is None:
        unknown = say("The gap to the {year} revenue target is {gap}.", year=year, gap=phrases.of(gap))
        return f"{unknown} {phrases.sentence(sold)}".strip()
    if not gap.value:
        return say(
            "The {year} revenue target is met or covered by the pipeline. {sold}",
            year=year,
            sold=phrases.sentence(sold),
        )
    whole = "" if target is None else say(" of {target}", target=formats.money(target))
    left = sum(str(month) >= s.figures.report_date.isoformat()[:7] for month in s.year.months)
    pace = (
        say(": {money} to find in each of {left} months", money=formats.money(cents(gap) // left), left=left)
        if left > 1
        else ""
    )
    return say(
        "{gap} of the {year} revenue target{whole} is unsold{pace}. {sold}",
        gap=formats.of(gap),
        year=year,
        whole=whole,
        pace=pace,
        sold=phrases.sentence(sold),
    )


def _table(s: Selection) -> Table:
    """Each unit's gap (target less earned less pipeline) and its win rate."""
    year, whole = s.year_label, s.fact("pipeline_gap")
    recorded = s.fact("pipeline_weighted").value is not None
    targets = {entity: year_target(s, entity) for entity in (*_units(s), GROUP)}

    def earned(entity: str) -> Cell:
        # Derived from the definition of the gap; unknown if the target is met, because the gap is then 0.
        left, target = cents(s.fact("pipeline_gap", entity)), targets[entity]
        sold = None if target is None or not left else target - left - cents(s.fact("pipeline_weighted", entity))
        return cells.money(sold)

    def weighted(entity: str) -> Fact | Cell:
        # A unit without an opportunity has a pipeline of 0 if opportunities are recorded at all.
        fact = s.fact("pipeline_weighted", entity)
        nothing = recorded and fact.value is None and entity != GROUP
        return cells.money(0) if nothing else cells.of(fact, notes="never")

    def quiet(metric_id: str, entity: str) -> Cell:
        return cells.of(s.fact(metric_id, entity), notes="never")

    columns = [
        words("Business unit", s.entity),
        figures("Target", lambda entity: cells.money(targets[entity])),
        figures("Earned", earned),
        figures("Pipeline", weighted),
        figures("Gap", lambda entity: quiet("pipeline_gap", entity)),
        figures("Win rate", lambda entity: quiet("win_rate", entity)),
    ]
    aimed = whole.value is not None
    return table(
        say("From the {year} revenue target to the unsold rest, actual", year=year)
        if aimed
        else "Pipeline and win rate, actual",
        _units(s),
        columns if aimed else [columns[0], columns[3], columns[5]],
        total=GROUP,
        note=_note(s),
        empty=phrases.unless(
            s.fact("pipeline_weighted"), "Not available: neither opportunities nor a budget are recorded."
        ),
    )


def _units(s: Selection) -> list[str]:
    """The units with a gap or a pipeline, the largest gap first."""
    found = {*s.entities("pipeline_gap"), *s.entities("pipeline_weighted")}
    return sorted(found, key=lambda entity: (-cents(s.fact("pipeline_gap", entity)), entity))


def _note(s: Selection) -> str:
    """Pipeline coverage and sales cycle, if known, and why a win rate is missing."""
    weighted, coverage, cycle = (s.fact(m) for m in ("pipeline_weighted", "pipeline_coverage", "sales_cycle_days"))
    summary = [weighted.reason]
    if coverage.value is not None:
        summary.append(
            say(
                "open opportunities cover {coverage} of what is unsold; three times is usual",
                coverage=formats.of(coverage),
            )
        )
    if cycle.value is not None:
        summary.append(say("a sale takes {cycle} from first contact to close", cycle=formats.of(cycle)))
    if any(fact.value is None for fact in s.facts("win_rate")):
        summary.append(say("a win rate needs five opportunities closed in 12 months"))
    return " ".join(phrases.sentence(part) for part in summary if part)


def _gap(s: Selection) -> Chart:
    year, whole = s.year_label, s.fact("pipeline_gap")
    facts = [(entity, fact) for entity in _units(s) if (fact := s.fact("pipeline_gap", entity)).number is not None]
    points = [Point(s.entity(entity), fact.number or 0, formats.of(fact)) for entity, fact in facts]
    finding = ""
    if points:
        of = say(" of the group's {whole}", whole=formats.of(whole)) if whole.value is not None else ""
        finding = say("{label} has the largest gap: {text}{of}.", label=points[0].label, text=points[0].text, of=of)
    return pictures.bars(
        "gap",
        say(
            "Unsold revenue, {currency}, {year}: target less earned less pipeline",
            currency=formats.currency(),
            year=year,
        ),
        points,
        of=say("Unsold revenue of {year}", year=year),
        instead=phrases.unless(whole, "no business unit has a target"),
        finding=finding,
    )


def _concentration(s: Selection) -> str:
    """How concentrated revenue is by customer, business unit and channel, against the yardstick."""
    above: list[str] = []
    below: list[str] = []
    missing: list[str] = []
    for name, dimensions in _SPREADS:
        fact = s.fact("revenue_concentration_hhi", **dimensions)
        if fact.number is None:
            missing.append(say("by {name} ({reason})", name=name, reason=fact.reason))
        else:
            high = fact.number > _HIGHLY_CONCENTRATED
            (above if high else below).append(
                say("by {name} ({number})", name=name, number=formats.number(fact.number))
            )
    if not above and not below:
        return say("Revenue concentration is {fact}.", fact=phrases.of(s.fact("revenue_concentration_hhi")))
    summary = [say("is highly concentrated {above}", above=formats.series(above))] if above else []
    summary += [say("is spread widely enough {below}", below=formats.series(below))] if below else []
    summary += [say("could not be measured {missing}", missing=formats.series(missing))] if missing else []
    limit = formats.number(_HIGHLY_CONCENTRATED)
    return say(
        "On the Herfindahl-Hirschman index (above {limit} is high), revenue {listed}.",
        limit=limit,
        listed="; it ".join(summary),
    )
