"""One delivery as data: what is asked for, who sends it, and the outcome."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from executive_suite.archive import editions


@dataclass(frozen=True, slots=True)
class Sender:
    """The sender, and who gets the audit copy; addresses are left out of its repr."""

    name: str
    address: str = field(repr=False)
    bcc: tuple[str, ...] = field(default=(), repr=False)
    configuration_set: str | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """One report for one recipient.

    Attributes:
        entity: Entity id of the report.
        report: Report id.
        file_name: Its archive name.
        report_date: Its date.
        revision: The archived revision.
        content_digest: Of the archived document to send.
        recipient_id: The recipient; the address is looked up at the last moment.
        variant: A/B variant; empty without an experiment.
        template_variant: Whether the variant has bytes of its own, stored apart from the archive.
        backfill: Whether the run is a backfill.
        armed: Whether the backfill's own configuration allows it to send.
        dated_by_hand: Whether a person named the report date of a manual run.
        approval_required: Whether the report needs an approval.
        approved_digest: The approved content digest; empty if nothing was approved.
        retry_refused: Whether a person cleared the task, so that a refused delivery is tried again.
    """

    entity: str
    report: str
    file_name: str
    report_date: date
    revision: int
    content_digest: str
    recipient_id: str
    variant: str = ""
    template_variant: bool = False
    backfill: bool = False
    armed: bool = False
    dated_by_hand: bool = False
    approval_required: bool = False
    approved_digest: str = ""
    retry_refused: bool = True

    @property
    def edition_folder(self) -> str:
        """The folder of the editions that it may be sent from."""
        branch = self.variant if self.template_variant else ""
        return editions.folder_of(self.report_date, self.file_name, self.revision, branch)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A delivery that SES accepted: "sent" means accepted, not delivered.

    Attributes:
        delivery_id: The delivery.
        generation: The accepted generation.
        message_id: SES's id; empty if only evidence without one is known.
        mail_key: The mail's bytes in the records bucket; empty if only evidence is known.
        accepted_at: When, ISO 8601 UTC.
        already: Whether it had been sent before this call, which then sent nothing.
    """

    delivery_id: str
    generation: int
    message_id: str
    mail_key: str
    accepted_at: str
    already: bool

    def as_json(self) -> dict[str, Any]:
        """Plain values without any address."""
        return {"state": "sent", **asdict(self)}
