"""The CTO's section on security: the open gaps by rank, each with its fix, and their weekly trend."""

from __future__ import annotations

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.rendering import charts
from executive_suite.rendering.blocks import NOTHING, Cell, Chart, Section, Table, section
from executive_suite.rendering.charts import Point
from executive_suite.reports import months, phrases, pictures
from executive_suite.reports.absence import OURS, Proof, left, none, unknown
from executive_suite.reports.cto import remedies
from executive_suite.reports.selection import Selection, cents
from executive_suite.reports.tables import cells
from executive_suite.reports.tables.builder import Col, figures, itself, table, words
from executive_suite.reports.tables.lean import first
from executive_suite.wording import say

_MOST_GAPS = 20
"""Gaps listed individually; a mail has no room for more."""
_SCORED = ("finding", "stack", "version")


def security(s: Selection) -> Section:
    """The section on security."""
    return section(
        "Security gaps, ranked",
        point=_point(s),
        covered=s.fact("security_gaps_open").value is not None,
        rows={"ranked": _ranked(s), "exposure": _exposure(s)},
        **({"gaps": _gaps(s)} if open_findings(s, "security") else {}),
    )


def _point(s: Selection) -> str:
    """How many are open, how old they are, and whether they are late."""
    found, age, late = s.fact("security_gaps_open"), s.fact("finding_age_days_open", kind="security"), _late(s)
    accepted = remedies.accepted(s.fact("security_gaps_open", state="accepted"))
    if not found.value:
        return " ".join(filter(None, (phrases.unless(found, "No security gap is open."), accepted)))
    critical = s.fact("security_gaps_open", severity="critical")
    summary = say(
        "{counted} {are} open", counted=formats.counted(found.value, "security gap"), are=phrases.are(found.value)
    )
    summary += say(", {critical} of them critical", critical=formats.of(critical)) if critical.value else ""
    summary += say(", {age} old on average", age=formats.of(age)) if age.value is not None else ""
    return " ".join(filter(None, (f"{summary}; {late}.", accepted)))


def _late(s: Selection) -> str:
    over = [fact for fact in s.facts("finding_days_over_limit", "finding") if fact.value]
    if not over:
        kept = s.fact("finding_sla_breaches")
        return (
            none("none is past its fix-by date", left(over, kept))
            if kept.value is not None
            else none("none has a fix-by date", unknown(kept))
        )
    most = max(over, key=lambda fact: (fact.number or 0, fact.sort_key))
    every = len(over) == s.fact("security_gaps_open").value
    count = say("all") if every and len(over) > 1 else formats.number(len(over))
    return say(
        "{count} {over} past the fix-by date, by up to {most}",
        count=count,
        over=phrases.are(len(over)),
        most=formats.of(most),
    )


def _gaps(s: Selection) -> Table:
    """The open gaps in the order of their actions."""
    over = {f.dimensions["finding"]: f for f in s.facts("finding_days_over_limit", "finding")}
    severities = {f.finding_id: f.severity for f in s.figures.findings if f.kind == "security_gap"}
    gaps = sorted(
        open_findings(s, "security"),
        key=lambda f: (remedies.place(s, f.dimensions["finding"]), f.dimensions["finding"]),
    )

    def late(fact: Fact) -> Cell:
        found = over.get(fact.dimensions["finding"])
        return Cell(NOTHING) if found is None or not found.value else cells.of(found, "act")

    return first(
        table(
            "Open security gaps, in the order of their actions",
            gaps,
            (
                words("Gap", lambda f: phrases.capital(f.dimensions["title"])),
                words("Severity", lambda f: severities.get(f.dimensions["finding"], "")),
                figures("Late", late),
                words("Action", lambda f: remedies.brief(s, f.dimensions["finding"])),
            ),
        ),
    )


def open_findings(s: Selection, kind: str = "") -> list[Fact]:
    """Open findings, oldest first."""
    facts = s.facts("finding_age_days_open", "finding", "kind", "stack", "title")
    chosen = [fact for fact in facts if not kind or fact.dimensions["kind"] == kind]
    return sorted(chosen, key=lambda f: (-cents(f), f.dimensions["finding"]))


def _ranked(s: Selection) -> Table:
    """Every open security gap in one line, with its fix and its evidence."""
    ranks = sorted(s.facts("security_gap_rank", "finding", "stack"), key=lambda f: (cents(f), f.dimensions["finding"]))
    shown, more = ranks[:_MOST_GAPS], len(ranks) - _MOST_GAPS
    ages = {fact.dimensions["finding"]: fact for fact in open_findings(s, "security")}
    scores = {f.dimensions["finding"]: f for f in s.facts("cvss_base_score", *_SCORED)}
    over = {f.dimensions["finding"]: f for f in s.facts("finding_days_over_limit", "finding")}
    choices = {f.dimensions["finding"]: f for f in s.facts("ssvc_decision", "finding", "stack")}
    severities = {f.finding_id: f.severity for f in s.figures.findings if f.kind == "security_gap"}

    def gap(fact: Fact) -> str:
        return fact.dimensions["finding"]

    def of(known: dict[str, Fact], fact: Fact, missing: str) -> Cell:
        found = known.get(gap(fact))
        return Cell(missing) if found is None or found.value is None else cells.of(found)

    def late(fact: Fact) -> Cell:
        found = over.get(gap(fact))
        return Cell("within") if found is None or found.value is None else cells.of(found, "act")

    def title(fact: Fact) -> str:
        found = ages.get(gap(fact))
        return phrases.capital(found.dimensions["title"] if found else gap(fact))

    def score(fact: Fact) -> Cell:
        found = scores.get(gap(fact))
        return (
            Cell(say("no vector"))
            if found is None
            else Cell(found.value, found.unit, metric_id=found.metric_id, places=1)
        )

    def further(head: str, metric_id: str) -> tuple[Col[Fact], ...]:
        known = {f.dimensions["finding"]: f for f in s.facts(metric_id, *_SCORED)}
        return (figures(head, lambda fact: of(known, fact, say("not stated"))),) if known else ()

    scored = (
        *further(say("CVSS with threat"), "cvss_threat_score"),
        *further(say("CVSS in our environment"), "cvss_environmental_score"),
    )
    assessed = any(gap(fact) in choices and choices[gap(fact)].value for fact in shown)
    ssvc: tuple[Col[Fact], ...] = (words("SSVC", lambda f: of(choices, f, say("not assessed"))),) if assessed else ()
    summary = [] if assessed else [none("no gap has an SSVC assessment yet", Proof(not assessed))]
    summary += (
        [say("{more} {more_2} not shown", more=formats.counted(more, "more gap"), more_2=phrases.are(more))]
        if more > 0
        else []
    )
    return table(
        say(
            "Open security gaps by {value}CVSS base score, at the report date",
            value=say("SSVC decision, then ") if assessed else "",
        ),
        shown,
        (
            itself("Rank", notes="never"),
            words("Gap", title),
            words("Stack", lambda f: f.dimensions["stack"]),
            words("Severity", lambda f: severities.get(gap(f), "")),
            figures("CVSS", score),
            *scored,
            *ssvc,
            figures("Open", lambda f: of(ages, f, say(formats.NOT_AVAILABLE))),
            figures("Past fix-by date", late),
            words("Fix", lambda f: remedies.closing(s, gap(f))),
        ),
        note=phrases.sentence("; ".join(summary)),
        empty=phrases.unless(s.fact("security_gaps_open"), "No security gap is open."),
    )


def _exposure(s: Selection) -> Chart:
    """CVSS points of open gaps by week: a trend, not a risk; no picture if they did not change."""
    facts = sorted(s.facts("cvss_exposure_open", "week"), key=lambda f: f.dimensions["week"])
    points = [
        Point(formats.day_of_year(f.dimensions["week"]), f.number, formats.of(f)) for f in facts if f.number is not None
    ]
    title = say(
        "CVSS base points of open security gaps, by week, {points}, actual", points=months.latest(len(points), "weeks")
    )
    if not points:
        nothing = phrases.unless(s.fact("cvss_exposure_open"), "CVSS points: no week is recorded", left(points))
        return pictures.chart("exposure", title, "", nothing)
    first, last = points[0], points[-1]
    if len({point.value for point in points}) == 1:
        alt = say(
            "CVSS points of open gaps stayed at {text} in each of the latest {points} weeks",
            text=last.text,
            points=len(points),
        )
        return pictures.chart("exposure", title, "", alt)
    moved = say(
        "{value} from {text} to {text_2}",
        value=say("rose") if last.value > first.value else say("fell"),
        text=first.text,
        text_2=last.text,
    )
    if last.value == first.value:
        moved = say("are back where they were, at {text},", text=last.text)
    return pictures.chart(
        "exposure",
        title,
        charts.lines([("", points)]),
        say(
            "CVSS points: {text} on {label}, {text_2} on {label_2}",
            text=first.text,
            label=first.label,
            text_2=last.text,
            label_2=last.label,
        ),
        finding=say("CVSS points of open gaps {moved} in {points} weeks.", moved=moved, points=len(points)),
        note=none("An ordinal scale: read it as a trend, never as risk.", OURS),
    )
