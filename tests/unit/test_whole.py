"""A whole run without Airflow: what follows what, what a failure stops, and when it gives up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from executive_suite import aws_lambda
from executive_suite.aws_lambda import SCHEDULED_AT, VAULT, request_of, vault
from executive_suite.mailing.approval import HELD
from executive_suite.mailing.errors import HeldError, LeaseRunningError, RefusedError, RetryableError
from executive_suite.run.plan import Request, RequestError
from executive_suite.run.preflight import PreflightError
from executive_suite.run.whole import RESERVE_SECONDS, Runner
from executive_suite.settings import SettingsError

PLAN = {"send": True}
REQUEST = Request(
    "r", backfill=False, params={}, conf={}, interval_end=None, run_after=datetime(2026, 5, 1, tzinfo=UTC)
)
USUAL: dict[str, Any] = {
    "preflight": PLAN,
    "extract": "raw",
    "validate": "snapshot",
    "compute": "facts",
    "reconcile": [{"report": name, "figures": "f", "plan": PLAN} for name in ("ceo", "cfo")],
    "render": "digest",
    "archive": {"content_digest": "digest", "revision": 1},
    "question": {"unasked": "not asked"},
    "send": [],
    "close": {"anchor": "1:a", "outcome": "done"},
    "unstarted": None,
}


class Steps:
    """Steps that answer as usual, or as a test says; an exception is raised, and of a list the next is taken."""

    def __init__(self, **other: Any) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self._answers = {**USUAL, **other}

    def __call__(self, body: str, **arguments: Any) -> Any:
        self.calls.append((body, arguments))
        answer = self._answers[body]
        if isinstance(answer, tuple):
            answer, self._answers[body] = answer[0], answer[1:] or USUAL[body]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def named(self, body: str) -> list[dict[str, Any]]:
        return [arguments for name, arguments in self.calls if name == body]


def run(steps: Steps, *, seconds: float = 900.0, by_hand: bool = False) -> tuple[Any, list[float]]:
    """What the run returns, and how long it waited each time; time passes only then."""
    waits: list[float] = []
    runner = Runner("lambda", steps, left=lambda: seconds - sum(waits), by_hand=by_hand, sleep=waits.append)
    return runner.run(REQUEST), waits


def error(kind: Callable[..., Exception], code: str = "code", **more: Any) -> Exception:
    return kind("id", code, "text", "next", **more)


def test_each_report_goes_through_its_steps_and_the_run_is_closed() -> None:
    steps = Steps()
    assert run(steps)[0] == USUAL["close"]
    lane = ["render", "archive", "question", "send"]
    assert [name for name, _ in steps.calls] == [
        "preflight", "extract", "validate", "compute", "reconcile", *lane, *lane, "close",
    ]  # fmt: skip
    assert steps.named("close")[0]["states"] == {}
    assert [one["run"]["map_index"] for one in steps.named("send")] == [0, 1]


def test_a_lane_that_fails_stops_no_other() -> None:
    steps = Steps(archive=(ValueError("founder@example.com"),))
    run(steps)
    assert steps.named("close")[0]["states"] == {"lane.archive_0": "failed"}
    assert len(steps.named("send")) == 1


@pytest.mark.parametrize("step", ["extract", "validate", "compute", "reconcile"])
def test_what_all_need_stops_the_run_which_is_closed_all_the_same(step: str) -> None:
    steps = Steps(**{step: ValueError("no")})
    run(steps)
    assert steps.named("close")[0]["states"] == {step: "failed"}
    assert not steps.named("render")


def test_what_a_retry_may_mend_is_tried_again_in_time() -> None:
    throttled = error(RetryableError)
    leased = error(LeaseRunningError, delay_seconds=121.0)
    steps = Steps(send=(throttled, leased))
    _, waits = run(steps, by_hand=True)
    assert waits == [10.0, 121.0]
    assert [one["by_hand"] for one in steps.named("send")[:3]] == [True, False, False]
    assert [one["run"]["try_number"] for one in steps.named("send")[:3]] == [1, 2, 3]
    assert steps.named("close")[0]["states"] == {}


def test_nothing_is_begun_that_could_be_cut_off() -> None:
    late = Steps(send=error(LeaseRunningError, delay_seconds=121.0))
    _, waits = run(late, seconds=RESERVE_SECONDS + 120)
    assert waits == []
    assert late.named("close")[0]["states"] == {"lane.send_0": "failed", "lane.send_1": "failed"}
    short = Steps()
    run(short, seconds=RESERVE_SECONDS - 1)
    assert short.named("close")[0]["states"] == {"lane.render_0": "upstream_failed", "lane.render_1": "upstream_failed"}


def test_what_is_refused_is_not_tried_again() -> None:
    steps = Steps(send=error(RefusedError))
    run(steps)
    assert len(steps.named("send")) == 2
    assert steps.named("close")[0]["states"] == {"lane.send_0": "failed", "lane.send_1": "failed"}


def test_a_person_who_held_a_report_is_no_fault_and_another_hold_is() -> None:
    held, suppressed = error(HeldError, HELD), error(HeldError, "suppressed")
    steps = Steps(send=(held, suppressed))
    run(steps)
    assert steps.named("close")[0]["states"] == {"lane.send_1": "failed"}


def test_nothing_is_sent_without_an_approval_or_by_a_run_that_mails_nobody() -> None:
    asked = Steps(question={"subject": "?", "body": ""})
    run(asked)
    assert not asked.named("send")
    quiet = Steps(reconcile=[{"report": "ceo", "figures": "f", "plan": {"send": False}}])
    run(quiet)
    assert not quiet.named("send")


def test_the_owner_hears_what_stopped_preflight_but_not_of_a_persons_slip() -> None:
    steps = Steps(preflight=PreflightError("AWS_BCC_EMAIL: audit@example.com is wrong"), unstarted=ValueError("no"))
    with pytest.raises(PreflightError):
        run(steps)
    assert steps.named("unstarted")[0]["faults"] == ["AWS_BCC_EMAIL: [address] is wrong"]
    assert not steps.named("close")
    slip = Steps(preflight=RequestError("sned"))
    with pytest.raises(RequestError):
        run(slip)
    assert not slip.named("unstarted")


def test_a_scheduled_event_is_the_same_run_however_often_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    utc, offset = "2026-05-01T13:00:00Z", "2026-05-01T06:00:00-07:00"
    first, second = (request_of({SCHEDULED_AT: text}, number) for text, number in ((utc, "1"), (offset, "2")))
    assert first.run_id == second.run_id == "lambda__2026-05-01T13:00:00+00:00"
    assert first.interval_end == second.interval_end
    assert first.conf == {}
    by_hand = request_of({"report_date": "2026-05-01"}, "7")
    assert (by_hand.run_id, by_hand.interval_end, by_hand.conf) == ("lambda__7", None, {"report_date": "2026-05-01"})
    assert datetime.now(UTC) - by_hand.run_after < timedelta(minutes=1)


@pytest.mark.parametrize("given", ["today", "2026-05-01T13:00:00", 7, ""])
def test_a_moment_that_is_none_is_refused(given: object) -> None:
    with pytest.raises(RequestError, match=SCHEDULED_AT):
        request_of({SCHEDULED_AT: given}, "1")


@pytest.mark.parametrize("text", ["no json", '["a"]', '{"RECIPIENT_HASH_KEY": 1}'])
def test_a_secret_of_another_form_is_refused_and_not_shown(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Client:
        def get_secret_value(self, SecretId: str) -> dict[str, str]:  # noqa: N803 - AWS's name
            return {"SecretString": text}

    monkeypatch.setattr("boto3.client", lambda _: Client())
    with pytest.raises(SettingsError) as found:
        vault({VAULT: "name"})
    assert text not in str(found.value)
    assert vault({}) == {}


def test_an_error_of_the_function_names_its_kind_and_no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    class Context:
        aws_request_id = "1"

        def get_remaining_time_in_millis(self) -> int:
            return 900_000

    def fail(*_: object, **__: object) -> None:
        msg = "Email address is not verified: founder@example.com"
        raise ValueError(msg)

    monkeypatch.setattr("executive_suite.run.apart.run", fail)
    with pytest.raises(aws_lambda.RunError) as found:
        aws_lambda.handler({}, Context())
    assert str(found.value) == "ValueError: Email address is not verified: [address]"
