"""Signed links to archived files, through CloudFront: to the page of a report, and to files too large to attach.

Anybody with a signed link can open the file until the link expires, so only the mail to the file's reader has it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from botocore.signers import CloudFrontSigner
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

LinkTo = Callable[[str, datetime], str]
"""From an archive key and the date of a mail to a link."""


def by_cloudfront(base_url: str, key_id: str, private_key_pem: bytes, *, life: timedelta) -> LinkTo:
    """Signs links through the distribution; the same mail always has the same link.

    Args:
        base_url: Of the distribution, ``https://…``.
        key_id: Of the public key in the distribution's key group.
        private_key_pem: Its private half.
        life: How long a link opens the file, from the date of its mail.

    Raises:
        ValueError: the key is not an RSA private key, or the URL is not https.
    """
    if not base_url.startswith("https://"):
        msg = f"the distribution's address is {base_url!r:.80}; expected https://…"
        raise ValueError(msg)
    try:
        private_key = serialization.load_pem_private_key(private_key_pem, password=None)
    except TypeError:  # says that it wants a password
        msg = "the signing key is encrypted; expected one without a password"
        raise ValueError(msg) from None
    if not isinstance(private_key, RSAPrivateKey):
        msg = "the signing key is not an RSA private key"
        raise ValueError(msg)  # noqa: TRY004 - a wrong value in a deployment, not a wrong type in a program

    def signature(policy: bytes) -> bytes:
        return private_key.sign(policy, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303 - CloudFront takes no other

    signer = CloudFrontSigner(key_id, signature)

    def link(key: str, sent_at: datetime) -> str:
        url = f"{base_url.rstrip('/')}/{key}"
        return signer.generate_presigned_url(url, date_less_than=sent_at.replace(microsecond=0) + life)

    return link
