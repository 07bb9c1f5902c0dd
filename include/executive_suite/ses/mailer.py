"""One SES call: raw MIME bytes to one recipient, the audit copy in no header; never repeated by the SDK."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from botocore.config import Config

from executive_suite.ses.failures import Failure, classify
from executive_suite.stores import aws

if TYPE_CHECKING:
    from mypy_boto3_sesv2.client import SESV2Client

DESTINATIONS = 50
"""SES accepts at most this many To, Cc and Bcc addresses per call."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """Sender and recipients of one mail. It holds addresses, so it is never logged (its repr leaves them out)."""

    sender: str = field(repr=False)
    to: str = field(repr=False)
    bcc: tuple[str, ...] = field(default=(), repr=False)
    configuration_set: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Accepted:
    """SES accepted the mail; later events say whether it arrived."""

    message_id: str


def client(
    region: str,
    *,
    connect_timeout_seconds: float,
    read_timeout_seconds: float,
    endpoint_url: str | None = None,
) -> SESV2Client:
    """An SES v2 client that calls once: the SDK's default repeats a send up to three times if the answer is lost."""
    return aws.session(region).client(
        "sesv2",
        endpoint_url=endpoint_url,
        config=Config(
            connect_timeout=connect_timeout_seconds,
            read_timeout=read_timeout_seconds,
            retries={"total_max_attempts": 1, "mode": "standard"},
            tcp_keepalive=True,
        ),
    )


def send(ses: SESV2Client, mime: bytes, envelope: Envelope) -> Accepted | Failure:
    """Make the one call; every ending is a value, so that the caller records each of them."""
    destinations = 1 + len(envelope.bcc)
    if destinations > DESTINATIONS:
        return Failure("refused", "TooManyDestinations", f"{destinations} addresses; SES accepts {DESTINATIONS}")
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
    except Exception as error:  # noqa: BLE001 - any failure must be classified and recorded
        return classify(error)
    if not message_id:
        return Failure("ambiguous", "NoMessageId", "SES answered without a message id")
    return Accepted(message_id)
