from __future__ import annotations

from pathlib import Path

import pytest

from executive_suite.folders import INCLUDE
from executive_suite.run import credentials, many
from executive_suite.run.deployment import for_step, from_environment, seen_by
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
    assert not SECRETS & seen_by(step, WHOLE).keys()
    opened = for_step(step, WHOLE)
    assert opened.settings.aws_recipient_email == ""
    assert opened.settings.recipient_hash_key == ""
    assert opened.settings.reports_bucket == "some-reports"


@pytest.mark.parametrize("step", ["close", "watch"])
def test_a_step_that_tells_the_owner_sees_no_reader(step: str) -> None:
    assert SECRETS - seen_by(step, WHOLE).keys() == {"AWS_RECIPIENT_EMAIL"}
    opened = for_step(step, WHOLE)
    assert (opened.settings.aws_recipient_email, opened.settings.recipient_hash_key) == ("", "k" * 32)


def test_an_approval_is_asked_for_without_any_address() -> None:
    """It names recipients by id, and needs the hash key to tell which variant each of them gets."""
    assert for_step("approve", WHOLE).settings.recipient_hash_key == "k" * 32
    assert SECRETS & seen_by("approve", WHOLE).keys() == {"RECIPIENT_HASH_KEY"}


@pytest.mark.parametrize("step", ["preflight", "send"])
def test_a_step_that_mails_sees_what_it_needs(step: str) -> None:
    assert for_step(step, WHOLE).settings.aws_bcc_email == "audit@example.com"
    assert seen_by(step, WHOLE).keys() >= SECRETS


def test_nothing_of_airflow_or_of_other_programs_reaches_a_step() -> None:
    others = {"AIRFLOW__CORE__FERNET_KEY": "f", "STRIPE_KEY": "s", "PGPASSWORD": "p"}
    for step in credentials.ALLOWED:
        assert not others.keys() & seen_by(step, {**WHOLE, **others}).keys()


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
    assert named >= {name.upper() for name in Settings.model_fields} - {many.PREFIX}  # made for each of many groups


@pytest.mark.parametrize("step", sorted(credentials.ALLOWED.keys() - {"preflight", "send"}))
def test_only_what_mails_readers_sees_the_key_of_their_links(step: str) -> None:
    opened = for_step(step, {**WHOLE, **LINKS})
    assert LINKS.keys() & seen_by(step, {**WHOLE, **LINKS}).keys() <= {"EXECUTIVE_SUITE_REPORTS_URL"}
    assert not opened.settings.executive_suite_reader_key


def test_the_send_sees_the_key_and_never_shows_it() -> None:
    environment = {**WHOLE, **LINKS}
    checked = for_step("send", environment).settings
    assert seen_by("send", environment).keys() >= LINKS.keys()
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
