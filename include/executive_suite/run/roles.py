"""The role of a step: its task assumes it, and hands the step that role's short-lived credentials instead of its own.

What each role may do is in ``include/infra/executive-suite.yaml``. Without these variables, all steps use the
credentials of their task.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from executive_suite.run import credentials
from executive_suite.run.crossing import StepError
from executive_suite.settings import SettingsError

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
"""As long as a step may take, and the most that AWS gives one role through another."""

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


def assumed(role: str, step: str, environment: Mapping[str, str]) -> dict[str, str]:
    """A step's environment with the credentials of its role in the place of its task's.

    Args:
        role: Its ARN.
        step: Names the session, so that the account's own trail of calls tells the steps apart.
        environment: What the step may see.

    Raises:
        SettingsError: AWS refuses, or there is nothing to ask with.
        StepError: AWS does not answer; a later try may be luckier.
    """
    from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
    from botocore.exceptions import ConnectionError as NotReachedError

    try:
        own = credentials.session(environment, environment.get("AWS_SES_REGION", "us-east-1"))
        sts: Any = own.client("sts", endpoint_url=environment.get("AWS_ENDPOINT_URL") or None)
        answer = sts.assume_role(RoleArn=role, RoleSessionName=f"executive-suite-{step}", DurationSeconds=SECONDS)
    except (HTTPClientError, NotReachedError) as error:
        msg = f"the role of step {step} is not assumed: {type(error).__name__}"
        raise StepError(msg) from None
    except (BotoCoreError, ClientError) as error:
        # Not its text: AWS names the caller that it refuses.
        why = error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__
        msg = f"{ROLES[step]}: the role cannot be assumed ({why})"
        raise SettingsError(msg) from None
    found = answer["Credentials"]
    return {
        # Those of its task could assume every role.
        **{name: value for name, value in environment.items() if name not in credentials.IDENTITY},
        "AWS_ACCESS_KEY_ID": found["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": found["SecretAccessKey"],
        "AWS_SESSION_TOKEN": found["SessionToken"],
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def files(environment: Mapping[str, str]) -> list[str]:
    """The files with a task's own credentials, which a step with a role of its own must not read."""
    named = (environment[name] for name in credentials.FILES_OF_KEYS if environment.get(name))
    return [str(Path("~/.aws").expanduser()), *named]
