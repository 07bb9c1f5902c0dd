"""A send task as a process of its own, which stops at a named step and waits to be killed.

Arguments: S3 endpoint, SES endpoint, records bucket, the step to stop at (``-`` for none).
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime

import boto3
from botocore.config import Config

sys.path[:0] = [str(path) for path in sys.argv[5:]]

from executive_suite.identity import HashKey
from executive_suite.mailing import protocol
from executive_suite.mailing.errors import NotSentError
from executive_suite.mailing.request import Request, Sender
from executive_suite.mailing.services import Services
from executive_suite.stores.s3 import S3Store
from executive_suite.trail import chain
from faults.desk import LIMITS, REPORT_DATE, document
from loopback import PRETENDED


def main(s3_url: str, ses_url: str, bucket: str, stop_at: str) -> None:
    records = S3Store(boto3.client("s3", endpoint_url=s3_url, **PRETENDED), bucket)
    call = Config(connect_timeout=0.5, read_timeout=0.5, retries={"total_max_attempts": 1})
    ses = boto3.client("sesv2", endpoint_url=ses_url, config=call, **PRETENDED)

    def now() -> datetime:
        return datetime.now(UTC)

    def stop(point: str) -> None:
        if point == stop_at:
            print("reached", flush=True)
            time.sleep(60)

    services = Services(
        records,
        ses,
        Sender("Executive Suite", "reports@example.com"),
        HashKey("k" * 32),
        LIMITS.model_copy(update={"lease_seconds": 2.0}),
        chain.Chain(records, chain.run_chain(REPORT_DATE, "killed", "cfo"), clock=now),
        lambda _: "cfo@example.com",
        now,
        fail_point=stop,
    )
    request = Request("group", "cfo", "cfo-report", REPORT_DATE, 1, document().content_digest, "primary")
    try:
        outcome = protocol.deliver(request, services)
    except NotSentError as error:
        print(error.state, flush=True)
    else:
        print("already" if outcome.already else "sent", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:5])
