"""What each failure means for Airflow's retries; the product's statement of errors is the source."""

from __future__ import annotations

import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from executive_suite.archive.documents import ArchiveError
from executive_suite.config import ConfigError
from executive_suite.dataset.reconcile import ReconciliationError
from executive_suite.document import Document
from executive_suite.mailing.errors import HeldError, LeaseRunningError, RefusedError, RetryableError, UncertainError
from executive_suite.run.close import IncompleteError, troubled
from executive_suite.run.plan import RequestError
from executive_suite.run.preflight import PreflightError
from executive_suite.schema.quality import QualityError
from executive_suite.settings import SettingsError

sys.path.insert(0, str(Path(__file__).parents[2] / "plugins"))

from airflow.sdk import RetryAction

import executive_suite_retries as retries
from executive_suite_context import NothingMadeError

PARTS = ("d" * 52, "code", "text", "next")
UNCERTAIN = UncertainError("d" * 52, "code", "text", generation=1, envelope_digest="0" * 64)


def decide(policy: retries.RetryPolicy, error: BaseException) -> tuple[RetryAction, timedelta | None]:
    decision = policy.evaluate(error, 1, 5)
    return decision.action, decision.retry_delay


def test_what_was_certainly_not_accepted_comes_again_when_ses_or_the_lease_says() -> None:
    throttled = RetryableError(*PARTS, delay_seconds=7)
    leased = LeaseRunningError(*PARTS, delay_seconds=121)
    assert decide(retries.SendOnce(), throttled) == (RetryAction.RETRY, timedelta(seconds=7))
    assert decide(retries.SendOnce(), leased) == (RetryAction.RETRY, timedelta(seconds=121))
    assert decide(retries.SendOnce(), RetryableError(*PARTS)) == (RetryAction.RETRY, None)


@pytest.mark.parametrize("error", [RefusedError(*PARTS), HeldError(*PARTS), UNCERTAIN], ids=lambda e: type(e).__name__)
def test_what_may_have_been_accepted_or_needs_a_person_fails_at_once(error: Exception) -> None:
    assert decide(retries.SendOnce(), error)[0] == RetryAction.FAIL


FINAL = [
    QualityError([]),
    ReconciliationError([]),
    ConfigError("x"),
    SettingsError("x"),
    PreflightError("x"),
    RequestError("x"),
    ArchiveError("x"),
    IncompleteError("x"),
    NothingMadeError("x"),
]


@pytest.mark.parametrize("error", FINAL, ids=lambda e: type(e).__name__)
def test_faults_of_data_and_configuration_are_not_tried_again(error: Exception) -> None:
    for policy in (retries.FailOnBadData(), retries.SendOnce()):
        assert decide(policy, error)[0] == RetryAction.FAIL


@pytest.mark.parametrize("error", [OSError("no route"), TimeoutError(), MemoryError()], ids=lambda e: type(e).__name__)
def test_the_rest_takes_the_retries_of_its_task(error: BaseException) -> None:
    assert decide(retries.FailOnBadData(), error)[0] == RetryAction.DEFAULT


def test_a_subclass_is_judged_like_its_class() -> None:
    from executive_suite.archive.publication import RevisionRequiredError

    document = Document("cfo", "cfo-report", "cfo", "group", date(2026, 5, 1), "s", "t", "h")
    assert decide(retries.FailOnBadData(), RevisionRequiredError(document, 1, ()))[0] == RetryAction.FAIL


def test_the_steps_of_a_lane_are_found_by_their_place_in_the_plan() -> None:
    # Airflow names mapped instances lane.send_3; the lanes stand in the plan's order.
    states = {
        "preflight": "success",
        "lane.render_0": "success",
        "lane.send_0": "failed",
        "lane.archive_1": "failed",
        "lane.send_1": "upstream_failed",
        "close": "running",
    }
    assert troubled(("ceo", "cto"), states) == {
        "ceo": ("send: failed",),
        "cto": ("archive: failed",),
    }


def test_a_step_before_the_lanes_troubles_every_report() -> None:
    found = troubled(("ceo", "cto"), {"compute": "failed", "reconcile": "upstream_failed"})
    assert found == dict.fromkeys(("ceo", "cto"), ("compute: failed",))


def test_what_was_not_reached_is_told_where_nothing_else_is() -> None:
    # Lanes that were never mapped out have no number.
    assert troubled(("ceo",), {"lane.send": "upstream_failed"}) == {"ceo": ("send: not reached",)}


def test_a_skipped_send_is_no_trouble() -> None:
    assert troubled(("ceo",), {"lane.send_0": "skipped"}) == {"ceo": ()}
