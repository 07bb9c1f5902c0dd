from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from executive_suite.run.deployment import Deployment
from executive_suite.run.preflight import PreflightError, check
from open_deployment import ADDRESSES, open_deployment
from ses_stub import SesStub


@pytest.fixture
def ses() -> Iterator[SesStub]:
    with SesStub() as stub:
        yield stub


@pytest.fixture
def opened(moto_server: str, bucket: str, ses: SesStub, monkeypatch: pytest.MonkeyPatch) -> Deployment:
    return open_deployment(moto_server, bucket, ses, monkeypatch)


def real(opened: Deployment) -> Deployment:
    """The same, judged as a real account is."""
    return Deployment(opened.settings.model_copy(update={"executive_suite_aws": "real"}), opened.config)


def test_a_sound_account_passes_without_remark(opened: Deployment) -> None:
    assert [remark.text for remark in check(opened)] == []


def test_a_bucket_that_is_not_there_is_named_by_its_variable(opened: Deployment) -> None:
    lost = opened.settings.model_copy(update={"records_bucket": "nowhere-to-be-found"})
    with pytest.raises(PreflightError, match="RECORDS_BUCKET: bucket nowhere-to-be-found"):
        check(Deployment(lost, opened.config))


def test_a_paused_account_stops_the_run(opened: Deployment, ses: SesStub) -> None:
    ses.account["SendingEnabled"] = False
    with pytest.raises(PreflightError, match="paused"):
        check(opened)


def test_a_quota_that_does_not_reach_stops_the_run_before_half_of_it_is_sent(opened: Deployment, ses: SesStub) -> None:
    # Eight reports, each to a reader and to the audit copy, are sixteen addresses; SES counts every one.
    ses.account["SendQuota"] = {"Max24HourSend": 200.0, "SentLast24Hours": 185.0, "MaxSendRate": 1.0}
    with pytest.raises(PreflightError, match="needs 16"):
        check(opened)
    ses.account["SendQuota"]["SentLast24Hours"] = 184.0
    check(opened)


def test_the_sandbox_is_told_and_does_not_stop(opened: Deployment, ses: SesStub) -> None:
    ses.account["ProductionAccessEnabled"] = False
    assert any("sandbox" in remark.text for remark in check(opened))


def test_what_the_domain_lacks_is_told_of_a_real_account(opened: Deployment) -> None:
    assert any("MAIL FROM" in remark.text for remark in check(real(opened)))


def test_every_fault_is_told_at_once_and_no_address_with_it(
    opened: Deployment, ses: SesStub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ses.account["SendingEnabled"] = False
    monkeypatch.setenv("AWS_RECIPIENT_EMAIL", " ")
    lost = opened.settings.model_copy(update={"reports_bucket": "nowhere-to-be-found"})
    with pytest.raises(PreflightError) as raised:
        check(Deployment(lost, opened.config, tmp_path))
    text = str(raised.value)
    assert all(part in text for part in ("paused", "AWS_RECIPIENT_EMAIL", "REPORTS_BUCKET", "template"))
    assert not any(address in text for address in ADDRESSES.values())


def test_an_endpoint_that_does_not_offer_the_account_is_not_taken_for_a_refusal(
    opened: Deployment, moto_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # moto has no GetAccount; a missing operation is not a missing right.
    monkeypatch.setenv("AWS_ENDPOINT_URL_SESV2", moto_server)
    client: Any = boto3.client("sesv2", region_name="us-east-1")
    client.create_email_identity(EmailIdentity=ADDRESSES["AWS_SES_FROM_ADDRESS"])
    remarks = check(Deployment(opened.settings, opened.config))
    assert any("says nothing" in remark.text for remark in remarks)
