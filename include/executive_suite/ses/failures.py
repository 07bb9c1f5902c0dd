"""What each failure of an SES call means, as data: worth a retry, final, or unknown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Literal

from botocore import exceptions as botocore_errors

from executive_suite.identity import without_addresses

ErrorClass = Literal["retryable", "refused", "ambiguous"]

HOURS = 3600.0


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table; the first match decides.

    Attributes:
        code: Regular expression for the whole error code.
        text: Regular expression to find in the message; empty matches any.
        error_class: retryable and refused are certain that nothing was accepted.
        delay_seconds: When a retry is sensible; None leaves it to the back-off.
        stops_everything: The account itself is stopped, so no other send can succeed either.
        hint: What a person should check.
    """

    code: str
    error_class: ErrorClass
    text: str = ""
    delay_seconds: float | None = None
    stops_everything: bool = False
    hint: str = ""


RULES: tuple[Rule, ...] = (
    Rule(
        r"TooManyRequestsException|Throttling.*|LimitExceededException",
        "retryable",
        text=r"(?i)daily (message|sending) quota|24.hour",
        delay_seconds=6 * HOURS,
        hint="the account's 24-hour quota is used up; wait until it frees up, or request a higher one",
    ),
    Rule(r"LimitExceededException", "retryable", delay_seconds=HOURS, hint="an account limit is reached"),
    Rule(r"TooManyRequestsException|Throttling.*", "retryable", hint="the account's sending rate is exceeded"),
    Rule(
        r"AccountSuspendedException|AccountSendingPausedException",
        "refused",
        stops_everything=True,
        hint="the account may not send: check its status in the SES console, then close the circuit",
    ),
    Rule(
        r"SendingPausedException|ConfigurationSetSendingPausedException",
        "refused",
        stops_everything=True,
        hint="sending is paused for the account or the configuration set",
    ),
    Rule(r"MailFromDomainNotVerified.*", "refused", hint="publish the MX record of the MAIL FROM domain"),
    Rule(
        r"MessageRejected",
        "refused",
        text=r"(?i)not verified",
        hint="verify the sender's identity (and, in the sandbox, the recipient's) in this region",
    ),
    Rule(r"MessageRejected", "refused", hint="SES refused this message's content or address"),
    Rule(r"NotFoundException|ConfigurationSetDoesNotExist.*", "refused", hint="create AWS_SES_CONFIGURATION_SET"),
    Rule(r"AccessDenied.*", "refused", hint="the credentials lack ses:SendRawEmail for this identity"),
    Rule(
        r"ExpiredToken.*|InvalidClientTokenId|UnrecognizedClient.*|SignatureDoesNotMatch|RequestExpired",
        "refused",
        hint="the AWS credentials are wrong or expired, or this machine's clock is off",
    ),
    Rule(r"BadRequestException|ValidationException|InvalidParameter.*", "refused", hint="SES cannot read the request"),
    Rule(r"RequestTimeout.*", "ambiguous", hint="SES says that it did not get the whole request in time"),
)

NOT_SENT = (
    botocore_errors.ConnectTimeoutError,
    botocore_errors.EndpointConnectionError,
    botocore_errors.ProxyConnectionError,
)
"""There was no connection, so no byte of the mail left."""

NOT_ASKED = (
    botocore_errors.ParamValidationError,
    botocore_errors.NoCredentialsError,
    botocore_errors.PartialCredentialsError,
    botocore_errors.CredentialRetrievalError,
    botocore_errors.NoRegionError,
    botocore_errors.InvalidEndpointConfigurationError,
)
"""botocore stopped before the call."""


@dataclass(frozen=True, slots=True)
class Failure:
    """What a failed call means.

    Attributes:
        error_class: retryable, refused or ambiguous.
        code: SES's or botocore's name of the error.
        detail: Its text without addresses, at most 300 characters.
        hint: What a person should check.
        delay_seconds: When a retry is sensible; None leaves it to the back-off.
        stops_everything: No other send can succeed either.
    """

    error_class: ErrorClass
    code: str
    detail: str
    hint: str = ""
    delay_seconds: float | None = None
    stops_everything: bool = False


def classify(error: Exception) -> Failure:
    """What an exception from the SES call means; anything uncertain is ambiguous."""
    detail = without_addresses(str(error))[:300]
    if isinstance(error, botocore_errors.ClientError):
        return _answered(error, detail)
    code = type(error).__name__
    if isinstance(error, botocore_errors.SSLError) and "CERTIFICATE_VERIFY_FAILED" in detail:
        return Failure(
            "refused", code, detail, "the certificate is not trusted here: check AWS_CA_BUNDLE and the proxy"
        )
    if isinstance(error, NOT_SENT):
        return Failure("retryable", code, detail, "the SES endpoint could not be reached")
    if isinstance(error, NOT_ASKED):
        return Failure("refused", code, detail, "the credentials, region or request are incomplete")
    return Failure("ambiguous", code, detail, "the answer was lost: look for the mail before you resend it")


def _answered(error: botocore_errors.ClientError, detail: str) -> Failure:
    """SES answered with an error: a 4xx means no, a 5xx says nothing about the mail."""
    code = error.response.get("Error", {}).get("Code", "")
    text = error.response.get("Error", {}).get("Message", "")
    detail = without_addresses(text)[:300] or detail  # what SES said, without botocore's sentence around it
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if not HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return Failure("ambiguous", code or f"HTTP {status}", detail, "SES failed: it may have accepted the mail")
    for rule in RULES:
        if re.fullmatch(rule.code, code) and re.search(rule.text, text):
            return Failure(rule.error_class, code, detail, rule.hint, rule.delay_seconds, rule.stops_everything)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Failure("retryable", code or "HTTP 429", detail, "SES asks to slow down")
    if status == HTTPStatus.REQUEST_TIMEOUT:
        return Failure("ambiguous", code or "HTTP 408", detail, "SES did not get the whole request in time")
    return Failure("refused", code or f"HTTP {status}", detail, "SES refused the request")
