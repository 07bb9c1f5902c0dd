"""The templates deployed in a stand-in for AWS that judges by their policies, and the suite at work in what they made.

MiniStack knows neither CloudTrail, key groups, budgets, saved queries of Athena nor groups of DNS records, and its SES
gives no DKIM tokens: those parts only cfn-lint and checkov look at. Of the buckets' policies it takes no ``Deny``: it
speaks no TLS here, knows no ``s3:if-none-match``, and calls a principal by its session instead of its role. It sees a
send on no identity. ``test_roles`` judges all that by the rules of IAM.
"""

from __future__ import annotations

import fnmatch
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, get_args
from urllib.error import URLError
from urllib.request import urlopen

import boto3
import duckdb
import pytest
from botocore.config import Config as BotoConfig
from cfnlint.decode import cfn_yaml

from executive_suite import config
from executive_suite.archive import access_log
from executive_suite.folders import HOME, INCLUDE
from executive_suite.mailing.errors import NotSentError
from executive_suite.mailing.gates import Stop
from executive_suite.outbox.state import EvidenceKind
from executive_suite.run import bodies, roles
from executive_suite.run.deployment import Deployment, from_environment
from executive_suite.run.plan import Request
from executive_suite.stores.store import read_all
from executive_suite.trail.chain import Run
from executive_suite.trail.search_copy import LOG_GROUP as GROUP
from faults.desk import Desk, client
from log_lines import FIELDS, line, log
from ses_stub import Do, SesStub

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
        deployed(cloud, "alarms-acme", "executive-suite-alarms.yaml", Group="acme")
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
    logs = stand_in.client("logs")
    chains = {one["logStreamName"] for one in logs.describe_log_streams(logGroupName=GROUP)["logStreams"]}
    lines = [line for chain in chains for line in messages(logs, chain)]
    filters = {one["filterName"]: one["filterPattern"] for one in logs.describe_metric_filters()["metricFilters"]}
    counted = {name.partition("Events")[0]: sum(matches(one, line) for line in lines) for name, one in filters.items()}
    assert counted == {**dict.fromkeys(patterns(), 0), "Sent": 1}


@pytest.mark.parametrize("name", ["executive-suite.yaml", "executive-suite-alarms.yaml"])
def test_a_template_is_deployed_without_a_bucket_to_put_it_in(name: str) -> None:
    """AWS CloudFormation quotas: a template in a request has at most 51,200 bytes."""
    assert (INCLUDE / "infra" / name).stat().st_size <= 51_200


def messages(logs: Any, stream: str) -> list[str]:
    found = logs.get_log_events(logGroupName=GROUP, logStreamName=stream, startFromHead=True)["events"]
    return [one["message"] for one in found]


def patterns() -> dict[str, str]:
    """The pattern of each metric of the alarms' template."""
    resources = cfn_yaml.load(INCLUDE / "infra" / "executive-suite-alarms.yaml")["Resources"]
    found = [one["Properties"] for one in resources.values() if one["Type"] == "AWS::Logs::MetricFilter"]
    return {str(one["MetricTransformations"][0]["MetricName"]): str(one["FilterPattern"]) for one in found}


def matches(pattern: str, line: str) -> bool:
    """As CloudWatch matches JSON: ``=`` and ``!=``, joined by ``&&``; ``*`` at the end of a text is anything."""
    event = json.loads(line)
    for term in pattern.strip("{ }").split(" && "):
        path, relation, wanted = re.fullmatch(r'\$\.([\w.]+) (!?=) "([\w.*]+)"', term).groups()  # type: ignore[union-attr]
        found: Any = event
        for name in path.split("."):
            found = found.get(name)
        if fnmatch.fnmatchcase(str(found), wanted) != (relation == "="):
            return False
    return True


def test_what_is_held_refused_and_uncertain_alarms_and_nothing_else_does(ses: SesStub) -> None:
    """The events that the protocol records, each counted once for one mail."""
    for do, gates, wanted in (
        (Do("accept"), (), "Sent"),
        (Do("refuse"), (), "Refused"),
        (Do("close-after"), (), "Uncertain"),
        (Do("accept"), (lambda *_: Stop("not-approved", "nobody approved these bytes"),), "Held"),
    ):
        desk = Desk(client(ses), gates=gates)
        desk.publish()
        ses.script("*", do)
        with suppress(NotSentError):
            desk.send()
        lines = [item.body.decode() for item in read_all(desk.records, desk.records.keys("audit/"))]
        counted = {name for name, one in patterns().items() if any(matches(one, line) for line in lines)}
        assert counted == {wanted}


def test_what_else_alarms_is_what_the_product_records() -> None:
    kinds = {re.search(r'"executive_suite\.([\w.*]+)"', one)[1] for one in patterns().values()}  # type: ignore[index]
    written = "".join(path.read_text(encoding="utf-8") for path in (INCLUDE / "executive_suite").rglob("*.py"))
    of_feedback = {f"feedback.{kind}" for kind in get_args(EvidenceKind)}
    assert {kind for kind in kinds if f'"{kind}"' not in written} - of_feedback == {"delivery.*"}


def test_the_saved_query_counts_reads_as_the_report_room_does(tmp_path: Path) -> None:
    """Over the fields of the table, in another program; robots, other methods and other keys are in the log, too."""
    resources = cfn_yaml.load(INCLUDE / "infra" / "executive-suite-alarms.yaml")["Resources"]
    columns = resources["ReadersTable"]["Properties"]["TableInput"]["StorageDescriptor"]["Columns"]
    kinds = {"string": "VARCHAR", "float": "FLOAT", "int": "INTEGER", "bigint": "BIGINT", "date": "DATE"}
    table = ", ".join(f"'{one['Name']}': '{kinds[one['Type']]}'" for one in columns)
    assert len(columns) == len(FIELDS.split())
    written = log(
        line(),
        line(path="/2026-05-01/ceo-report.pdf", status="206"),
        line(at="14:00:00"),
        line(ip="192.0.2.7"),
        line(path="/2026-05-01/cto-report.html"),
        line(ip="192.0.2.8", method="HEAD"),
        line(ip="192.0.2.8", status="403"),
        line(path="/favicon.ico"),
        line(agent="Googlebot/2.1"),
        line(agent="curl/8.5"),
    )
    (tmp_path / "log").write_text(written, encoding="utf-8")
    asked = str(resources["ReadsByReport"]["Properties"]["QueryString"])
    with duckdb.connect() as base:
        base.execute("CREATE MACRO regexp_like(text, pattern) AS regexp_matches(text, pattern)")
        source = f"read_csv('{tmp_path / 'log'}', delim='\t', skip=2, header=false, nullstr='-', columns={{{table}}})"
        base.execute(f"CREATE TABLE readers AS SELECT * FROM {source}")
        found = {(date.fromisoformat(day), name): number for day, name, number in base.execute(asked).fetchall()}
    ceo, cto = ((date(2026, 5, 1), name) for name in ("ceo-report", "cto-report"))
    assert found == access_log.counted(access_log.reads(written)) == {ceo: 3, cto: 1}
