"""The templates deployed in a stand-in for AWS that judges by their policies, and the suite at work in what they made.

MiniStack knows neither CloudTrail, key groups, budgets, saved queries of Athena nor groups of DNS records, and its SES
gives no DKIM tokens: those parts only cfn-lint and checkov look at. Of the buckets' policies it takes no ``Deny``: it
speaks no TLS here, knows no ``s3:if-none-match``, and calls a principal by its session instead of its role. It sees a
send on no identity. ``test_roles`` judges all that by the rules of IAM.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import boto3
import pytest
from botocore.config import Config as BotoConfig
from cfnlint.decode import cfn_yaml

from executive_suite import config
from executive_suite.folders import HOME, INCLUDE
from executive_suite.run import bodies, roles
from executive_suite.run.deployment import Deployment, from_environment
from executive_suite.run.plan import Request
from executive_suite.trail.chain import Run

RUN = asdict(Run("executive_suite", "manual__1", "task", 0, 1, "0"))
ROOT = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "us-east-1"}
"""The stand-in's account itself, which no policy binds."""
UNKNOWN = {
    "AWS::Athena::NamedQuery",
    "AWS::Budgets::Budget",
    "AWS::CloudFront::KeyGroup",
    "AWS::CloudFront::PublicKey",
    "AWS::CloudTrail::Trail",
    "AWS::Route53::RecordSetGroup",
}


@dataclass(frozen=True)
class StandIn:
    """A running emulator with both stacks.

    Attributes:
        url: Its address.
        made: Outputs of the first stack, by what they are for.
        key: Of a user that may do what a worker may.
    """

    url: str
    made: Mapping[str, str]
    key: Mapping[str, str]

    def client(self, service: str, **own: str) -> Any:
        style = BotoConfig(s3={"addressing_style": "path"})
        return boto3.client(service, endpoint_url=self.url, config=style, **{**ROOT, **own})  # type: ignore[call-overload]


def known(name: str) -> str:
    """A template without what the stand-in does not know."""
    template = json.loads(json.dumps(cfn_yaml.load(INCLUDE / "infra" / name)))
    left_out = {name for name, one in template["Resources"].items() if one["Type"] in UNKNOWN}
    template["Resources"] = {name: one for name, one in template["Resources"].items() if name not in left_out}

    def kept(part: Any) -> Any:
        if isinstance(part, dict):
            if part.get("Sid") == "Send":
                return {**part, "Resource": "*", "Condition": {}}
            return part["Ref"] if part.get("Ref") in left_out else {name: kept(one) for name, one in part.items()}
        if isinstance(part, list):
            return [kept(one) for one in part if not (isinstance(one, dict) and one.get("Effect") == "Deny")]
        return part

    return json.dumps(kept(template), separators=(",", ":"))


def deployed(cloud: Any, stack: str, template: str, **given: str) -> dict[str, str]:
    """The outputs of a new stack."""
    parameters = [{"ParameterKey": name, "ParameterValue": value} for name, value in given.items()]
    cloud.create_stack(
        StackName=stack, TemplateBody=known(template), Parameters=parameters, Capabilities=["CAPABILITY_IAM"]
    )
    cloud.get_waiter("stack_create_complete").wait(StackName=stack, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    (made,) = cloud.describe_stacks(StackName=stack)["Stacks"]
    return {one["OutputKey"]: one["OutputValue"] for one in made["Outputs"]}


@pytest.fixture(scope="module")
def stand_in() -> Iterator[StandIn]:
    """The emulator on a free loopback port, with a user in the place of the role that an Airflow has already."""
    if not (HOME / ".venv" / "bin" / "python").exists():
        pytest.skip("make sets up the stand-in for AWS in .venv")
    subprocess.run(["sh", "include/setup/tool.sh", "ministack"], cwd=HOME, check=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {"PATH": os.environ["PATH"], "BIND_HOST": "127.0.0.1", "GATEWAY_PORT": str(port), "AUTH": "true"}
    server = subprocess.Popen(
        [HOME / ".venv" / "ministack" / "bin" / "python", "-m", "ministack"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        url = f"http://127.0.0.1:{port}"
        until_it_answers(f"{url}/_ministack/health")
        empty = StandIn(url, {}, {})
        iam, cloud = empty.client("iam"), empty.client("cloudformation")
        worker = iam.create_user(UserName="worker")["User"]["Arn"]
        made = deployed(
            cloud,
            "executive-suite",
            "executive-suite.yaml",
            SenderAddress="reports@example.com",
            ReaderKey="-----BEGIN PUBLIC KEY-----",
            OwnWorkerArn=worker,
        )
        deployed(cloud, "alarms", "executive-suite-alarms.yaml", AlarmAddress="owner@example.com")
        iam.attach_user_policy(UserName="worker", PolicyArn=made["WorkerPolicy"])
        key = iam.create_access_key(UserName="worker")["AccessKey"]
        yield StandIn(url, made, key)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)


def until_it_answers(url: str) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            with urlopen(url, timeout=5):  # noqa: S310 - loopback
                return
        except (URLError, OSError):
            assert time.monotonic() < deadline
            time.sleep(0.1)


def test_the_suite_works_in_the_deployed_buckets_as_the_deployed_roles(
    stand_in: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From sources to a mail, each step with its role's own credentials; the policies of roles and buckets judge."""
    shutil.copytree(INCLUDE / "config", tmp_path / "config")
    sources = tmp_path / "config" / "sources.yaml"
    rows = INCLUDE / "data" / "sample_group" / "window"
    sources.write_text(sources.read_text(encoding="utf-8").replace("../data\n", f"{rows}\n"), encoding="utf-8")
    environment = {
        "AWS_SES_FROM_ADDRESS": "reports@example.com",
        "AWS_SES_FROM_NAME": "Reports",
        "AWS_RECIPIENT_EMAIL": "founder@example.com",
        "AWS_BCC_EMAIL": "audit@example.com",
        "AWS_SES_CONFIGURATION_SET": stand_in.made["ConfigurationSet"],
        "REPORTS_BUCKET": stand_in.made["ReportsBucket"],
        "RECORDS_BUCKET": stand_in.made["RecordsBucket"],
        "RECIPIENT_HASH_KEY": "k" * 32,
        "AWS_ENDPOINT_URL": stand_in.url,
        "AWS_REGION": "us-east-1",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    named = {
        variable: stand_in.made[f"{variable.split('_')[2].capitalize()}Role"] for variable in set(roles.ROLES.values())
    }
    own = {
        "AWS_ACCESS_KEY_ID": stand_in.key["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": stand_in.key["SecretAccessKey"],
        "AWS_ENDPOINT_URL": stand_in.url,
    }
    opened = from_environment({**environment, **own})

    def done(body: str, **given: Any) -> Any:
        step = bodies.STEPS[body]
        found = roles.assumed(roles.role_of(step, named), step, own).get_frozen_credentials()
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", str(found.access_key))
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", str(found.secret_key))
        monkeypatch.setenv("AWS_SESSION_TOKEN", str(found.token))
        folder = tmp_path / "config"
        return bodies.body(body)(Deployment(opened.settings, config.load(folder), folder), **given)

    asked = {"report_date": "2026-05-01", "reports": ["portfolio"]}
    wanted = Request("manual__1", backfill=False, params=asked, conf={}, interval_end=None, run_after=datetime.now(UTC))
    plan = done("preflight", request=wanted.to_json(), run=RUN)
    snapshot = done("validate", plan=plan, raw=done("extract", plan=plan))
    (work,) = done("reconcile", plan=plan, snapshot=snapshot, facts=done("compute", snapshot=snapshot))
    document = done("render", plan=plan, run=RUN, report="portfolio", figures=work["figures"])
    archived = done("archive", plan=plan, run=RUN, document=document)
    (sent,) = done("send", plan=plan, run=RUN, content_digest=archived["content_digest"], revision=1, by_hand=False)
    assert sent["state"] == "sent"
    assert done("close", plan=plan, run=RUN, states={})
