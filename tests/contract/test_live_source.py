"""The worked example of a live source: dlt lands a stand-in for Stripe as Parquet, and the product reads it.

Fields and paging as in Stripe's reference ("List all balance transactions"): newest first, ``has_more``,
``starting_after``, ``created[gte]``; amounts and fees in cents, refunds negative.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pandas as pd

from executive_suite.sources.files import read_folder
from group_data import INCLUDE
from loopback import serving

JANUARY_31_LATE = 1738380600  # 2025-02-01T03:30:00Z: still January 31 in New York
DAY = 86_400
KEY = "rk_test_stand_in"


def transaction(number: int, kind: str, amount: int, fee: int, created: int) -> dict[str, Any]:
    return {
        "id": f"txn_{number}",
        "object": "balance_transaction",
        "type": kind,
        "amount": amount,
        "fee": fee,
        "net": amount - fee,
        "currency": "usd",
        "created": created,
    }


FIRST = [
    transaction(1, "charge", 10_000, 320, JANUARY_31_LATE),
    transaction(2, "payment", 5_000, 175, JANUARY_31_LATE + DAY),
    transaction(3, "payout", -14_505, 0, JANUARY_31_LATE + 2 * DAY),
]
LATER = transaction(4, "refund", -2_000, 0, JANUARY_31_LATE + 2 * DAY)  # in the second of the last one


@contextmanager
def stripe(held: list[dict[str, Any]]) -> Iterator[str]:
    """The address of a stand-in that pages by two."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = {name: values[-1] for name, values in parse_qs(urlsplit(self.path).query).items()}
            allowed = self.headers["Authorization"] == f"Bearer {KEY}"
            rows = [one for one in reversed(held) if one["created"] >= int(asked.get("created[gte]", 0))]
            if after := asked.get("starting_after"):
                rows = rows[[one["id"] for one in rows].index(after) + 1 :]
            body = json.dumps({"object": "list", "data": rows[:2], "has_more": len(rows) > 2}).encode()
            self.send_response(200 if allowed else 401)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    with serving(Handler) as address:
        yield f"{address}/v1"


def land(folder: Path, address: str, key: str = KEY) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, INCLUDE / "live" / "stripe.py", folder, "--zone", "America/New_York", "--address", address],
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "STRIPE_API_KEY": key, "NO_PROXY": "127.0.0.1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_was_landed_is_read_and_a_second_run_adds_what_is_new(tmp_path: Path) -> None:
    held = list(FIRST)
    with stripe(held) as address:
        first = land(tmp_path / "landing", address)
        assert first.returncode == 0, first.stderr[-2000:]
        assert "2 new payments" in first.stdout
        held.append(LATER)
        assert "1 new payments" in land(tmp_path / "landing", address).stdout
    raw = read_folder(tmp_path / "landing" / "stripe")
    assert raw.faults == ()
    assert raw.notes == ()
    found = raw.tables["payment"].to_pandas().sort_values("payment_id")
    assert found["payment_id"].tolist() == ["txn_1", "txn_2", "txn_4"]
    assert pd.to_datetime(found["paid_on"]).dt.strftime("%Y-%m-%d").tolist() == [
        "2025-01-31",
        "2025-02-01",
        "2025-02-02",
    ]
    assert found["amount_cents"].astype(int).tolist() == [10_000, 5_000, -2_000]
    assert found["processor_fee_cents"].astype(int).tolist() == [320, 175, 0]
    assert found["source_file"].str.startswith("payment/").all()


def test_a_key_that_stripe_refuses_lands_nothing(tmp_path: Path) -> None:
    with stripe(list(FIRST)) as address:
        refused = land(tmp_path / "landing", address, key="wrong")
    assert refused.returncode != 0
    assert list((tmp_path / "landing").rglob("payment/*.parquet")) == []
