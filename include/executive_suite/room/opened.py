"""A group's deployment as the room sees it: read only, with what never changes remembered between looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from executive_suite.folders import group_of
from executive_suite.run import credentials, deployment
from executive_suite.run.deployment import Deployment
from executive_suite.run.lending import Account
from executive_suite.stores.remembered import Remembered
from executive_suite.stores.store import ObjectStore

if TYPE_CHECKING:
    from boto3.session import Session

UNCHANGING = ("approvals/", "audit/", "documents/", "editions/", "ledger/", "reads/days/", "snapshots/")
"""Prefixes of the records bucket below which objects are only ever created."""


@dataclass(frozen=True)
class Opened(Deployment):
    """A deployment whose records are read many times.

    Attributes:
        seen: The variables that the room may see: of many groups, each may have an account of its own.
        account: Where AWS credentials come from; None if from these variables.
    """

    seen: Mapping[str, str] = field(default_factory=dict)
    account: Account | None = None

    @cached_property
    def _aws(self) -> Session:
        return self.account.session if self.account else credentials.session(self.seen, self.settings.aws_ses_region)

    @property
    def endpoint(self) -> str | None:
        """The embedded endpoint, if there is one."""
        return self.seen.get("AWS_ENDPOINT_URL") or None

    @cached_property
    def records(self) -> ObjectStore:
        """The private bucket; each object that never changes is read once."""
        return Remembered(self._store(self.settings.records_bucket), UNCHANGING)


def opened(environment: Mapping[str, str], account: Account | None = None) -> Opened:
    """The deployment that an environment describes, opened again when a file of the group's folder has changed.

    Args:
        environment: Of the deployment.
        account: Where AWS credentials come from; None if from the environment.

    Raises:
        SettingsError: a variable that the room needs is missing or malformed.
        ConfigError: a file of the group is wrong.
    """
    visible = deployment.seen_by("room", environment)
    seen = tuple(sorted((account.over(visible) if account else visible).items()))
    folder = group_of(environment)
    return _opened(seen, tuple((path.name, path.stat().st_mtime_ns) for path in sorted(folder.glob("*.yaml"))), account)


@lru_cache(maxsize=256)
def _opened(seen: tuple[tuple[str, str], ...], _files: tuple[tuple[str, int], ...], account: Account | None) -> Opened:
    found = deployment.for_step("room", dict(seen))
    return Opened(found.settings, found.config, Path(found.config_folder), dict(seen), account)
