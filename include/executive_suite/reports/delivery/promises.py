"""The delivery sections on charters for idle captains, and on promises kept: time, price, cost, weather."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.rendering.blocks import Section, Table, section
from executive_suite.reports import months, phrases
from executive_suite.reports.absence import OURS, none, zero
from executive_suite.reports.delivery.concerns import REGISTER, YEAR
from executive_suite.reports.delivery.work import CREW
from executive_suite.reports.selection import Selection
from executive_suite.reports.tables import cells
from executive_suite.reports.tables.builder import figures, itself, month, table, words
from executive_suite.reports.tables.lean import lean, shown
from executive_suite.wording import say

_IDLE, _DAYS, _WORTH = "idle_captain_days", "charter_days_placeable", "charter_days_placeable_value"
_QUALITY: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("On time", "on_time_rate", {}),
    ("Invoiced / quoted", "quote_accuracy", {}),
    ("Actual / planned days", "quote_accuracy", {"of": "duration"}),
    ("Actual / estimated cost", "cost_estimate_accuracy", {}),
    ("Days lost to weather", "delivery_weather_days", {}),
    ("Share of days under way lost to weather", "delivery_weather_share", {}),
    ("Incidents per job", "delivery_incident_rate", {}),
)


def charter(s: Selection, who: str) -> Section:
    """The section on the charter workflow: days with idle captains and charters, and vessels."""
    places = _places(s, who)
    return section(
        "Integration with the charter workflow",
        covered=s.fact(_IDLE, who).value is not None,
        point=_reading(s, who),
        rows={"months": _months(s, who), "full": places},
        **shown(places=_short(places)),
    )


def _short(places: Table) -> Table:
    """The places without what they are counted over; none if there is a single one, which the point has."""
    made = lean(replace(places, columns=places.columns[:-1], rows=tuple(row[:-1] for row in places.rows)))
    return made if len(made.rows) > 1 else replace(made, rows=())


def promises(s: Selection, who: str) -> Section:
    """The section on promises kept: time, price, duration, cost and weather."""
    return section(
        "Punctuality, quotes and weather",
        covered=s.fact("on_time_rate", who).value is not None,
        point=_kept(s, who),
        rows={"quality": quality(s, who)},
    )


def _kept(s: Selection, who: str) -> str:
    """How many jobs of a year were on time, and how far time and cost were from plan and estimate."""
    on_time = s.fact("on_time_rate", who, **YEAR)
    if on_time.value is None:
        return phrases.missing(
            s.fact("on_time_rate", who), REGISTER, say("On time is {on_time}.", on_time=phrases.of(on_time))
        )
    ever = s.fact("on_time_rate", who)
    counted = f" ({on_time.reason})" if on_time.reason else ""
    said = [
        say(
            "{on_time} of the jobs of 12 months were on time{counted}, {ever} of all jobs",
            on_time=formats.of(on_time),
            counted=counted,
            ever=formats.of(ever),
        )
    ]
    for words_, fact in (
        (say("took {} of the days planned"), s.fact("quote_accuracy", who, of="duration", **YEAR)),
        (say("cost {} of the estimate"), s.fact("cost_estimate_accuracy", who, **YEAR)),
    ):
        if fact.number is not None:
            said.append(say("they {number}", number=words_.format(formats.share(Decimal(fact.number), 0))))
    return f"{'; '.join(said)}."


def _reading(s: Selection, who: str) -> str:
    idle, place, worth = (s.fact(metric_id, who) for metric_id in (_IDLE, _DAYS, _WORTH))
    if idle.value is None or place.value is None:
        return phrases.missing(idle if idle.value is None else place, CREW)
    said = say("Captains were available but idle on {idle} in 12 months.", idle=formats.of(idle))
    if not place.number:
        return none("{said} No charter sailed on any of them.", zero(place), said=said)
    return say(
        "{said} On {place} ({reason}) one of them could have taken a charter; those days contributed {worth}. "
        "Roster idle captains on charters first.",
        said=said,
        place=formats.of(place),
        reason=place.reason,
        worth=formats.of(worth),
    )


def _places(s: Selection, who: str) -> Table:
    """Days for idle captains on the group's own charters and on delivered vessels."""
    vessels = s.fact("charter_vessels_placeable", who)
    own, delivered = s.fact(_DAYS, who), s.fact("charter_vessel_days_placeable", who)
    offered = f"{formats.counted(vessels.value, 'vessel')} {vessels.reason}" if vessels.value is not None else ""
    rows = (
        (say("The group's own charters"), own, s.fact(_WORTH, who), own.reason),
        (
            say("Delivered vessels whose owners offer days"),
            delivered,
            s.fact("charter_vessel_value_placeable", who),
            offered or delivered.reason,
        ),
    )
    shown = [row for row in rows if row[1].value is not None]
    return table(
        "Days that idle captains could take, and their contribution, latest 12 complete months",
        shown,
        (
            words("Where", lambda row: row[0]),
            figures("Days", lambda row: row[1], notes="never"),
            figures("Contribution", lambda row: row[2], notes="never"),
            words("Of", lambda row: row[3]),
        ),
        note=none("No captain-day counts twice.", OURS) if len(shown) > 1 else "",
        empty=phrases.missing(s.fact(_IDLE, who), CREW),
    )


def _months(s: Selection, who: str) -> Table:
    """By month; a month in which no charter could be taken has no contribution."""

    def of(metric_id: str, fact: Fact) -> Fact:
        return s.fact(metric_id, who, fact.period)

    return table(
        "Idle captains and charters that they could take, complete months, actual",
        s.months(_IDLE, months.YEAR, who),
        (
            month(lambda f: f.period),
            itself("Idle days", notes="never"),
            figures("Placeable", lambda f: of(_DAYS, f), notes="never"),
            figures("Contribution", lambda f: cells.known(of(_WORTH, f))),
        ),
        empty=phrases.missing(s.fact(_IDLE, who), CREW),
    )


def quality(s: Selection, who: str) -> Table:
    """Promises kept: twelve months and all jobs."""
    rows = [
        (name, s.fact(metric_id, who, **YEAR, **more), s.fact(metric_id, who, **more))
        for name, metric_id, more in _QUALITY
    ]
    return table(
        "Promises kept: time, price, duration, cost and weather, 12 months and all jobs",
        [row for row in rows if row[2].value is not None],
        (
            words("What", lambda row: row[0]),
            figures("12 months", lambda row: row[1], notes="never"),
            figures("All jobs", lambda row: row[2], notes="never"),
            words("Note on all jobs", lambda row: row[2].reason),
        ),
        empty=phrases.missing(s.fact("on_time_rate", who), REGISTER),
    )
