"""Stripe's charges and refunds as the table ``payment``, landed as Parquet by dlt: the worked example of a live source.

    STRIPE_API_KEY=… python include/live/stripe.py landing --zone America/New_York

Each run adds what is new since the run before. Then ``landing/stripe`` is a folder source (docs/data.md).
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

# dlt reports each run to its makers unless it is told not to, before it is imported.
os.environ.setdefault("RUNTIME__DLTHUB_TELEMETRY", "false")

import dlt
import pyarrow as pa
from dlt.destinations import filesystem
from dlt.sources.helpers.rest_client import RESTClient
from dlt.sources.helpers.rest_client.auth import BearerTokenAuth
from dlt.sources.helpers.rest_client.paginators import JSONResponseCursorPaginator

API = "https://api.stripe.com/v1"
PAID, REFUNDED = frozenset({"charge", "payment"}), frozenset({"refund", "payment_refund"})
"""Types of balance transactions (Stripe, "Balance transaction types"); payouts, fees and holds are no payments."""
COLUMNS = pa.schema(
    [
        ("payment_id", pa.string()),
        ("invoice_id", pa.string()),
        ("paid_on", pa.date32()),
        ("amount_cents", pa.int64()),
        ("currency", pa.string()),
        ("method", pa.string()),
        ("processor_fee_cents", pa.int64()),
        ("is_refund", pa.bool_()),
        ("recorded_at", pa.timestamp("us", tz="UTC")),
    ]
)


@dlt.resource(name="payment", write_disposition="append")
def payments(address: str, key: str, zone: ZoneInfo) -> Iterator[pa.Table]:
    """New payments and refunds, a page of Stripe's at a time.

    Args:
        address: Of the API.
        key: A restricted key that may read balance transactions.
        zone: Of the business days.
    """
    state = dlt.current.resource_state()
    # Of the last second, more may have come since: it is asked for again, and what has been landed is left out.
    since, known = state.get("created", 0), set(state.get("of_that_second", ()))
    pages = RESTClient(address, auth=BearerTokenAuth(key)).paginate(
        "balance_transactions",
        params={"limit": 100, "created[gte]": since},
        paginator=JSONResponseCursorPaginator("data[-1].id", "starting_after", has_more_path="has_more"),
        data_selector="data",
    )
    seen = dict.fromkeys(known, since)
    for page in pages:
        rows = [_row(one, zone) for one in page if one["type"] in PAID | REFUNDED and one["id"] not in known]
        seen |= {one["id"]: one["created"] for one in page}
        if rows:
            yield pa.Table.from_pylist(rows, schema=COLUMNS)
    state["created"] = max(seen.values(), default=since)
    state["of_that_second"] = sorted(name for name, created in seen.items() if created == state["created"])


def _row(one: Mapping[str, Any], zone: ZoneInfo) -> dict[str, Any]:
    made = datetime.fromtimestamp(one["created"], tz=UTC)
    day: date = made.astimezone(zone).date()
    return {
        "payment_id": one["id"],
        "invoice_id": "",
        "paid_on": day,
        "amount_cents": one["amount"],
        "currency": one["currency"].upper(),
        "method": "stripe",
        "processor_fee_cents": one["fee"],
        "is_refund": one["type"] in REFUNDED,
        "recorded_at": made,
    }


def main() -> None:
    """Land what is new."""
    parser = argparse.ArgumentParser()
    parser.add_argument("landing", type=Path)
    parser.add_argument("--zone", type=ZoneInfo, default=ZoneInfo("UTC"))
    parser.add_argument("--address", default=API)
    given = parser.parse_args()
    landing = given.landing.resolve()
    pipeline = dlt.pipeline(
        "stripe", pipelines_dir=str(landing / ".dlt"), destination=filesystem(landing.as_uri()), dataset_name="stripe"
    )
    done = pipeline.run(payments(given.address, os.environ["STRIPE_API_KEY"], given.zone), loader_file_format="parquet")
    done.raise_on_failed_jobs()
    counts = pipeline.last_trace.last_normalize_info.row_counts if pipeline.last_trace.last_normalize_info else {}
    print(f"{landing / 'stripe'}: {counts.get('payment', 0)} new payments")


if __name__ == "__main__":
    main()
