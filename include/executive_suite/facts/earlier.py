"""What earlier report dates said, as known then: forecasts, and what they asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from executive_suite.facts.foreseen import Foreseen


@dataclass(frozen=True, slots=True)
class Asked:
    """The actions that an earlier report date asked for.

    Attributes:
        made_on: That report date.
        action_ids: Their ids, of findings and signals alike.
    """

    made_on: date
    action_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What the report before this one told in the same month: a later one of the month holds only what has changed.

    Attributes:
        made_on: Its report date.
        values: Its undivided figures at that date, as text: metric and entity (``cash_balance/jada``) to value.
        signals: Its signals: id to headline, and after that the reports that it concerned.
        actions: Ids of what it asked for.
    """

    made_on: date
    values: Mapping[str, str]
    signals: Mapping[str, tuple[str, ...]]
    actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Began:
    """What the report of the day on which the latest quarter began told: a quarterly report compares with it.

    Attributes:
        made_on: That day.
        signals: Its signals: id to headline.
        asked: What it asked for, first what mattered most: action id to title.
    """

    made_on: date
    signals: Mapping[str, str]
    asked: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Earlier:
    """What earlier report dates said, oldest first.

    Attributes:
        foreseen: Their forecasts: a track record rests on them.
        asked: What they asked for: so it can be said how often.
        told: What the report before this one told, if there was one in the same month: one, or none.
        began: What was told as the latest quarter began, where a report is made every quarter: one, or none.
    """

    foreseen: tuple[Foreseen, ...] = ()
    asked: tuple[Asked, ...] = ()
    told: tuple[Told, ...] = ()
    began: tuple[Began, ...] = ()


NOTHING = Earlier()
"""Of a first report date, or where no earlier one counts."""
