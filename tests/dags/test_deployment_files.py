"""The Compose file and the image agree with the lock and with each other; a worker of that lock starts."""

from __future__ import annotations

import importlib
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from executive_suite import aws_lambda, config
from executive_suite.cli import account
from executive_suite.embedded.components import PATIENCE
from executive_suite.run import apart, lending, many
from executive_suite.settings import Settings

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((CHECKOUT / "docker-compose.yaml").read_text(encoding="utf-8"))
    return content


def test_the_celery_executor_can_be_imported() -> None:
    """It is imported by name only when a worker starts; a release of Celery once dropped what it needs."""
    assert importlib.import_module("airflow.providers.celery.executors.celery_executor").app


def test_components_wait_for_each_other_as_long_in_compose_as_on_one_machine(compose: dict[str, Any]) -> None:
    given = {
        name: value
        for name, value in compose["x-airflow"]["environment"].items()
        if name.startswith(("AIRFLOW__WORKERS__", "AIRFLOW__SCHEDULER__")) and not name.endswith("HEALTH_CHECK")
    }
    wanted = {f"AIRFLOW__{section}__{name}": value for section, of in PATIENCE.items() for name, value in of.items()}
    assert given == wanted


def test_a_task_outlasts_the_api_server_for_as_long_as_the_scheduler_believes_in_it() -> None:
    workers, scheduler = PATIENCE["WORKERS"], PATIENCE["SCHEDULER"]
    silent = float(scheduler["TASK_INSTANCE_HEARTBEAT_TIMEOUT"])
    # tenacity's wait_random_exponential: uniform between Airflow's least (1 s) and this most, after four shorter ones.
    average = (1 + float(workers["EXECUTION_API_RETRY_WAIT_MAX"])) / 2
    assert (int(workers["EXECUTION_API_RETRIES"]) - 5) * average > silent
    # The next try of a lost send finds the lease of its claim expired and waits for nothing more.
    assert silent > config.Limits().lease_seconds


def test_the_image_is_of_the_locked_airflow() -> None:
    image = re.search(
        r"^ARG BASE=apache/airflow:([\d.]+)-", (CHECKOUT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE
    )
    lock = re.search(
        r"^apache-airflow==([\d.]+)", (CHECKOUT / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert image
    assert lock
    assert image[1] == lock[1]


@pytest.mark.parametrize(
    ("pinned", "base", "built"),
    [
        ("no", "apache/airflow:3.3.2-python3.12", True),
        ("yes", "apache/airflow:3.3.2-python3.12", False),
        ("yes", "apache/airflow:3.3.2-python3.12@sha256:" + "0" * 64, True),
        ("", "apache/airflow:3.3.2-python3.12@sha256:" + "0" * 64, False),
    ],
)
def test_a_build_that_pins_takes_no_tag(pinned: str, base: str, *, built: bool) -> None:
    """The Dockerfile's own line, as the shell of a build runs it."""
    lines = re.findall(r"^RUN (case .*)$", (CHECKOUT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(lines) == 2  # of Airflow's image and of Lambda's
    for line in lines:
        given = {"PINNED": pinned, "BASE": base, "LAMBDA_BASE": base}
        done = subprocess.run(["/bin/sh", "-c", line], env=given, capture_output=True, check=False)
        assert (done.returncode == 0) == built


def test_compose_builds_on_the_images_own_base(compose: dict[str, Any]) -> None:
    default = re.search(r"^ARG BASE=(\S+)", (CHECKOUT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    assert default
    for name, service in compose["services"].items():
        if "build" in service:
            assert service["build"]["args"]["BASE"] == f"${{AIRFLOW_IMAGE:-{default[1]}}}", name
        else:
            assert re.fullmatch(r"\$\{[A-Z]+_IMAGE:-[a-z]+:[\w.-]+\}", service["image"]), name


def test_a_wrong_hash_ends_the_build_of_the_image() -> None:
    """A shell that goes on after a failed install would ship an image without its libraries."""
    text = (CHECKOUT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", "")
    installs = [line for line in text.splitlines() if "pip install" in line]
    assert len(installs) == 3
    assert "requirements-kubernetes.txt" in installs[0]  # KubernetesExecutor is in the image of every component
    for line in installs:
        assert re.fullmatch(r"RUN python -m pip install [^|;&]*--require-hashes [^|;&]*", line)


def test_only_the_stand_in_for_aws_has_what_stands_in(compose: dict[str, Any]) -> None:
    stages = re.findall(
        r"^FROM (\S+) AS (\w+)(.*?)(?=^FROM|\Z)",
        (CHECKOUT / "Dockerfile").read_text(encoding="utf-8"),
        re.MULTILINE | re.DOTALL,
    )
    assert {stage for _, stage, body in stages if "requirements-embedded.txt" in body} == {"embedded"}
    base, default, _ = stages[-1]
    assert (base, default) == ("project", "suite")
    targets = {name: service["build"]["target"] for name, service in compose["services"].items() if "build" in service}
    assert {name for name, target in targets.items() if target != default} == {"aws"}


def test_every_component_of_the_usual_shape_is_there_and_says_whether_it_is_well(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert services.keys() >= {"postgres", "redis", "api-server", "scheduler", "dag-processor", "worker", "triggerer"}
    assert {name for name, service in services.items() if "healthcheck" not in service} == {"set-up"}


def test_no_secret_stands_in_the_file(compose: dict[str, Any]) -> None:
    declared = set(compose["secrets"])
    for name, service in compose["services"].items():
        assert set(service.get("secrets", [])) <= declared, name
        for variable, value in service.get("environment", {}).items():
            if re.search(r"PASSWORD|SECRET|KEY|TOKEN", variable) and not variable.endswith("_FILE"):
                assert value == "" or str(value).startswith("${"), (name, variable)
    assert all(str(secret["file"]).startswith("./secrets/") for secret in compose["secrets"].values())


def test_only_the_ui_is_published_and_on_loopback(compose: dict[str, Any]) -> None:
    published = {name: service["ports"] for name, service in compose["services"].items() if "ports" in service}
    assert published == {"api-server": ["127.0.0.1:8080:8080"]}


def test_each_secret_is_made_and_read(compose: dict[str, Any]) -> None:
    made = (CHECKOUT / "include" / "setup" / "secrets.sh").read_text(encoding="utf-8")
    read = (CHECKOUT / "include" / "setup" / "container.sh").read_text(encoding="utf-8")
    by_others = {name for name, service in compose["services"].items() if "build" not in service}
    for name, service in compose["services"].items():
        for secret in service.get("secrets", ()):
            assert re.search(rf"\b{secret}\b", made), secret
            assert name in by_others or re.search(rf"\b{secret}\b", read), secret
    assert set(compose["secrets"]) == {one for service in compose["services"].values() for one in service["secrets"]}


def test_the_example_names_every_variable() -> None:
    example = (CHECKOUT / ".env.example").read_text(encoding="utf-8")
    made_by_the_product = {many.PREFIX.lower()}
    for name in {
        *Settings.model_fields,
        many.GROUPS.lower(),
        apart.READY.lower(),
        lending.CONNECTION.lower(),
        aws_lambda.VAULT.lower(),
    } - made_by_the_product:
        assert re.search(rf"^{name.upper()}=", example, re.MULTILINE), name


def test_the_pool_that_sends_wait_for_is_made_at_set_up(compose: dict[str, Any]) -> None:
    """Airflow never starts a task of a pool that does not exist, and says so in a warning only."""
    named = {
        service.get("environment", {}).get("EXECUTIVE_SUITE_SEND_POOL") for service in compose["services"].values()
    }
    assert named - {None} == {account.POOL}
    made = (CHECKOUT / "include" / "setup" / "container.sh").read_text(encoding="utf-8")
    assert re.search(r'airflow pools set "\$\{EXECUTIVE_SUITE_SEND_POOL:-' + account.POOL, made)


def test_no_component_can_change_its_code_or_gain_a_right(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert not set(service.get("cap_add", ())) & {"SYS_ADMIN", "NET_ADMIN", "SYS_PTRACE", "DAC_READ_SEARCH"}, name
        assert service["read_only"] is True, name
        if "build" in service:
            assert "cap_add" not in service, name
            # Airflow writes its configuration and its process ids into its home, and tasks their drafts into /tmp.
            assert {place.split(":")[0] for place in service["tmpfs"]} == {"/tmp", "/opt/airflow"}, name  # noqa: S108 - a container's own


def test_the_code_in_the_image_belongs_to_another_user_than_the_one_that_runs_it() -> None:
    text = (CHECKOUT / "Dockerfile").read_text(encoding="utf-8")
    copied = dict(re.findall(r"^COPY --chown=(\S+) (?:dags|plugins|include) \./(\S+)", text, re.MULTILINE))
    assert copied == {"root:root": "include"}
    assert len(re.findall(r"^COPY --chown=root:root (?:dags|plugins|include) ", text, re.MULTILINE)) == 3
    users = re.findall(r"^USER (\S+)", text, re.MULTILINE)
    assert users[-1] == "airflow"
