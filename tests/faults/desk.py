"""A whole small delivery: one archived report, one recipient, real ledger and real SES client against the stub."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from botocore.config import Config

from executive_suite.archive import editions, publication
from executive_suite.config import Limits
from executive_suite.document import Document
from executive_suite.identity import HashKey
from executive_suite.mailing import protocol
from executive_suite.mailing.request import Outcome, Request, Sender
from executive_suite.mailing.services import Services
from executive_suite.outbox.outbox import Outbox
from executive_suite.outbox.state import Record
from executive_suite.stores.memory import MemoryStore
from executive_suite.stores.store import ObjectStore
from executive_suite.trail import chain as audit
from loopback import PRETENDED
from ses_stub import SesStub

REPORT_DATE = date(2026, 5, 1)
MORNING = datetime(2026, 5, 1, 13, tzinfo=UTC)
RECIPIENT = "cfo@example.com"
LIMITS = Limits(connect_timeout_seconds=0.5, read_timeout_seconds=0.5, lease_seconds=10, first_retry_seconds=12)


def document(subject: str = "Cash lasts 4.85 months", **changes: Any) -> Document:
    """A small report."""
    plain = Document(
        report="cfo",
        file_name="cfo-report",
        report_type="cfo",
        entity="group",
        report_date=REPORT_DATE,
        subject=subject,
        text="Cash lasts 4.85 months.\n",
        mail_html="<html><body><p>Cash lasts 4.85 months.</p></body></html>",
        files={"txt": b"Cash lasts 4.85 months.\n", "html": subject.encode()},
    )
    return replace(plain, **changes)


@dataclass
class Clock:
    """A clock that moves only when it is told to."""

    now: datetime = MORNING

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def client(ses: SesStub) -> Any:
    """A client of the stub with the production settings of one call: no retry, short timeouts."""
    import boto3

    return boto3.client(
        "sesv2",
        endpoint_url=ses.url,
        config=Config(connect_timeout=0.5, read_timeout=0.5, retries={"total_max_attempts": 1}),
        **PRETENDED,
    )


@dataclass
class Desk:
    """One report on its way; ``send`` is what the send task does."""

    ses: Any
    records: ObjectStore = field(default_factory=MemoryStore)
    reports: ObjectStore = field(default_factory=MemoryStore)
    clock: Clock = field(default_factory=Clock)
    gates: tuple[Any, ...] = ()
    circuit: Any = None
    witness: Any = None
    stub: Any = None
    link_to: Any = None
    address: str = RECIPIENT
    key: HashKey = field(default_factory=lambda: HashKey("k" * 32))
    fail_point: Callable[[str], None] = lambda _: None
    runs: Any = field(default_factory=lambda: itertools.count(1))

    def publish(self, made: Document | None = None, revision: int | None = None) -> publication.ArchiveResult:
        made = made or document()
        revision = revision or editions.open_revision(self.records, made.report_date, made.file_name)
        return publication.publish(self.reports, self.records, made, generated_at=self.clock(), revision=revision)

    def request(self, **changes: Any) -> Request:
        made = changes.pop("made", None) or document()
        plain = Request(
            "group", "cfo", "cfo-report", REPORT_DATE, changes.pop("revision", 1), made.content_digest, "primary"
        )
        return replace(plain, **changes)

    def services(self) -> Services:
        chain = audit.Chain(
            self.records, audit.run_chain(REPORT_DATE, f"run {next(self.runs)}", "cfo"), clock=self.clock
        )
        return Services(
            self.records,
            self.ses,
            Sender("Executive Suite", "reports@example.com", ("audit@example.com",)),
            self.key,
            LIMITS,
            chain,
            lambda _: self.address,
            self.clock,
            gates=self.gates,
            circuit=self.circuit,
            witness=self.witness,
            link_to=self.link_to,
            fail_point=self.fail_point,
        )

    def send(self, **changes: Any) -> Outcome:
        return protocol.deliver(self.request(**changes), self.services())

    def record(self, **changes: Any) -> Record:
        request = self.request(**changes)
        return Outbox(self.records).read(
            self.key.delivery_id(
                entity=request.entity,
                report=request.report,
                report_date=request.report_date,
                recipient_id=request.recipient_id,
                variant=request.variant,
                revision=request.revision,
            )
        )

    def state(self, **changes: Any) -> str:
        return self.record(**changes).state(self.clock())
