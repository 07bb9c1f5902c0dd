"""A close that dies wherever it is and is tried again: the owner is told once, and the run ends as it would have."""

from __future__ import annotations

import pytest

from executive_suite.run import clock as clock_module
from executive_suite.run import close as closing
from executive_suite.run.close import IncompleteError, close
from executive_suite.run.deployment import Deployment
from executive_suite.stores.store import StoreError, read_all
from executive_suite.trail import verification
from faults.desk import MORNING, Clock
from faults.lanes import RUN, in_memory, lane, plan_of
from ses_stub import SesStub


@pytest.fixture
def opened(moto_server: str, bucket: str, ses: SesStub, monkeypatch: pytest.MonkeyPatch) -> Deployment:
    monkeypatch.setattr(clock_module, "now", Clock(MORNING))
    return in_memory(moto_server, bucket, ses, monkeypatch)


@pytest.mark.parametrize(
    ("place", "step"),
    [
        (closing.owner, "notify_of_run"),
        (closing.sealing, "seal"),
        (closing.summary, "keep"),
        (closing.telling, "of_run"),
        (closing.mirror, "mirror"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
@pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
def test_the_owner_is_told_once(
    opened: Deployment, ses: SesStub, monkeypatch: pytest.MonkeyPatch, place: object, step: str, *, done: bool
) -> None:
    plan = plan_of(opened, reports=("cfo", "cto"))
    assert lane(opened, "cfo", plan) == "sent"
    plain, calls = getattr(place, step), []

    def dies_once(*given: object, **named: object) -> object:
        calls.append(step)
        found = plain(*given, **named) if done or len(calls) > 1 else None
        if len(calls) == 1:
            msg = "the process is gone"
            raise StoreError(msg)
        return found

    monkeypatch.setattr(place, step, dies_once)
    states = {"lane.render_1": "failed"}
    with pytest.raises(StoreError):
        close(opened, plan, RUN, states)
    with pytest.raises(IncompleteError, match="1 of 2"):
        close(opened, plan, RUN, states)

    told = [mail for mail in ses.accepted if "not sent" in str(mail.parsed["Subject"])]
    assert len(told) == 1
    records = opened.records
    assert verification.verify((one.key, one.body) for one in read_all(records, records.keys("audit/"))).faults == ()
