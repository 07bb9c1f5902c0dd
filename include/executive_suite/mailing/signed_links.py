"""Signed links to archived files that are too large to attach: by CloudFront where it is set up, else by S3.

Anybody with a signed link can open the file until the link expires, so only the mail to the file's reader has it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from botocore.signers import CloudFrontSigner
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

S3_LIMIT = timedelta(days=7)
"""The longest life of a signed S3 link; temporary credentials end it earlier."""


def by_cloudfront(
    base_url: str, key_id: str, private_key_pem: bytes, *, clock: Callable[[], datetime], life: timedelta
) -> Callable[[str], str]:
    """Signs links through the distribution.

    Args:
        base_url: Of the distribution, ``https://…``.
        key_id: Of the public key in the distribution's key group.
        private_key_pem: Its private half.
        clock: Returns the current time.
        life: How long a link opens the file.

    Raises:
        ValueError: the key is not an RSA private key, or the URL is not https.
    """
    if not base_url.startswith("https://"):
        msg = f"the distribution's address is {base_url!r:.80}; expected https://…"
        raise ValueError(msg)
    private_key = serialization.load_pem_private_key(private_key_pem, password=None)
    if not isinstance(private_key, RSAPrivateKey):
        msg = "the signing key is not an RSA private key"
        raise ValueError(msg)  # noqa: TRY004 - a wrong value in a deployment, not a wrong type in a program

    def signature(policy: bytes) -> bytes:
        return private_key.sign(policy, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303 - CloudFront takes no other

    signer = CloudFrontSigner(key_id, signature)

    def link(key: str) -> str:
        url = f"{base_url.rstrip('/')}/{key}"
        return signer.generate_presigned_url(url, date_less_than=clock() + life)

    return link


def by_s3(client: S3Client, bucket: str, *, life: timedelta) -> Callable[[str], str]:
    """Signs links to the bucket itself.

    Raises:
        ValueError: a longer life than S3 allows.
    """
    if not timedelta(0) < life <= S3_LIMIT:
        msg = f"a signed S3 link lives for {life}; expected more than 0 and at most {S3_LIMIT}"
        raise ValueError(msg)

    def link(key: str) -> str:
        return client.generate_presigned_url(
            "get_object", Params={"Bucket": bucket, "Key": key}, ExpiresIn=int(life.total_seconds())
        )

    return link
