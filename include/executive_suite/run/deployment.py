"""One deployment: its settings, its configuration and its connections, opened from the environment of a process."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from executive_suite import config, folders, settings
from executive_suite.settings import Settings, SettingsError

if TYPE_CHECKING:
    from mypy_boto3_logs.client import CloudWatchLogsClient
    from mypy_boto3_s3.client import S3Client
    from mypy_boto3_sesv2.client import SESV2Client
    from mypy_boto3_sqs.client import SQSClient

    from executive_suite.stores.store import ObjectStore
    from executive_suite.trail.chain import Copy

INCLUDE = folders.INCLUDE
LOG_GROUP = "/aws/reports/executive-suite"
NOTE = "running.json"


@dataclass(frozen=True)
class Deployment:
    """Where a group's reports are made: opened once a process, passed to every step.

    Attributes:
        settings: The checked environment.
        config: The checked YAML files.
        include: The folder that holds ``config``, ``data`` and ``templates``.
    """

    settings: Settings
    config: config.Config
    include: Path = INCLUDE

    @cached_property
    def s3(self) -> S3Client:
        """The object store's client; its retries stay on, for every write is idempotent."""
        import boto3  # noqa: PLC0415 - costly, and not every step has to do with AWS
        from botocore.config import Config  # noqa: PLC0415 - as above

        # An endpoint under a plain host name has no names for its buckets.
        style: Any = {"addressing_style": "path" if self.settings.executive_suite_aws == "embedded" else "auto"}
        return boto3.client("s3", region_name=self.settings.aws_ses_region, config=Config(s3=style))

    @cached_property
    def logs(self) -> CloudWatchLogsClient:
        """CloudWatch Logs, the search copy of the audit trail."""
        import boto3  # noqa: PLC0415 - costly, and not every step has to do with AWS

        return boto3.client("logs", region_name=self.settings.aws_ses_region)

    @cached_property
    def ses(self) -> SESV2Client:
        """SES for looking, never for sending: a send has a client of its own that asks once."""
        import boto3  # noqa: PLC0415 - costly, and not every step has to do with AWS

        return boto3.client("sesv2", region_name=self.settings.aws_ses_region)

    @cached_property
    def sqs(self) -> SQSClient:
        """The queue in which SES's events arrive."""
        import boto3  # noqa: PLC0415 - costly, and not every step has to do with AWS

        return boto3.client("sqs", region_name=self.settings.aws_ses_region)

    @cached_property
    def audit_copy(self) -> Copy | None:
        """The copies of the audit trail: to be searched, and on this machine where a file is named for it."""
        from executive_suite.trail.local_copy import Copies, LocalCopy  # noqa: PLC0415 - as above
        from executive_suite.trail.search_copy import CloudWatchCopy  # noqa: PLC0415 - as above

        search = CloudWatchCopy(self.logs, lambda: datetime.now(UTC), LOG_GROUP)
        file = self.settings.executive_suite_audit_file
        return Copies((search, LocalCopy(Path(file)))) if file else search

    @cached_property
    def reports(self) -> ObjectStore:
        """The bucket that people read."""
        from executive_suite.stores.s3 import S3Store  # noqa: PLC0415 - costly, and not every step has to do with AWS

        return S3Store(self.s3, self.settings.reports_bucket)

    @cached_property
    def records(self) -> ObjectStore:
        """The private bucket: snapshots, frozen mails, ledger, audit."""
        from executive_suite.stores.s3 import S3Store  # noqa: PLC0415 - costly, and not every step has to do with AWS

        return S3Store(self.s3, self.settings.records_bucket)


def from_environment(environment: Mapping[str, str] | None = None, include: Path = INCLUDE) -> Deployment:
    """The deployment that a process's environment describes.

    Raises:
        SettingsError: a variable is missing, blank, ill-formed, or contradicts another.
        ConfigError: a configuration file is wrong.
    """
    if environment is None:
        join_running_platform()
    given = os.environ if environment is None else environment
    checked = settings.from_environment(given)
    _check_endpoint(checked, given)
    return Deployment(checked, config.load(include / "config"), include)


def for_step(step: str, environment: MutableMapping[str, str], include: Path = INCLUDE) -> Deployment:
    """The deployment as one step of a run may see it.

    The variables of ``.env.example``, and those that the configuration names, leave the process unless the step is on
    the list for them: a rendering can give away no key that it never had. ``preflight`` has checked them all by then.

    Args:
        step: Name of the step.
        environment: Of this process; changed in place.
        include: The folder that holds ``config``, ``data`` and ``templates``.

    Raises:
        SettingsError: a variable that the step needs is missing, blank or ill-formed.
        ConfigError: a configuration file is wrong.
    """
    from executive_suite.run import credentials  # noqa: PLC0415 - costly, and only a task needs it

    configured = config.load(include / "config")
    recipients, databases = named_in(include, configured)
    granted = {"preflight": recipients | databases, "extract": databases, "send": recipients}
    owner = configured.delivery.owner
    # The close of a run that fell short tells the owner, by mail; so does the watch.
    granted["close"] = granted["watch"] = frozenset({configured.recipient(owner).address_from} if owner else ())
    seen = credentials.permitted(environment, step, granted.get(step, frozenset()))
    known = {name.upper() for name in Settings.model_fields} | recipients | databases
    for name in known - seen.keys():
        environment.pop(name, None)
    whole = "AWS_RECIPIENT_EMAIL" in seen or step in {"preflight", "send"}
    checked = settings.from_environment(seen) if whole else settings.without_mail(seen)
    _check_endpoint(checked, environment)
    return Deployment(checked, configured, include)


def named_in(include: Path, configured: config.Config) -> tuple[frozenset[str], frozenset[str]]:
    """The variables that the configuration names: of recipients' addresses, and of databases.

    Raises:
        ConfigError: ``sources.yaml`` is wrong.
    """
    from executive_suite.sources import config as source_config  # noqa: PLC0415 - knows the whole schema, which parsing a DAG needs not

    sources = source_config.load(include / "config" / "sources.yaml").sources
    databases = frozenset(one.url_from for one in sources if isinstance(one, source_config.SqlSource))
    return frozenset(recipient.address_from for recipient in configured.recipients), databases


def join_running_platform() -> None:
    """Let a command in another terminal find the platform that ``make run`` holds up, which leaves a note of itself."""
    note = folders.HOME / ".local" / NOTE
    if os.environ.get("AWS_ENDPOINT_URL") or os.environ.get("EXECUTIVE_SUITE_AWS") == "real" or not note.exists():
        return
    for name, value in json.loads(note.read_text(encoding="utf-8")).items():
        os.environ.setdefault(name, value)


def _check_endpoint(checked: Settings, environment: Mapping[str, str]) -> None:
    """Nothing goes to a real account by an oversight, nor to a stand-in that is taken for one."""
    endpoint = environment.get("AWS_ENDPOINT_URL", "")
    if checked.executive_suite_aws == "embedded" and not endpoint:
        msg = (
            "AWS_ENDPOINT_URL: is missing; EXECUTIVE_SUITE_AWS=embedded needs the address of the embedded endpoint "
            "(make run sets it), EXECUTIVE_SUITE_AWS=real names your account"
        )
        raise SettingsError(msg)
    if checked.executive_suite_aws == "real" and endpoint:
        msg = "AWS_ENDPOINT_URL: is set, but EXECUTIVE_SUITE_AWS=real means the account itself; unset one of them"
        raise SettingsError(msg)
