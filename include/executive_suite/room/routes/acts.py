"""What a person does about a report or a mail: each act with its reason, on the trail, by who Airflow knows them to be.

A browser of another page cannot ask for an act: only JSON from the room's own origin is taken.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, HTTPException, status
from pydantic import BaseModel, ConfigDict, StringConstraints

from executive_suite.mailing.resend import DecisionError, ResendError
from executive_suite.mailing.revise import ReviseError
from executive_suite.room import lanes
from executive_suite.room.lanes import Lane, Step
from executive_suite.room.visit import Visit, Visiting, ours

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=500)]
REFUSALS = (DecisionError, ResendError, ReviseError, LookupError)
"""What an act says of itself when it cannot be done now; anything else is a fault of ours."""


class Act(BaseModel):
    """What every act has."""

    model_config = ConfigDict(extra="forbid")
    reason: Reason


class Answer(Act):
    """A person's answer to "send this report?"; the digest is of what they were shown."""

    answer: Literal["Approve", "Hold"]
    content_digest: str


class Again(Act):
    """From which step a lane is done again."""

    first: Step


class Settle(Act):
    """SES's id of a mail that arrived, if it is known."""

    message_id: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""


class Done(BaseModel):
    """What was done, in one sentence."""

    text: str


def _acting(visit: Visiting) -> Visit:
    if not visit.person.may_act:
        raise HTTPException(status.HTTP_403_FORBIDDEN, "Your role may read here, but not act.")
    return visit


router = APIRouter(prefix="/acts", dependencies=[Depends(ours)])
Acting = Annotated[Visit, Depends(_acting)]


def _do(visit: Visit, body: str, act: Act, **arguments: str) -> object:
    """Carry out an act as a step of its own, and say why it cannot be done.

    Raises:
        HTTPException: 409 with the reason.
    """
    try:
        return visit.door.act(visit.group, body, actor=visit.person.name, reason=act.reason, **arguments)
    except REFUSALS as error:
        raise HTTPException(status.HTTP_409_CONFLICT, str(error)) from None


def _lane(visit: Visit, report: str, day: date) -> Lane:
    lane = lanes.latest(visit.runs, report, day)
    if lane is None:
        text = f"Airflow has no run of {day} with this report. Start one."
        raise HTTPException(status.HTTP_409_CONFLICT, text)
    return lane


def _then_clear(visit: Visit, lane: Lane, first: Step, act: Act, done: str) -> None:
    """Clear a lane after a decision, which is kept whatever Airflow answers.

    Raises:
        HTTPException: Airflow's refusal, with what was done before it and what is left.
    """
    try:
        lanes.clear(visit.runs, lane, first, f"{visit.person.name}: {act.reason}")
    except HTTPException as error:
        text = f"{done}, but nothing is sent yet. {error.detail} Once that is fixed, do it again from {first} on."
        raise HTTPException(error.status_code, text) from None


def _again(visit: Visit, report: str, day: date, first: Step, act: Act) -> Lane:
    """Clear a lane from a step on, with the person's decision on the trail first."""
    lane = _lane(visit, report, day)
    if lane.waits and first == "send":
        raise HTTPException(status.HTTP_409_CONFLICT, "It waits for approval: approve it, and it is sent.")
    _do(visit, "asked_for", act, report=report, day=day.isoformat(), what=f"{first}_again", run_id=lane.run_id)
    lanes.clear(visit.runs, lane, first, f"{visit.person.name}: {act.reason}")
    return lane


@router.post("/{day}/{report}/answer")
def answer(visit: Acting, day: date, report: str, act: Answer) -> Done:
    """Approve or hold what waits, by Airflow's own record of the answer."""
    configured = visit.readable(report)
    lane = _lane(visit, report, day)
    if not lane.waits:
        raise HTTPException(status.HTTP_409_CONFLICT, "Nobody is asked any more: the question was answered or ended.")
    limits = visit.opened.config.limits
    if limits.four_eyes and lane.started_by == visit.person.name:
        text = "You started this run. Somebody else must approve it (four_eyes in delivery.yaml)."
        raise HTTPException(status.HTTP_403_FORBIDDEN, text)
    if act.content_digest != lanes.archived_digest(visit.runs, lane):
        raise HTTPException(status.HTTP_409_CONFLICT, "What waits is not what this page shows. Load the page again.")
    lanes.answer(visit.runs, lane, act.answer, act.reason)
    done = "approved: it is being sent" if act.answer == "Approve" else "held: nothing is sent"
    return Done(text=f"{configured.title} is {done}.")


@router.post("/{day}/{report}/again")
def again(visit: Acting, day: date, report: str, act: Again) -> Done:
    """Do a report's lane again from a step on: no other report is touched, and no sent mail is sent twice."""
    configured = visit.readable(report)
    lane = _again(visit, report, day, act.first, act)
    return Done(text=f"{configured.title} is done again from {act.first} on, in run {lane.run_id}.")


@router.post("/{day}/{report}/start")
def start(visit: Acting, day: date, report: str, act: Act) -> Done:
    """Start a run of a date that makes and sends one report."""
    configured = visit.readable(report)
    _do(visit, "asked_for", act, report=report, day=day.isoformat(), what="start", run_id="")
    run_id = lanes.start(visit.runs, report, day, f"{visit.person.name}: {act.reason}")
    return Done(text=f"Run {run_id} makes {configured.title} of {day}.")


@router.post("/{day}/{report}/revise")
def revise(visit: Acting, day: date, report: str, act: Act) -> Done:
    """Open the next revision of a report that was sent, and make it."""
    configured = visit.readable(report)
    lane = _lane(visit, report, day)
    number = _do(visit, "open_revision", act, report=report, day=day.isoformat())
    _then_clear(visit, lane, "render", act, f"Revision {number} is open")
    return Done(text=f"Revision {number} of {configured.title} is open and is being made.")


@router.post("/{day}/{report}/{recipient}/resend")
def resend(visit: Acting, day: date, report: str, recipient: str, act: Act) -> Done:
    """Send a report to one recipient once more."""
    configured = visit.readable(report)
    lane = _lane(visit, report, day)
    number = _do(visit, "open_next", act, report=report, day=day.isoformat(), recipient=recipient)
    _then_clear(visit, lane, "send", act, f"Generation {number} is open")
    return Done(text=f"{configured.title} is sent to {recipient} again (generation {number}).")


@router.post("/{day}/{report}/{recipient}/settle")
def settle(visit: Acting, day: date, report: str, recipient: str, act: Settle) -> Done:
    """Confirm that an uncertain mail arrived."""
    configured = visit.readable(report)
    where = {"report": report, "day": day.isoformat(), "recipient": recipient}
    _do(visit, "settle", act, **where, message_id=act.message_id)
    return Done(text=f"{configured.title} to {recipient} counts as sent. Nothing is sent again.")


@router.post("/recipients/{recipient}/release")
def release(visit: Acting, recipient: str, act: Act) -> Done:
    """Take a recipient off our suppression list."""
    ended = _do(visit, "release", act, recipient=recipient)
    text = f"{recipient} is off the list; do the held reports again." if ended else f"{recipient} was not on the list."
    return Done(text=text)


@router.post("/circuit/close")
def close_circuit(visit: Acting, act: Act) -> Done:
    """Allow sends again after SES has stopped the account."""
    closed = _do(visit, "close_circuit", act)
    return Done(text="Sends are allowed again." if closed else "Sends were not stopped.")
