"""What a person can do about a report in its state: only what makes sense now, the most needed first."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from executive_suite.room.lanes import Lane
from executive_suite.run.periods import Cell
from executive_suite.run.standing import Mail

ASK_AGAIN = frozenset({"not-approved", "approval-mismatch", "rejected", "not-answered"})
"""Causes for which only a person's approval helps."""


BY_HAND = frozenset({"too-old", "in-the-future", "backfill-not-armed"})
"""Causes for which a run helps that a person starts."""

_NAMED = re.compile(r'"([^"]+)"')


@dataclass(frozen=True, slots=True)
class Offer:
    """One act.

    Attributes:
        path: Of the act, below ``acts/``.
        title: What it does, as a heading.
        text: What follows from it.
        buttons: What is on each button, with the values that it sends.
        field: A value to fill in besides the reason: its name and label; empty for none.
        first: Whether it answers a question, or the next step of one of the report's mails names it.
    """

    path: str
    title: str
    text: str
    buttons: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    field: tuple[str, str] = ("", "")
    first: bool = False


def of(cell: Cell, day: str, lane: Lane | None, digest: str) -> tuple[Offer, ...]:
    """The acts for a report of a date.

    Args:
        cell: Its state.
        day: ISO date.
        lane: Its latest lane in Airflow; None if Airflow knows none.
        digest: Content digest of what is shown; empty if nothing is archived.
    """
    place, found = f"{day}/{cell.report}", []
    if lane is not None and lane.waits:
        found.append(_answer(place, cell, digest))
    elif any(mail.cause in ASK_AGAIN for mail in cell.mails) and lane is not None:
        again = (("Ask again", (("first", "approve"),)),)
        text = "Somebody is asked once more whether these bytes are sent."
        found.append(Offer(f"{place}/again", "Ask for approval again", text, again))
    elif any(mail.cause in BY_HAND for mail in cell.mails):
        found.append(_start(place))
    elif cell.state in {"held", "uncertain", "not sent", "failed"} and cell.revision and lane is not None:
        found.append(_send_again(place, cell.state))
    elif cell.state in {"archived", "not made", "failed"} and (lane is None or cell.state == "archived"):
        found.append(_start(place))
    for mail in cell.mails:
        found += _of_mail(place, mail, lane)
    if lane is not None and not lane.waits:
        found += _of_report(place, cell)
    named = [button for mail in cell.mails for button in _NAMED.findall(mail.meaning.in_room)]

    def place_of(one: Offer) -> int:
        """Where the next steps name it, so that what comes first in them comes first here."""
        return min((named.index(label) for label, _ in one.buttons if label in named), default=len(named))

    marked = (replace(one, first=one.first or place_of(one) < len(named)) for one in found)
    return tuple(sorted(marked, key=place_of))


def closing() -> Offer:
    """To allow sends again: on the shelf as well, because the mail that SES refused first is not one that is held."""
    text = "SES has stopped the account. Close the circuit once SES allows sends again."
    return Offer("circuit/close", "Allow sends again", text, (("Close the circuit", ()),))


def _answer(place: str, cell: Cell, digest: str) -> Offer:
    readers = ", ".join(mail.recipient_id for mail in cell.mails)
    shown = ("content_digest", digest)
    buttons = (("Approve and send", (("answer", "Approve"), shown)), ("Hold", (("answer", "Hold"), shown)))
    text = f"The approval covers what this page shows, for {readers}. Airflow's own page has the same question."
    return Offer(f"{place}/answer", f"Send it to {readers}?", text, buttons, first=True)


def _start(place: str) -> Offer:
    text = "A run of this date makes this report and mails it to its recipients."
    return Offer(f"{place}/start", "Make and send it", text, (("Start a run", ()),))


def _send_again(place: str, state: str) -> Offer:
    text = "Airflow does the send of this report again, and of no other. What was accepted before is not sent twice."
    if state == "uncertain":
        text += " It looks for proof that the mail arrived, and sends nothing without it."
    return Offer(f"{place}/again", "Send what is left", text, (("Send again", (("first", "send"),)),))


def _of_mail(place: str, mail: Mail, lane: Lane | None) -> list[Offer]:
    to, found = mail.recipient_id, []
    if mail.state == "uncertain":
        text = "You have seen the mail, or SES's event of it. It counts as sent, and nothing is sent again."
        field = ("message_id", "SES's message id, if you have it")
        found.append(Offer(f"{place}/{to}/settle", f"It arrived at {to}", text, (("Count as sent", ()),), field))
    if mail.cause in {"suppressed", "bounced", "complained"}:
        text = "Mail to this recipient is sent again. Correct the address first if it was wrong."
        title = f"Take {to} off the suppression list"
        found.append(Offer(f"recipients/{to}/release", title, text, (("Release", ()),)))
    if mail.cause == "circuit-open":
        found.append(closing())
    if mail.state in {"sent", "uncertain"} and lane is not None:
        text = "One more mail to this recipient. Its subject begins with [Resend]."
        found.append(Offer(f"{place}/{to}/resend", f"Send it to {to} again", text, (("Resend", ()),)))
    return found


def _of_report(place: str, cell: Cell) -> list[Offer]:
    if any(mail.state in {"sent", "uncertain"} for mail in cell.mails):
        text = "The data was corrected: a new revision is made and sent. Its first lines say what changed and why."
        return [Offer(f"{place}/revise", "Correct what was sent", text, (("Open a revision", ()),))]
    text = "Airflow makes this report of the date again, and no other."
    return [Offer(f"{place}/again", "Make it again", text, (("Make again", (("first", "render"),)),))]
