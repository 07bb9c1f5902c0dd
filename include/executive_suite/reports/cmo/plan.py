"""The CMO's sections on milestones and their attribution, missing KPIs, and unit economics."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.rendering.blocks import Cell, Chart, Section, Table, Tone, section
from executive_suite.reports import phrases, pictures
from executive_suite.reports.kpis import explained, kpi
from executive_suite.reports.selection import Selection, cents
from executive_suite.reports.tables import cells
from executive_suite.reports.tables.builder import day, figures, itself, near, table, words
from executive_suite.reports.tables.lean import first
from executive_suite.wording import noted, say

MAILED = "emails_sent"
"""The measure of a milestone that is reached by a mailing."""
_HORIZON_DAYS = 90
_REPORT = "cmo"
_ECONOMICS = ("cac", "cac_payback_months", "ltv_to_cac", "roas", "marketing_efficiency_ratio")
_BY_AGENCY = ("booking", "review")
_ATTRIBUTED_BY = {
    MAILED: ("email_event", "touchpoint", "campaign_spend"),
    "ota_live": _BY_AGENCY,
    "ota_submitted": _BY_AGENCY,
}
"""The tables that show which effort brought a booking, by a milestone's measure."""
_OTHERWISE = ("touchpoint", "booking")
_INPUTS = {
    "booking": noted("bookings"),
    "campaign_spend": noted("campaign spend"),
    "email_event": noted("mail events"),
    "review": noted("reviews"),
    "touchpoint": noted("tagged visits"),
}
_TONES: dict[str, Tone] = {"late": "act", "done": "fine"}


def plan(s: Selection) -> Section:
    """The section on milestones."""
    needs = table(
        "What we cannot measure yet, and the input it needs",
        missing_kpis(s),
        (
            words("KPI", lambda f: f.dimensions["name"]),
            words("What is missing", phrases.lacking),
            words("Definition", lambda f: f.dimensions["formula"]),
        ),
        empty=phrases.missing(
            s.fact("kpis_missing"), "Add the KPI catalog.", "Every KPI of this report can be measured."
        ),
    )
    due = _due(s)
    return section(
        "30, 60 and 90 days: milestones",
        point=_point(s)
        or phrases.unless(s.fact("marketing_milestones_due"), "No milestone of this report is recorded."),
        covered=bool(due or missing_kpis(s)),
        rows={
            "milestones": _milestones(s),
            "timeline": _timeline(s),
            "needs": needs,
            "economics": economics(s),
        },
        **({"short": _brief(s, due)} if due else {}),
    )


def _point(s: Selection) -> str:
    """What is late or due soon, and how many KPIs of this report lack an input."""
    missing = missing_kpis(s)
    unmeasured = ""
    if missing:
        names = phrases.some([fact.dimensions["name"] for fact in missing], 3)
        unmeasured = say(
            "{missing} of this report cannot be measured yet: {names}.",
            missing=formats.counted(len(missing), "KPI"),
            names=names,
        )
    return " ".join(filter(None, (_soonest(s), unmeasured)))


def _brief(s: Selection, due: Sequence[Fact]) -> Table:
    """Each milestone with its day, its measure, and what is missing to attribute it."""
    shown = [fact for fact in due if fact.dimensions["state"] != "done"] or list(due)
    return first(
        table(
            "Milestones, and what is missing to see what brought them",
            shown,
            (
                words("Milestone", _title),
                near("Due", lambda f: f.dimensions["due_on"], s.figures.report_date),
                words(
                    "State",
                    lambda f: f.dimensions["state"],
                    tone=lambda f: _TONES.get(f.dimensions["state"], "neutral"),
                ),
                words(
                    "Missing for attribution", lambda f: formats.series(_lacking(s, f)) if _lacking(s, f) else "nothing"
                ),
            ),
        ),
    )


def missing_kpis(s: Selection) -> list[Fact]:
    """The KPIs of this report that lack an input, by their ids."""
    facts = s.facts("kpis_missing", "kpi", "report", "name", "formula", report=_REPORT)
    return sorted((fact for fact in facts if fact.value), key=lambda f: f.dimensions["kpi"])


def economics(s: Selection) -> Table:
    """Unit economics and their comparisons; if none has a value, the reason once."""
    facts = [s.fact(metric_id) for metric_id in _ECONOMICS]
    title = say("Unit economics, 12 complete months, actual")
    rows = [(kpi(s, fact.metric_id), fact) for fact in facts]
    if all(fact.value is None for fact in facts):
        names = formats.series([shown.label for shown, _ in rows])
        return table(title, (), (), empty=say("{names} are {facts}.", names=names, facts=phrases.of(facts[0])))
    return table(
        title,
        rows,
        (
            words("Measure", lambda row: Cell(row[0].label, metric_id=row[0].metric_id)),
            figures("Now", lambda row: cells.of(row[1], row[0].tone, notes="never")),
            words("Against", lambda row: explained(*row)),
        ),
    )


def _due(s: Selection) -> list[Fact]:
    facts = s.facts("marketing_milestone_days", "milestone", "title", "due_on", "state", "target")
    return sorted(facts, key=lambda f: (f.dimensions["due_on"], f.dimensions["milestone"]))


def pending(s: Selection) -> list[Fact]:
    """The marketing milestones that are not done, by due date."""
    return [fact for fact in _due(s) if fact.dimensions["state"] != "done"]


def measure_of(milestone: Fact) -> tuple[str, str]:
    """A milestone's measure and its target value: ("emails_sent", "3676")."""
    measure, _, value = milestone.dimensions["target"].partition(" ")
    return measure, value


def _near(s: Selection) -> list[Fact]:
    return [fact for fact in pending(s) if cents(fact) <= _HORIZON_DAYS]


def _soonest(s: Selection) -> str:
    """How many milestones are late or due soon, and the first of them."""
    near = _near(s)
    late = sum(cents(fact) < 0 for fact in near)
    if not near:
        return ""
    first = say(
        "{title} on {due_on}",
        title=phrases.quoted(near[0].dimensions["title"]),
        due_on=formats.day(near[0].dimensions["due_on"]),
    )
    count = len(near)
    if late:
        return say(
            "{late} of {count} {late_2} late, first {first}.",
            late=late,
            count=formats.counted(count, "open milestone"),
            late_2=phrases.are(late),
            first=first,
        )
    falls = phrases.are(count, "falls", "fall")
    return say(
        "{count} {falls} due within {horizon_days} days, first {first}.",
        count=formats.counted(count, "milestone"),
        falls=falls,
        horizon_days=_HORIZON_DAYS,
        first=first,
    )


def _timeline(s: Selection) -> Chart:
    return pictures.timeline(
        "milestones",
        say(
            "Marketing milestones, days from the report date, next {horizon_days} days, plan",
            horizon_days=_HORIZON_DAYS,
        ),
        [(_title(fact), date.fromisoformat(fact.dimensions["due_on"])) for fact in _near(s)],
        today=s.figures.report_date,
        days=_HORIZON_DAYS,
        instead=phrases.unless(s.fact("marketing_milestones_due"), "no milestone falls due"),
        finding=_soonest(s),
    )


def _title(fact: Fact) -> str:
    return phrases.capital(fact.dimensions["title"])


def _milestones(s: Selection) -> Table:
    return table(
        "Milestones of 30, 60 and 90 days, their measure, and inputs for attribution, plan",
        _due(s),
        (
            words("Milestone", _title),
            day("Due", lambda f: f.dimensions["due_on"]),
            itself("In"),
            words(
                "State", lambda f: f.dimensions["state"], tone=lambda f: _TONES.get(f.dimensions["state"], "neutral")
            ),
            words("Measured by", _measure),
            words(
                "Attribution",
                lambda f: _attribution(s, f),
                tone=lambda f: "watch" if _lacking(s, f) else "fine",
            ),
        ),
        empty=phrases.unless(s.fact("marketing_milestones_due"), "No milestone of this report is recorded."),
    )


def _measure(fact: Fact) -> str:
    """A milestone's measure in words: "3,676 emails sent"."""
    name, value = measure_of(fact)
    return f"{formats.number(Decimal(value))} {phrases.words_of(name)}" if value else phrases.words_of(name)


def _tables(fact: Fact) -> tuple[str, ...]:
    return _ATTRIBUTED_BY.get(measure_of(fact)[0], _OTHERWISE)


def _lacking(s: Selection, fact: Fact) -> list[str]:
    return [say(_INPUTS[name]) for name in _tables(fact) if not s.figures.coverage.get(name)]


def _attribution(s: Selection, fact: Fact) -> str:
    """Inputs for the attribution of a milestone: which are missing, which recorded."""
    absent = _lacking(s, fact)
    there = [say(_INPUTS[name]) for name in _tables(fact) if s.figures.coverage.get(name)]
    summary = [say("{absent} missing", absent=formats.series(absent))] if absent else []
    summary += [say("{there} recorded", there=formats.series(there))] if there else []
    return "; ".join(summary)
