"""Preflight: check settings, configuration, buckets, sender and quota before a run does anything."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from executive_suite import enclosure
from executive_suite.config import ConfigError
from executive_suite.folders import INCLUDE
from executive_suite.identity import HashKey
from executive_suite.mailing import account, variants_plan
from executive_suite.mailing.account import Account
from executive_suite.mailing.suppression import SuppressionList
from executive_suite.run import addresses, clock, credentials, lane, services
from executive_suite.run.deployment import Deployment
from executive_suite.run.plan import Plan, Request
from executive_suite.run.plan import of as plan_of
from executive_suite.stores.store import StoreError
from executive_suite.trail.chain import Event, Run

# How AWS and compatible endpoints say that they do not offer an operation.
NOT_OFFERED = frozenset(
    {"404", "501", "NotImplemented", "InternalFailure", "UnknownOperationException", "InternalError"}
)


log = logging.getLogger(__name__)


class PreflightError(Exception):
    """A run must not start; its arguments are all of the reasons."""

    def __str__(self) -> str:
        """The reasons in one line."""
        return "; ".join(map(str, self.args))


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding that does not stop the run."""

    text: str


def preflight(deployment: Deployment, request: Request, run: Run | None = None) -> dict[str, Any]:
    """Settle the plan of a run and check everything it needs; returns the plan as plain values.

    Raises:
        PreflightError: with every fault found.
        RequestError, ConfigError: the request cannot be met.
    """
    plan = plan_of(request, deployment.config, deployment.settings)
    for remark in check(deployment, plan):
        log.warning(remark.text)
    for sentence in plan.left_out:
        log.info("%s.", sentence)
    log.info("report date %s, %d reports, %s", plan.report_date, len(plan.reports), plan.why_not or "to be sent")
    trail = lane.chain(deployment, plan, "run", run or Run(run=plan.run_id))
    trail.append(Event(kind="run.started", report_date=plan.report_date, outcome="checked", actor=request.started_by))
    return {**plan.to_json(), "send_rate": send_rate(deployment)}


def check(deployment: Deployment, plan: Plan | None = None) -> tuple[Remark, ...]:
    """Check everything a run needs; without a plan, for all reports to everybody.

    Raises:
        PreflightError: with every fault found.
    """
    faults: list[str] = []
    remarks: list[Remark] = []
    looks = (
        _addresses,
        _templates,
        _buckets,
        partial(_sender, plan=plan),
        _audit_copy,
        _links,
        _experiments,
        _credentials,
        _walls,
    )
    for found in (one for look in looks for one in look(deployment)):
        (remarks if isinstance(found, Remark) else faults).append(found)  # type: ignore[arg-type]
    if faults:
        raise PreflightError(*faults)
    return tuple(remarks)


def send_rate(deployment: Deployment) -> float:
    """The account's addresses per second; 0 if unknown."""
    seen = account.look(deployment.ses)
    return seen.rate if seen else 0.0


def _addresses(deployment: Deployment) -> Iterator[Remark]:
    """One mistyped address holds the deliveries to its recipient; the other reports must not wait for it."""
    for fault in addresses.faults(deployment.config, os.environ):
        yield Remark(f"{fault}; what it concerns is made and held, and everything else is sent")


def _audit_copy(deployment: Deployment) -> Iterator[Remark]:
    """A hard-bounced audit copy is no longer sent, and somebody should know."""
    own = SuppressionList(deployment.records, HashKey(deployment.settings.recipient_hash_key))
    try:
        since = own.suppressed_since(deployment.settings.aws_bcc_email)
    except StoreError:
        return  # reported by the check of the buckets
    if since:
        yield Remark(
            f"AWS_BCC_EMAIL: the audit copy has been suppressed since {since}; mails lack it until it is released"
        )


def _links(deployment: Deployment) -> Iterator[str]:
    """A key that cannot sign would only show up in the middle of the sends."""
    try:
        services.link_to(deployment)
    except ValueError as error:
        yield str(error)


def _experiments(deployment: Deployment) -> Iterator[str]:
    try:
        variants_plan.load(deployment.config_folder, deployment.config)
    except ConfigError as error:
        yield str(error)


def _credentials(deployment: Deployment) -> Iterator[Remark]:
    """Access keys due for rotation; a role has none."""
    if deployment.settings.executive_suite_aws == "embedded":
        return
    import boto3

    for key in credentials.old_keys(boto3.client("iam"), clock.now()) or ():
        yield Remark(
            f"the access key ending in {key.ends_with} is {key.age_days} days old: rotate it (docs/runbook.md)"
        )


def _walls(deployment: Deployment) -> Iterator[Remark]:
    """Whoever trusts steps with an account should know where their walls are missing."""
    if deployment.settings.executive_suite_aws == "real" and not enclosure.version():
        yield Remark(
            "this machine has no Landlock: a step can read what other processes of its user hold (docs/guarantees.md)"
        )


def _templates(deployment: Deployment) -> Iterator[str]:
    for report in deployment.config.reports:
        if not (INCLUDE / "templates" / report.template).exists():
            yield f"reports.yaml: {report.report}: template {report.template} does not exist"


def _buckets(deployment: Deployment) -> Iterator[str]:
    for name, bucket in (
        ("REPORTS_BUCKET", deployment.settings.reports_bucket),
        ("RECORDS_BUCKET", deployment.settings.records_bucket),
    ):
        fault = _fault(lambda bucket=bucket: deployment.s3.head_bucket(Bucket=bucket))  # type: ignore[misc]
        if fault:
            yield f"{name}: bucket {bucket} cannot be used: {fault}"


def _sender(deployment: Deployment, plan: Plan | None) -> Iterator[str | Remark]:
    """The sender's identity, the account's state and quota, the configuration set."""
    ses: Any = deployment.ses
    checked = deployment.settings
    yield from _identity(ses, checked.aws_ses_from_address, embedded=checked.executive_suite_aws == "embedded")
    answer: dict[str, Any] = {}
    fault = _fault(lambda: answer.update(ses.get_account()))
    if fault in NOT_OFFERED:
        yield Remark("the endpoint says nothing about the account's quota, sandbox and sending state")
    elif fault:
        yield f"AWS_SES_REGION: the SES account in {checked.aws_ses_region} cannot be read: {fault}"
    else:
        yield from _account(account.of(answer), _mails(deployment, plan))
    name = checked.aws_ses_configuration_set
    if name and (fault := _fault(lambda: ses.get_configuration_set(ConfigurationSetName=name))):
        yield f"AWS_SES_CONFIGURATION_SET: {name} cannot be used: {fault}"


def _identity(ses: Any, address: str, *, embedded: bool) -> Iterator[str | Remark]:
    """An address may be verified itself or by its domain; DKIM belongs to the domain, and its owner must publish it."""
    answers: dict[str, dict[str, Any]] = {}
    for identity in (address, address.rsplit("@", 1)[-1]):
        _fault(lambda identity=identity: answers.update({identity: ses.get_email_identity(EmailIdentity=identity)}))  # type: ignore[misc]
    if not answers:
        yield "AWS_SES_FROM_ADDRESS: neither the address nor its domain is a verified identity of this SES account"
        return
    verified = [answer for answer in answers.values() if answer.get("VerifiedForSendingStatus")]
    # The embedded endpoint knows identities and verifies none.
    if not verified and not embedded:
        yield "AWS_SES_FROM_ADDRESS: the sender's identity is not verified yet for sending"
    if embedded:
        return
    signed = [answer.get("DkimAttributes", {}).get("Status") for answer in answers.values()]
    if "SUCCESS" not in signed:
        yield Remark("the sender's domain has no DKIM yet: publish its three CNAME records, and SPF and DMARC")
    if not any(answer.get("MailFromAttributes", {}).get("MailFromDomain") for answer in answers.values()):
        yield Remark("no custom MAIL FROM domain: SPF aligns with amazonses.com, and DMARC depends on DKIM alone")


def _mails(deployment: Deployment, plan: Plan | None) -> int:
    """How many mails the run would send, without audit copies."""
    if plan is not None and not plan.send:
        return 0
    reports = plan.reports if plan else tuple(report.report for report in deployment.config.reports)
    try:
        experiments = variants_plan.load(deployment.config_folder, deployment.config)
    except ConfigError:
        experiments = ()  # reported by the check of the experiments
    day = date.fromisoformat(plan.report_date) if plan else None
    found = 0
    for name in reports:
        experiment = variants_plan.running(experiments, name, day) if day else None
        found += len(variants_plan.recipient_ids(deployment.config.report(name), experiment))
    return found


def _account(seen: Account, mails: int) -> Iterator[str | Remark]:
    if seen.sandbox:
        yield Remark("the SES account is in the sandbox: only verified recipients can be reached")
    stop = account.batch_stop(seen, mails) if mails else None
    if stop is not None:
        yield f"AWS_SES_REGION: {stop.text}; {stop.next_step}"


def _fault(call: Callable[[], object]) -> str:
    """AWS's error code of a failed call; empty if it succeeded."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        call()
    except ClientError as error:
        return str(error.response.get("Error", {}).get("Code") or type(error).__name__)
    except BotoCoreError as error:
        return type(error).__name__
    return ""
