"""What happens to a worker between two of its steps: it sleeps, a person is faster, a store fails."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable

import pytest

from executive_suite.archive import publication
from executive_suite.mailing import resend
from executive_suite.mailing.errors import RetryableError, UncertainError
from executive_suite.mailing.resend import Decision
from executive_suite.outbox.outbox import Outbox
from executive_suite.stores.memory import MemoryStore
from executive_suite.stores.store import StoredObject, StoreError
from executive_suite.trail.chain import Chain, TrailError, day_chain
from faults.desk import LIMITS, MORNING, Desk, client, document
from ses_stub import Do, SesStub


class Breaking(MemoryStore):
    """A store that stops taking what a predicate names."""

    def __init__(self) -> None:
        super().__init__()
        self.refuses: Callable[[str], bool] = lambda _: False

    def create(self, item: StoredObject) -> bool:
        if self.refuses(item.key):
            msg = f"create {item.key}: 503 Slow Down"
            raise StoreError(msg)
        return super().create(item)


@pytest.fixture
def desk(ses: SesStub) -> Desk:
    made = Desk(client(ses), records=Breaking())
    made.publish()
    return made


def at(point: str, act: Callable[[], object]) -> Callable[[str], None]:
    """Do something the first time that a step is reached."""
    todo = [act]

    def hook(reached: str) -> None:
        if reached == point and todo:
            todo.pop()()

    return hook


def test_a_worker_that_slept_through_its_lease_does_not_call(ses: SesStub, desk: Desk) -> None:
    desk.fail_point = at("claimed", lambda: desk.clock.forward(LIMITS.lease_seconds - 0.5))
    with pytest.raises(RetryableError, match="LeaseLapsed"):
        desk.send()
    assert len(ses.calls) == 0
    assert desk.send().message_id == "stub-000001"


def test_a_worker_gives_way_to_a_person_who_went_ahead(ses: SesStub, desk: Desk) -> None:
    """A worker sleeps after its claim until that is uncertain; a person asks for another mail; the worker wakes."""

    def person() -> None:
        desk.clock.forward(3600)
        (named,) = Outbox(desk.records).entries()
        chain = Chain(desk.records, day_chain(MORNING.date()), clock=desk.clock)
        resend.open_next(desk.records, named, Decision("founder", "it must go"), clock=desk.clock, chain=chain)
        desk.clock.forward(-3600)  # and the worker's clock never noticed

    desk.fail_point = at("claimed", person)
    with pytest.raises(RetryableError, match="NewGeneration"):
        desk.send()
    assert len(ses.calls) == 0
    assert desk.send().generation == 2
    assert len(ses.accepted) == 1


def test_a_worker_gives_way_to_newer_bytes(ses: SesStub, desk: Desk) -> None:
    desk.fail_point = at("gates", lambda: desk.publish(document("newer")))
    with pytest.raises(RetryableError, match="Superseded"):
        desk.send()
    assert len(ses.calls) == 0
    assert desk.send(made=document("newer")).message_id == "stub-000001"


def test_newer_bytes_give_way_to_a_worker_with_a_claim(desk: Desk) -> None:
    endings: list[str] = []

    def publisher() -> None:
        try:
            desk.publish(document("newer"))
        except publication.RevisionRequiredError as error:
            endings.append(type(error).__name__)

    desk.fail_point = at("before-call", publisher)
    assert desk.send().message_id == "stub-000001"
    assert endings == ["RevisionRequiredError"]
    assert desk.reports.get("2026-05-01/cfo-report.html").body == document().files["html"]


def test_an_acceptance_that_cannot_be_recorded_is_uncertain_and_says_the_message_id(ses: SesStub, desk: Desk) -> None:
    desk.records.refuses = lambda key: key.endswith(".outcome")  # type: ignore[attr-defined]
    with pytest.raises(UncertainError, match="stub-000001") as caught:
        desk.send()
    assert (caught.value.code, caught.value.message_id) == ("outcome-not-recorded", "stub-000001")
    desk.records.refuses = lambda _: False  # type: ignore[attr-defined]
    desk.clock.forward(3600)
    with pytest.raises(UncertainError):
        desk.send()
    assert len(ses.accepted) == 1


@pytest.mark.parametrize("what", ["ledger/slots/", "mails/", "editions/", ".claim"])
def test_nothing_is_sent_that_cannot_be_put_on_record(ses: SesStub, desk: Desk, what: str) -> None:
    desk.records.refuses = lambda key: what in key  # type: ignore[attr-defined]
    with pytest.raises(StoreError):
        desk.send()
    assert not ses.calls
    desk.records.refuses = lambda _: False  # type: ignore[attr-defined]
    assert desk.send().message_id == "stub-000001"


def test_nothing_is_sent_without_an_audit_trail(ses: SesStub, desk: Desk) -> None:
    desk.records.refuses = lambda key: key.startswith("audit/")  # type: ignore[attr-defined]
    with pytest.raises(TrailError):
        desk.send()
    assert not ses.calls


def test_an_audit_event_that_was_lost_after_the_send_is_made_up_by_the_next_try(ses: SesStub, desk: Desk) -> None:
    def trail_breaks() -> None:
        desk.records.refuses = lambda key: key.startswith("audit/")  # type: ignore[attr-defined]

    desk.fail_point = at("recorded", trail_breaks)
    with pytest.raises(TrailError):
        desk.send()
    desk.records.refuses = lambda _: False  # type: ignore[attr-defined]
    assert desk.send().already
    assert len(ses.accepted) == 1
    events = [json.loads(desk.records.get(key).body) for key in desk.records.keys("audit/")]
    told = [event["type"] for event in events if event["data"]["message_id"] == "stub-000001"]
    assert told == ["executive_suite.delivery.found"]


def test_a_retry_sends_the_stored_bytes_with_the_link_of_their_own_date(ses: SesStub) -> None:
    """Hours later by the clock, the link still ends when the first try said that it would."""
    page = '<!--archived page--><a href="2026-05-01/cfo-report.html">Open</a><!--/archived page-->'
    made = document(mail_html=f"<html><body>{page}<p>2026-05-01/cfo-report.html</p></body></html>")
    desk = Desk(client(ses), link_to=lambda key, at: f"https://reports.example.com/{key}?Expires={at:%H%M%S}")
    desk.publish(made)
    ses.script("cfo@example.com", Do("throttle"))
    with pytest.raises(RetryableError):
        desk.send(made=made)
    desk.clock.forward(7200.5)
    outcome = desk.send(made=made)
    (kept,) = desk.records.keys("mails/")
    assert kept == outcome.mail_key
    (mail,) = ses.accepted
    assert base64.b64decode(mail.mime) == desk.records.get(kept).body
    assert "Expires=130000" in mail.parsed.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert mail.parsed["X-Executive-Suite-Content-Digest"] == made.content_digest
