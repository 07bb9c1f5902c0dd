"""AWS credentials that a task lends its step, renewed as long as the step runs.

A step with a role, or with the account of a connection, has no way to its task's own credentials, and what it gets
instead may expire before it ends. So its task answers on loopback as the agent of a container does
(``AWS_CONTAINER_CREDENTIALS_FULL_URI``): AWS's SDK asks there by itself, and again before its credentials expire. Only
who has the token of the step is answered.
"""

from __future__ import annotations

import contextlib
import hmac
import json
import logging
import os
import secrets
import socketserver
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING

from executive_suite.run import credentials, roles

if TYPE_CHECKING:
    from boto3.session import Session
    from botocore.credentials import Credentials

CONNECTION = "EXECUTIVE_SUITE_AWS_CONN_ID"
"""The variable that names Airflow's connection to the account."""
TAKES_SECONDS = 0.02
"""At most so long until the end of a step ends the lending."""
WAITS_SECONDS = 5
"""At most so long is a caller waited for that says nothing."""
LASTING = timedelta(hours=1)
"""When credentials that do not expire are asked for again."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Account:
    """An account that is not the one of the task's environment.

    Attributes:
        session: With its credentials and the region of its services.
        endpoint: Where AWS answers instead of its own addresses; empty for these.
    """

    session: Session = field(repr=False)
    endpoint: str = ""

    def over(self, environment: Mapping[str, str]) -> dict[str, str]:
        """A step's environment with region and endpoint of the account, where it has none of its own."""
        found = {"AWS_SES_REGION": self.session.region_name or "", "AWS_ENDPOINT_URL": self.endpoint}
        lacking = {name: value for name, value in found.items() if value and not environment.get(name, "").strip()}
        return {**environment, **lacking}


@contextlib.contextmanager
def of_step(
    step: str, given: Mapping[str, str], seen: Mapping[str, str], account: Account | None
) -> Iterator[tuple[dict[str, str], list[str]]]:
    """What a step runs with: its variables, and the files of credentials that are closed to it.

    Args:
        step: Its name.
        given: The environment of the deployment, which may name roles.
        seen: The part of it that the step may see.
        account: Where the credentials come from; None if from the environment.

    Raises:
        SettingsError, StepError: as ``roles``.
    """
    environment = account.over(seen) if account else dict(seen)
    role = roles.role_of(step, given)
    own = account.session if account else None
    if role:
        found: Credentials | None = roles.assumed(role, step, environment, own)
    else:
        found = own.get_credentials() if own else None
    if found is None:
        yield environment, []
        return
    with _lent(found) as variables:
        # Those of its task could assume every role.
        kept = {name: value for name, value in environment.items() if name not in credentials.IDENTITY}
        yield {**kept, **variables}, credentials.files(environment)


@contextlib.contextmanager
def _lent(found: Credentials) -> Iterator[dict[str, str]]:
    """The variables by which a process gets credentials, and new ones as long as this lasts."""
    token = secrets.token_urlsafe(32)

    class Lender(BaseHTTPRequestHandler):
        timeout = WAITS_SECONDS

        def do_GET(self) -> None:
            """Answer with the credentials of this moment."""
            if not hmac.compare_digest(self.headers.get("Authorization", "").encode(), token.encode()):
                self.send_error(HTTPStatus.FORBIDDEN)
                return
            try:
                body = json.dumps(_stated(found)).encode()
            except Exception as error:  # noqa: BLE001 - each source has its own; the step hears that there are none
                log.warning("credentials are not renewed: %s", type(error).__name__)
                self.send_error(HTTPStatus.SERVICE_UNAVAILABLE)
                return
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """No line per request."""

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Lender) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(TAKES_SECONDS,), daemon=True).start()
        try:
            yield {
                "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"http://127.0.0.1:{server.server_address[1]}/",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN": token,
                # What the SDK would ask before.
                "AWS_CONFIG_FILE": os.devnull,
                "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
                "AWS_EC2_METADATA_DISABLED": "true",
            }
        finally:
            server.shutdown()


def _stated(found: Credentials) -> dict[str, str | None]:
    """Credentials, renewed if they need it, in the form of a container's agent."""
    frozen = found.get_frozen_credentials()
    now = datetime.now(UTC)
    expires: datetime = getattr(found, "_expiry_time", None) or now + LASTING  # botocore shows it nowhere else
    if expires <= now:
        msg = "credentials have expired"
        raise ValueError(msg)
    return {
        "AccessKeyId": frozen.access_key,
        "SecretAccessKey": frozen.secret_key,
        "Token": frozen.token or "",
        "Expiration": expires.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
