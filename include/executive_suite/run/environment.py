"""The variables of a deployment: from the shell, then from ``.env``, then from the example."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from dotenv import dotenv_values

from executive_suite import config
from executive_suite.folders import group_of
from executive_suite.run import deployment, lending, roles
from executive_suite.settings import Settings

# How to find a person's own account; passed on only if the configuration names the real one.
AWS_NAMES = (
    "AWS_ACCESS_KEY_ID",
    "AWS_CONFIG_FILE",
    "AWS_DEFAULT_REGION",
    "AWS_PROFILE",
    "AWS_REGION",
    "AWS_ROLE_ARN",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    lending.CONNECTION,
)
OTHER_NAMES = ("EXECUTIVE_SUITE_FEEDBACK_QUEUE", "EXECUTIVE_SUITE_SEND_POOL", *sorted(set(roles.ROLES.values())))


def read(project: Path, shell: Mapping[str, str] | None = None, *, also: Iterable[str] = ()) -> dict[str, str]:
    """The variables Executive Suite knows, each from the first place that has it.

    Without a ``.env`` in the checkout the example's placeholders are used, which only the embedded endpoint accepts.
    ``also`` are the variables named in the configuration.
    """
    given = dict(os.environ if shell is None else shell)
    own = project / ".env"
    file = _values(own)
    real = {**file, **given}.get("EXECUTIVE_SUITE_AWS") == "real"
    if not own.exists() and not real:
        file = _values(project / ".env.example")
    found = {**file, **given}
    account = (*AWS_NAMES, f"AIRFLOW_CONN_{found.get(lending.CONNECTION, '').strip().upper()}") if real else ()
    names = {name.upper() for name in Settings.model_fields}.union(OTHER_NAMES, also, account)
    return {name: value for name, value in found.items() if name in names}


def join(project: Path) -> None:
    """Add the variables of a checkout's ``.env`` that the shell lacks to this process; without a ``.env``, none."""
    if not (project / ".env").exists():
        return
    try:
        also = named_in(group(project))
    except config.ConfigError:
        # Commands that need the configuration read it again and report the fault.
        also = frozenset()
    for name, value in read(project, also=also).items():
        os.environ.setdefault(name, value)


def group(project: Path) -> Path:
    """The folder of the group that the shell names, else a checkout's ``.env``, else the shipped one."""
    return group_of({**_values(project / ".env"), **os.environ})


def named_in(group: Path) -> frozenset[str]:
    """The variables named in the configuration: recipients' addresses, databases' URLs.

    Raises:
        ConfigError: a configuration file is wrong.
    """
    recipients, databases = deployment.named_in(group, config.load(group))
    return recipients | databases


def _values(path: Path) -> dict[str, str]:
    return {name: value or "" for name, value in dotenv_values(path).items()}
