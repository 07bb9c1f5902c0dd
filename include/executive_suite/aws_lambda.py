"""The function of AWS Lambda: one event is one run, of every report that is due or of those that the event names.

Its configuration is ``include/infra/lambda.yaml``; docs/platforms.md says how it is deployed. An event has the keys of
a run's configuration (``plan.KEYS``), and ``scheduled_at`` if a schedule sent it. The same event again, by Lambda's own
retry or by a second delivery, finds what was sent and sends the rest.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any, Protocol

from executive_suite.identity import without_addresses
from executive_suite.run import apart, clock, credentials
from executive_suite.run.plan import Request, RequestError
from executive_suite.run.whole import Runner
from executive_suite.settings import SettingsError

NAME = "lambda"
"""As the audit trail names what made the run."""
SCHEDULED_AT = "scheduled_at"
"""The key of an event with the moment that its schedule meant, which names the run and its report date."""
VAULT = "EXECUTIVE_SUITE_SECRET"
"""The variable with the name of the secret of AWS Secrets Manager that holds addresses and keys, as one JSON object."""
STARTING_SECONDS = 10.0
"""Wait so long for the process that forks steps; without it, each step takes longer."""

logging.getLogger("botocore").setLevel(logging.WARNING)  # it says of every client where its credentials are from


class RunError(Exception):
    """A run that did not end well, in words that may be shown and logged."""


class Context(Protocol):
    """What Lambda says about an invocation, as far as it is used."""

    aws_request_id: str

    def get_remaining_time_in_millis(self) -> int:
        """Until Lambda stops the function."""


def handler(event: Mapping[str, Any], context: Context) -> dict[str, Any]:
    """Make, archive and send; returns the run's id, its outcome in words and the anchor of the audit trail.

    Raises:
        RunError: something due was not made or not sent, or the event asks for what no run does.
    """
    _fork_steps(os.environ)
    try:
        request = request_of(event, context.aws_request_id)
        runner = Runner(
            NAME,
            partial(apart.run, given=os.environ, vault=vault(os.environ).get),
            left=lambda: context.get_remaining_time_in_millis() / 1000,
            by_hand=SCHEDULED_AT not in event,
        )
        return {"run": request.run_id, **runner.run(request)}
    except Exception as error:  # noqa: BLE001 - Lambda hands its text to whoever called, and writes it to its log
        msg = f"{type(error).__name__}: {without_addresses(str(error))}"
        raise RunError(msg) from None


def request_of(event: Mapping[str, Any], request_id: str) -> Request:
    """What an event asks for. The same event, delivered or retried twice, is the same run.

    Raises:
        RequestError: ``scheduled_at`` is no moment.
    """
    asked = {key: value for key, value in event.items() if key != SCHEDULED_AT}
    given = event.get(SCHEDULED_AT)
    try:
        moment = given and datetime.fromisoformat(given)
    except (TypeError, ValueError):
        moment = None
    if given is not None and (not moment or moment.tzinfo is None):
        msg = f"{SCHEDULED_AT} is {given!r}, expected a moment like 2026-05-01T13:00:00Z"
        raise RequestError(msg)
    end = moment.astimezone(UTC) if moment else None
    return Request(
        run_id=f"{NAME}__{end.isoformat() if end else request_id}",
        backfill=False,
        params=asked,
        conf=asked,
        interval_end=end,
        run_after=clock.now(),
    )


def vault(environment: Mapping[str, str]) -> Mapping[str, str]:
    """What the secret holds, by the name of its variable; a step gets of it what is on its list. Empty without one.

    Raises:
        SettingsError: it cannot be read, or is no JSON object of texts.
    """
    name = environment.get(VAULT, "").strip()
    if not name:
        return {}
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        held = json.loads(boto3.client("secretsmanager").get_secret_value(SecretId=name)["SecretString"])
    except (BotoCoreError, ClientError, KeyError, ValueError) as error:
        msg = f"{VAULT}: the secret cannot be read ({type(error).__name__})"
        raise SettingsError(msg) from None
    if not isinstance(held, dict) or not all(isinstance(value, str) for value in held.values()):
        msg = f"{VAULT}: the secret must be a JSON object from names of variables to texts"
        raise SettingsError(msg)
    return held


def _fork_steps(environment: Mapping[str, str]) -> None:
    """Have the process that forks steps at its socket, where one is named; it outlasts the invocation."""
    place = environment.get(apart.READY, "").strip()
    if not place:
        return
    if _ready(place).poll() is not None:
        _ready.cache_clear()
    started = _ready(place)
    until = time.monotonic() + STARTING_SECONDS
    while not Path(place).exists() and started.poll() is None and time.monotonic() < until:
        time.sleep(0.05)


@cache
def _ready(place: str) -> subprocess.Popen[bytes]:
    """A new process of ``run.ready``, without any secret."""
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", "executive_suite.run.ready", place],
        env={name: os.environ[name] for name in credentials.ALWAYS if name in os.environ},
    )
