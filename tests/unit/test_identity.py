"""Keyed hashes of recipients and deliveries."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from executive_suite.identity import HashKey, without_addresses

KEY = HashKey("0123456789abcdef0123456789abcdef")


def test_a_delivery_id_is_what_the_design_says() -> None:
    """Computed here from the formula: lower-case base32 without padding of HMAC-SHA-256(key, the six parts)."""
    text = "group|cfo|2026-05-01|primary||1"
    mac = hmac.new(b"0123456789abcdef0123456789abcdef", text.encode(), hashlib.sha256).digest()
    expected = base64.b32encode(mac).decode().rstrip("=").lower()
    found = KEY.delivery_id(entity="group", report="cfo", report_date=date(2026, 5, 1), recipient_id="primary")
    assert found == expected
    assert len(found) == 52


def test_each_of_the_six_parts_makes_another_delivery() -> None:
    plain = {"entity": "group", "report": "cfo", "report_date": date(2026, 5, 1), "recipient_id": "primary"}
    others = [{"entity": "rental"}, {"report": "ceo"}, {"report_date": date(2026, 5, 2)}, {"recipient_id": "board"},
              {"variant": "b"}, {"revision": 2}, {}]  # fmt: skip
    assert len({KEY.delivery_id(**{**plain, **other}) for other in others}) == 7  # type: ignore[arg-type]


def test_a_recipient_hash_needs_the_key_and_not_the_spelling() -> None:
    assert KEY.recipient_hash("CFO@Example.com ") == KEY.recipient_hash("cfo@example.com")
    assert KEY.recipient_hash("cfo@example.com") != HashKey("x" * 32).recipient_hash("cfo@example.com")
    assert KEY.recipient_hash("cfo@example.com") != hashlib.sha256(b"cfo@example.com").hexdigest()


def test_a_key_shows_itself_nowhere() -> None:
    assert "0123456789abcdef" not in repr(KEY)
    assert KEY.key_id not in KEY.secret
    assert KEY.key_id != HashKey("x" * 32).key_id


@pytest.mark.parametrize(
    "text",
    [
        "Email address is not verified. The following identities failed: founder@example.com, a.b+c@mail.example.com",
        '"Founder" <founder@example.com>',
        "to=founder@example.com;cc=x@y",
        "mailto:founder@example.com",
        "['founder@example.com']",
    ],
)
def test_addresses_are_taken_out_of_any_text(text: str) -> None:
    assert "@" not in without_addresses(text).replace("[address]", "")


@given(st.text(), st.from_regex(r"[a-z0-9._+-]{1,20}@[a-z0-9-]{1,20}\.example", fullmatch=True), st.text())
def test_an_address_never_survives(before: str, address: str, after: str) -> None:
    assert address not in without_addresses(f"{before} {address} {after}")


@pytest.mark.parametrize("part", ["a", '"', "a@", '"a', "%40", 'x"', "["])
def test_the_search_looks_at_each_letter_once(part: str) -> None:
    # A search that looks back from every letter takes an hour for this, as it did: 26 s for 40,000 letters.
    assert len(without_addresses(part * 400_000)) <= 400_000 * len(part)
