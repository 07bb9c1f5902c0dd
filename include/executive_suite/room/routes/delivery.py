"""The mails of one report and date: who gets one, the state of each, and its history."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter, HTTPException, Response

from executive_suite.room import delivery, shelf
from executive_suite.room.pages import page
from executive_suite.room.visit import Visiting
from executive_suite.run import clock, periods

router = APIRouter(prefix="/reports/{day}/{report}/deliveries")


@router.get("")
def everybody(visit: Visiting, day: date, report: str) -> Response:
    """Everybody who is owed the report, with the state of their mail."""
    configured = visit.readable(report)
    cell = shelf.cell(visit.opened, day, report, clock.now())
    return page(
        visit,
        "deliveries.j2",
        title=f"Deliveries of {configured.title}, {day}",
        configured=configured,
        day_of=day,
        cell=cell,
        mails=[(periods.state_of(mail), mail) for mail in cell.mails],
    )


@router.get("/{recipient}")
def one(visit: Visiting, day: date, report: str, recipient: str) -> Response:
    """One mail, from its rendering to the last that is known of it."""
    configured, now = visit.readable(report), clock.now()
    cell = shelf.cell(visit.opened, day, report, now)
    mail = next((mail for mail in cell.mails if mail.recipient_id == recipient), None)
    chapters = delivery.history(visit.opened, configured, day, recipient, now)
    if mail is None and not any(chapter.delivery_id for chapter in chapters):
        raise HTTPException(404, f"No mail of {configured.title} of {day} is due to {recipient}.")
    return page(
        visit,
        "delivery.j2",
        title=f"{configured.title} to {recipient}, {day}",
        configured=configured,
        day_of=day,
        recipient=recipient,
        mail=mail,
        state=periods.state_of(mail) if mail else "not made",
        chapters=chapters,
        zone=visit.opened.settings.zone.key,
    )
