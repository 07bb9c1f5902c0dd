"""One SES call: raw MIME bytes to one recipient, with the audit copy in no header; never repeated by the SDK."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from executive_suite.ses.failures import Failure, classify

if TYPE_CHECKING:
    from mypy_boto3_sesv2.client import SESV2Client

DESTINATIONS = 50
"""The most To, Cc and Bcc addresses that SES takes in one call."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """Whom one mail goes to and from; holds addresses, so it is never logged (they are left out of its repr)."""

    sender: str = field(repr=False)
    to: str = field(repr=False)
    bcc: tuple[str, ...] = field(default=(), repr=False)
    configuration_set: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Accepted:
    """SES took the mail; whether it arrives is told later by events."""

    message_id: str


def client(
    region: str,
    *,
    connect_timeout_seconds: float,
    read_timeout_seconds: float,
    endpoint_url: str | None = None,
) -> SESV2Client:
    """An SES v2 client that asks once: the SDK's default repeats a send whose answer was lost up to three times."""
    return boto3.client(
        "sesv2",
        region_name=region,
        endpoint_url=endpoint_url,
        config=Config(
            connect_timeout=connect_timeout_seconds,
            read_timeout=read_timeout_seconds,
            retries={"total_max_attempts": 1, "mode": "standard"},
            tcp_keepalive=True,
        ),
    )


def send(ses: SESV2Client, mime: bytes, envelope: Envelope) -> Accepted | Failure:
    """Make the one call; every way it can end is a value, so that the caller writes each of them down."""
    destinations = 1 + len(envelope.bcc)
    if destinations > DESTINATIONS:
        return Failure("refused", "TooManyDestinations", f"{destinations} addresses; SES takes {DESTINATIONS}")
    options: dict[str, object] = {}
    if envelope.configuration_set:
        options["ConfigurationSetName"] = envelope.configuration_set
    try:
        answer = ses.send_email(
            FromEmailAddress=envelope.sender,
            Destination={"ToAddresses": [envelope.to], "BccAddresses": list(envelope.bcc)},
            Content={"Raw": {"Data": mime}},
            EmailTags=[{"Name": name, "Value": value} for name, value in sorted(envelope.tags.items())],
            **options,  # type: ignore[arg-type]  # the stubs type a spread dict by its widest parameter
        )
        message_id = answer["MessageId"]
    except Exception as error:  # noqa: BLE001 - whatever it was, it must be classified and written down
        return classify(error)
    if not message_id:
        return Failure("ambiguous", "NoMessageId", "SES answered without a message id")
    return Accepted(message_id)
