"""What the steps do, called by name with plain values: the only functions that a step's process runs.

Each takes the deployment as its step sees it, and plain JSON values; it returns plain JSON values.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from executive_suite.run.deployment import Deployment
from executive_suite.run.plan import Plan, Request
from executive_suite.trail.chain import Run

Json = dict[str, Any]

STEPS = {
    "preflight": "preflight",
    "extract": "extract",
    "validate": "validate",
    "compute": "compute",
    "reconcile": "reconcile",
    "render": "render",
    "archive": "archive",
    "question": "approve",
    "answer": "approve",
    "send": "send",
    "close": "close",
    "feedback": "feedback",
    "look": "watch",
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
    deployment: Deployment, plan: Json, run: Json, content_digest: str, verdict: str, actor: str | None, reason: str
) -> Any:
    step, given = _of("approve"), (Plan.from_json(plan), Run(**run), content_digest, verdict)
    return step.answer(deployment, *given, actor=actor, reason=reason)


def _send(deployment: Deployment, plan: Json, run: Json, content_digest: str, revision: int, *, by_hand: bool) -> Any:
    step, given = _of("send"), (Plan.from_json(plan), Run(**run), content_digest)
    return [one.as_json() for one in step.send(deployment, *given, revision=revision, by_hand=by_hand)]


def _close(deployment: Deployment, plan: Json, run: Json, states: dict[str, str]) -> Any:
    return asdict(_of("close").close(deployment, Plan.from_json(plan), Run(**run), states))


def _feedback(deployment: Deployment, queue: str, run: Json) -> Any:
    return _of("feedback").feedback(deployment, queue, Run(**run))


def _look(deployment: Deployment, run: Json) -> Any:
    return [str(deadline) for deadline in _of("watch").look(deployment, Run(**run))]
