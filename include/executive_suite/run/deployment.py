"""One deployment: its settings, configuration and connections, opened from the environment of a process."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from executive_suite import config, settings
from executive_suite.folders import HOME, SHIPPED, group_of
from executive_suite.run import clock
from executive_suite.settings import Settings, SettingsError

if TYPE_CHECKING:
    from boto3.session import Session
    from mypy_boto3_kms.client import KMSClient
    from mypy_boto3_logs.client import CloudWatchLogsClient
    from mypy_boto3_s3.client import S3Client
    from mypy_boto3_sesv2.client import SESV2Client
    from mypy_boto3_sqs.client import SQSClient

    from executive_suite.stores.store import ObjectStore
    from executive_suite.trail.chain import Copy

NOTE = "running.json"
"""The file in ``.local`` in which the running embedded platform leaves its variables for other terminals."""


@dataclass(frozen=True)
class Deployment:
    """Where a group's reports are made: opened once per process, passed to every step.

    Attributes:
        settings: The checked environment.
        config: The checked YAML files.
        config_folder: The group's folder.
    """

    settings: Settings
    config: config.Config
    config_folder: Path = SHIPPED

    def reading(self, records: ObjectStore) -> Self:
        """The same deployment with its connections, whose private bucket is read through another store."""
        other = copy.copy(self)
        vars(other)["records"] = records
        return other

    @cached_property
    def _aws(self) -> Session:
        from executive_suite.stores import aws

        return aws.session(self.settings.aws_ses_region)

    @property
    def endpoint(self) -> str | None:
        """Where AWS answers instead of its own addresses; None leaves it to the process's environment."""
        return None

    @cached_property
    def s3(self) -> S3Client:
        """The client of both buckets; its retries stay on, because every write is idempotent."""
        from botocore.config import Config

        # An endpoint with a plain host name has no host names for its buckets.
        style: Any = {"addressing_style": "path" if self.settings.executive_suite_aws == "embedded" else "auto"}
        return self._aws.client("s3", config=Config(s3=style), endpoint_url=self.endpoint)

    @cached_property
    def logs(self) -> CloudWatchLogsClient:
        """CloudWatch Logs: the search copy of the audit trail."""
        return self._aws.client("logs")

    @cached_property
    def ses(self) -> SESV2Client:
        """SES for look-ups only: a send has its own client that calls once."""
        return self._aws.client("sesv2")

    @cached_property
    def kms(self) -> KMSClient:
        """The keys; only who signs the trail may use the one that does."""
        return self._aws.client("kms")

    @cached_property
    def sqs(self) -> SQSClient:
        """The queue of SES's events."""
        return self._aws.client("sqs")

    @cached_property
    def trail_copy(self) -> Copy | None:
        """The copies of the audit trail: one to search, and one on this machine if a file is configured."""
        from executive_suite.trail.local_copy import Copies, LocalCopy
        from executive_suite.trail.search_copy import CloudWatchCopy

        search = CloudWatchCopy(self.logs, clock.now, self.log_group)
        file = self.settings.executive_suite_audit_file
        return Copies((search, LocalCopy(Path(file)))) if file else search

    @property
    def log_group(self) -> str:
        """Where CloudWatch keeps the search copy of the trail; one of many groups has its own."""
        from executive_suite.trail.search_copy import LOG_GROUP

        return f"{LOG_GROUP}/{self.settings.executive_suite_prefix or ''}".rstrip("/")

    @cached_property
    def reports(self) -> ObjectStore:
        """The bucket that people read."""
        return self._store(self.settings.reports_bucket)

    @cached_property
    def records(self) -> ObjectStore:
        """The private bucket: snapshots, frozen mails, outbox, audit trail."""
        return self._store(self.settings.records_bucket)

    @cached_property
    def access_logs(self) -> ObjectStore | None:
        """The distribution's access logs, for reading only; None where none are named."""
        from executive_suite.stores.prefixed import Prefixed
        from executive_suite.stores.s3 import S3Store

        place = self.settings.executive_suite_access_logs
        if not place:
            return None
        bucket, _, folder = place.removeprefix("s3://").partition("/")
        return Prefixed(S3Store(self.s3, bucket), f"{folder.strip('/')}/".removeprefix("/"))

    def _store(self, bucket: str) -> ObjectStore:
        from executive_suite.stores.prefixed import Prefixed
        from executive_suite.stores.s3 import S3Store

        store = S3Store(self.s3, bucket)
        prefix = self.settings.executive_suite_prefix
        return Prefixed(store, prefix) if prefix else store


def from_environment(environment: Mapping[str, str] | None = None) -> Deployment:
    """The deployment described by a process's environment.

    Raises:
        SettingsError: a variable is missing, blank, malformed, or contradicts another.
        ConfigError: a configuration file is wrong, or it is open which of many groups is meant.
    """
    from executive_suite.run import many

    if environment is None:
        join_running_platform()
    given = many.scoped(os.environ if environment is None else environment)
    if environment is None and given is not os.environ:
        os.environ.clear()  # a command acts for one group, and has nothing of the others
        os.environ.update(given)
    checked = settings.from_environment(given)
    _check_endpoint(checked, given)
    group = group_of(given)
    return Deployment(checked, config.load(group), group)


def seen_by(
    step: str, environment: Mapping[str, str], vault: Callable[[str], str | None] = lambda _: None
) -> dict[str, str]:
    """The variables that one step of a run may see: those on its list, and those the configuration grants it.

    Addresses of recipients reach ``preflight``, ``send`` and ``release``; the owner's, who is told of shortfalls,
    ``close`` and ``watch``; URLs of databases ``preflight`` and ``extract``. ``vault`` is asked for those that the
    environment lacks.

    Raises:
        KeyError: no such step.
        ConfigError: a configuration file is wrong.
    """
    return _seen(step, environment, config.load(group_of(environment)), vault)


def _seen(
    step: str,
    environment: Mapping[str, str],
    configured: config.Config,
    vault: Callable[[str], str | None] = lambda _: None,
) -> dict[str, str]:
    from executive_suite.run import credentials

    recipients, databases = named_in(group_of(environment), configured)
    granted = {
        "preflight": recipients | databases,
        "extract": databases,
        "send": recipients,
        "release": recipients,
    }
    owner = configured.limits.owner
    granted["close"] = granted["watch"] = frozenset({configured.recipient(owner).address_from} if owner else ())
    return credentials.permitted(environment, step, granted.get(step, frozenset()), vault)


def for_step(step: str, environment: Mapping[str, str]) -> Deployment:
    """The deployment as one step of a run may see it; ``preflight`` has checked the whole.

    Raises:
        SettingsError: a variable the step needs is missing, blank or malformed.
        ConfigError: a configuration file is wrong.
    """
    group = group_of(environment)
    configured = config.load(group)
    seen = _seen(step, environment, configured)
    checked = settings.from_environment(seen) if step in {"preflight", "send"} else settings.without_mail(seen)
    _check_endpoint(checked, seen)
    return Deployment(checked, configured, group)


def named_in(group: Path, configured: config.Config) -> tuple[frozenset[str], frozenset[str]]:
    """The variables named in the configuration: recipients' addresses, and databases' URLs.

    Raises:
        ConfigError: ``sources.yaml`` is wrong.
    """
    from executive_suite.sources import config as source_config

    sources = source_config.load(group / "sources.yaml").sources
    databases = frozenset(one.url_from for one in sources if isinstance(one, source_config.SqlSource))
    return frozenset(recipient.address_from for recipient in configured.recipients), databases


def running_platform() -> dict[str, str] | None:
    """The variables of the embedded platform that ``make run`` keeps running; None if it does not."""
    try:
        found: dict[str, str] = json.loads((HOME / ".local" / NOTE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return found


def join_running_platform() -> None:
    """Let a command in another terminal use the running embedded platform, unless an account is named.

    Raises:
        SettingsError: there is neither a running platform nor any variable of a deployment.
    """
    if os.environ.get("AWS_ENDPOINT_URL") or os.environ.get("EXECUTIVE_SUITE_AWS") == "real":
        return
    for name, value in (running_platform() or {}).items():
        os.environ.setdefault(name, value)
    if not any(name.upper() in os.environ for name in Settings.model_fields):
        msg = "there is no deployment here: start the embedded platform with `make run`, or fill in .env (.env.example)"
        raise SettingsError(msg)


def _check_endpoint(checked: Settings, environment: Mapping[str, str]) -> None:
    """Nothing is sent to a real account by mistake, nor to a stand-in taken for one."""
    endpoint = environment.get("AWS_ENDPOINT_URL", "")
    if checked.executive_suite_aws == "embedded" and not endpoint:
        msg = (
            "AWS_ENDPOINT_URL: is missing; EXECUTIVE_SUITE_AWS=embedded needs the URL of the embedded endpoint "
            "(make run sets it), EXECUTIVE_SUITE_AWS=real uses your account"
        )
        raise SettingsError(msg)
    if checked.executive_suite_aws == "real" and endpoint:
        msg = "AWS_ENDPOINT_URL: is set, but EXECUTIVE_SUITE_AWS=real means the account itself; unset one of them"
        raise SettingsError(msg)
