"""Whether the room and the command line say the same of every mail, whatever happened to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType

from executive_suite.archive import editions
from executive_suite.outbox.outbox import Outbox
from executive_suite.outbox.state import State
from executive_suite.room import shelf
from executive_suite.run import owed, periods
from executive_suite.run.deployment import Deployment
from executive_suite.run.outstanding import outstanding
from executive_suite.run.standing import Mail
from executive_suite.stores.store import StoreError

NAMES: Mapping[State, frozenset[str]] = MappingProxyType(
    {
        "sent": frozenset({"sent", "bounced"}),
        "claimed": frozenset({"sending"}),
        "uncertain": frozenset({"uncertain"}),
        "retryable": frozenset({"failed"}),
        "refused": frozenset({"failed"}),
        "none": frozenset({"held", "not sent", "not approved", "failed"}),
    }
)
"""What the outbox knows (`status`), and what the room may call it: a check that stops a mail, and a person's question,
are on the trail only; a bounce is evidence of a mail that SES accepted."""

Place = tuple[str, str, str]


def on_the_shelf(opened: Deployment, now: datetime) -> dict[Place, Mail]:
    """Date, report and recipient to the mail in its cell, of every date of the shelf."""
    return {
        (mail.report_date, mail.report, mail.recipient_id): mail
        for period in shelf.periods(opened, owed.dates(opened, now), now)
        for cell in period.cells
        for mail in cell.mails
    }


def disagreements(opened: Deployment, now: datetime) -> list[str]:
    """Each mail of which the room says something else than `outstanding` or `status`, or nothing."""
    try:
        every = outstanding(opened, now)
    except StoreError:
        return _as_silent(opened, now)
    shown = on_the_shelf(opened, now)
    own = [one for one in every if opened.config.find(one.report)]  # a mail to the owner is on no shelf
    told = {(one.report_date, one.report, one.recipient_id): one for one in own}
    waiting = {place: mail for place, mail in shown.items() if mail.state != "sent"}
    found = [
        f"{place}: the shelf has {waiting.get(place)}, outstanding has {told.get(place)}"
        for place in {**waiting, **told}
        if waiting.get(place) != told.get(place)
    ]
    outbox = Outbox(opened.records)
    for day in owed.dates(opened, now):
        for entry in outbox.newest(day):
            place = (day.isoformat(), entry.slot.report, entry.slot.recipient_id)
            known = outbox.read(entry.delivery_id).state(now)
            named = periods.state_of(shown[place]) if place in shown else ""
            if named and _current(opened, entry.slot.report, day) == entry.slot.revision and named not in NAMES[known]:
                found.append(f"{place}: the shelf says {named}, status says {known}")
            if not named and known in {"claimed", "uncertain", "sent"} and opened.config.find(entry.slot.report):
                found.append(f"{place}: the shelf says nothing, status says {known}")
    return found


def _as_silent(opened: Deployment, now: datetime) -> list[str]:
    """Where the command line cannot answer, neither can the room."""
    try:
        return [f"outstanding cannot answer, the shelf says {on_the_shelf(opened, now)}"]
    except StoreError:
        return []


def _current(opened: Deployment, report: str, day: date) -> int:
    """A mail of an earlier revision is what `status` shows until the next one is bound; the room shows what waits."""
    configured = opened.config.find(report)
    return editions.open_revision(opened.records, day, configured.file_name) if configured else 0
