"""Which variables a step may see, and how old a key may be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest

from executive_suite.run import credentials
from loopback import PRETENDED

ENVIRONMENT = {
    "PATH": "/bin",
    "AWS_SES_REGION": "us-east-1",
    "AWS_RECIPIENT_EMAIL": "cfo@example.com",
    "RECIPIENT_HASH_KEY": "k" * 32,
    "STRIPE_SECRET": "s",
    "BOARD_EMAIL": "board@example.com",
}


def test_a_step_sees_what_is_named_and_nothing_else() -> None:
    assert credentials.permitted(ENVIRONMENT, "compute") == {"PATH": "/bin", "AWS_SES_REGION": "us-east-1"}
    assert set(credentials.permitted(ENVIRONMENT, "send")) == set(ENVIRONMENT) - {"STRIPE_SECRET", "BOARD_EMAIL"}
    assert "BOARD_EMAIL" in credentials.permitted(ENVIRONMENT, "send", frozenset({"BOARD_EMAIL"}))


def test_only_the_send_and_the_preflight_see_addresses() -> None:
    seeing = {step for step, names in credentials.ALLOWED.items() if "AWS_RECIPIENT_EMAIL" in names}
    assert seeing == {"send", "preflight"}


def test_an_unknown_step_sees_nothing() -> None:
    with pytest.raises(KeyError):
        credentials.permitted(ENVIRONMENT, "whatever")


def test_keys_older_than_a_quarter_are_named_by_their_last_letters(moto_server: str) -> None:
    plain: Any = boto3.client("iam", endpoint_url=moto_server, **PRETENDED)
    plain.create_user(UserName="reports")
    key = plain.create_access_key(UserName="reports")["AccessKey"]
    own: Any = boto3.client(
        "iam",
        endpoint_url=moto_server,
        region_name="us-east-1",
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
    )
    now = datetime.now(UTC)
    assert credentials.old_keys(own, now) == ()
    (old,) = credentials.old_keys(own, now + timedelta(days=92)) or ()
    assert old.ends_with == key["AccessKeyId"][-4:]
    assert old.age_days in {91, 92}


def test_a_role_without_keys_cannot_be_told(moto_server: str) -> None:
    assert credentials.old_keys(boto3.client("iam", endpoint_url=moto_server, **PRETENDED), datetime.now(UTC)) is None


def test_a_vault_is_asked_for_the_secrets_that_a_step_lacks_and_for_no_others() -> None:
    asked: list[str] = []

    def vault(name: str) -> str | None:
        asked.append(name)
        return "kept" if name == "RECIPIENT_HASH_KEY" else None

    assert credentials.permitted({"PATH": "/bin"}, "approve", vault=vault) == {
        "PATH": "/bin",
        "RECIPIENT_HASH_KEY": "kept",
    }
    assert asked == ["RECIPIENT_HASH_KEY"]
    assert credentials.permitted({"RECIPIENT_HASH_KEY": "own"}, "approve", vault=vault) == {"RECIPIENT_HASH_KEY": "own"}
    assert credentials.permitted({}, "render", vault=vault) == {}
