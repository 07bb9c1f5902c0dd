"""Credentials that a task lends its step: by AWS's own SDK, to nobody else, and new ones before the old expire."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from boto3.session import Session
from botocore.credentials import RefreshableCredentials
from botocore.session import get_session

from executive_suite.run import lending
from executive_suite.run.lending import Account
from executive_suite.ses.failures import classify

OWN = {
    "AWS_ACCESS_KEY_ID": "of-the-task",
    "AWS_SECRET_ACCESS_KEY": "of-the-task",  # pragma: allowlist secret
    "AWS_PROFILE": "of-the-task",
    "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/of-the-task",
    "PATH": os.environ["PATH"],
}
# As AWS's SDK finds credentials by itself, twice.
STEP = """
import boto3, json
found = boto3.Session().get_credentials()
print(json.dumps([found.method, *(found.get_frozen_credentials().access_key for _ in range(2))]))
"""


def lasting(seconds: float) -> Account:
    """An account whose credentials are numbered, and live so long."""
    numbers = itertools.count(1)

    def renew() -> dict[str, str]:
        expires = (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()
        return {"access_key": f"key-{next(numbers)}", "secret_key": "s", "token": "t", "expiry_time": expires}

    session = get_session()
    session._credentials = RefreshableCredentials.create_from_metadata(renew(), renew, "test")  # noqa: SLF001 - as Airflow's own hook does
    return Account(Session(botocore_session=session, region_name="eu-west-1"))


def away() -> dict[str, str]:
    raise TimeoutError


def asked(given: Mapping[str, str], token: str | None = None) -> dict[str, str]:
    """What the lender answers."""
    stated = given["AWS_CONTAINER_AUTHORIZATION_TOKEN"] if token is None else token
    url = given["AWS_CONTAINER_CREDENTIALS_FULL_URI"]
    with urlopen(Request(url, headers={"Authorization": stated}), timeout=5) as answer:  # noqa: S310 - loopback
        found: dict[str, str] = json.load(answer)
    return found


def found_by_a_step(account: Account) -> list[str]:
    with lending.of_step("send", {}, OWN, account) as (given, _):
        ran = subprocess.run([sys.executable, "-c", STEP], env=given, capture_output=True, text=True, check=True)
    found: list[str] = json.loads(ran.stdout)
    return found


def test_a_step_finds_what_it_was_lent_and_keeps_it_while_it_lasts() -> None:
    """An hour is more than the quarter at which the SDK asks again."""
    assert found_by_a_step(lasting(3600)) == ["container-role", "key-1", "key-1"]


def test_a_step_gets_new_credentials_before_the_old_ones_expire() -> None:
    """botocore asks again at each call in the last ten minutes; a minute is as near to the end as a test can be."""
    method, first, second = found_by_a_step(lasting(60))
    assert method == "container-role"
    assert 1 < int(first.removeprefix("key-")) < int(second.removeprefix("key-"))


def test_only_who_has_the_steps_token_is_answered_and_only_while_it_runs() -> None:
    with lending.of_step("send", {}, OWN, lasting(3600)) as (given, _):
        assert asked(given)["AccessKeyId"] == "key-1"
        for token in ("", "of-another-step"):
            with pytest.raises(HTTPError) as refused:
                asked(given, token)
            assert refused.value.code == HTTPStatus.FORBIDDEN
    with pytest.raises(OSError, match="refused"):
        asked(given)


def test_what_has_expired_is_not_lent() -> None:
    """The SDK would raise what a send takes for an unknown outcome."""
    account = lasting(60)
    with lending.of_step("send", {}, OWN, account) as (given, _):
        credentials = account.session.get_credentials()
        assert isinstance(credentials, RefreshableCredentials)
        credentials._refresh_using = away  # noqa: SLF001 - botocore has no other way to lose AWS
        credentials._expiry_time = datetime.now(UTC) - timedelta(seconds=1)  # noqa: SLF001 - and time goes by
        with pytest.raises(HTTPError) as refused:
            asked(given)
        assert refused.value.code == HTTPStatus.SERVICE_UNAVAILABLE


def test_a_send_without_credentials_is_known_not_to_have_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("botocore.utils.ContainerMetadataFetcher.SLEEP_TIME", 0)
    with lending.of_step("send", {}, OWN, lasting(3600)) as (given, _):
        pass
    for name in given:
        monkeypatch.setenv(name, given[name])
    with pytest.raises(Exception) as failed:  # noqa: PT011 - whatever it is, it must be classified
        Session(region_name="us-east-1").client("sesv2").get_account()
    assert classify(failed.value).error_class != "ambiguous"


def test_region_and_endpoint_of_the_account_count_where_the_environment_names_none() -> None:
    account = Account(lasting(3600).session, "http://aws:4566")
    assert account.over({"AWS_SES_REGION": " "})["AWS_SES_REGION"] == "eu-west-1"
    assert account.over({"AWS_SES_REGION": "us-east-2"})["AWS_SES_REGION"] == "us-east-2"
    assert account.over({})["AWS_ENDPOINT_URL"] == "http://aws:4566"


def test_without_roles_and_account_a_step_has_what_the_environment_has() -> None:
    with lending.of_step("send", {}, OWN, None) as (given, closed):
        assert (given, closed) == (OWN, [])
