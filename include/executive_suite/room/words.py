"""What the states of reports and mails are called in the room, with a mark that does not depend on color."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

from executive_suite import formats
from executive_suite.room.shelf import WORST_FIRST, Cell, Period, State, state_of

STATES = MappingProxyType[State, str](
    {
        "sent": "Sent",
        "bounced": "Bounced",
        "held": "Held",
        "not approved": "Waiting for approval",
        "uncertain": "Uncertain",
        "failed": "Failed",
        "not sent": "Not sent",
        "sending": "Sending",
        "making": "Being made",
        "archived": "Archived, not mailed",
        "not made": "Not made",
    }
)
MARKS = MappingProxyType[State, str](
    {
        "sent": "✓",
        "bounced": "↩",
        "held": "■",
        "not approved": "◷",
        "uncertain": "?",
        "failed": "✕",
        "not sent": "○",
        "sending": "→",
        "making": "…",
        "archived": "▤",
        "not made": "–",
    }
)
_IN_A_SENTENCE = MappingProxyType[State, str](
    {
        "bounced": "bounced at",
        "held": "held for",
        "not approved": "waiting for approval, for",
        "uncertain": "uncertain for",
        "failed": "failed for",
        "not sent": "not sent to",
        "sending": "being sent to",
    }
)


def sentence(period: Period) -> str:
    """The state of a report date in one sentence.

    >>> from datetime import date
    >>> from executive_suite.run.standing import Mail
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
    owed = [cell for cell in period.cells if cell.mails and cell.state != "making"]
    sent = [cell for cell in owed if cell.state == "sent"]
    parts = [f"{len(sent)} of {len(owed)} sent"] if owed else []
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


def _of(cell: Cell) -> str:
    """Each state of its unsent mails, the worst first, with whom it concerns."""
    names: dict[State, list[str]] = {}
    for mail in cell.mails:
        names.setdefault(state_of(mail), []).append(mail.recipient_id)
    states = [state for state in WORST_FIRST if state in names and state != "sent"]
    each = [f"{_IN_A_SENTENCE[state]} {formats.series(_some(names[state]))}" for state in states]
    return f"{cell.title} {formats.series(each)}"


def _some(names: Sequence[str], most: int = 3) -> Sequence[str]:
    return names if len(names) <= most else [*names[: most - 1], f"{len(names) - most + 1} more"]
