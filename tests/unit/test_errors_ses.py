"""The table of errors: the classes that the design names, and that what is not known for certain is ambiguous."""

from __future__ import annotations

from typing import Any

import pytest
from botocore import exceptions as botocore_errors
from hypothesis import given
from hypothesis import strategies as st

from executive_suite.ses.failures import classify


def answered(code: str, status: int, text: str = "no") -> botocore_errors.ClientError:
    answer: Any = {"Error": {"Code": code, "Message": text}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return botocore_errors.ClientError(answer, "SendEmail")


# DESIGN "Delivery", paragraph "Errors"
@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (answered("TooManyRequestsException", 429), "retryable"),
        (answered("Throttling", 400, "Maximum sending rate exceeded."), "retryable"),
        (answered("ThrottlingException", 400, "Maximum sending rate exceeded."), "retryable"),
        (answered("TooManyRequestsException", 429, "Daily message quota exceeded."), "retryable"),
        (answered("LimitExceededException", 400), "retryable"),
        (botocore_errors.ConnectTimeoutError(endpoint_url="x"), "retryable"),
        (botocore_errors.EndpointConnectionError(endpoint_url="x"), "retryable"),
        (answered("MessageRejected", 400), "refused"),
        (answered("BadRequestException", 400), "refused"),
        (answered("MailFromDomainNotVerifiedException", 400), "refused"),
        (answered("NotFoundException", 404), "refused"),
        (answered("ConfigurationSetDoesNotExistException", 400), "refused"),
        (answered("AccountSuspendedException", 400), "refused"),
        (answered("SendingPausedException", 400), "refused"),
        (answered("AccessDeniedException", 403), "refused"),
        (answered("ExpiredTokenException", 403), "refused"),
        (botocore_errors.NoCredentialsError(), "refused"),
        (answered("InternalFailure", 500), "ambiguous"),
        (answered("ServiceUnavailable", 503), "ambiguous"),
        (answered("", 504), "ambiguous"),
        (answered("RequestTimeout", 408), "ambiguous"),
        (botocore_errors.ReadTimeoutError(endpoint_url="x"), "ambiguous"),
        (botocore_errors.ConnectionClosedError(endpoint_url="x"), "ambiguous"),
        (botocore_errors.SSLError(endpoint_url="x", error="x"), "ambiguous"),
        (botocore_errors.HTTPClientError(error="x"), "ambiguous"),
        (botocore_errors.ResponseStreamingError(error="x"), "ambiguous"),
        (KeyError("MessageId"), "ambiguous"),
        (OSError("broken pipe"), "ambiguous"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_the_class_of_an_error(error: Exception, expected: str) -> None:
    assert classify(error).error_class == expected


@given(st.text(max_size=40), st.integers(500, 599), st.text(max_size=40))
def test_no_5xx_is_ever_certain(code: str, status: int, text: str) -> None:
    assert classify(answered(code, status, text)).error_class == "ambiguous"


@given(st.sampled_from([200, 301, 0, 100]), st.text(max_size=40))
def test_an_error_without_a_status_that_says_no_is_never_certain(status: int, code: str) -> None:
    assert classify(answered(code, status)).error_class == "ambiguous"


def test_a_quota_is_waited_for_longer_than_a_rate() -> None:
    quota = classify(answered("TooManyRequestsException", 429, "Daily message quota exceeded."))
    rate = classify(answered("TooManyRequestsException", 429, "Maximum sending rate exceeded."))
    assert (quota.delay_seconds, rate.delay_seconds) == (6 * 3600, None)


@pytest.mark.parametrize("code", ["AccountSuspendedException", "SendingPausedException"])
def test_a_stopped_account_stops_everything(code: str) -> None:
    assert classify(answered(code, 400)).stops_everything
    assert not classify(answered("MessageRejected", 400)).stops_everything


def test_no_address_stands_in_a_failure() -> None:
    failure = classify(answered("MessageRejected", 400, "Email address is not verified: cfo@example.com"))
    assert "@" not in failure.detail
    assert "verify the sender's identity" in failure.hint
