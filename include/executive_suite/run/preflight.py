"""What must hold before a run does anything: settings, configuration, buckets, sender, quota. It says what is wrong."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from executive_suite.config import ConfigError
from executive_suite.delivery import variants_plan
from executive_suite.run import credentials
from executive_suite.run.deployment import Deployment

# How AWS, and endpoints that stand in for it, say that they do not have an operation at all.
NOT_OFFERED = frozenset(
    {"404", "501", "NotImplemented", "InternalFailure", "UnknownOperationException", "InternalError"}
)
NEEDED_ACCESS = frozenset(
    {"AccessDenied", "AccessDeniedException", "403", "UnrecognizedClientException", "InvalidClientTokenId"}
)


class PreflightError(Exception):
    """A run must not start; the message lists every reason."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that preflight saw and that does not stop the run."""

    text: str


def check(deployment: Deployment) -> tuple[Remark, ...]:
    """Look at everything that a run needs of its surroundings.

    Raises:
        PreflightError: with every fault found.
    """
    faults: list[str] = []
    remarks: list[Remark] = []
    looks = (_addresses, _templates, _buckets, _sender, _experiments, _credentials)
    for found in (one for look in looks for one in look(deployment)):
        (remarks if isinstance(found, Remark) else faults).append(found)  # type: ignore[arg-type]
    if faults:
        raise PreflightError("; ".join(faults))
    return tuple(remarks)


def _addresses(deployment: Deployment) -> Iterator[str]:
    for recipient in deployment.config.recipients:
        if not os.environ.get(recipient.address_from, "").strip():
            yield f"{recipient.address_from}: is missing or blank (recipient {recipient.recipient_id})"


def _experiments(deployment: Deployment) -> Iterator[str]:
    try:
        variants_plan.load(deployment.include / "config", deployment.config)
    except ConfigError as error:
        yield str(error)


def _credentials(deployment: Deployment) -> Iterator[Remark]:
    """Access keys that are due for rotation; a role has none."""
    if deployment.settings.executive_suite_aws == "embedded":
        return
    import boto3  # noqa: PLC0415 - costly, and only a real account has keys

    for key in credentials.old_keys(boto3.client("iam"), datetime.now(UTC)) or ():
        yield Remark(
            f"the access key that ends in {key.ends_with} is {key.age_days} days old: rotate it (docs/runbook.md)"
        )


def _templates(deployment: Deployment) -> Iterator[str]:
    for report in deployment.config.reports:
        if not (deployment.include / "templates" / report.template).exists():
            yield f"reports.yaml: {report.report}: template {report.template} does not exist"


def _buckets(deployment: Deployment) -> Iterator[str]:
    for name, bucket in (
        ("REPORTS_BUCKET", deployment.settings.reports_bucket),
        ("RECORDS_BUCKET", deployment.settings.records_bucket),
    ):
        fault = _fault(lambda bucket=bucket: deployment.s3.head_bucket(Bucket=bucket))  # type: ignore[misc]
        if fault:
            yield f"{name}: bucket {bucket} cannot be used: {fault}"


def _sender(deployment: Deployment) -> Iterator[str | Remark]:
    """The sender's identity, the account's state and quota, the configuration set."""
    ses: Any = deployment.ses
    checked = deployment.settings
    yield from _identity(ses, checked.aws_ses_from_address, embedded=checked.executive_suite_aws == "embedded")
    account: dict[str, Any] = {}
    fault = _fault(lambda: account.update(ses.get_account()))
    if fault in NOT_OFFERED:
        yield Remark("the endpoint tells nothing of the account's quota, sandbox and sending state")
    elif fault:
        yield f"AWS_SES_REGION: the SES account in {checked.aws_ses_region} cannot be looked at: {fault}"
    else:
        yield from _account(account, len(deployment.config.reports))
    name = checked.aws_ses_configuration_set
    if name and (fault := _fault(lambda: ses.get_configuration_set(ConfigurationSetName=name))):
        yield f"AWS_SES_CONFIGURATION_SET: {name} cannot be used: {fault}"


def _identity(ses: Any, address: str, *, embedded: bool) -> Iterator[str | Remark]:
    """An address may be verified itself or by its domain; DKIM is of the domain, and its owner must publish it."""
    answers: dict[str, dict[str, Any]] = {}
    for identity in (address, address.rsplit("@", 1)[-1]):
        _fault(lambda identity=identity: answers.update({identity: ses.get_email_identity(EmailIdentity=identity)}))  # type: ignore[misc]
    if not answers:
        yield "AWS_SES_FROM_ADDRESS: neither the address nor its domain is a verified identity of this SES account"
        return
    verified = [answer for answer in answers.values() if answer.get("VerifiedForSendingStatus")]
    # The embedded endpoint knows who was made an identity, and verifies nobody.
    if not verified and not embedded:
        yield "AWS_SES_FROM_ADDRESS: the sender's identity is not verified yet for sending"
    if embedded:
        return
    signed = [answer.get("DkimAttributes", {}).get("Status") for answer in answers.values()]
    if "SUCCESS" not in signed:
        yield Remark("DKIM of the sender's domain is not in place: publish its three CNAME records, and SPF and DMARC")
    if not any(answer.get("MailFromAttributes", {}).get("MailFromDomain") for answer in answers.values()):
        yield Remark(
            "no MAIL FROM domain of its own: SPF then aligns with amazonses.com, and DMARC rests on DKIM alone"
        )


def _account(account: dict[str, Any], reports: int) -> Iterator[str | Remark]:
    if not account.get("SendingEnabled", True):
        yield "AWS_SES_REGION: sending is paused for this SES account"
    if not account.get("ProductionAccessEnabled", True):
        yield Remark("the SES account is in the sandbox: only verified recipients can be reached")
    quota = account.get("SendQuota", {})
    limit, used = quota.get("Max24HourSend", -1), quota.get("SentLast24Hours", 0)
    # Each mail counts twice: its reader and the audit copy.
    if limit >= 0 and limit - used < 2 * reports:
        yield f"AWS_SES_REGION: of {limit:.0f} mails a day {used:.0f} are used; this run needs {2 * reports}"


def _fault(call: Callable[[], object]) -> str:
    """Why a call failed, in AWS's word for it; empty when it did not."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - costly, and only needed here

    try:
        call()
    except ClientError as error:
        return str(error.response.get("Error", {}).get("Code") or type(error).__name__)
    except BotoCoreError as error:
        return type(error).__name__
    return ""
