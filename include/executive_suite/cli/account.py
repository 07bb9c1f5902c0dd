"""``account``: what SES says of the account, and how many sends Airflow's pool may let run at once."""

from __future__ import annotations

import argparse
import os
import sys

from executive_suite import settings
from executive_suite.mailing import account
from executive_suite.mailing.account import Account
from executive_suite.run import deployment
from executive_suite.ses import pacing
from executive_suite.settings import SettingsError

POOL = "executive_suite_send"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("--slots", action="store_true", help="print the size of the pool and nothing else")


def run(options: argparse.Namespace) -> int:
    """Print it; 1 when the account cannot be asked or may not send."""
    import boto3  # noqa: PLC0415 - costly; wrong usage comes first

    deployment.join_running_platform()
    try:
        checked = settings.without_mail(os.environ)
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    embedded = checked.executive_suite_aws == "embedded"
    # An embedded deployment whose endpoint is not up yet must not ask a real account instead.
    asked = not embedded or os.environ.get("AWS_ENDPOINT_URL", "").strip()
    seen = account.look(boto3.client("sesv2", region_name=checked.aws_ses_region)) if asked else None
    slots = slots_for(seen, embedded=embedded)
    if options.slots:
        sys.stdout.write(f"{slots}\n")
        return 0
    sys.stdout.write(f"{_told(seen, checked.aws_ses_region)}\n")
    sys.stdout.write(f'sends at once: {slots} (airflow pools set {POOL} {slots} "SES sends at once")\n')
    return 0 if (embedded if seen is None else seen.may_send) else 1


def slots_for(seen: Account | None, *, embedded: bool) -> int:
    """The size of the pool; where a real account cannot be asked, one mail after the other."""
    if seen is None:
        return pacing.MOST_SLOTS if embedded else 1
    return pacing.slots(seen.rate)


def _told(seen: Account | None, region: str) -> str:
    if seen is None:
        return f"SES in {region}: the endpoint tells nothing of the account"
    quota = "no limit" if seen.daily_quota < 0 else f"{seen.daily_quota:.0f} addresses a day, {seen.left:.0f} left"
    may = "may send" if seen.may_send else "MAY NOT SEND"
    where = "in the sandbox: verified recipients only" if seen.sandbox else "out of the sandbox"
    return f"SES in {region}: {may}; {quota}; {seen.rate:g} addresses a second; {where}"
