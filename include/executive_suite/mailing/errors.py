"""Why a delivery did not end in "sent": exceptions that name the next step."""

from __future__ import annotations


class NotSentError(Exception):
    """A delivery that did not end in "sent".

    Attributes:
        delivery_id: The delivery.
        state: Its state, as the outbox names it.
        code: The cause, in one word.
        text: What happened, without addresses.
        next_step: What to do now.
    """

    state = ""

    def __init__(self, delivery_id: str, code: str, text: str, next_step: str) -> None:
        self.delivery_id = delivery_id
        self.code = code
        self.text = text
        self.next_step = next_step
        super().__init__(f"delivery {delivery_id}: {code}: {text}. Next: {next_step}")


class RetryableError(NotSentError):
    """Nothing was accepted, and a retry is sensible.

    Attributes:
        delay_seconds: When; None leaves it to the back-off.
    """

    state = "retryable"

    def __init__(
        self, delivery_id: str, code: str, text: str, next_step: str, *, delay_seconds: float | None = None
    ) -> None:
        super().__init__(delivery_id, code, text, next_step)
        self.delay_seconds = delay_seconds


class LeaseRunningError(RetryableError):
    """Another worker may be sending right now; look again after its lease."""

    state = "claimed"


class RefusedError(NotSentError):
    """Nothing was accepted, and a retry would not change that; a person fixes the cause and clears the task."""

    state = "refused"


class HeldError(NotSentError):
    """A gate stopped it before anything was claimed: not approved, too old, suppressed, not armed."""

    state = "held"


class UncertainError(NotSentError):
    """SES may have accepted the mail. It is never sent again without a person's decision.

    Attributes:
        generation: The open generation.
        envelope_digest: SHA-256 of the mail's bytes.
        message_id: SES's id, if the answer came but could not be recorded.
    """

    state = "uncertain"

    def __init__(
        self, delivery_id: str, code: str, text: str, *, generation: int, envelope_digest: str, message_id: str = ""
    ) -> None:
        self.generation = generation
        self.envelope_digest = envelope_digest
        self.message_id = message_id
        super().__init__(
            delivery_id,
            code,
            f"{text}; generation {generation}, mail {envelope_digest[:16]}…"
            + (f", message id {message_id}" if message_id else ""),
            "look for this delivery id in SES events and in the audit copy's mailbox; then "
            f"`settle --delivery {delivery_id}` if it is there, "
            f"or `resend --delivery {delivery_id}` to send it again (both with --actor and --reason)",
        )
