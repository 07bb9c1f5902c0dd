"""The CMO's report on mail: the business case of the mailing, and how mail is received."""

from __future__ import annotations

from dataclasses import dataclass, replace

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.rendering import charts
from executive_suite.rendering.blocks import Cell, Chart, Column, Kpi, Table
from executive_suite.rendering.charts import Point
from executive_suite.reports import frame, monthly, phrases
from executive_suite.reports.selection import Selection
from executive_suite.reports.tables.length import without_figures

_SCENARIOS = ("low", "base", "high")
_MAIL = ("email_delivery_rate", "email_bounce_rate", "email_complaint_rate", "email_click_rate")


@dataclass(frozen=True, slots=True)
class Mailing:
    """What a mailing may bring, from whom, at what cost; and how the mail of a year was received."""

    chart: Chart
    case: Table
    reading: str
    received: Table


def mailing(s: Selection) -> Mailing:
    """The section on mail."""
    return Mailing(_chart(s), _case(s), _reading(s), _received(s))


def rate(s: Selection, metric_id: str) -> Kpi:
    """A rate of mail, judged by its limit where one is set, else by its earlier value."""
    shown, fact = s.kpi(metric_id), s.fact(metric_id)
    if fact.reason.startswith("within the limit"):
        return replace(shown, tone="good")
    return replace(shown, tone="bad") if fact.reason.startswith("above the limit") else shown


def _received(s: Selection) -> Table:
    """How mail was received, each rate beside its limit and its earlier value."""

    def row(metric_id: str) -> tuple[Cell, ...]:
        shown, fact = rate(s, metric_id), s.fact(metric_id)
        against = "; ".join(filter(None, (fact.reason if fact.value is not None else "", phrases.against(shown, fact))))
        cell = s.cell(fact, shown.tone)
        cell = phrases.plain(cell) if fact.value is not None else cell
        return (Cell(shown.label, metric_id=metric_id), cell, Cell(against))

    heads = (Column("Measure"), Column("Now", "right"), Column("Against"))
    rows = tuple(row(metric_id) for metric_id in _MAIL)
    return without_figures(Table("Mail sent in twelve months, share of messages", heads, rows))


def _chart(s: Selection) -> Chart:
    points = []
    for name in _SCENARIOS:
        fact = s.fact("campaign_gross_value", scenario=name)
        value = monthly.number(fact)
        if value is not None:
            points.append(Point(f"{name} scenario", value, formats.of(fact), "forecast"))
    words = ", ".join(f"{p.label} {p.text}" for p in points) or "no scenario is stated"
    title = f"Gross bookings that the mailing may bring, {formats.currency()}, by scenario, forecast"
    finding = f"The {points[0].label} brings {points[0].text} of gross bookings." if points else ""
    if len(points) > 1:
        low, high = points[0], points[-1]
        finding = f"The {low.label} brings {low.text} of gross bookings, the {high.label} {high.text}."
    return frame.chart("blast", title, charts.bars(points), f"Gross bookings: {words}.", finding=finding)


def _case(s: Selection) -> Table:
    """The business case of each campaign by scenario."""
    facts = s.facts("campaign_gross_value", "campaign", "scenario")
    place = {name: index for index, name in enumerate(_SCENARIOS)}
    facts = tuple(
        sorted(facts, key=lambda f: (f.dimensions["campaign"], place.get(f.dimensions["scenario"], len(place))))
    )

    def beside(metric_id: str, fact: Fact) -> Cell:
        return s.cell(s.fact(metric_id, **fact.dimensions))

    campaigns = {f.dimensions["campaign"] for f in facts}

    def name(fact: Fact) -> Cell:
        scenario = phrases.capital(fact.dimensions["scenario"])
        return Cell(scenario if len(campaigns) == 1 else f"{fact.dimensions['campaign']}, {scenario.lower()}")

    of = f"Mailing {next(iter(campaigns))}" if len(campaigns) == 1 else "Mailings"
    return s.table(
        f"{of}: bookings, gross value and gross margin by scenario, {formats.currency()}, forecast from assumed rates",
        facts,
        (
            ("Scenario", name),
            ("Bookings", lambda f: beside("campaign_bookings", f)),
            ("Gross value", s.cell),
            ("Gross margin", lambda f: beside("campaign_gross_margin", f)),
        ),
        empty="Not evaluable: table campaign_scenario is absent or empty; add the scenarios.",
    )


def _reading(s: Selection) -> str:
    """Whom it reaches, whom it must not, and what it costs."""
    contacts = s.fact("campaign_contacts_sendable")
    if contacts.value is None:
        return f"Whom a mailing may reach cannot be told: {contacts.reason}."
    suppressed = s.text("campaign_contacts_sendable", state="suppressed")
    parts = [
        f"{s.text('campaign_contacts_sendable')} contacts may be mailed; {suppressed} are suppressed",
        f"sending costs {s.text('campaign_send_cost')}",
    ]
    labour = s.fact("campaign_send_cost", part="labour")
    parts.append(
        f"labour {formats.of(labour)}" if labour.value is not None else "labour is not recorded, so no return is stated"
    )
    return f"{'; '.join(parts)}. Gross bookings are not a return: compare them with a group that gets no mail."
