"""A whole run without Airflow: the same steps in the same order, one after the other, within a limit of time.

Airflow's retries are one way to come back to what did not work; here the caller starts the same request again. What was
made, archived and sent before stays so, because each step's own records say so.
"""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from executive_suite import __version__
from executive_suite.identity import without_addresses
from executive_suite.mailing.approval import HELD
from executive_suite.mailing.errors import HeldError, RetryableError
from executive_suite.run.plan import Request, RequestError
from executive_suite.trail.chain import Run

RESERVE_SECONDS = 60.0
"""Kept for the end of a run: whoever is stopped before it has said nothing to anybody."""

log = logging.getLogger(__name__)


class Step(Protocol):
    """Runs one body of a step by its name, as ``apart.run`` does."""

    def __call__(self, body: str, **arguments: Any) -> Any:
        """The body's result."""


@dataclass(frozen=True, slots=True)
class Runner:
    """Who makes a run.

    Attributes:
        name: As the audit trail names it, where Airflow's runs have their DAG.
        step: Runs one body.
        left: Seconds until it is stopped.
        by_hand: Whether a person started it: then a mail that SES refused is tried again.
        sleep: Waits between the tries of a send.
    """

    name: str
    step: Step
    left: Callable[[], float]
    by_hand: bool = False
    sleep: Callable[[float], None] = time.sleep

    def run(self, request: Request) -> dict[str, Any]:
        """Make, archive and send what is asked for; returns the anchor of the audit trail and the outcome in words.

        Raises:
            IncompleteError: something due was not made or not sent; the rest was.
            Exception: what stopped the run before anything was made.
        """
        plan = self._checked(request)
        states: dict[str, str] = {}
        try:
            self._make(plan, request.run_id, states)
        except Exception as error:  # noqa: BLE001 - the end of a run says which reports are missing
            _say("the run stopped", error)
        closed: dict[str, Any] = self.step("close", plan=plan, run=self._run(request.run_id, "close"), states=states)
        return closed

    def _checked(self, request: Request) -> Mapping[str, Any]:
        """The plan that preflight settles; what stops it is told to the owner."""
        run = self._run(request.run_id, "preflight")
        try:
            plan: dict[str, Any] = self.step("preflight", request=request.to_json(), run=run)
        except RequestError:
            raise
        except Exception as error:
            faults = [without_addresses(str(fault)) for fault in error.args]
            try:
                self.step("unstarted", request=request.to_json(), run=run, faults=faults)
            except Exception as lost:  # noqa: BLE001 - what stopped the run may stop the mail
                log.warning("the owner was not notified: %s", without_addresses(str(lost)))
            raise
        return plan

    def _make(self, plan: Mapping[str, Any], run_id: str, states: dict[str, str]) -> None:
        """Everything between preflight and the end, with how each step ended that did not end well."""
        name = "extract"
        try:
            raw = self.step("extract", plan=plan)
            name = "validate"
            snapshot = self.step("validate", plan=plan, raw=raw)
            name = "compute"
            facts = self.step("compute", snapshot=snapshot)
            name = "reconcile"
            works = self.step("reconcile", plan=plan, snapshot=snapshot, facts=facts)
        except Exception:
            states[name] = "failed"
            raise
        for number, work in enumerate(works):
            self._lane(work, number, run_id, states)

    def _lane(self, work: Mapping[str, Any], number: int, run_id: str, states: dict[str, str]) -> None:
        """One report; its failure stops no other."""
        name = "render"
        try:
            if self.left() < RESERVE_SECONDS:
                log.error("%s: no time is left", work["report"])
                states[f"lane.render_{number}"] = "upstream_failed"
                return
            run = self._run(run_id, "lane.render", number)
            document = self.step("render", run=run, **work)
            name = "archive"
            run = self._run(run_id, "lane.archive", number)
            archived = self.step("archive", plan=work["plan"], run=run, document=document)
            name = "approve"
            digest = archived["content_digest"]
            asked = self.step("question", plan=work["plan"], report=work["report"], content_digest=digest)
            name = "send"
            if work["plan"]["send"] and "unasked" in asked:
                self._send(work["plan"], archived, number, run_id)
        except HeldError as error:
            log.info("%s: held: %s", work["report"], error.text)
            if error.code != HELD:  # what a person decided is no fault
                states[f"lane.{name}_{number}"] = "failed"
        except Exception as error:  # noqa: BLE001 - each lane ends for itself, and the run's end names it
            _say(f"{work['report']}: {name}", error)
            states[f"lane.{name}_{number}"] = "failed"

    def _send(self, plan: Mapping[str, Any], archived: Mapping[str, Any], number: int, run_id: str) -> None:
        """Send; again after a failure that a retry may overcome, while there is time."""
        tried = 0
        while True:
            tried += 1
            try:
                self.step(
                    "send",
                    plan=plan,
                    run=self._run(run_id, "lane.send", number, tried),
                    content_digest=archived["content_digest"],
                    revision=archived["revision"],
                    by_hand=self.by_hand and tried == 1,
                )
            except RetryableError as error:
                wait = error.delay_seconds if error.delay_seconds is not None else 10.0 * tried
                if self.left() - wait < RESERVE_SECONDS:
                    raise
                log.info("tried again in %.0f s: %s", wait, error.text)
                self.sleep(wait)
            else:
                return

    def _run(self, run_id: str, task: str, number: int = -1, tried: int = 1) -> dict[str, Any]:
        return asdict(Run(self.name, run_id, task, number, tried, __version__))


def _say(what: str, error: Exception) -> None:
    """Log an error as a log may show it, with what its step's process said."""
    log.error("%s: %s", what, without_addresses("".join(traceback.format_exception(error))))
