"""The records of one delivery, and the state that follows from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from executive_suite.canonical import END_OF_TIME

State = Literal["none", "claimed", "uncertain", "retryable", "refused", "sent"]
Result = Literal["sent", "retryable", "refused", "uncertain"]
EvidenceKind = Literal[
    "accepted", "delivered", "bounced", "complained", "rejected", "delayed", "opened", "clicked", "confirmed"
]


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to make one call to SES; only the writer of the object has it.

    Attributes:
        number: From 1 within its generation.
        nonce: Tells one's own write from another's if an answer was lost.
        at: When it was written, by the writer's clock.
        deadline: Until when its writer may still be working.
        content_digest: Of the document.
        envelope_digest: SHA-256 of the MIME bytes.
        mail_key: The key of those bytes.
    """

    number: int
    nonce: str
    at: datetime
    deadline: datetime
    content_digest: str
    envelope_digest: str
    mail_key: str

    def may_run(self, now: datetime) -> bool:
        """Whether its writer may still be working.

        A claim dated further ahead than its own lease was written, or is being read, with a wrong clock. Nobody waits
        for that clock: its writer counts as gone, and the claim as uncertain.
        """
        return now < self.deadline and self.at - now <= self.deadline - self.at


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome of a claim, written only by its holder.

    Attributes:
        number: The claim's.
        nonce: The claim's.
        result: sent (SES accepted); retryable or refused (certainly not accepted); uncertain (unknown).
        at: When it was written.
        message_id: SES's, when accepted.
        code: Error code, when not.
        detail: Error text without addresses.
    """

    number: int
    nonce: str
    result: Result
    at: datetime
    message_id: str = ""
    code: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Proof from outside the protocol that SES accepted a mail: an SES event or a person's word.

    Attributes:
        event_id: Makes it idempotent: the same event is stored once.
        kind: What happened to the mail.
        at: When, by the source.
        message_id: SES's, when known.
        detail: Bounce type, diagnostic; without addresses.
        actor: Who confirmed it; empty for SES events.
    """

    event_id: str
    kind: EvidenceKind
    at: datetime
    message_id: str = ""
    detail: str = ""
    actor: str = ""


@dataclass(frozen=True, slots=True)
class Opening:
    """A person's decision to send again: who, why, when, and from which state."""

    actor: str
    reason: str
    at: datetime
    from_state: State


@dataclass(frozen=True, slots=True)
class Generation:
    """One generation of a delivery, in which SES accepts at most one mail.

    Attributes:
        number: From 1; later ones are opened by a person.
        opening: The decision that opened it; None for the first.
        claims: In order.
        answers: In order of their claims.
        evidence: In order of their ids.
    """

    number: int
    opening: Opening | None = None
    claims: tuple[Claim, ...] = ()
    answers: tuple[Answer, ...] = ()
    evidence: tuple[Evidence, ...] = ()

    def state(self, now: datetime) -> State:
        """The state at ``now``; the clock only tells a running lease from an expired one, never whether to send."""
        if self.acceptance is not None or self.evidence:
            return "sent"
        if not self.claims:
            return "none"
        answered = {answer.number: answer for answer in self.answers}
        definite = {number for number, answer in answered.items() if answer.result != "uncertain"}
        unresolved = [claim for claim in self.claims if claim.number not in definite]
        if unresolved:
            silent = [claim for claim in unresolved if claim.number not in answered]
            running = len(silent) == len(unresolved) and any(claim.may_run(now) for claim in silent)
            return "claimed" if running else "uncertain"
        return "refused" if answered[self.claims[-1].number].result == "refused" else "retryable"

    @property
    def acceptance(self) -> Answer | None:
        """The answer that says accepted, if any."""
        return next((answer for answer in self.answers if answer.result == "sent"), None)

    @property
    def message_id(self) -> str:
        """SES's id of the accepted mail; empty if unknown."""
        if self.acceptance is not None:
            return self.acceptance.message_id
        return next((item.message_id for item in self.evidence if item.message_id), "")

    @property
    def accepted_at(self) -> datetime | None:
        """When acceptance was recorded or proven; None if nothing was accepted."""
        if self.acceptance is not None:
            return self.acceptance.at
        return min((item.at for item in self.evidence), default=None)


@dataclass(frozen=True, slots=True)
class Record:
    """Everything the outbox holds about one delivery."""

    delivery_id: str
    generations: tuple[Generation, ...]

    @property
    def latest(self) -> Generation:
        """The generation a send would use."""
        return self.generations[-1]

    def state(self, now: datetime) -> State:
        """The state of the latest generation."""
        return self.latest.state(now)

    def may_have_sent(self) -> frozenset[str]:
        """Content digests of the mails that SES accepted, may have accepted or may yet accept, in any generation."""
        found: set[str] = set()
        for generation in self.generations:
            if generation.state(END_OF_TIME) not in {"sent", "uncertain"}:
                continue
            without = {a.number for a in generation.answers if a.result in {"retryable", "refused"}}
            found |= {claim.content_digest for claim in generation.claims if claim.number not in without}
        return frozenset(found)
