"""The roles of the template against what steps really call: allowed to its own role, refused to the others.

moto enforces the roles' policies on buckets, and answers ``AssumeRole`` with credentials that it then knows. It
compares the resources of other services with ``*`` and knows no bucket policy, so every recorded call is also judged
here by the rules of IAM: a statement that denies wins, then one that allows, and what none names is refused.
"""

from __future__ import annotations

import fnmatch
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import botocore.client
import pytest
import yaml
from botocore.config import Config as BotoConfig
from botocore.credentials import ReadOnlyCredentials
from botocore.exceptions import ClientError

from executive_suite import config
from executive_suite.folders import INCLUDE
from executive_suite.run import bodies, credentials, lending, roles
from executive_suite.run.crossing import StepError
from executive_suite.run.deployment import Deployment
from executive_suite.run.plan import Request
from executive_suite.settings import SettingsError
from executive_suite.trail.chain import Run
from loopback import PRETENDED
from open_deployment import open_deployment
from ses_stub import SesStub

RUN = asdict(Run("executive_suite", "manual__1", "task", 0, 1, "0"))
ACCOUNT = "123456789012"
ROLE_NAMES = {roles.READ: "ReadRole", roles.ARCHIVE: "ArchiveRole", roles.SEND: "SendRole", roles.DESK: "DeskRole"}
STEPS = {variable: sorted(step for step, named in roles.ROLES.items() if named == variable) for variable in ROLE_NAMES}


class _Template(yaml.SafeLoader):
    """CloudFormation's short forms, as the text of what they name."""


_Template.add_constructor("!Ref", lambda loader, node: f"${{{loader.construct_scalar(node)}}}")
_Template.add_constructor("!Sub", lambda loader, node: loader.construct_scalar(node))
_Template.add_constructor("!GetAtt", lambda loader, node: f"${{{loader.construct_scalar(node)}}}")
# No parameter has a value here that would make a condition hold.
_Template.add_constructor("!If", lambda loader, node: loader.construct_sequence(node, deep=True)[2])
for _tag in ("!And", "!Or", "!Not", "!Equals", "!Condition"):
    _Template.add_constructor(_tag, lambda loader, node: node.tag)


@dataclass(frozen=True)
class Account:
    """The template's policies, with the names of two buckets of the test."""

    resources: Mapping[str, Any]
    names: Mapping[str, str]

    def filled(self, part: Any) -> Any:
        """A part of the template with the names put in."""
        return json.loads(re.sub(r"\$\{([\w:.]+)\}", lambda one: self.names[one[1]], json.dumps(part)))

    def policy(self, role: str) -> list[dict[str, Any]]:
        """What a role is allowed."""
        (inline,) = self.resources[role]["Properties"]["Policies"]
        statements: list[dict[str, Any]] = self.filled(inline["PolicyDocument"]["Statement"])
        return statements

    def refuses(self, role: str, call: Call) -> bool:
        """Whether the bucket's policy denies a call, or the role's does not allow it."""
        denied = self.filled(self.resources["RecordsBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"])
        context = {"aws:PrincipalArn": self.names[f"{role}.Arn"], "aws:SecureTransport": "true", **call.context}
        on_records = call.resource.startswith(self.names["RecordsBucket.Arn"])
        if on_records and any(_concerns(one, call, context) for one in denied if one["Effect"] == "Deny"):
            return True
        return not any(_concerns(one, call, context) for one in self.policy(role))


@dataclass(frozen=True)
class Call:
    """One action on one resource, as IAM sees it."""

    action: str
    resource: str
    context: Mapping[str, str] = field(default_factory=dict, hash=False)


def _concerns(statement: Mapping[str, Any], call: Call, context: Mapping[str, str]) -> bool:
    """Whether action, resource and every condition of a statement apply to a call."""
    if not _any(statement["Action"], call.action):
        return False
    if "NotResource" in statement and _any(statement["NotResource"], call.resource):
        return False
    if "Resource" in statement and not _any(statement["Resource"], call.resource):
        return False
    for kind, wanted in statement.get("Condition", {}).items():
        for name, values in wanted.items():
            held = context.get(name)
            listed = [values] if isinstance(values, str) else values
            holds = {
                "Bool": held in listed,
                "StringEquals": held in listed,
                "ArnNotEquals": held not in listed,
                "Null": (held is None) == (values == "true"),
            }[kind]
            if not holds:
                return False
    return True


def _any(patterns: str | list[str], value: str) -> bool:
    return any(fnmatch.fnmatchcase(value, one) for one in ([patterns] if isinstance(patterns, str) else patterns))


@pytest.fixture
def account(bucket: str) -> Account:
    """The template, filled for the test's buckets."""
    text = (INCLUDE / "infra" / "executive-suite.yaml").read_text(encoding="utf-8")
    resources = yaml.load(text, _Template)["Resources"]  # noqa: S506 - a safe loader with three more tags
    names = {
        "AWS::Partition": "aws",
        "AWS::Region": "us-east-1",
        "AWS::AccountId": ACCOUNT,
        "SenderAddress": "reports@example.com",
        "ConfigurationSet": "suite",
        "ReportsBucket.Arn": f"arn:aws:s3:::{bucket}",
        "RecordsBucket.Arn": f"arn:aws:s3:::{bucket}-records",
        "LogsBucket.Arn": f"arn:aws:s3:::{bucket}-logs",
        "FeedbackQueue.Arn": f"arn:aws:sqs:us-east-1:{ACCOUNT}:feedback",
        **{
            f"{role}.Arn": f"arn:aws:iam::{ACCOUNT}:role/{bucket}-{role}"
            for role in ("SuiteRole", "SealRole", "WorkerRole", *ROLE_NAMES.values())
        },
    }
    return Account(resources, names)


def _iam_calls(service: str, operation: str, given: Mapping[str, Any]) -> Iterator[Call]:
    """What IAM checks for one call of an SDK."""
    if service == "s3":
        place = f"arn:aws:s3:::{given['Bucket']}"
        if operation in {"HeadBucket", "ListObjectsV2"}:
            yield Call("s3:ListBucket", place)
            return
        context = {"s3:if-none-match": "*"} if "IfNoneMatch" in given else {}
        yield Call(f"s3:{operation}", f"{place}/{given['Key']}", context)
        if operation == "PutObject":
            yield Call("s3:PutObjectTagging", f"{place}/{given['Key']}")
    elif service == "sesv2" and operation == "SendEmail":
        context = {"ses:FromAddress": given["FromEmailAddress"]}
        yield Call("ses:SendRawEmail", f"arn:aws:ses:us-east-1:{ACCOUNT}:identity/example.com", context)
    elif service == "sesv2":
        yield Call(f"ses:{operation}", "*")
    elif service == "logs":
        group = given["logGroupName"]
        yield Call(f"logs:{operation}", f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:{group}:log-stream:x")
    elif service == "sqs":
        yield Call(f"sqs:{operation}", f"arn:aws:sqs:us-east-1:{ACCOUNT}:feedback")
    else:
        raise AssertionError((service, operation))


@dataclass(frozen=True)
class Worker:
    """What a task has: credentials of its own, and the names of the roles."""

    own: Mapping[str, str]
    named: Mapping[str, str]
    monkeypatch: pytest.MonkeyPatch

    def become(self, step: str) -> ReadOnlyCredentials:
        """Let this process be the step, with the credentials of its role."""
        given = roles.assumed(roles.role_of(step, self.named), step, self.own).get_frozen_credentials()
        self.monkeypatch.setenv("AWS_ACCESS_KEY_ID", str(given.access_key))
        self.monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", str(given.secret_key))
        self.monkeypatch.setenv("AWS_SESSION_TOKEN", str(given.token))
        return given


@pytest.fixture
def enforced(account: Account, moto_server: str, bucket: str, monkeypatch: pytest.MonkeyPatch) -> Worker:
    """The roles at moto, which from now on believes no other credentials."""
    iam: Any = boto3.client("iam", endpoint_url=moto_server, **PRETENDED)
    worker = {"Action": "sts:AssumeRole", "Resource": "*", "Effect": "Allow"}
    iam.create_user(UserName=f"{bucket}-worker")
    iam.put_user_policy(
        UserName=f"{bucket}-worker",
        PolicyName="worker",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [worker]}),
    )
    key = iam.create_access_key(UserName=f"{bucket}-worker")["AccessKey"]
    for role in ROLE_NAMES.values():
        statements = account.policy(role)
        for one in statements:
            if one["Action"][0].startswith(("logs:", "sqs:")):
                one["Resource"] = "*"
            elif one["Action"] == "s3:ListBucket":
                one["Action"] = ["s3:ListBucket", "s3:HeadBucket"]  # moto's own name; AWS has no such action
        trust = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
        iam.create_role(
            RoleName=f"{bucket}-{role}",
            AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
        )
        iam.put_role_policy(
            RoleName=f"{bucket}-{role}",
            PolicyName="its-own",
            PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": statements}),
        )
    own = {
        "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
        "AWS_ENDPOINT_URL": moto_server,
        **OF_THE_TASK,
    }
    named = {variable: account.names[f"{role}.Arn"] for variable, role in ROLE_NAMES.items()}

    # moto's server is a thread of this process; from now on it asks whether every call is allowed.
    monkeypatch.setattr("moto.settings.INITIAL_NO_AUTH_ACTION_COUNT", 0)
    return Worker(own, named, monkeypatch)


@pytest.fixture
def window(tmp_path: Path) -> Path:
    """The shipped configuration over the rows of the headline window."""
    shutil.copytree(INCLUDE / "config", tmp_path / "config")
    sources = tmp_path / "config" / "sources.yaml"
    rows = INCLUDE / "data" / "sample_group" / "window"
    sources.write_text(sources.read_text(encoding="utf-8").replace("../data\n", f"{rows}\n"), encoding="utf-8")
    return tmp_path / "config"


def test_every_step_does_its_work_in_its_role(
    account: Account,
    moto_server: str,
    bucket: str,
    window: Path,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """From sources to a mail sent after approval, each step with its role's own credentials and nothing else."""
    logs: Any = boto3.client("logs", endpoint_url=moto_server, **PRETENDED)
    if not logs.describe_log_groups()["logGroups"]:
        logs.create_log_group(logGroupName="/aws/reports/executive-suite")
    queues: Any = boto3.client("sqs", endpoint_url=moto_server, **PRETENDED)
    queue = queues.create_queue(QueueName=f"{bucket}-feedback")["QueueUrl"]
    made: list[tuple[str, Call]] = []
    with SesStub() as ses:
        opened = open_deployment(
            moto_server, bucket, ses, monkeypatch, EXECUTIVE_SUITE_SCHEDULE="0 6 1,15 * *", AWS_REGION="us-east-1"
        )
        worker: Worker = request.getfixturevalue("enforced")
        plain = vars(botocore.client.BaseClient)["_make_api_call"]

        def recorded(client: Any, operation: str, given: Mapping[str, Any]) -> Any:
            service = client.meta.service_model.service_name
            if service != "sts":
                made.extend((now, call) for call in _iam_calls(service, operation, given))
            return plain(client, operation, given)

        monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", recorded)
        now = ""

        def done(body: str, **given: Any) -> Any:
            nonlocal now
            now = bodies.STEPS[body]
            worker.become(now)
            deployment = Deployment(opened.settings, config.load(window), window)
            return bodies.body(body)(deployment, **given)

        asked = {"report_date": "2026-05-01", "reports": ["portfolio"], "approve": True}
        wanted = Request(
            "manual__1", backfill=False, params=asked, conf={}, interval_end=None, run_after=datetime.now(UTC)
        )
        plan = done("preflight", request=wanted.to_json(), run=RUN)
        snapshot = done("validate", plan=plan, raw=done("extract", plan=plan))
        (work,) = done("reconcile", plan=plan, snapshot=snapshot, facts=done("compute", snapshot=snapshot))
        document = done("render", plan=plan, run=RUN, report="portfolio", figures=work["figures"])
        archived = done("archive", plan=plan, run=RUN, document=document)
        digest = archived["content_digest"]
        assert done("question", plan=plan, report="portfolio", content_digest=digest)
        done("answer", plan=plan, run=RUN, content_digest=digest, verdict="approved", actor="tester", reason="")
        (sent,) = done("send", plan=plan, run=RUN, content_digest=digest, revision=1, by_hand=False)
        assert sent["state"] == "sent"
        assert done("close", plan=plan, run=RUN, states={})
        done("unstarted", request=wanted.to_json(), run=RUN, faults=["what preflight found"])
        assert done("feedback", queue=queue, run=RUN)["events"] == 0
        assert done("look", run=RUN) == []
        assert done("proof", anchor="")["faults"] == []
        who = {"report": "portfolio", "day": "2026-05-01", "actor": "tester", "reason": "asked"}
        assert done("open_next", recipient="primary", **who)
        assert done("open_revision", **who)
        assert len(ses.accepted) == 2  # to the reader, and to the owner about the run that preflight stopped
    assert {step for step, _ in made} == set(roles.ROLES) - {"release"}
    refused = {
        (step, call.action, call.resource)
        for step, call in made
        if account.refuses(ROLE_NAMES[roles.ROLES[step]], call)
    }
    assert refused == set()


OF_THE_TASK = {
    "AWS_SHARED_CREDENTIALS_FILE": "/home/worker/credentials",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/credentials/x",
}
# What a role would do if its steps were somebody else's: operation, bucket, key. None of these is theirs.
OF_NOBODY = [
    ("put_object", "-records", "seals/000001.sig"),
    ("put_object", "-records", "groups/acme/seals/000001.sig"),
    ("delete_object", "-records", "audit/days/2026-05-01/000001.json"),
    ("delete_object", "-records", "ledger/x/g1/1.claim"),
]
OF_OTHERS = {
    roles.READ: [
        ("get_object", "-records", "mails/x/g1.eml"),
        ("get_object", "-records", "groups/acme/mails/x/g1.eml"),
        ("put_object", "-records", "ledger/x/g1/1.claim"),
        ("put_object", "-records", "approvals/x/000001"),
        ("put_object", "-records", "suppression/x/000001"),
        ("put_object", "", "2026-05-01/ceo-report.html"),
        ("get_object", "", "2026-05-01/ceo-report.html"),
        ("delete_object", "", "2026-05-01/ceo-report.html"),
    ],
    roles.ARCHIVE: [
        ("get_object", "-records", "mails/x/g1.eml"),
        ("put_object", "-records", "mails/x/g1.eml"),
        ("put_object", "-records", "ledger/x/g1/1.claim"),
        ("put_object", "-records", "figures/2026-05-01/x.json"),
        ("get_object", "-records", "raw/tables/x.parquet"),
    ],
    roles.SEND: [
        ("put_object", "-records", "approvals/x/000001"),
        ("put_object", "-records", "approvals-asked/x"),
        ("put_object", "-records", "revisions/2026-05-01/r1/x"),
        ("put_object", "-records", "figures/2026-05-01/x.json"),
        ("get_object", "-records", "raw/tables/x.parquet"),
        ("put_object", "", "2026-05-01/ceo-report.html"),
        ("delete_object", "", "2026-05-01/ceo-report.html"),
    ],
    roles.DESK: [
        ("get_object", "-records", "mails/x/g1.eml"),
        ("put_object", "-records", "mails/x/g1.eml"),
        ("put_object", "-records", "approvals/x/000001"),
        ("put_object", "-records", "documents/x/document.json"),
        ("get_object", "-records", "raw/tables/x.parquet"),
        ("put_object", "", "2026-05-01/ceo-report.html"),
    ],
}


@pytest.mark.parametrize("variable", OF_OTHERS)
def test_no_step_does_what_is_anothers(
    account: Account, moto_server: str, bucket: str, s3_client: Any, variable: str, request: pytest.FixtureRequest
) -> None:
    s3_client.create_bucket(Bucket=f"{bucket}-records")
    for _, suffix, key in OF_OTHERS[variable]:
        s3_client.put_object(Bucket=bucket + suffix, Key=key, Body=b"there")
    given = request.getfixturevalue("enforced").become(STEPS[variable][0])
    own: Any = boto3.client(
        "s3",
        endpoint_url=moto_server,
        region_name="us-east-1",
        aws_access_key_id=given.access_key,
        aws_secret_access_key=given.secret_key,
        aws_session_token=given.token,
        config=BotoConfig(s3={"addressing_style": "path"}),
    )
    for operation, suffix, key in [*OF_NOBODY, *OF_OTHERS[variable]]:
        more = {"Body": b"forged", "IfNoneMatch": "*"} if operation == "put_object" else {}
        with pytest.raises(ClientError, match=r"AccessDenied|Forbidden"):
            getattr(own, operation)(Bucket=bucket + suffix, Key=key, **more)
        action = f"s3:{''.join(map(str.capitalize, operation.split('_')))}"
        call = Call(action, f"arn:aws:s3:::{bucket}{suffix}/{key}", {"s3:if-none-match": "*"})
        assert account.refuses(ROLE_NAMES[variable], call)


@pytest.mark.parametrize("role", ROLE_NAMES.values())
def test_a_record_is_created_and_never_replaced(account: Account, role: str) -> None:
    """The bucket's own policy, whatever a role's allows; a summary and a question are what may be written again."""
    place = account.names["RecordsBucket.Arn"]
    for prefix in ("audit/days/2026-05-01", "groups/acme/audit/days/2026-05-01", "documents/x", "editions/x"):
        assert account.refuses(role, Call("s3:PutObject", f"{place}/{prefix}/000001.json"))
    mine = {"SendRole": "runs/2026-05-01/x/summary.json", "ArchiveRole": "approvals-asked/x"}.get(role)
    if mine:
        assert not account.refuses(role, Call("s3:PutObject", f"{place}/{mine}"))


def test_only_the_send_sends_and_only_from_its_address(account: Account) -> None:
    identity = f"arn:aws:ses:us-east-1:{ACCOUNT}:identity/example.com"
    ours = Call("ses:SendRawEmail", identity, {"ses:FromAddress": "reports@example.com"})
    assert [role for role in ROLE_NAMES.values() if not account.refuses(role, ours)] == ["SendRole"]
    assert account.refuses("SendRole", Call("ses:SendRawEmail", identity, {"ses:FromAddress": "ceo@example.com"}))


def test_alerts_are_recorded_by_who_reads_the_sources_and_read_by_who_sends(account: Account) -> None:
    once = {"s3:if-none-match": "*"}
    for prefix in ("", "groups/acme/"):
        place = f"{account.names['RecordsBucket.Arn']}/{prefix}alerts/2026-05-01/x.json"
        write, read = Call("s3:PutObject", place, once), Call("s3:GetObject", place)
        assert [role for role in ROLE_NAMES.values() if not account.refuses(role, write)] == ["ReadRole"]
        assert [role for role in ROLE_NAMES.values() if not account.refuses(role, read)] == ["SendRole"]


def test_a_worker_can_only_look_and_become_a_step(account: Account) -> None:
    policy = account.filled(account.resources["WorkerPolicy"]["Properties"]["PolicyDocument"]["Statement"])
    every = {
        action for one in policy for action in ([one["Action"]] if isinstance(one["Action"], str) else one["Action"])
    }
    look = {"sts:AssumeRole", "ses:GetAccount", "s3:GetObject", "s3:GetObjectTagging", "s3:ListBucket"}
    assert every == {*look, "s3:PutObject"}
    (keeps,) = (one for one in policy if "s3:PutObject" in one["Action"])
    assert keeps["Resource"] == f"{account.names['LogsBucket.Arn']}/tasks/*"
    place = account.names["RecordsBucket.Arn"]
    for key in ("mails/x/g1.eml", "raw/tables/x.parquet", "groups/acme/mails/x/g1.eml"):
        assert not any(_concerns(one, Call("s3:GetObject", f"{place}/{key}"), {}) for one in policy)
    for role in ROLE_NAMES.values():
        (trust,) = account.filled(account.resources[role]["Properties"]["AssumeRolePolicyDocument"]["Statement"])
        assert trust["Principal"] == {"AWS": account.names["WorkerRole.Arn"]}


def test_every_step_has_a_role() -> None:
    """The room only looks, in a process of Airflow's own."""
    assert set(roles.ROLES) == set(credentials.ALLOWED) - {"room"}


def test_a_deployment_names_all_roles_or_none() -> None:
    whole = {variable: f"arn:aws:iam::{ACCOUNT}:role/{name}" for variable, name in ROLE_NAMES.items()}
    assert roles.role_of("send", {}) == ""
    assert roles.role_of("send", whole) == whole[roles.SEND]
    for variable in whole:
        with pytest.raises(SettingsError, match=variable):
            roles.role_of("send", {**whole, variable: " "})
    with pytest.raises(SettingsError, match="ARN of a role"):
        roles.role_of("send", {**whole, roles.SEND: "SendRole"})


def test_a_step_with_a_role_has_no_way_to_its_tasks_credentials(enforced: Worker) -> None:
    with lending.of_step("send", enforced.named, {**enforced.own, "X": "y"}, None) as (given, closed):
        assert given["X"] == "y"
        assert given["AWS_SHARED_CREDENTIALS_FILE"] == os.devnull
        assert not {"AWS_ACCESS_KEY_ID", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"} & given.keys()
        assert given["AWS_EC2_METADATA_DISABLED"] == "true"
        assert closed[1:] == ["/home/worker/credentials"]


def test_the_credentials_of_a_role_are_renewed_before_they_expire(
    enforced: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The least that AWS gives is a quarter of an hour, and that is when botocore asks again."""
    monkeypatch.setattr(roles, "SECONDS", 900)
    found = roles.assumed(enforced.named[roles.SEND], "send", enforced.own)
    first, second = (found.get_frozen_credentials() for _ in range(2))
    assert first.access_key != second.access_key
    assert first.token != second.token


def test_a_role_that_is_refused_is_named_and_its_caller_is_not(enforced: Worker) -> None:
    enforced.become("send")
    refused = r"^EXECUTIVE_SUITE_SEND_ROLE: the role of step send cannot be assumed \(\w+\)$"
    with pytest.raises(SettingsError, match=refused):
        roles.assumed(
            f"arn:aws:iam::{ACCOUNT}:role/unknown", "send", {"AWS_ENDPOINT_URL": enforced.own["AWS_ENDPOINT_URL"]}
        )
    away = {**enforced.own, "AWS_ENDPOINT_URL": "http://127.0.0.1:1"}
    with pytest.raises(StepError, match=r"the role of step send is not assumed: EndpointConnectionError$"):
        roles.assumed(f"arn:aws:iam::{ACCOUNT}:role/x", "send", away)
