"""What the embedded endpoint needs before the first run: buckets, a sender, a log group."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import boto3
from botocore.exceptions import ClientError

from executive_suite.settings import Settings
from executive_suite.trail.search_copy import LOG_GROUP


def environment(endpoint: str, key: str) -> dict[str, str]:
    """The AWS variables of a process that must only reach the embedded endpoint, which knows its ``key``."""
    return {
        "AWS_ACCESS_KEY_ID": key,
        "AWS_SECRET_ACCESS_KEY": key,  # the endpoint checks no signature; the SDK wants one
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_EC2_METADATA_DISABLED": "true",
        # These files never exist: a developer's own profile is not used.
        "AWS_CONFIG_FILE": "/nonexistent/config",
        "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent/credentials",
    }


def provision(endpoint: str, key: str, settings: Settings) -> None:
    """Create what is missing; repeating it changes nothing."""
    access = {
        "endpoint_url": endpoint,
        "region_name": settings.aws_ses_region,
        "aws_access_key_id": key,
        "aws_secret_access_key": key,
    }
    session: Any = boto3.session.Session()  # the stubs know no client by a spread dict
    s3, ses, logs = (session.client(service, **access) for service in ("s3", "sesv2", "logs"))
    existing = {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}
    elsewhere = {} if settings.aws_ses_region == "us-east-1" else {"LocationConstraint": settings.aws_ses_region}
    for bucket in (settings.reports_bucket, settings.records_bucket):
        if bucket not in existing:
            s3.create_bucket(Bucket=bucket, **({"CreateBucketConfiguration": elsewhere} if elsewhere else {}))
    _unless_there(
        lambda: ses.get_email_identity(EmailIdentity=settings.aws_ses_from_address),
        lambda: ses.create_email_identity(EmailIdentity=settings.aws_ses_from_address),
    )
    name = settings.aws_ses_configuration_set
    if name:
        _unless_there(
            lambda: ses.get_configuration_set(ConfigurationSetName=name),
            lambda: ses.create_configuration_set(ConfigurationSetName=name),
        )
    if not logs.describe_log_groups(logGroupNamePrefix=LOG_GROUP)["logGroups"]:
        logs.create_log_group(logGroupName=LOG_GROUP)


def _unless_there(look: Callable[[], object], create: Callable[[], object]) -> None:
    try:
        look()
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] != HTTPStatus.NOT_FOUND:
            raise
        create()
