from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from executive_suite.run import lane, services
from executive_suite.run.close import unstarted
from executive_suite.run.crossing import rebuilt, told
from executive_suite.run.deployment import Deployment
from executive_suite.run.plan import Request
from executive_suite.run.preflight import PreflightError, check
from executive_suite.trail.chain import Run
from open_deployment import ADDRESSES, open_deployment
from ses_stub import Do, SesStub


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


def test_a_real_account_is_told_where_steps_have_no_walls(opened: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("executive_suite.enclosure.version", lambda: 0)
    assert any("no Landlock" in remark.text for remark in check(real(opened)))
    assert check(opened) == ()
    monkeypatch.setattr("executive_suite.enclosure.version", lambda: 1)
    assert not any("no Landlock" in remark.text for remark in check(real(opened)))


def test_every_fault_is_told_at_once_and_no_address_with_it(opened: Deployment, ses: SesStub) -> None:
    ses.account["SendingEnabled"] = False
    lost = opened.settings.model_copy(update={"reports_bucket": "nowhere-to-be-found"})
    lacking = [one.model_copy(update={"template": "reports/none.j2"}) for one in opened.config.reports]
    configured = opened.config.model_copy(update={"reports": tuple(lacking)})
    with pytest.raises(PreflightError) as raised:
        check(Deployment(lost, configured))
    text = str(raised.value)
    assert all(part in text for part in ("paused", "REPORTS_BUCKET", "template"))
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


KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
)
SIGNING = {
    "executive_suite_reports_url": "https://reports.example.com",
    "executive_suite_reader_key_id": "K2JCJMDEHXQW5F",
    "executive_suite_reader_key": KEY.decode().replace("\n", "\\n"),  # as an .env file has it
}


def signing(opened: Deployment, **changes: str | None) -> Deployment:
    return Deployment(real(opened).settings.model_copy(update={**SIGNING, **changes}), opened.config)


def test_links_are_signed_for_as_long_as_the_configuration_says(opened: Deployment) -> None:
    check(signing(opened))
    made = services.for_reports(signing(opened), lane.today(opened))
    assert made.link_to is not None
    sent_at = datetime(2026, 5, 1, 13, tzinfo=UTC)
    link = made.link_to("2026-05-01/cfo-report.html", sent_at)
    assert link.startswith("https://reports.example.com/2026-05-01/cfo-report.html?Expires=")
    assert f"Expires={int(sent_at.timestamp()) + 30 * 86_400}&" in link  # delivery.yaml: link_days: 30


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"executive_suite_reader_key": None}, "EXECUTIVE_SUITE_READER_KEY: is missing"),
        ({"executive_suite_reader_key_id": None}, "EXECUTIVE_SUITE_READER_KEY_ID: is missing"),
        ({"executive_suite_reports_url": None}, "EXECUTIVE_SUITE_REPORTS_URL: is missing"),
        ({"executive_suite_reports_url": "http://reports.example.com"}, "expected https"),
        (
            {"executive_suite_reader_key": "-----BEGIN PRIVATE KEY-----\\nMIIE"},  # pragma: allowlist secret
            "EXECUTIVE_SUITE_READER_KEY: cannot sign",
        ),
    ],
)
def test_a_key_that_cannot_sign_stops_the_run_and_is_never_shown(
    opened: Deployment, changes: dict[str, str | None], named: str
) -> None:
    with pytest.raises(PreflightError, match=named) as raised:
        check(signing(opened, **changes))
    assert "MIIE" not in str(raised.value)


def test_the_embedded_endpoint_signs_nothing(opened: Deployment) -> None:
    local = Deployment(opened.settings.model_copy(update=SIGNING), opened.config)
    check(local)
    assert services.for_reports(local, lane.today(opened)).link_to is None


def test_readers_may_leave_a_report_and_the_owner_no_notice(opened: Deployment) -> None:
    trail = lane.today(opened)
    leaving = services.for_reports(opened, trail).leaving
    assert leaving is not None
    assert (leaving.address, leaving.url) == (ADDRESSES["AWS_SES_FROM_ADDRESS"], "")
    assert services.for_notices(opened, trail).leaving is None
    own = opened.settings.model_copy(update={"executive_suite_unsubscribe_address": "off@example.com"})
    told = services.for_reports(Deployment(own, opened.config), trail).leaving
    assert told is not None
    assert told.address == "off@example.com"


FAULTS = ("REPORTS_BUCKET: bucket nowhere cannot be used: 404", "AWS_SES_REGION: the account is paused")


def test_of_a_run_that_must_not_start_the_owner_is_told_once_however_often_it_is_cleared(
    opened: Deployment, ses: SesStub
) -> None:
    for faults in (FAULTS, FAULTS, FAULTS[:1]):
        unstarted(opened, request(), Run(run="manual__1"), faults)
    (mail,) = ses.accepted
    text = mail.parsed.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert mail.parsed["Subject"] == "Executive Suite 2026-05-01: nothing was made: the run stopped before it began"
    assert all(fault in text for fault in FAULTS)


def test_nobody_is_told_of_a_run_that_mails_nothing(opened: Deployment, ses: SesStub) -> None:
    unstarted(opened, request(send=False), Run(run="manual__1"), FAULTS)
    assert ses.accepted == []


def test_an_account_that_cannot_mail_leaves_it_to_the_log(
    opened: Deployment, ses: SesStub, caplog: pytest.LogCaptureFixture
) -> None:
    ses.script("*", Do("refuse"))
    unstarted(opened, request(), Run(run="manual__1"), FAULTS)
    assert "the owner was not notified" in caplog.text
    assert ses.accepted == []


def test_every_fault_crosses_from_the_step_to_its_task_by_itself() -> None:
    error = rebuilt(told(PreflightError(*FAULTS)))
    assert error.args == FAULTS
    assert str(error) == "; ".join(FAULTS)


def request(**params: Any) -> Request:
    conf = {"report_date": "2026-05-01", **params}
    after = datetime(2026, 5, 1, 13, tzinfo=UTC)
    return Request("manual__1", backfill=False, params=conf, conf=conf, interval_end=None, run_after=after)
