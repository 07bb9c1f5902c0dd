"""SES events: read as SES documents them, taken in once, in any order, and what they change."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from hypothesis import example, given
from hypothesis import strategies as st

from executive_suite.identity import HashKey
from executive_suite.mailing import feedback
from executive_suite.mailing.feedback import Intake, Taken
from executive_suite.mailing.request import Request
from executive_suite.mailing.suppression import SuppressionList
from executive_suite.outbox.outbox import Outbox
from executive_suite.outbox.state import Claim
from executive_suite.ses import events as feedback_events
from executive_suite.ses.events import UnreadableEventError
from executive_suite.stores.memory import MemoryStore
from executive_suite.stores.store import StoredObject, StoreError
from executive_suite.trail.chain import Chain, day_chain
from faults.desk import MORNING, Desk
from loopback import PRETENDED

KEY = HashKey("k" * 32)
DELIVERY = "a" * 52


def request(recipient_id: str) -> Request:
    return Request("group", "cfo", "cfo-report", MORNING.date(), 1, "digest", recipient_id)


def mail(**changes: Any) -> dict[str, Any]:
    """The ``mail`` object; shape as in the Amazon SES developer guide, "Examples of event data ... publishes"."""
    return {
        "timestamp": "2026-05-01T13:00:01.000Z",
        "source": "Executive Suite <reports@example.com>",
        "messageId": "EXAMPLE7c191be45-e9aedb9a-02f9-4d12-a87d-dd0099a07f8a-000000",
        "destination": ["cfo@example.com"],
        "tags": {"delivery-id": [DELIVERY], "generation": ["1"], "ses:configuration-set": ["suite"]},
        **changes,
    }


def event(name: str, told: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    field = name[0].lower() + name[1:]
    return {"eventType": name, "mail": mail(**changes), field: told if told is not None else {}}


BOUNCE = event(
    "Bounce",
    {
        "bounceType": "Permanent",
        "bounceSubType": "General",
        "bouncedRecipients": [
            {
                "emailAddress": "CFO@example.com",
                "action": "failed",
                "status": "5.1.1",
                "diagnosticCode": "smtp; 550 5.1.1 <cfo@example.com>: user unknown",
            }
        ],
        "timestamp": "2026-05-01T13:00:05.669Z",
        "feedbackId": "01000157c44f053b",
        "reportingMTA": "dsn; mta.example.com",
    },
)
COMPLAINT = event(
    "Complaint",
    {
        "complainedRecipients": [{"emailAddress": "cfo@example.com"}],
        "timestamp": "2026-05-01T14:41:02.669Z",
        "feedbackId": "01000157c44f053c",
        "complaintFeedbackType": "abuse",
    },
)
DELIVERED = event("Delivery", {"timestamp": "2026-05-01T13:00:04.718Z", "recipients": ["cfo@example.com"]})
SENT = event("Send")
SOFT = event(
    "Bounce",
    {**BOUNCE["bounce"], "bounceType": "Transient", "bounceSubType": "MailboxFull"},
)


def intake(store: MemoryStore) -> Intake:
    return Intake(store, KEY, Chain(store, day_chain(MORNING.date()), clock=lambda: MORNING), lambda: MORNING)


def events_on_record(store: MemoryStore) -> list[dict[str, Any]]:
    return [json.loads(store.get(key).body) for key in store.keys("audit/")]


def test_what_becomes_of_the_audit_copy_is_not_said_of_the_readers_mail() -> None:
    store = MemoryStore()
    frozen = b"To: =?utf-8?q?The_CFO?= <CFO@example.com>\r\nSubject: CFO\r\n\r\nText\r\n"
    store.create(StoredObject("mails/1", frozen))
    Outbox(store).claim(DELIVERY, 1, Claim(1, "n", MORNING, MORNING, "c", "e", "mails/1"))
    copy = json.loads(json.dumps(BOUNCE).replace("CFO@example.com", "audit@example.com"))
    assert intake(store).take(json.dumps(copy)).suppressed == 1
    (proof,) = Outbox(store).read(DELIVERY).latest.evidence
    assert (proof.kind, Outbox(store).read(DELIVERY).state(MORNING)) == ("accepted", "sent")
    assert proof.detail.startswith("of the audit copy: bounced")
    assert intake(store).take(json.dumps(BOUNCE)).events == 1
    assert {one.kind for one in Outbox(store).read(DELIVERY).latest.evidence} == {"accepted", "bounced"}


@pytest.mark.parametrize(
    ("given_event", "kind"),
    [
        (SENT, "accepted"),
        (DELIVERED, "delivered"),
        (BOUNCE, "bounced"),
        (COMPLAINT, "complained"),
        (event("Reject", {"reason": "Bad content"}), "rejected"),
        (event("DeliveryDelay", {"timestamp": "2026-05-01T14:00:00Z", "delayType": "MailboxFull"}), "delayed"),
        (event("Open", {"timestamp": "2026-05-01T15:00:00Z", "ipAddress": "192.0.2.1"}), "opened"),
        (event("Click", {"timestamp": "2026-05-01T15:00:00Z", "link": "https://example.com"}), "clicked"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_event_shows_that_the_mail_was_accepted(given_event: dict[str, Any], kind: str) -> None:
    store = MemoryStore()
    assert intake(store).take(json.dumps(given_event)).events == 1
    latest = Outbox(store).read(DELIVERY).latest
    assert [proof.kind for proof in latest.evidence] == [kind]
    assert (latest.state(MORNING), latest.message_id) == ("sent", mail()["messageId"])
    (record,) = events_on_record(store)
    assert record["type"] == f"executive_suite.feedback.{kind}"
    assert "@" not in json.dumps(record)


def test_sns_wraps_the_event_in_an_envelope() -> None:
    wrapped = {"Type": "Notification", "MessageId": "m", "Message": json.dumps(BOUNCE)}
    assert feedback_events.parse(json.dumps(wrapped)) == feedback_events.parse(json.dumps(BOUNCE))


def test_a_feedback_notification_without_tags_is_known_by_its_header() -> None:
    """Identity notifications call it ``notificationType`` and may carry the original headers, but no tags."""
    told = {k: v for k, v in BOUNCE.items() if k != "eventType"} | {"notificationType": "Bounce"}
    headers = [{"name": "X-Executive-Suite-Delivery", "value": f"{DELIVERY}; generation=2"}]
    told["mail"] = mail(tags={}, headers=headers)
    found = feedback_events.parse(json.dumps(told))
    assert (found.delivery_id, found.generation) == (DELIVERY, 2)


def test_a_hard_bounce_and_a_complaint_suppress_and_a_soft_bounce_does_not() -> None:
    for given_event, suppressed in ((BOUNCE, 1), (COMPLAINT, 1), (SOFT, 0), (DELIVERED, 0)):
        store = MemoryStore()
        assert intake(store).take(json.dumps(given_event)).suppressed == suppressed
        stop = SuppressionList(store, KEY).gate(request("primary"), "cfo@Example.com")
        assert (stop is not None) == bool(suppressed)


def test_the_same_event_again_changes_nothing() -> None:
    store = MemoryStore()
    taken = [intake(store).take(json.dumps(BOUNCE)) for _ in range(3)]
    assert taken == [Taken(events=1, suppressed=1), Taken(known=1), Taken(known=1)]
    assert len(events_on_record(store)) == 1


@given(st.permutations([SENT, DELIVERED, BOUNCE, COMPLAINT, DELIVERED, BOUNCE]))
def test_the_order_does_not_matter(order: list[dict[str, Any]]) -> None:
    store = MemoryStore()
    for one in order:
        intake(store).take(json.dumps(one))
    found = {proof.kind for proof in Outbox(store).read(DELIVERY).latest.evidence}
    assert found == {"accepted", "delivered", "bounced", "complained"}
    assert len(events_on_record(store)) == 4


def test_a_taker_that_died_half_way_is_finished_by_the_next() -> None:
    store = MemoryStore()

    class Dying(MemoryStore):
        def create(self, item: Any) -> bool:
            if item.key.startswith("audit/"):
                raise KeyboardInterrupt
            return store.create(item)

        def get(self, key: str) -> Any:
            return store.get(key)

        def keys(self, prefix: str) -> Any:
            return store.keys(prefix)

    with pytest.raises(KeyboardInterrupt):
        intake(Dying()).take(json.dumps(BOUNCE))
    assert intake(store).take(json.dumps(BOUNCE)).events == 1
    assert [len(events_on_record(store)), len(Outbox(store).read(DELIVERY).latest.evidence)] == [1, 1]


@pytest.mark.parametrize(
    "body",
    ["", "hello", "[]", "{}", '{"eventType": "Bounce"}', '{"eventType": "Other", "mail": {"messageId": "m"}}',
     '{"eventType": "Send", "mail": {"messageId": "m", "timestamp": "yesterday"}}'],
)  # fmt: skip
def test_what_is_no_event_is_kept_for_a_person(body: str) -> None:
    store = MemoryStore()
    with pytest.raises(UnreadableEventError):
        feedback_events.parse(body)
    assert [intake(store).take(body), intake(store).take(body)] == [Taken(unreadable=1), Taken(unreadable=1)]
    assert len(list(store.keys("feedback-unreadable/"))) == 1
    assert len(events_on_record(store)) == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.floats(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "mail",
                    "bounce",
                    "messageId",
                    "timestamp",
                    "tags",
                    "headers",
                    "bouncedRecipients",
                    "emailAddress",
                    "delivery-id",
                    "generation",
                    "name",
                    "value",
                    "diagnosticCode",
                    "complaint",
                    "x",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(st.sampled_from(["Bounce", "Complaint", "Send", "Click"]), JSON, JSON, JSON)
@example("Bounce", {"messageId": "m", "timestamp": "2026-05-01T13:00:00Z", "tags": []}, [1], None)
@example("Bounce", {"messageId": "m", "timestamp": "2026-05-01T13:00:00"}, {"bouncedRecipients": 3}, None)
@example("Bounce", {"messageId": "m", "timestamp": "2026-05-01T13:00:00Z"}, {"bouncedRecipients": ["x@example.com"]}, 1)
@example("Send", {"messageId": "m", "timestamp": "2026-05-01T13:00:00Z", "headers": [None]}, {}, None)
@example("Bounce", {"messageId": "\ud800", "timestamp": "2026-05-01T13:00:00Z"}, {}, None)
def test_no_message_of_any_form_is_poison(name: str, mailed: Any, told: Any, rest: Any) -> None:
    """Whoever can write to the queue must not be able to stop the feedback of everybody else."""
    body = json.dumps({"eventType": name, "mail": mailed, name.lower(): told, "rest": rest})
    store = MemoryStore()
    taken = intake(store).take(body)
    assert taken.events + taken.unreadable == 1
    for key in store.keys(""):
        assert "@" not in key
        assert b"@" not in store.get(key).body or key.startswith("feedback-unreadable/")


def test_a_poison_message_holds_back_none_of_the_others(moto_server: str) -> None:
    sqs = boto3.client("sqs", endpoint_url=moto_server, **PRETENDED)
    url = sqs.create_queue(QueueName="feedback-poison")["QueueUrl"]
    odd = {"eventType": "Bounce", "mail": mail(), "bounce": {"bouncedRecipients": "not a list of objects"}}
    for one in (odd, BOUNCE, {"Type": "SubscriptionConfirmation", "Message": "You have chosen to subscribe"}, SENT):
        sqs.send_message(QueueUrl=url, MessageBody=json.dumps(one))
    assert feedback.poll(sqs, url, intake(MemoryStore())) == Taken(events=2, suppressed=1, unreadable=2)


def test_a_queue_that_says_no_is_told_without_the_name_of_a_session() -> None:
    class Refusing:
        def receive_message(self, **_: Any) -> Any:
            text = "User: arn:aws:sts::123456789012:assumed-role/suite/ann@example.com is not authorized"
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": text}}, "ReceiveMessage")

    with pytest.raises(feedback.QueueError, match="AccessDenied") as caught:
        feedback.poll(Refusing(), "http://127.0.0.1/feedback", intake(MemoryStore()))  # type: ignore[arg-type]
    assert "@" not in str(caught.value)


def test_an_event_of_a_generation_that_nobody_opened_is_evidence_and_opens_nothing() -> None:
    """A forged or mixed-up tag must not be able to make room for another mail."""
    desk = Desk(object())
    desk.publish()
    delivery_id = desk.record().delivery_id
    for generation in ("0", "-1", "²", "9999999", "1e3"):
        tags = {"delivery-id": [delivery_id], "generation": [generation]}
        found = feedback_events.parse(json.dumps(event("Send", tags=tags)))
        assert (found.delivery_id, found.generation) == ("", 0)


def test_a_tag_that_is_no_delivery_id_never_becomes_a_key() -> None:
    found = feedback_events.parse(json.dumps(event("Send", tags={"delivery-id": ["../../x"], "generation": ["1"]})))
    assert (found.delivery_id, found.generation) == ("", 0)


def test_an_uncertain_delivery_is_settled_by_an_event() -> None:
    """The answer was lost; SES's event says that the mail was accepted; the next try succeeds and sends nothing."""

    class Lost:
        def send_email(self, **_: object) -> dict[str, str]:
            raise ConnectionError

    desk = Desk(Lost())
    desk.publish()
    with pytest.raises(Exception, match="ConnectionError"):
        desk.send()
    record = desk.record()
    tags = {"delivery-id": [record.delivery_id], "generation": ["1"]}
    intake(desk.records).take(json.dumps(event("Send", tags=tags)))  # type: ignore[arg-type]
    outcome = desk.send()
    assert (outcome.already, outcome.message_id) == (True, mail()["messageId"])


def test_a_queue_is_emptied_and_messages_go_only_after_they_were_taken_in(moto_server: str) -> None:
    sqs = boto3.client("sqs", endpoint_url=moto_server, **PRETENDED)
    url = sqs.create_queue(QueueName="feedback")["QueueUrl"]
    for one in (SENT, BOUNCE, BOUNCE, COMPLAINT):
        sqs.send_message(QueueUrl=url, MessageBody=json.dumps(one))
    sqs.send_message(QueueUrl=url, MessageBody="hello")
    store = MemoryStore()
    taken = feedback.poll(sqs, url, intake(store))
    assert taken == Taken(events=3, known=1, suppressed=2, unreadable=1)
    assert feedback.poll(sqs, url, intake(store)) == Taken()


def test_a_message_that_could_not_be_taken_in_stays_in_the_queue(moto_server: str) -> None:
    class Full(MemoryStore):
        def create(self, item: StoredObject) -> bool:
            raise StoreError(item.key)

    sqs = boto3.client("sqs", endpoint_url=moto_server, **PRETENDED)
    url = sqs.create_queue(QueueName="feedback-stays")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody=json.dumps(SENT))
    with pytest.raises(StoreError):
        feedback.poll(sqs, url, intake(Full()))
    sizes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessagesNotVisible"])
    assert sizes["Attributes"]["ApproximateNumberOfMessagesNotVisible"] == "1"


def test_a_bounce_of_the_audit_copy_does_not_suppress_the_reader() -> None:
    """The copy is sent in the same call, so its bounce carries the reader's delivery id."""
    copy_bounced = event("Bounce", {**BOUNCE["bounce"], "bouncedRecipients": [{"emailAddress": "audit@example.com"}]})
    store = MemoryStore()
    assert intake(store).take(json.dumps(copy_bounced)).suppressed == 1
    own = SuppressionList(store, KEY)
    assert own.gate(request("primary"), "cfo@example.com") is None
    assert own.gate(request("audit"), "audit@example.com") is not None
