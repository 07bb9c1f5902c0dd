"""Signed links: what CloudFront checks when somebody follows one."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from executive_suite.mailing import signed_links

NOW = datetime(2026, 5, 1, 13, tzinfo=UTC)
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem(key: Any) -> bytes:
    return key.private_bytes(  # type: ignore[no-any-return]
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def test_a_cloudfront_link_carries_a_canned_policy_that_the_public_key_confirms() -> None:
    """As in the CloudFront developer guide, "Create a signed URL using a canned policy": policy and alphabet."""
    link = signed_links.by_cloudfront(
        "https://reports.example.com/", "K2JCJMDEHXQW5F", pem(KEY), life=timedelta(days=14)
    )
    url = urlsplit(link("2026-05-01/cfo-report.xlsx", NOW))
    query = {name: values[0] for name, values in parse_qs(url.query).items()}
    expires = int((NOW + timedelta(days=14)).timestamp())
    assert (url.netloc, url.path) == ("reports.example.com", "/2026-05-01/cfo-report.xlsx")
    assert (query["Expires"], query["Key-Pair-Id"]) == (str(expires), "K2JCJMDEHXQW5F")
    resource = "https://reports.example.com/2026-05-01/cfo-report.xlsx"
    policy = {"Statement": [{"Resource": resource, "Condition": {"DateLessThan": {"AWS:EpochTime": expires}}}]}
    signature = base64.b64decode(query["Signature"].translate(str.maketrans("-_~", "+=/")))
    body = json.dumps(policy, separators=(",", ":")).encode()
    KEY.public_key().verify(signature, body, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303 - CloudFront's algorithm


@pytest.mark.parametrize(
    ("base", "key"),
    [("http://reports.example.com", KEY), ("https://x.example", ec.generate_private_key(ec.SECP256R1()))],
)
def test_a_signer_that_could_not_work_is_refused(base: str, key: Any) -> None:
    with pytest.raises(ValueError, match=r"expected https|not an RSA"):
        signed_links.by_cloudfront(base, "K", pem(key), life=timedelta(days=1))


def test_an_encrypted_key_is_refused() -> None:
    locked = KEY.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(b"words")
    )
    with pytest.raises(ValueError, match="encrypted"):
        signed_links.by_cloudfront("https://x.example", "K", locked, life=timedelta(days=1))


def test_a_link_depends_on_the_mails_date_alone() -> None:
    """A retry reads that date from the stored mail, which has whole seconds, and must get the same bytes."""
    link = signed_links.by_cloudfront("https://reports.example.com", "K", pem(KEY), life=timedelta(days=30))
    assert link("a.html", NOW) == link("a.html", NOW.replace(microsecond=999_999))
    assert link("a.html", NOW) != link("a.html", NOW + timedelta(seconds=1))
