from __future__ import annotations

from pathlib import Path

import pytest

from executive_suite.folders import INCLUDE
from executive_suite.run import credentials
from executive_suite.run.deployment import for_step, from_environment
from executive_suite.settings import Settings, SettingsError

WHOLE = {
    "AWS_SES_FROM_ADDRESS": "reports@example.com",
    "AWS_SES_FROM_NAME": "Reports",
    "AWS_RECIPIENT_EMAIL": "founder@example.com",
    "AWS_BCC_EMAIL": "audit@example.com",
    "REPORTS_BUCKET": "some-reports",
    "RECORDS_BUCKET": "some-records",
    "RECIPIENT_HASH_KEY": "k" * 32,
    "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
}
LINKS = {
    "EXECUTIVE_SUITE_REPORTS_URL": "https://reports.example.com",
    "EXECUTIVE_SUITE_READER_KEY_ID": "K2JCJMDEHXQW5F",
    "EXECUTIVE_SUITE_READER_KEY": "-----BEGIN PRIVATE KEY-----",  # pragma: allowlist secret - only its first line
    "EXECUTIVE_SUITE_UNSUBSCRIBE_ADDRESS": "off@example.com",
    "EXECUTIVE_SUITE_UNSUBSCRIBE_URL": "https://example.com/off",
}
SECRETS = {"AWS_SES_FROM_ADDRESS", "AWS_RECIPIENT_EMAIL", "AWS_BCC_EMAIL", "RECIPIENT_HASH_KEY"}


@pytest.mark.parametrize("step", ["extract", "validate", "compute", "reconcile", "render", "archive"])
def test_a_step_that_mails_nobody_sees_no_address_and_no_key(step: str) -> None:
    environment = dict(WHOLE)
    opened = for_step(step, environment)
    assert not SECRETS & environment.keys()
    assert opened.settings.aws_recipient_email == ""
    assert opened.settings.recipient_hash_key == ""
    assert opened.settings.reports_bucket == "some-reports"


@pytest.mark.parametrize("step", ["close", "watch"])
def test_a_step_that_tells_the_owner_sees_no_reader(step: str) -> None:
    environment = dict(WHOLE)
    opened = for_step(step, environment)
    assert SECRETS - environment.keys() == {"AWS_RECIPIENT_EMAIL"}
    assert (opened.settings.aws_recipient_email, opened.settings.recipient_hash_key) == ("", "k" * 32)


def test_an_approval_is_asked_for_without_any_address() -> None:
    """It names recipients by id, and needs the hash key to tell which variant each of them gets."""
    environment = dict(WHOLE)
    assert for_step("approve", environment).settings.recipient_hash_key == "k" * 32
    assert SECRETS & environment.keys() == {"RECIPIENT_HASH_KEY"}


@pytest.mark.parametrize("step", ["preflight", "send"])
def test_a_step_that_mails_sees_what_it_needs(step: str) -> None:
    environment = dict(WHOLE)
    assert for_step(step, environment).settings.aws_bcc_email == "audit@example.com"
    assert environment.keys() >= SECRETS


def test_what_is_not_the_projects_is_left_alone() -> None:
    environment = {**WHOLE, "AIRFLOW__CORE__EXECUTOR": "LocalExecutor", "PATH": "/bin"}
    for_step("render", environment)
    assert environment.keys() >= {"AIRFLOW__CORE__EXECUTOR", "PATH"}


@pytest.mark.parametrize("name", sorted(WHOLE.keys() - {"AWS_ENDPOINT_URL"}))
def test_each_variable_is_missed_by_name(name: str) -> None:
    for blank in ({}, {name: " "}):
        with pytest.raises(SettingsError, match=name):
            from_environment({k: v for k, v in WHOLE.items() if k != name} | blank)


def test_the_embedded_endpoint_needs_its_address_and_a_real_account_must_have_none() -> None:
    without = {name: value for name, value in WHOLE.items() if name != "AWS_ENDPOINT_URL"}
    with pytest.raises(SettingsError, match="AWS_ENDPOINT_URL: is missing"):
        from_environment(without)
    with pytest.raises(SettingsError, match="AWS_ENDPOINT_URL: is set"):
        from_environment({**WHOLE, "EXECUTIVE_SUITE_AWS": "real"})
    assert from_environment({**without, "EXECUTIVE_SUITE_AWS": "real"}).settings.executive_suite_aws == "real"


def test_every_variable_of_the_settings_stands_in_the_example() -> None:

    example = (Path(INCLUDE).parent / ".env.example").read_text(encoding="utf-8")
    named = {line.split("=")[0] for line in example.splitlines() if line and not line.startswith("#")}
    assert named >= {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("step", sorted(credentials.ALLOWED.keys() - {"preflight", "send"}))
def test_only_what_mails_readers_sees_the_key_of_their_links(step: str) -> None:
    environment = {**WHOLE, **LINKS}
    opened = for_step(step, environment)
    left = LINKS.keys() & environment.keys()
    assert left <= {"EXECUTIVE_SUITE_REPORTS_URL"}
    assert not opened.settings.executive_suite_reader_key


def test_the_send_sees_the_key_and_never_shows_it() -> None:
    environment = {**WHOLE, **LINKS}
    checked = for_step("send", environment).settings
    assert environment.keys() >= LINKS.keys()
    assert checked.executive_suite_reader_key == LINKS["EXECUTIVE_SUITE_READER_KEY"]
    assert "PRIVATE KEY" not in repr(checked)
    assert "off@example.com" not in repr(checked)


@pytest.mark.parametrize("name", sorted(LINKS))
def test_what_is_optional_may_be_blank(name: str) -> None:
    assert from_environment({**WHOLE, name: " "}).settings is not None


@pytest.mark.parametrize("page", ["http://example.com/off", "https://example.com/off>, <mailto:x@y.z", "off"])
def test_a_page_to_leave_by_is_one_plain_web_address(page: str) -> None:
    with pytest.raises(SettingsError, match="EXECUTIVE_SUITE_UNSUBSCRIBE_URL"):
        from_environment({**WHOLE, "EXECUTIVE_SUITE_UNSUBSCRIBE_URL": page})
