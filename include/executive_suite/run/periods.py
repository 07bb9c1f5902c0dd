"""One report date: the state of each of its reports by our own records, and that in one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Literal, get_args

from executive_suite import formats
from executive_suite.mailing.causes import LOST
from executive_suite.run.standing import Mail, Standing

State = Literal[
    "uncertain",
    "failed",
    "bounced",
    "held",
    "not approved",
    "not sent",
    "sending",
    "making",
    "sent",
    "archived",
    "not made",
]
WORST_FIRST: tuple[State, ...] = get_args(State)
"""What a report is said to be if its mails differ."""
_WORDS = MappingProxyType[State, tuple[str, str]](
    {
        "bounced": ("bounced", "at"),
        "held": ("held", "for"),
        "not approved": ("waiting for approval,", "for"),
        "uncertain": ("uncertain", "for"),
        "failed": ("failed", "for"),
        "not sent": ("not sent", "to"),
        "sending": ("being sent", "to"),
    }
)
"""A state in a sentence, and what comes before whom it concerns."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One report of one date.

    Attributes:
        report: Report id.
        title: As readers know it.
        state: The worst of its mails; archived if nobody was to be mailed, not made if there is nothing, making if a
            run is at work on it.
        mails: Every mail that is due, by recipient.
        revision: Of the archived bytes; 0 if nothing is archived.
        why: Why nobody was to be mailed; empty if somebody was.
    """

    report: str
    title: str
    state: State
    mails: tuple[Mail, ...] = ()
    revision: int = 0
    why: str = ""


@dataclass(frozen=True, slots=True)
class Period:
    """One report date with its cells in the configuration's order."""

    report_date: date
    cells: tuple[Cell, ...]


def state_of(mail: Mail) -> State:
    """A mail's state as the room names it: a lost one is not sent, and one that a worker holds is being sent."""
    if mail.state == "sent":
        return "bounced" if mail.cause in LOST else "sent"
    return "sending" if mail.cause == "claimed" else mail.state


def state_of_report(found: Standing) -> State:
    """What a report is said to be."""
    states = {state_of(mail) for mail in found.mails}
    if not states:
        return "archived" if found.edition else "not made"
    return min(states, key=WORST_FIRST.index)


def sentence(period: Period) -> str:
    """The state of a report date in one sentence.

    >>> sent = Mail("2026-05-01", "cfo", "bank", state="sent", cause="sent")
    >>> held = Mail("2026-05-01", "cto", "partner", state="held", cause="suppressed")
    >>> cells = Cell("cfo", "CFO", "sent", (sent,)), Cell("cto", "CTO", "held", (held,))
    >>> sentence(Period(date(2026, 5, 1), cells))
    'May 1, 2026: 1 of 2 sent; CTO held for partner.'

    >>> lost = Mail("2026-05-01", "cto", "bank", state="failed", cause="refused")
    >>> sentence(Period(date(2026, 5, 1), (Cell("cto", "CTO", "failed", (held, lost)),)))
    'May 1, 2026: 0 of 1 sent; CTO failed for bank and held for partner.'
    """
    making = [cell for cell in period.cells if cell.state == "making"]
    owed = _owed(period)
    parts = [_counted(owed)] if owed else []
    parts += [_of(cell) for cell in owed if cell.state != "sent"]
    if making:
        parts.append(f"{len(making)} being made")
    archived = [cell for cell in period.cells if cell.state == "archived"]
    if archived:
        why = next((cell.why for cell in archived if cell.why), "")
        parts.append(f"{len(archived)} archived, not mailed" + (f" ({why})" if why else ""))
    if not parts:
        parts.append("nothing made yet")
    return f"{formats.day(period.report_date)}: {'; '.join(parts)}."


def news(period: Period, trouble: Sequence[str] = ()) -> str:
    """The same for who may know no recipient and no figure: whether the reports are ready, or which are not.

    Args:
        period: The reports of a run that sends.
        trouble: Ids of the reports that the run could not make.

    >>> cfo, cto = Cell("cfo", "CFO", "sent", (Mail("", "cfo", "a"),)), Cell("cto", "CTO", "held", (Mail("", "", "b"),))
    >>> with formats.speaking("USD", today=date(2026, 5, 2)):
    ...     news(Period(date(2026, 5, 1), (cfo,))), news(Period(date(2026, 5, 1), (cfo, cto)))
    ('The May 1 CFO report is ready.', 'May 1: 1 of 2 sent; CTO held.')
    """
    day, owed = formats.near(period.report_date), _owed(period)
    late = [cell for cell in owed if cell.state != "sent"]
    again = [cell.title for cell in owed if cell.state == "sent" and cell.report in trouble]
    if owed and not late and not again:
        return f"The {day} reports are ready." if len(owed) > 1 else f"The {day} {owed[0].title} report is ready."
    parts = [_counted(owed)]
    for state in dict.fromkeys(cell.state for cell in late):
        titles = formats.series([cell.title for cell in late if cell.state == state])
        parts.append(f"{titles} {_WORDS[state][0].rstrip(',')}")
    parts += [f"{formats.series(again)} could not be made again"] if again else []
    return f"{day}: {'; '.join(parts)}."


def _owed(period: Period) -> list[Cell]:
    return [cell for cell in period.cells if cell.mails and cell.state != "making"]


def _counted(owed: Sequence[Cell]) -> str:
    return f"{sum(cell.state == 'sent' for cell in owed)} of {len(owed)} sent"


def _of(cell: Cell) -> str:
    """Each state of its unsent mails, the worst first, with whom it concerns."""
    names: dict[State, list[str]] = {}
    for mail in cell.mails:
        names.setdefault(state_of(mail), []).append(mail.recipient_id)
    states = [state for state in WORST_FIRST if state in names and state != "sent"]
    each = [f"{' '.join(_WORDS[state])} {formats.series(_some(names[state]))}" for state in states]
    return f"{cell.title} {formats.series(each)}"


def _some(names: Sequence[str], most: int = 3) -> Sequence[str]:
    return names if len(names) <= most else [*names[: most - 1], f"{len(names) - most + 1} more"]
