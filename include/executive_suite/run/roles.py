"""The role of a step: its task assumes it, and lends the step that role's credentials instead of its own (``lending``).

What each role may do is in ``include/infra/executive-suite.yaml``. Without these variables, all steps use the
credentials of their task.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from executive_suite.run import credentials
from executive_suite.run.crossing import StepError
from executive_suite.settings import SettingsError

if TYPE_CHECKING:
    from boto3.session import Session
    from botocore.credentials import RefreshableCredentials

READ, ARCHIVE, SEND, DESK = (f"EXECUTIVE_SUITE_{name}_ROLE" for name in ("READ", "ARCHIVE", "SEND", "DESK"))
ROLES: Mapping[str, str] = {
    **dict.fromkeys(("preflight", "extract", "validate", "compute", "reconcile", "render", "proof"), READ),
    **dict.fromkeys(("archive", "approve"), ARCHIVE),
    **dict.fromkeys(("send", "feedback", "watch", "close"), SEND),
    **dict.fromkeys(("desk", "release"), DESK),
}
"""The variable that names the role of each step. Who sends approves nothing and permits itself no second mail; who
makes a report publishes nothing."""
SECONDS = 3600
"""The most that AWS gives one role through another, until it is asked again."""

_ROLE = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]{1,512}")


def role_of(step: str, given: Mapping[str, str]) -> str:
    """The role that a deployment names for a step; empty if it splits no roles.

    Raises:
        SettingsError: some roles are named and others are not, or one is not the name of a role.
    """
    named = {variable: given.get(variable, "").strip() for variable in (READ, ARCHIVE, SEND, DESK)}
    if not any(named.values()):
        return ""
    wrong = [variable for variable, role in named.items() if not _ROLE.fullmatch(role)]
    if wrong:
        msg = f"{', '.join(wrong)}: must be the ARN of a role; name all four roles or none"
        raise SettingsError(msg)
    return named[ROLES[step]]


def assumed(role: str, step: str, environment: Mapping[str, str], own: Session | None = None) -> RefreshableCredentials:
    """The credentials of a step's role, which AWS is asked for again before they expire.

    Args:
        role: Its ARN.
        step: Names the session, so that the account's own trail of calls tells the steps apart.
        environment: What the step may see.
        own: Assumes the role; by default with the credentials that the environment names.

    Raises:
        SettingsError, StepError: as ``asking``.
    """
    from botocore.credentials import RefreshableCredentials, create_assume_role_refresher

    asked = {"RoleArn": role, "RoleSessionName": f"executive-suite-{step}", "DurationSeconds": SECONDS}
    with asking(f"{ROLES[step]}: the role of step {step}"):
        own = own or credentials.session(environment, environment.get("AWS_SES_REGION", "us-east-1"))
        sts: Any = own.client("sts", endpoint_url=environment.get("AWS_ENDPOINT_URL") or None)
        renew = create_assume_role_refresher(sts, asked)
        return RefreshableCredentials.create_from_metadata(renew(), renew, "assume-role")


@contextlib.contextmanager
def asking(what: str) -> Iterator[None]:
    """Ask AWS for credentials, which are called ``what`` if it gives none.

    Raises:
        SettingsError: AWS refuses, or there is nothing to ask with.
        StepError: AWS does not answer; a later try may be luckier.
    """
    from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
    from botocore.exceptions import ConnectionError as NotReachedError

    try:
        yield
    except (HTTPClientError, NotReachedError) as error:
        msg = f"{what} is not assumed: {type(error).__name__}"
        raise StepError(msg) from None
    except (BotoCoreError, ClientError) as error:
        # Not its text: AWS names the caller that it refuses.
        why = error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__
        msg = f"{what} cannot be assumed ({why})"
        raise SettingsError(msg) from None
