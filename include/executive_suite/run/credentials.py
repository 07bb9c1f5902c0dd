"""The age of AWS credentials, and the variables each step may see."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

if TYPE_CHECKING:
    from boto3.session import Session
    from mypy_boto3_iam.client import IAMClient

MAXIMUM_AGE_DAYS = 90
"""A quarter: credentials must be rotated at least this often."""

ALWAYS = frozenset(
    {
        "PATH",
        "HOME",
        "LANG",
        "LC_ALL",
        "TZ",
        "PYTHONPATH",
        "LD_LIBRARY_PATH",
        "TMPDIR",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "NO_PROXY",
        "http_proxy",
        "https_proxy",
        "no_proxy",
    }
)
"""What any process needs: where programs, libraries and certificates are, and the way to the network."""

FILES_OF_KEYS = ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_WEB_IDENTITY_TOKEN_FILE")
"""Variables that name files with credentials."""

IDENTITY = frozenset(
    {
        *FILES_OF_KEYS,
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_PROFILE",
        "AWS_ROLE_ARN",
        "AWS_ROLE_SESSION_NAME",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    }
)
"""The ways to a process's own credentials."""

AWS = IDENTITY | {
    "AWS_SES_REGION",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_SESV2",
    "AWS_CA_BUNDLE",
    "AWS_EC2_METADATA_DISABLED",
    "AWS_STS_REGIONAL_ENDPOINTS",
}

STORES = AWS | {
    "REPORTS_BUCKET",
    "RECORDS_BUCKET",
    "EXECUTIVE_SUITE_AWS",
    "EXECUTIVE_SUITE_AUDIT_FILE",
    "EXECUTIVE_SUITE_GROUP",
    "EXECUTIVE_SUITE_PREFIX",
    "EXECUTIVE_SUITE_TIMEZONE",
    "EXECUTIVE_SUITE_REPORTS_URL",
    "EXECUTIVE_SUITE_ROOM_URL",
}

MAIL = frozenset(
    {
        "AWS_SES_FROM_ADDRESS",
        "AWS_SES_FROM_NAME",
        "AWS_RECIPIENT_EMAIL",
        "AWS_BCC_EMAIL",
        "AWS_SES_CONFIGURATION_SET",
        "RECIPIENT_HASH_KEY",
    }
)

SERIES = frozenset(
    {
        "EXECUTIVE_SUITE_READER_KEY_ID",
        "EXECUTIVE_SUITE_READER_KEY",
        "EXECUTIVE_SUITE_UNSUBSCRIBE_ADDRESS",
        "EXECUTIVE_SUITE_UNSUBSCRIBE_URL",
    }
)
"""What only mails to readers have: links to the archive, and the way off the list."""

NEWS = frozenset({"EXECUTIVE_SUITE_NOTIFY"})
"""Which chats hear of a run."""

ALLOWED: Mapping[str, frozenset[str]] = {
    "preflight": ALWAYS | STORES | MAIL | SERIES | {"EXECUTIVE_SUITE_SCHEDULE"},
    # Who read what is counted where sources are read, and nowhere else.
    "extract": ALWAYS | STORES | {"EXECUTIVE_SUITE_ACCESS_LOGS"},
    **dict.fromkeys(("validate", "compute", "reconcile", "render", "archive", "room", "proof"), ALWAYS | STORES),
    "approve": ALWAYS | STORES | {"RECIPIENT_HASH_KEY"},
    # What a person decides; only who takes an address off the list needs to know it.
    "desk": ALWAYS | STORES,
    "release": ALWAYS | STORES | {"RECIPIENT_HASH_KEY"},
    "send": ALWAYS | STORES | MAIL | SERIES,
    "feedback": ALWAYS | STORES | {"RECIPIENT_HASH_KEY", "EXECUTIVE_SUITE_FEEDBACK_QUEUE"},
    # These send mail only to the owner, whose variable the configuration grants them.
    "watch": ALWAYS | STORES | NEWS | (MAIL - {"AWS_RECIPIENT_EMAIL"}) | {"EXECUTIVE_SUITE_SCHEDULE"},
    "close": ALWAYS | STORES | NEWS | (MAIL - {"AWS_RECIPIENT_EMAIL"}) | {"EXECUTIVE_SUITE_OUT"},
}
"""The variables each step may see; variables not listed here reach no step."""


KEPT_ELSEWHERE = MAIL | SERIES | {"EXECUTIVE_SUITE_NOTIFY"}
"""What a vault may hold instead of the environment, with addresses and databases that the configuration names."""


def permitted(
    environment: Mapping[str, str],
    step: str,
    extra: frozenset[str] = frozenset(),
    vault: Callable[[str], str | None] = lambda _: None,
) -> dict[str, str]:
    """The part of an environment that a step may see, with secrets from a vault.

    Args:
        environment: Of the process that starts the step.
        step: Its name.
        extra: What the configuration grants: address variables of recipients to ``send``, connection variables of
            sources to ``extract``.
        vault: Asked for secrets of the step that the environment lacks, and for no others; None if it has none.

    Raises:
        KeyError: no such step.
    """
    seen = {name: environment[name] for name in sorted(ALLOWED[step] | extra) if name in environment}
    for name in sorted((ALLOWED[step] & KEPT_ELSEWHERE) | extra):
        if not seen.get(name) and (value := vault(name)):
            seen[name] = value
    return seen


def session(environment: Mapping[str, str], region: str) -> Session:
    """A session with the credentials that an environment names, which may be another's than this process's own."""
    from boto3.session import Session

    return Session(
        aws_access_key_id=environment.get("AWS_ACCESS_KEY_ID") or None,
        aws_secret_access_key=environment.get("AWS_SECRET_ACCESS_KEY") or None,
        aws_session_token=environment.get("AWS_SESSION_TOKEN") or None,
        region_name=region,
        profile_name=environment.get("AWS_PROFILE") or None,
    )


def files(environment: Mapping[str, str]) -> list[str]:
    """The files with a task's own credentials, which a step that is lent others must not read."""
    named = (environment[name] for name in FILES_OF_KEYS if environment.get(name))
    return [str(Path("~/.aws").expanduser()), *named]


@dataclass(frozen=True, slots=True)
class OldKey:
    """An access key due for rotation, identified by its last four characters."""

    ends_with: str
    age_days: int


def old_keys(iam: IAMClient, now: datetime) -> tuple[OldKey, ...] | None:
    """This identity's active access keys that are too old; None if IAM does not answer.

    A role has no access keys: its credentials are temporary and need no rotation.
    """
    try:
        found = iam.list_access_keys()["AccessKeyMetadata"]
    except (ClientError, BotoCoreError):
        return None
    ages = [
        OldKey(key["AccessKeyId"][-4:], (now - key["CreateDate"]).days) for key in found if key["Status"] == "Active"
    ]
    return tuple(key for key in ages if key.age_days > MAXIMUM_AGE_DAYS)
