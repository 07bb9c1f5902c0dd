"""The account of Airflow's AWS connection: its provider's hook assumes the role, and steps and the room act as it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from group_data import INCLUDE

LOCAL = "airflow.secrets.local_filesystem.LocalFilesystemBackend"
SEND = "arn:aws:iam::123456789012:role/send"
WHO = "import boto3; print(boto3.client('sts', 'us-east-1').get_caller_identity()['Arn'])"
PROGRAM = f"""
import json, os, subprocess, sys
from executive_suite.room.opened import opened
from executive_suite.run import lending, roles
from executive_suite_steps import account_of

given = dict(os.environ)
account = account_of(given)
assert account is account_of(given)
room = opened(given, account)
told = {{"region": room.s3.meta.region_name, "room": room.s3.meta.endpoint_url}}
for name, ours in (("step", given), ("send", {{**given, **dict.fromkeys(set(roles.ROLES.values()), {SEND!r})}})):
    seen = {{"PATH": given["PATH"], "AWS_ACCESS_KEY_ID": "of-the-worker", "AWS_SECRET_ACCESS_KEY": "x"}}
    with lending.of_step("send", ours, seen, account) as (environment, _):
        command = [sys.executable, "-c", {WHO!r}]
        told[name] = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
for name in ("away", "nothing"):
    try:
        account_of({{**given, "EXECUTIVE_SUITE_AWS_CONN_ID": name}})
    except Exception as error:
        told[name] = f"{{type(error).__name__}}: {{error}}"
from airflow.providers.amazon.aws.log.s3_task_handler import S3RemoteLogIO
kept = S3RemoteLogIO.from_config()
(kept.base_log_folder / "a task").mkdir(parents=True)
(kept.base_log_folder / "a task" / "attempt=1.log").write_text("what the task said")
kept.upload("a task/attempt=1.log")
print(json.dumps(told))
"""


def assuming(endpoint: str) -> str:
    """A connection that assumes a role; Airflow asks for it at an endpoint of its own."""
    extra: dict[str, Any] = {
        "role_arn": "arn:aws:iam::123456789012:role/suite",
        "region_name": "eu-west-1",
        "endpoint_url": endpoint,
        "service_config": {"sts": {"endpoint_url": endpoint}},
    }
    own = {"login": "loopback", "password": "loopback"}  # pragma: allowlist secret
    return json.dumps({"conn_type": "aws", **own, "extra": extra})


def test_steps_the_room_and_the_logs_of_tasks_are_in_the_account_of_the_connection(
    moto_server: str, bucket: str, s3_client: Any, tmp_path: Path
) -> None:
    """AWS says who asks; a connection that gives nothing is named.

    Airflow's hook alone would go on with the worker's own credentials.
    """
    environment = {
        "PATH": os.environ["PATH"],
        "AIRFLOW_HOME": str(tmp_path),
        "PYTHONPATH": os.pathsep.join((str(INCLUDE), str(INCLUDE.parent / "plugins"))),
        "AWS_EC2_METADATA_DISABLED": "true",
        "REPORTS_BUCKET": "some-reports",
        "RECORDS_BUCKET": "some-records",
        "EXECUTIVE_SUITE_AWS_CONN_ID": "ours",
        "AIRFLOW_CONN_OURS": assuming(moto_server),
        "AIRFLOW_CONN_AWAY": assuming("http://127.0.0.1:1"),
        "AIRFLOW__LOGGING__REMOTE_LOGGING": "True",
        "AIRFLOW__LOGGING__REMOTE_BASE_LOG_FOLDER": f"s3://{bucket}/tasks",
        "AIRFLOW__LOGGING__REMOTE_LOG_CONN_ID": "ours",
        # A backend without connections, so that Airflow's own database is not asked.
        "AIRFLOW__SECRETS__BACKEND": LOCAL,
        "AIRFLOW__SECRETS__BACKEND_KWARGS": "{}",
    }
    done = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["step"].strip() == "arn:aws:sts::123456789012:assumed-role/suite/airflow_ours"
    assert told["send"].strip() == "arn:aws:sts::123456789012:assumed-role/send/executive-suite-send"
    assert (told["region"], told["room"]) == ("eu-west-1", moto_server)
    named = "EXECUTIVE_SUITE_AWS_CONN_ID: "
    assert told["nothing"] == f"SettingsError: {named}Airflow has no connection nothing"
    assert told["away"] == f"StepError: {named}connection away is not assumed: EndpointConnectionError"
    logged = s3_client.get_object(Bucket=bucket, Key="tasks/a task/attempt=1.log")["Body"].read()
    assert b"what the task said" in logged
