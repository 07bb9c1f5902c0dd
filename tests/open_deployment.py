"""A deployment over loopback endpoints: moto for buckets and logs, the SES stub for mail."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.config import Config

from executive_suite.run.deployment import Deployment, from_environment
from loopback import PRETENDED
from ses_stub import SesStub

ADDRESSES = {
    "AWS_SES_FROM_ADDRESS": "reports@example.com",
    "AWS_RECIPIENT_EMAIL": "founder@example.com",
    "AWS_BCC_EMAIL": "audit@example.com",
}


def open_deployment(
    moto_server: str, bucket: str, ses: SesStub, monkeypatch: pytest.MonkeyPatch, **more: str
) -> Deployment:
    """The deployment of a process whose environment points at the loopback endpoints; it has two buckets of its own."""
    environment = {
        **ADDRESSES,
        "AWS_SES_FROM_NAME": "Reports",
        "REPORTS_BUCKET": bucket,
        "RECORDS_BUCKET": f"{bucket}-records",
        "RECIPIENT_HASH_KEY": "k" * 32,
        "AWS_ENDPOINT_URL": moto_server,
        "AWS_ENDPOINT_URL_SESV2": ses.url,
        "AWS_ACCESS_KEY_ID": PRETENDED["aws_access_key_id"],
        "AWS_SECRET_ACCESS_KEY": PRETENDED["aws_secret_access_key"],
        **more,
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    s3: Any = boto3.client("s3", endpoint_url=moto_server, config=Config(s3={"addressing_style": "path"}), **PRETENDED)
    s3.create_bucket(Bucket=environment["RECORDS_BUCKET"])
    return from_environment(environment)
