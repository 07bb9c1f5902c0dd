"""Recipients and deliveries identified without addresses, by keyed hashes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date

_RUN = re.compile(
    r"(?:\"[^\"\n]{0,320}\"(?=@|%40))?"  # a quoted local part; no address is longer (RFC 5321, 4.5.3.1)
    r"[^\s<>\"(),;:\[\]]+(?:(?<=@)\[[^\]\s]{0,255}\]|(?<=%40)\[[^\]\s]{0,255}\])?"
)
"""Text without a space or sign that ends an address; each letter is looked at once, however long the text is."""
_SIGN = re.compile(r"(?<!^)(?:@|%40)(?!$)")
"""The sign of an address, with something on both sides."""


@dataclass(frozen=True, slots=True)
class HashKey:
    """The secret key of recipient and delivery hashes; a hash without a key could be guessed."""

    secret: str = field(repr=False)

    @property
    def key_id(self) -> str:
        """Identifies the key of a hash without revealing it: eight hexadecimal digits."""
        return self._mac("key id").hex()[:8]

    def recipient_hash(self, address: str) -> str:
        """HMAC-SHA-256 of an address, hexadecimal; case does not matter."""
        return self._mac(f"recipient|{address.strip().lower()}").hex()

    def delivery_id(
        self, *, entity: str, report: str, report_date: date, recipient_id: str, variant: str = "", revision: int = 1
    ) -> str:
        """The delivery's id: lower-case base32 without padding, the same in every run of the period."""
        parts = (entity, report, report_date.isoformat(), recipient_id, variant, str(revision))
        return base64.b32encode(self._mac("|".join(parts))).decode().rstrip("=").lower()

    def _mac(self, text: str) -> bytes:
        return hmac.new(self.secret.encode(), text.encode(), hashlib.sha256).digest()


_NAME_HASH = 16
"""Digits of what stands for a name."""


def plain(text: str) -> str:
    """Text without case, accents and doubled spaces.

    >>> plain("  Umlaufvermögen "), plain("Coût des  ventes")
    ('umlaufvermogen', 'cout des ventes')
    """
    parts = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(part for part in parts if not unicodedata.combining(part)).replace("’", "'").split())


def name_hash(name: str) -> str:
    """What stands for the name or address of somebody: the same for the same one in every file and case."""
    return hashlib.sha256(plain(name).encode()).hexdigest()[:_NAME_HASH]


def without_addresses(text: str) -> str:
    """The text without anything that looks like a mail address: for logs, audit events and error messages.

    >>> without_addresses("Email address is not verified: Founder <founder@example.com>")
    'Email address is not verified: Founder <[address]>'
    >>> without_addresses("PUT /v2/email/suppression/addresses/o'brien%40example.com by role/ann@example.com")
    'PUT [address] by [address]'
    """
    return _RUN.sub(lambda run: "[address]" if _SIGN.search(run.group()) else run.group(), text)
