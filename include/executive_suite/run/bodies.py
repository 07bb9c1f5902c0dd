"""What the steps do, called by name with plain values: the only functions that a step's process runs.

Each takes the deployment as its step sees it, and plain JSON values; it returns plain JSON values.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from typing import Any

from executive_suite.mailing.resend import Decision, ResendError
from executive_suite.outbox.outbox import Entry, Outbox
from executive_suite.run import clock
from executive_suite.run.deployment import Deployment
from executive_suite.run.plan import Plan, Request
from executive_suite.trail.chain import Run

Json = dict[str, Any]

STEPS = {
    "preflight": "preflight",
    "extract": "extract",
    "count_reads": "extract",
    "validate": "validate",
    "compute": "compute",
    "reconcile": "reconcile",
    "render": "render",
    "archive": "archive",
    "question": "approve",
    "answer": "approve",
    "send": "send",
    "close": "close",
    "unstarted": "close",
    "feedback": "feedback",
    "look": "watch",
    "appeared": "extract",
    "alert": "send",
    "alert_chats": "watch",
    "proof": "proof",
    "open_next": "desk",
    "settle": "desk",
    "open_revision": "desk",
    "close_circuit": "desk",
    "asked_for": "desk",
    "mail_as_sent": "desk",
    "release": "release",
    "restate": "extract",
}
"""Body to the step whose variables it may see."""


def body(name: str) -> Callable[..., Any]:
    """The body of that name.

    Raises:
        KeyError: there is none.
    """
    STEPS[name]
    found: Callable[..., Any] = globals()[f"_{name}"]
    return found


def _of(step: str) -> Any:
    """The module of a step, imported when it runs: no process loads what another step needs."""
    return importlib.import_module(f"executive_suite.run.{step}")


def _preflight(deployment: Deployment, request: Json, run: Json) -> Any:
    return _of("preflight").preflight(deployment, Request.from_json(request), Run(**run))


def _extract(deployment: Deployment, plan: Json) -> Any:
    return _of("extract").extract(deployment, Plan.from_json(plan))


def _count_reads(deployment: Deployment) -> Any:
    return [day.isoformat() for day in _of("readership").count(deployment, clock.now())]


def _validate(deployment: Deployment, plan: Json, raw: str) -> Any:
    return _of("validate").validate(deployment, Plan.from_json(plan), raw)


def _compute(deployment: Deployment, snapshot: str) -> Any:
    return _of("compute").compute(deployment, snapshot)


def _reconcile(deployment: Deployment, plan: Json, snapshot: str, facts: str) -> Any:
    return _of("reconcile").reconcile(deployment, Plan.from_json(plan), snapshot, facts)


def _render(deployment: Deployment, plan: Json, run: Json, report: str, figures: str) -> Any:
    return _of("render").render(deployment, Plan.from_json(plan), Run(**run), report, figures)


def _archive(deployment: Deployment, plan: Json, run: Json, document: str) -> Any:
    return asdict(_of("archive").archive(deployment, Plan.from_json(plan), Run(**run), document))


def _question(deployment: Deployment, plan: Json, report: str, content_digest: str) -> Any:
    step, given = _of("approve"), (deployment, Plan.from_json(plan), report, content_digest)
    found = step.question(*given)
    return {"unasked": step.unasked(*given)} if found is None else asdict(found)


def _answer(
    deployment: Deployment, plan: Json, run: Json, content_digest: str, verdict: str, actor: str, reason: str
) -> Any:
    step, given = _of("approve"), (Plan.from_json(plan), Run(**run), content_digest, verdict)
    return step.answer(deployment, *given, actor=actor, reason=reason)


def _send(deployment: Deployment, plan: Json, run: Json, content_digest: str, revision: int, *, by_hand: bool) -> Any:
    step, given = _of("send"), (Plan.from_json(plan), Run(**run), content_digest)
    return [one.as_json() for one in step.send(deployment, *given, revision=revision, by_hand=by_hand)]


def _close(deployment: Deployment, plan: Json, run: Json, states: dict[str, str]) -> Any:
    return asdict(_of("close").close(deployment, Plan.from_json(plan), Run(**run), states))


def _unstarted(deployment: Deployment, request: Json, run: Json, faults: list[str]) -> Any:
    return _of("close").unstarted(deployment, Request.from_json(request), Run(**run), tuple(faults))


def _feedback(deployment: Deployment, queue: str, run: Json) -> Any:
    return _of("feedback").feedback(deployment, queue, Run(**run))


def _proof(deployment: Deployment, anchor: str) -> Any:
    return _of("proof").proof(deployment, anchor)


def _look(deployment: Deployment, run: Json) -> Any:
    return [str(deadline) for deadline in _of("watch").look(deployment, Run(**run))]


def _appeared(deployment: Deployment) -> Any:
    return _of("alerts").appeared(deployment)


def _alert(deployment: Deployment, run: Json, found: str) -> Any:
    return _of("alerts").send(deployment, Run(**run), found)


def _alert_chats(deployment: Deployment, found: str) -> Any:
    return _of("alerts").tell(deployment, found)


def _open_next(deployment: Deployment, report: str, day: str, recipient: str, actor: str, reason: str) -> Any:
    entry, desk = _entry(deployment, report, day, recipient), _of("desk")
    return desk.open_next(deployment, entry, Decision(actor, reason))


def _settle(
    deployment: Deployment, report: str, day: str, recipient: str, message_id: str, actor: str, reason: str
) -> Any:
    entry, desk = _entry(deployment, report, day, recipient), _of("desk")
    return desk.settle(deployment, entry, Decision(actor, reason), message_id)


def _entry(deployment: Deployment, report: str, day: str, recipient: str) -> Entry:
    found = Outbox(deployment.records).newest(date.fromisoformat(day), report, recipient)
    if len(found) != 1:
        msg = f"the outbox has no delivery of {report} of {day} to {recipient}: none was tried yet"
        raise ResendError(msg)
    return found[0]


def _open_revision(deployment: Deployment, report: str, day: str, actor: str, reason: str) -> Any:
    return _of("desk").open_revision(deployment, report, date.fromisoformat(day), Decision(actor, reason))


def _close_circuit(deployment: Deployment, actor: str, reason: str) -> Any:
    return _of("desk").close_circuit(deployment, Decision(actor, reason))


def _release(deployment: Deployment, recipient: str, actor: str, reason: str) -> Any:
    return _of("desk").release(deployment, recipient, Decision(actor, reason))


def _asked_for(deployment: Deployment, report: str, day: str, what: str, run_id: str, actor: str, reason: str) -> Any:
    return _of("desk").asked_for(deployment, report, date.fromisoformat(day), what, run_id, Decision(actor, reason))


def _mail_as_sent(deployment: Deployment, mail_key: str, recipient: str) -> Any:
    return asdict(_of("frozen_mail").of(deployment.records, mail_key, recipient))


def _restate(deployment: Deployment, report_date: str) -> Any:
    return _of("restate").restate(deployment, date.fromisoformat(report_date)).as_json()
