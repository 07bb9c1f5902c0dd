"""What earlier report dates said, as known then: forecasts, and what they asked for."""

from __future__ import annotations

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
class Earlier:
    """What earlier report dates said, oldest first.

    Attributes:
        foreseen: Their forecasts: a track record rests on them.
        asked: What they asked for: so it can be said how often.
    """

    foreseen: tuple[Foreseen, ...] = ()
    asked: tuple[Asked, ...] = ()


NOTHING = Earlier()
"""Of a first report date, or where no earlier one counts."""
