"""``account``: what SES allows the account, and how many sends Airflow's pool may let run at once."""

from __future__ import annotations

import os
from dataclasses import asdict
from typing import Annotated

import boto3
import typer

from executive_suite import settings
from executive_suite.cli import show
from executive_suite.cli.options import Form, commands, examples
from executive_suite.mailing.account import Account, look
from executive_suite.run import deployment
from executive_suite.ses import pacing

POOL = "executive_suite_send"
"""The pool of the send tasks."""

app = commands()
Slots = Annotated[bool, typer.Option("--slots", help="Print only the size of the pool.")]


@app.command(epilog=examples("account", "account --slots"))
def account(*, slots: Slots = False, form: Form = "table") -> int:
    """Show what SES allows the account, and the size of Airflow's pool of sends.

    Exit code 1 if the account cannot be read or may not send.
    """
    deployment.join_running_platform()
    checked = settings.without_mail(os.environ)
    embedded = checked.executive_suite_aws == "embedded"
    # An embedded deployment whose endpoint is not up yet must not ask a real account instead.
    asked = not embedded or os.environ.get("AWS_ENDPOINT_URL", "").strip()
    seen = look(boto3.client("sesv2", region_name=checked.aws_ses_region)) if asked else None
    # If a real account cannot be read, one mail after the other.
    size = pacing.slots(seen.rate) if seen else pacing.MOST_SLOTS if embedded else 1
    if slots:
        show.line(str(size))
        return 0
    show.result(
        form,
        {"region": checked.aws_ses_region, "slots": size, "account": asdict(seen) if seen else None},
        _described(seen, checked.aws_ses_region),
        f'parallel sends: {size} (airflow pools set {POOL} {size} "SES sends at once")',
    )
    return 0 if (embedded if seen is None else seen.may_send) else 1


def _described(seen: Account | None, region: str) -> str:
    if seen is None:
        return f"SES in {region}: the endpoint says nothing about the account"
    quota = "no limit" if seen.daily_quota < 0 else f"{seen.daily_quota:.0f} addresses a day, {seen.left:.0f} left"
    may = "may send" if seen.may_send else "MAY NOT SEND"
    where = "in the sandbox: verified recipients only" if seen.sandbox else "out of the sandbox"
    return f"SES in {region}: {may}; {quota}; {seen.rate:g} addresses a second; {where}"
