"""Why a delivery did not end in "sent": plain exceptions that say what to do next."""

from __future__ import annotations


class DeliveryError(Exception):
    """A delivery that did not end in "sent".

    Attributes:
        delivery_id: The delivery.
        state: Its state, in the ledger's words.
        code: What stopped it, in one word.
        text: What happened, without addresses.
        next_step: What should happen now.
    """

    state = ""

    def __init__(self, delivery_id: str, code: str, text: str, next_step: str) -> None:
        self.delivery_id = delivery_id
        self.code = code
        self.text = text
        self.next_step = next_step
        super().__init__(f"delivery {delivery_id}: {code}: {text}. Next: {next_step}")


class RetryableError(DeliveryError):
    """Nothing was accepted; another try is sensible.

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
    """Another worker may be sending right now; look again when its lease is over."""

    state = "claimed"


class RefusedError(DeliveryError):
    """Nothing was accepted and another try will not change that; a person mends the cause and clears the task."""

    state = "refused"


class HeldError(DeliveryError):
    """A gate said no before anything was claimed: not approved, too old, suppressed, not armed."""

    state = "held"


class UncertainError(DeliveryError):
    """SES may have accepted the mail. It is never sent again without a person's decision.

    Attributes:
        generation: The generation that is open.
        envelope_digest: SHA-256 of the mail's bytes.
        message_id: SES's id, when the answer came but could not be recorded.
    """

    state = "uncertain"

    def __init__(  # noqa: PLR0913 - what a person needs to settle it
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
            f"`resend --delivery {delivery_id} --settle sent` if it is there, "
            f"or `resend --delivery {delivery_id}` to send it again (both with --actor and --reason)",
        )
