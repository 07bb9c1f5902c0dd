"""Every way in which one SES call can end, against a stub that counts what it accepted."""

from __future__ import annotations

from typing import Any

import pytest

from executive_suite.mailing.errors import (
    LeaseRunningError,
    NotSentError,
    RefusedError,
    RetryableError,
    UncertainError,
)
from faults.desk import Desk, client
from ses_stub import Do, SesStub


@pytest.fixture
def desk(ses: SesStub) -> Desk:
    made = Desk(client(ses))
    made.publish()
    return made


# what SES does → how it is raised, the state afterwards, how many mails it accepted (DESIGN: the table of errors)
ENDS = [
    (Do("refuse"), RefusedError, "refused", 0),
    (Do("refuse", "MailFromDomainNotVerifiedException"), RefusedError, "refused", 0),
    (Do("refuse", "BadRequestException"), RefusedError, "refused", 0),
    (Do("refuse", "NotFoundException", "Configuration set does not exist", 404), RefusedError, "refused", 0),
    (Do("refuse", "AccessDeniedException", "no", 403), RefusedError, "refused", 0),
    (Do("refuse", "AccountSuspendedException"), RefusedError, "refused", 0),
    (Do("pause"), RefusedError, "refused", 0),
    (Do("throttle"), RetryableError, "retryable", 0),
    (Do("quota"), RetryableError, "retryable", 0),
    (Do("error-before"), UncertainError, "uncertain", 0),
    (Do("error-after"), UncertainError, "uncertain", 1),
    (Do("hang-before", seconds=2), UncertainError, "uncertain", 0),
    (Do("hang-after", seconds=2), UncertainError, "uncertain", 1),
    (Do("close-before"), UncertainError, "uncertain", 0),
    (Do("close-after"), UncertainError, "uncertain", 1),
]


@pytest.mark.parametrize(("step", "raised", "state", "accepted"), ENDS, ids=lambda value: getattr(value, "what", None))
def test_how_a_call_ends(
    ses: SesStub, desk: Desk, *, step: Do, raised: type[NotSentError], state: str, accepted: int
) -> None:
    ses.script("*", step)
    with pytest.raises(raised):
        desk.send()
    assert (desk.state(), len(ses.accepted), len(ses.calls)) == (state, accepted, 1)


@pytest.mark.parametrize("step", [step for step, _, state, _ in ENDS if state == "uncertain"], ids=lambda s: s.what)
def test_what_is_uncertain_is_never_sent_again_however_often_it_is_tried(ses: SesStub, desk: Desk, step: Do) -> None:
    ses.script("*", step)
    for _ in range(5):
        with pytest.raises(UncertainError):
            desk.send()
        desk.clock.forward(3600)
    assert len(ses.calls) == 1


@pytest.mark.parametrize("step", [Do("throttle"), Do("quota"), Do("refuse")], ids=lambda step: step.what)
def test_what_was_refused_for_certain_is_sent_by_the_next_try(ses: SesStub, desk: Desk, step: Do) -> None:
    ses.script("*", step)
    with pytest.raises(NotSentError):
        desk.send()
    outcome = desk.send()
    assert (outcome.message_id, outcome.already, desk.state()) == ("stub-000001", False, "sent")
    assert len(ses.accepted) == 1


def test_an_automatic_retry_does_not_send_what_was_refused(ses: SesStub, desk: Desk) -> None:
    ses.script("*", Do("refuse"))
    for _ in range(2):
        with pytest.raises(RefusedError):
            desk.send(retry_refused=False)
    assert len(ses.calls) == 1


def test_the_daily_quota_is_waited_for_in_hours(ses: SesStub, desk: Desk) -> None:
    ses.script("*", Do("quota"))
    with pytest.raises(RetryableError) as caught:
        desk.send()
    assert caught.value.delay_seconds is not None
    assert caught.value.delay_seconds >= 3600


def test_an_endpoint_that_is_not_there_is_retryable(desk: Desk, ses: SesStub) -> None:
    ses.__exit__()
    with pytest.raises(RetryableError):
        desk.send()
    assert desk.state() == "retryable"


def test_a_second_run_of_the_period_sends_nothing(ses: SesStub, desk: Desk) -> None:
    first = desk.send()
    again = desk.send()
    assert (again.already, again.message_id, again.mail_key) == (True, first.message_id, first.mail_key)
    assert len(ses.calls) == 1


class Killed(BaseException):
    """A worker that is gone: it does nothing after this."""


# after which step a worker dies → the state when its lease is over, mails accepted, mails after the retries
KILLS = [
    ("gates", "none", 0, 1),
    ("frozen", "none", 0, 1),
    ("announced", "none", 0, 1),
    ("claimed", "uncertain", 0, 0),
    ("before-call", "uncertain", 0, 0),
    ("after-call", "uncertain", 1, 1),
    ("recorded", "sent", 1, 1),
]


@pytest.mark.parametrize(("point", "state", "accepted", "finally_accepted"), KILLS)
def test_a_worker_that_dies_after_a_step(
    ses: SesStub, desk: Desk, *, point: str, state: str, accepted: int, finally_accepted: int
) -> None:
    def die(reached: str) -> None:
        if reached == point:
            raise Killed

    desk.fail_point = die
    with pytest.raises(Killed):
        desk.send()
    assert len(ses.accepted) == accepted
    desk.fail_point = lambda _: None
    if state == "uncertain":
        with pytest.raises(LeaseRunningError) as waiting:
            desk.send()
        assert waiting.value.delay_seconds is not None
        desk.clock.forward(waiting.value.delay_seconds)
    assert desk.state() == state
    for _ in range(3):
        if state == "uncertain":
            with pytest.raises(UncertainError):
                desk.send()
        else:
            desk.send()
    assert len(ses.accepted) == finally_accepted


def test_the_mail_is_the_approved_document_and_shows_no_audit_copy(ses: SesStub, desk: Desk) -> None:
    outcome = desk.send()
    (mail,) = ses.accepted
    parsed: Any = mail.parsed
    assert mail.to == ("cfo@example.com",)
    assert mail.bcc == ("audit@example.com",)
    assert "audit@" not in str(parsed)
    assert parsed["X-Executive-Suite-Content-Digest"] == desk.request().content_digest
    assert parsed["X-Executive-Suite-Delivery"] == f"{outcome.delivery_id}; generation=1"
    assert mail.tags == {"delivery-id": outcome.delivery_id, "generation": "1"}
    assert parsed.get_body(("plain",)).get_content().replace("\r\n", "\n") == "Cash lasts 4.85 months.\n"
    assert "<p>Cash lasts 4.85 months.</p>" in parsed.get_body(("html",)).get_content()
