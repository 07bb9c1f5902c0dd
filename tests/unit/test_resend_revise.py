"""A person's word: another mail, a settled doubt, another revision; and what each of them leaves on record."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from executive_suite import config
from executive_suite.archive import documents, publication
from executive_suite.archive.documents import ArchiveError
from executive_suite.facts.fact import Fact
from executive_suite.facts.figures import Figures
from executive_suite.folders import INCLUDE
from executive_suite.mailing import corrections, resend, revise
from executive_suite.mailing.corrections import Change
from executive_suite.mailing.errors import RefusedError, RetryableError, UncertainError
from executive_suite.mailing.resend import Decision, DecisionError, ResendError
from executive_suite.mailing.revise import ReviseError
from executive_suite.outbox.outbox import Entry, NoEntryError, Outbox
from executive_suite.stores.store import StoredObject
from executive_suite.trail.chain import Chain, day_chain
from faults.desk import MORNING, REPORT_DATE, Desk, client, document
from ses_stub import Do, SesStub

DECISION = Decision("founder", "the board asked for it")


@pytest.fixture
def desk(ses: SesStub) -> Desk:
    made = Desk(client(ses))
    made.publish()
    return made


def chain(desk: Desk) -> Chain:
    return Chain(desk.records, day_chain(MORNING.date()), clock=desk.clock)


def named(desk: Desk) -> Entry:
    (found,) = Outbox(desk.records).entries()
    return found


def again(desk: Desk) -> int:
    return resend.open_next(desk.records, named(desk), DECISION, clock=desk.clock, chain=chain(desk))


def test_a_resend_sends_once_more_and_says_so(ses: SesStub, desk: Desk) -> None:
    desk.send()
    assert again(desk) == 2
    assert [desk.send().already, desk.send().already] == [False, True]
    assert [mail.parsed["Subject"] for mail in ses.accepted] == [
        "Cash lasts 4.85 months",
        "[Resend] Cash lasts 4.85 months",
    ]
    assert [mail.tags["generation"] for mail in ses.accepted] == ["1", "2"]


def test_a_resend_is_on_record_with_actor_and_reason(desk: Desk) -> None:
    desk.send()
    again(desk)
    opened = json.loads(desk.records.get(f"ledger/{named(desk).delivery_id}/g2/opened").body)
    assert (opened["actor"], opened["reason"], opened["from_state"]) == ("founder", "the board asked for it", "sent")
    events = [json.loads(desk.records.get(key).body)["data"] for key in desk.records.keys("audit/days/")]
    assert [(event["actor"], event["reason"], event["generation"]) for event in events] == [
        ("founder", "the board asked for it", 2)
    ]


def test_what_was_not_sent_is_not_resent_but_cleared(ses: SesStub, desk: Desk) -> None:
    ses.script("*", Do("throttle"))
    with pytest.raises(RetryableError):
        desk.send()
    with pytest.raises(ResendError, match="clear the send task"):
        again(desk)
    desk.send()
    again(desk)
    with pytest.raises(ResendError, match="generation 2 is none"):
        again(desk)


def test_a_running_lease_is_waited_for(desk: Desk) -> None:
    def die(point: str) -> None:
        if point == "claimed":
            raise KeyboardInterrupt

    desk.fail_point = die
    with pytest.raises(KeyboardInterrupt):
        desk.send()
    desk.fail_point = lambda _: None
    with pytest.raises(ResendError, match="lease"):
        again(desk)
    desk.clock.forward(3600)
    assert again(desk) == 2
    assert desk.send().generation == 2


def test_a_refused_delivery_may_be_resent(ses: SesStub, desk: Desk) -> None:
    ses.script("*", Do("refuse"))
    with pytest.raises(RefusedError):
        desk.send()
    assert again(desk) == 2


def test_an_uncertain_mail_that_did_arrive_is_settled_without_another(ses: SesStub, desk: Desk) -> None:
    ses.script("*", Do("error-after"))
    with pytest.raises(UncertainError, match="settle --delivery"):
        desk.send()
    resend.settle(desk.records, named(desk), DECISION, message_id="stub-000001", clock=desk.clock, chain=chain(desk))
    outcome = desk.send()
    assert (outcome.already, outcome.message_id, len(ses.accepted)) == (True, "stub-000001", 1)


def test_only_a_doubt_can_be_settled(desk: Desk) -> None:
    desk.send()
    with pytest.raises(ResendError, match="not uncertain"):
        resend.settle(desk.records, named(desk), DECISION, clock=desk.clock, chain=chain(desk))


@pytest.mark.parametrize(
    ("actor", "reason", "fault"),
    [
        ("", "why", "actor: is blank"),
        ("who", " ", "reason: is blank"),
        ("founder@example.com", "why", "actor: holds a mail address"),
        ("who", "cfo@example.com asked", "reason: holds a mail address"),
    ],
)
def test_nobody_decides_without_name_and_reason_and_no_address_goes_on_record(
    actor: str, reason: str, fault: str
) -> None:
    with pytest.raises(DecisionError, match=fault):
        Decision(actor, reason)


def test_a_delivery_that_is_not_there_is_named(desk: Desk) -> None:
    with pytest.raises(NoEntryError, match="has no delivery"):
        Outbox(desk.records).find("a" * 52)


def open_revision(desk: Desk) -> int:
    return revise.revise(desk.records, "cfo", "cfo-report", REPORT_DATE, DECISION, clock=desk.clock, chain=chain(desk))


def test_what_was_never_sent_needs_no_revision(desk: Desk) -> None:
    with pytest.raises(ReviseError, match="just render again"):
        open_revision(desk)


def test_a_revision_is_another_delivery_and_knows_what_it_replaces(ses: SesStub, desk: Desk) -> None:
    sent = desk.send()
    corrected = document("corrected")
    with pytest.raises(publication.RevisionRequiredError):
        desk.publish(corrected)
    assert open_revision(desk) == 2
    desk.publish(corrected)
    assert desk.send(made=corrected, revision=2).already is False
    assert [mail.parsed["Subject"] for mail in ses.accepted] == ["Cash lasts 4.85 months", "corrected"]
    replaced = revise.replaced_by(desk.records, REPORT_DATE, "cfo-report", 2)
    assert replaced is not None
    assert (replaced.revision, replaced.message_ids, replaced.actor) == (1, (sent.message_id,), "founder")
    assert replaced.sent_at == "2026-05-01T13:00:00.000000Z"
    assert revise.replaced_by(desk.records, REPORT_DATE, "cfo-report", 1) is None


def test_the_old_revision_is_not_sent_any_more(desk: Desk) -> None:
    desk.send()
    open_revision(desk)
    desk.publish(document("corrected"))
    with pytest.raises(ArchiveError, match="2 is open"):
        desk.publish(document(), revision=1)


def test_a_mail_of_the_old_revision_never_leaves_once_a_person_opened_the_next(ses: SesStub, desk: Desk) -> None:
    """One reader got the wrong bytes, the other was throttled; after ``revise`` their send task is cleared."""
    desk.send()
    ses.script("*", Do("throttle"))
    with pytest.raises(RetryableError):
        desk.send(recipient_id="board")
    open_revision(desk)
    with pytest.raises(RefusedError, match="superseded: revision 2 was opened"):
        desk.send(recipient_id="board")
    assert len(ses.accepted) == 1
    desk.publish(document("corrected"))
    assert desk.send(recipient_id="board", revision=2, made=document("corrected")).message_id


def test_a_person_who_revises_while_a_worker_is_about_to_call_is_heard(ses: SesStub, desk: Desk) -> None:
    desk.send()

    def person(point: str) -> None:
        if point == "claimed":
            open_revision(desk)

    desk.fail_point = person
    with pytest.raises(RetryableError, match="revision 2 was opened"):
        desk.send(recipient_id="board")
    assert len(ses.calls) == 1


def test_a_doubtful_mail_counts_as_sent_for_a_revision(ses: SesStub, desk: Desk) -> None:
    ses.script("*", Do("error-before"))
    with pytest.raises(UncertainError):
        desk.send()
    assert open_revision(desk) == 2
    replaced = revise.replaced_by(desk.records, REPORT_DATE, "cfo-report", 2)
    assert replaced is not None
    assert (replaced.sent_at, replaced.message_ids) == ("", ())


def fact(metric: str, value: int | Decimal | None, unit: str, **rest: str) -> Fact:
    return Fact(metric, rest.pop("entity_id", "group"), "2026-05-01", value, unit, **rest)  # type: ignore[arg-type]


BEFORE = (fact("cash_balance", 3_900_000, "cents"), fact("cash_runway_months", Decimal("4.88"), "months"))
AFTER = (fact("cash_balance", 3_880_000, "cents"), fact("cash_runway_months", Decimal("4.88"), "months"))


def figures(facts: tuple[Fact, ...]) -> Figures:
    return Figures(REPORT_DATE, "2026-05-01T07:00:00Z", "America/Los_Angeles", "d" * 64, facts)


def test_a_correction_names_the_figures_that_changed() -> None:
    (cash,) = corrections.changes(BEFORE, AFTER)
    name = "Cash balance"
    assert (cash.metric_id, cash.label) == ("cash_balance", f"{name}, 2026-05-01")
    assert "39,000" in cash.before
    assert "38,800" in cash.after
    assert corrections.changes(AFTER, AFTER) == ()
    gone = corrections.changes(BEFORE, BEFORE[1:])
    assert [(change.metric_id, change.after) for change in gone] == [("cash_balance", "not calculated")]


def test_the_latest_figures_of_the_group_are_named_first() -> None:
    def table(cents: int) -> tuple[Fact, ...]:
        places = [("group", "2026-03"), ("qos", "2026-05-01"), ("group", "2026-05-01"), ("jada", "2026-04")]
        return tuple(Fact("cash_balance", entity, period, cents, "cents") for entity, period in places)

    found = [change.label for change in corrections.changes(table(100), table(200))]
    assert found == [
        "Cash balance, 2026-05-01",
        "Cash balance, 2026-05-01, qos",
        "Cash balance, 2026-04, jada",
        "Cash balance, 2026-03",
    ]


def test_a_correction_says_in_its_first_lines_what_it_replaces(desk: Desk) -> None:
    report = config.load(INCLUDE / "config").report("cfo")
    old, new = figures(BEFORE), figures(AFTER)
    desk.records.create(StoredObject("figures/old.json", old.to_json()))
    documents.keep_origin(desk.records, document().content_digest, "figures/old.json", 1)
    assert corrections.first_lines(desk.records, new, report, 1) == ()
    sent = desk.send()
    open_revision(desk)
    name = "Cash balance"
    told = corrections.first_lines(desk.records, new, report, 2)
    assert told[:3] == (
        f"CORRECTION: this replaces revision 1 of this report sent 2026-05-01 13:00 UTC (message {sent.message_id}).",
        "Reason: the board asked for it",
        "1 figure changed:",
    )
    assert told[3].startswith(f"  {name}, 2026-05-01: ")
    other = config.load(INCLUDE / "config").report("cto")  # shows no cash
    silent = corrections.first_lines(desk.records, new, other.model_copy(update={"file_name": report.file_name}), 2)
    assert silent[2:] == ("No headline figure changed.",)


def test_a_correction_of_what_is_not_on_record_says_so(desk: Desk) -> None:
    report = config.load(INCLUDE / "config").report("cfo")
    desk.send()
    open_revision(desk)
    told = corrections.first_lines(desk.records, figures(AFTER), report, 2)
    assert told[2:] == ("Which figures changed is not on record.",)


def test_many_changed_figures_are_counted() -> None:
    changed = tuple(Change(f"figure {n}", f"figure {n}", "1", "2") for n in range(15))
    replaced = revise.Replaced(1, "d", "", "", (), "founder", "late invoice", "2026-05-02T00:00:00.000000Z")
    told = corrections.lines(replaced, changed)
    assert (told[2], told[-1]) == ("15 figures changed:", "  and 3 more")
    assert corrections.lines(replaced, ())[2] == "No headline figure changed."


def test_an_entry_is_found_by_its_slot(desk: Desk) -> None:
    desk.send()
    outbox, slot = Outbox(desk.records), named(desk).slot
    assert (slot.report, slot.report_date, slot.recipient_id, slot.revision) == ("cfo", REPORT_DATE, "primary", 1)
    assert outbox.entry(slot) == named(desk)
    assert outbox.entry(replace(slot, recipient_id="other")) is None
