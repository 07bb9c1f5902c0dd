"""What a send needs from a deployment: the account, the addresses, the gates; opened once per task."""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from executive_suite.identity import HashKey
from executive_suite.mailing import account, approval, gates, signed_links, suppression
from executive_suite.mailing.account import Circuit
from executive_suite.mailing.gates import Gate, Stop
from executive_suite.mailing.message import Leaving
from executive_suite.mailing.request import Request, Sender
from executive_suite.mailing.services import Services
from executive_suite.mailing.signed_links import LinkTo
from executive_suite.mailing.suppression import SuppressionList
from executive_suite.mailing.variants_plan import Addressee
from executive_suite.run import clock
from executive_suite.run.addresses import address_of
from executive_suite.run.deployment import Deployment
from executive_suite.ses import mailer
from executive_suite.trail.chain import Chain

log = logging.getLogger(__name__)


def for_reports(deployment: Deployment, trail: Chain) -> Services:
    """For a report: every gate, a link to the archive, and the way off the list."""
    checked, limits = deployment.settings, deployment.config.limits
    made = _services(
        deployment,
        trail,
        (
            gates.backfill_guard,
            approval.rejection(deployment.records),
            gates.approval,
            gates.not_from_the_future(checked.zone, clock.now),
            gates.age_limit(limits.age_limit_days, checked.zone, clock.now),
        ),
    )
    return replace(made, link_to=link_to(deployment), leaving=_leaving(deployment))


def for_alerts(deployment: Deployment, trail: Chain) -> Services:
    """For an alert: as for a notice, with the way off the list."""
    return replace(_services(deployment, trail, ()), leaving=_leaving(deployment))


def _leaving(deployment: Deployment) -> Leaving:
    checked = deployment.settings
    address = checked.executive_suite_unsubscribe_address or checked.aws_ses_from_address
    return Leaving(address, checked.executive_suite_unsubscribe_url or "")


def for_notices(deployment: Deployment, trail: Chain) -> Services:
    """For a notice to the owner: without the gates about reports, with those that protect people."""
    return _services(deployment, trail, ())


def link_to(deployment: Deployment) -> LinkTo | None:
    """Signs links through the distribution; None if there is no key for it.

    Raises:
        ValueError: the key, its id or the distribution's address is missing or wrong; the message names the variable.
    """
    checked = deployment.settings
    if not checked.signs_links:
        return None
    parts = {
        name: getattr(checked, name) or ""
        for name in ("executive_suite_reports_url", "executive_suite_reader_key_id", "executive_suite_reader_key")
    }
    missing = [name.upper() for name, value in parts.items() if not value]
    if missing:
        msg = f"{', '.join(missing)}: is missing; links to archived reports need all of {', '.join(parts).upper()}"
        raise ValueError(msg)
    url, key_id, key = parts.values()
    life = timedelta(days=deployment.config.limits.link_days)
    try:
        # In an .env file a key has "\n" for its line breaks.
        return signed_links.by_cloudfront(url, key_id, key.replace("\\n", "\n").encode(), life=life)
    except ValueError as error:
        msg = f"{', '.join(parts).upper()}: cannot sign links: {error}"
        raise ValueError(msg) from None


def one_mail_per_address(deployment: Deployment, readers: Iterable[Addressee]) -> Gate:
    """If two recipient ids of a report share an address, only the first id gets it."""
    holders: dict[str, str] = {}
    for reader in readers:
        with contextlib.suppress(LookupError):  # the delivery itself reports a missing address
            holders.setdefault(
                address_of(deployment.config, reader.recipient_id, os.environ).lower(), reader.recipient_id
            )

    def gate(request: Request, address: str) -> Stop | None:
        holder = holders.get(address.lower(), request.recipient_id)
        if holder == request.recipient_id:
            return None
        return Stop(
            "same-address",
            f"recipient {request.recipient_id} has the same address as {holder}, who gets this report already",
        )

    return gate


def _services(deployment: Deployment, trail: Chain, about_reports: tuple[Gate, ...]) -> Services:
    checked, limits = deployment.settings, deployment.config.limits
    key = HashKey(checked.recipient_hash_key)
    own = SuppressionList(deployment.records, key)
    circuit = Circuit(deployment.records, clock.now, lambda: account.look(deployment.ses))
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
        address_of=lambda recipient_id: address_of(deployment.config, recipient_id, os.environ),
        clock=clock.now,
        gates=(
            *about_reports,
            gates.allowed_domains(limits.allowed_domains),
            own.gate,
            suppression.account_gate(deployment.ses),
            circuit.gate,
        ),
        circuit=circuit,
    )


def _audit_copies(own: SuppressionList, address: str) -> tuple[str, ...]:
    """The audit copy's address, unless it hard-bounced: then mails are sent without a copy, and the log says so."""
    since = own.suppressed_since(address)
    if not since:
        return (address,)
    log.error(
        "AWS_BCC_EMAIL: the audit copy's address has been suppressed since %s; mails are sent without a copy until a "
        "person corrects or releases it (release RECIPIENT)",
        since,
    )
    return ()
