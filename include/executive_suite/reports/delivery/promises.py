"""The delivery audit on what the captains could do besides, and on promises kept: time, price, cost, weather."""

from __future__ import annotations

from dataclasses import dataclass

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.rendering.blocks import Cell, Column, Table
from executive_suite.reports import audit
from executive_suite.reports.delivery.concerns import REGISTER, YEAR
from executive_suite.reports.delivery.work import CREW
from executive_suite.reports.selection import Selection

NONE = "\u2013"
QUALITY: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("On time", "on_time_rate", {}),
    ("Invoiced / quoted", "quote_accuracy", {}),
    ("Actual / planned days", "quote_accuracy", {"of": "duration"}),
    ("Actual / estimated cost", "cost_estimate_accuracy", {}),
    ("Days lost to weather", "delivery_weather_days", {}),
    ("Share of days under way lost to weather", "delivery_weather_share", {}),
    ("Incidents a job", "delivery_incident_rate", {}),
)


@dataclass(frozen=True, slots=True)
class Charter:
    """The section on the integration with the charter workflow."""

    reading: str
    vessels: Table
    months: Table


def charter(s: Selection, who: str) -> Charter:
    """Days on which captains were idle and charters sailed; and delivered vessels that could charter."""
    return Charter(_reading(s, who), _places(s, who), _months(s, who))


def _reading(s: Selection, who: str) -> str:
    idle, place = s.fact("idle_captain_days", who), s.fact("charter_days_placeable", who)
    worth = s.fact("charter_days_placeable_value", who)
    if idle.value is None or place.value is None:
        reason = audit.note(idle if idle.value is None else place)
        return f"Idle captains and charters are {formats.NOT_AVAILABLE}: {reason}."
    return (
        f"Captains were available and idle on {formats.of(idle)} of twelve months. On {formats.of(place)} "
        f"({place.reason}) one of them could have taken a charter that sailed; such days contributed "
        f"{formats.of(worth)}."
    )


def _places(s: Selection, who: str) -> Table:
    """Where idle captains could sail: on the group's own charters, and on vessels that were delivered."""
    vessels = s.fact("charter_vessels_placeable", who)
    kinds = (
        ("The group's own charters", "charter_days_placeable", "charter_days_placeable_value", ""),
        (
            "Delivered vessels whose owners offer days",
            "charter_vessel_days_placeable",
            "charter_vessel_value_placeable",
            f"{formats.counted(vessels.value, 'vessel')} {vessels.reason}" if vessels.value is not None else "",
        ),
    )
    rows = [
        (
            Cell(name),
            audit.bare(s, days),
            audit.bare(s, s.fact(worth, who)),
            audit.said(note or days.reason),
        )
        for name, metric_id, worth, note in kinds
        if (days := s.fact(metric_id, who)).value is not None
    ]
    return Table(
        f"Days that idle captains could take, and what they would contribute, {formats.currency()}, latest 12 "
        "complete months",
        (Column("Where"), Column("Days", "right"), Column("Contribution", "right"), Column("Of")),
        tuple(rows),
        note="No captain-day counts twice." if len(rows) > 1 else "",
        empty=audit.missing(s.fact("idle_captain_days", who), CREW),
    )


def _months(s: Selection, who: str) -> Table:
    """By month; where no charter could be taken nothing is worth telling."""

    def worth(month: Fact) -> Cell:
        fact = s.fact("charter_days_placeable_value", who, month.period)
        return Cell(NONE, kind="money") if fact.value is None else audit.bare(s, fact)

    return s.table(
        f"Idle captains and charters that they could take, days and {formats.currency()}, complete months, actual",
        s.months("idle_captain_days", audit.MONTHS, who),
        (
            ("Month", lambda f: Cell(formats.month(f.period))),
            ("Idle days", lambda f: audit.bare(s, f)),
            ("Placeable", lambda f: audit.bare(s, s.fact("charter_days_placeable", who, f.period))),
            ("Contribution", worth),
        ),
        empty=audit.missing(s.fact("idle_captain_days", who), CREW),
    )


def quality(s: Selection, who: str) -> Table:
    """Promises kept: twelve months beside all jobs."""
    rows = tuple(
        (
            Cell(name),
            audit.bare(s, s.fact(metric_id, who, **YEAR, **more)),
            audit.bare(s, s.fact(metric_id, who, **more)),
            audit.said(s.fact(metric_id, who, **more).reason),
        )
        for name, metric_id, more in QUALITY
        if s.fact(metric_id, who, **more).value is not None
    )
    return Table(
        "Promises kept: time, price, duration, cost and weather, twelve months beside all jobs",
        (Column("What"), Column("Twelve months", "right"), Column("All jobs", "right"), Column("Note on all jobs")),
        rows,
        empty=audit.missing(s.fact("on_time_rate", who), REGISTER),
    )
