"""What a send needs of a deployment: the account, the addresses, the gates; opened once a task."""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from executive_suite.identity import HashKey
from executive_suite.mailing import account, approval, gates, signed_links, suppression
from executive_suite.mailing.account import Circuit
from executive_suite.mailing.gates import Gate, Intent, Stop
from executive_suite.mailing.suppression import SuppressionList
from executive_suite.mailing.terms import Sender, Services
from executive_suite.mailing.variants_plan import Addressee
from executive_suite.run.deployment import Deployment
from executive_suite.ses import mailer
from executive_suite.trail.chain import Chain

log = logging.getLogger(__name__)


def now() -> datetime:
    """The present moment; everything below the steps is given it."""
    return datetime.now(UTC)


def services(deployment: Deployment, trail: Chain) -> Services:
    """For a report: every gate."""
    checked, limits = deployment.settings, deployment.config.delivery
    return _services(
        deployment,
        trail,
        (
            gates.backfill_guard,
            approval.rejection(deployment.records),
            gates.approval,
            gates.not_from_the_future(checked.zone, now),
            gates.age_limit(limits.age_limit_days, checked.zone, now),
        ),
    )


def for_notices(deployment: Deployment, trail: Chain) -> Services:
    """For a notice to the owner: the gates that are about reports are left out, those that protect people stay."""
    return _services(deployment, trail, ())


def address_of(deployment: Deployment, recipient_id: str, environment: Mapping[str, str]) -> str:
    """The address of a recipient, from the variable that the configuration names; looked up at the last moment.

    Raises:
        LookupError: the variable is missing or blank; the message names it.
    """
    name = deployment.config.recipient(recipient_id).address_from
    address = environment.get(name, "").strip()
    if not address:
        msg = f"{name}: is missing or blank, and holds the address of recipient {recipient_id}"
        raise LookupError(msg)
    return address


def once_an_address(deployment: Deployment, readers: Iterable[Addressee]) -> Gate:
    """Nobody gets a report twice because two of its recipient ids have one address; the first id gets it."""
    holders: dict[str, str] = {}
    for reader in readers:
        with contextlib.suppress(LookupError):  # the delivery itself says that it has no address
            holders.setdefault(address_of(deployment, reader.recipient_id, os.environ).lower(), reader.recipient_id)

    def gate(intent: Intent) -> Stop | None:
        holder = holders.get(intent.address.lower(), intent.recipient_id)
        if holder == intent.recipient_id:
            return None
        return Stop(
            "same-address",
            f"recipient {intent.recipient_id} has the same address as {holder}, who gets this report already",
            "give one of them another address, or take it off the report in reports.yaml",
            refused=True,
        )

    return gate


def _services(deployment: Deployment, trail: Chain, about_reports: tuple[Gate, ...]) -> Services:
    checked, limits = deployment.settings, deployment.config.delivery
    key = HashKey(checked.recipient_hash_key)
    own = SuppressionList(deployment.records, key)
    circuit = Circuit(deployment.records, now, lambda: account.look(deployment.ses))
    return Services(
        records=deployment.records,
        ses=mailer.client(
            checked.aws_ses_region,
            connect_timeout_seconds=limits.connect_timeout_seconds,
            read_timeout_seconds=limits.read_timeout_seconds,
        ),
        sender=Sender(
            checked.aws_ses_from_name,
            checked.aws_ses_from_address,
            _audit_copies(own, checked.aws_bcc_email),
            checked.aws_ses_configuration_set,
        ),
        hash_key=key,
        limits=limits,
        chain=trail,
        address_of=lambda recipient_id: address_of(deployment, recipient_id, os.environ),
        clock=now,
        gates=(
            *about_reports,
            gates.allowed_domains(limits.allowed_domains),
            own.gate,
            suppression.account_gate(deployment.ses),
            circuit.gate,
        ),
        circuit=circuit,
        link_to=signed_links.by_s3(deployment.s3, checked.reports_bucket, life=signed_links.S3_LIMIT),
    )


def _audit_copies(own: SuppressionList, address: str) -> tuple[str, ...]:
    """The audit copy's address, unless it bounced for good: then mails go without a copy, and say so in the log."""
    since = own.suppressed_since(address)
    if not since:
        return (address,)
    log.error(
        "AWS_BCC_EMAIL: the audit copy's address is suppressed since %s; mails go without a copy until a person "
        "corrects it, or releases it (resend --release RECIPIENT)",
        since,
    )
    return ()
