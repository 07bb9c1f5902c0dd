"""Compose, ECS and Helm are one deployment in three shapes: the same commands, probes, settings and secrets."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import boto3
import pytest
import yaml
from botocore.loaders import Loader
from botocore.model import ListShape, MapShape, ServiceModel, Shape, StructureShape
from botocore.validate import ParamValidator
from dotenv import dotenv_values

from cloudformation import filled, template
from executive_suite.run import apart, credentials, many, roles
from group_data import INCLUDE
from loopback import PRETENDED

CHECKOUT = INCLUDE.parent
HELM = INCLUDE / "infra" / "helm"
COMPONENTS = {
    "api-server": "ApiServer",
    "scheduler": "Scheduler",
    "dag-processor": "DagProcessor",
    "triggerer": "Triggerer",
    "worker": "Worker",
}
ELSEWHERE = {
    "AIRFLOW__CORE__EXECUTOR",  # Helm's `executor`
    "AIRFLOW__CORE__AUTH_MANAGER",  # the chart's own default is the same
    "AIRFLOW__CORE__EXECUTION_API_SERVER_URL",  # another host in each shape
    "AIRFLOW__API__BASE_URL",
    "AIRFLOW__SCHEDULER__ENABLE_HEALTH_CHECK",  # the chart asks by a command instead
}
KNOWN = frozenset().union(*credentials.ALLOWED.values(), roles.ROLES.values()) | {
    "EXECUTIVE_SUITE_SEND_POOL",
    "PYTHONPATH",
    apart.READY,
    many.GROUPS,
}


@cache
def compose() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((CHECKOUT / "docker-compose.yaml").read_text(encoding="utf-8"))
    return content


def read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((HELM / f"{name}.yaml").read_text(encoding="utf-8"))
    return content


@cache
def definitions() -> Mapping[str, dict[str, Any]]:
    """The task definitions of the template, by the name of their container."""
    content = template(INCLUDE / "infra" / "ecs.yaml")
    given = {
        name: str(one.get("Default", f"arn:aws:x:y:123456789012:{name}")) for name, one in content["Parameters"].items()
    }
    given |= {"AWS::Region": "us-east-1", "Image": "executive-suite:1"}
    found = [one["Properties"] for one in content["Resources"].values() if one["Type"] == "AWS::ECS::TaskDefinition"]
    return {one["ContainerDefinitions"][0]["Name"]: filled(one, given) for one in found}


def container(name: str) -> dict[str, Any]:
    found: dict[str, Any] = definitions()[name]["ContainerDefinitions"][0]
    return found


def settings_of(component: str) -> Iterator[tuple[str, str]]:
    """What Compose tells a component about Airflow, that it tells it nowhere else."""
    for name, value in compose()["services"][component].get("environment", {}).items():
        if name.startswith("AIRFLOW__"):
            yield name, str(value)


@pytest.mark.parametrize("component", COMPONENTS)
def test_a_component_is_the_same_on_ecs(component: str) -> None:
    service, task = compose()["services"][component], container(component)
    assert task["Command"] == service["command"]
    assert task["HealthCheck"]["Command"] == service["healthcheck"]["test"]
    assert "Environment" not in task  # all of it is in the file
    told = dotenv_values(INCLUDE / "infra" / "ecs.env")
    for name, value in settings_of(component):
        assert name in told
        assert name in ELSEWHERE or told[name] == value, name


@pytest.mark.parametrize("component", COMPONENTS)
def test_a_component_holds_the_same_secrets_on_ecs(component: str) -> None:
    """The entry point says which variable a secret of Compose becomes."""
    text = (INCLUDE / "setup" / "container.sh").read_text(encoding="utf-8")
    becomes = {file: name for name, file in re.findall(r"^from_file (\w+) (\w+)$", text, re.MULTILINE)}
    service = compose()["services"][component]
    readers = {"AWS_RECIPIENT_EMAIL", "AWS_BCC_EMAIL"}
    wanted = {becomes[secret] for secret in service["secrets"]}
    wanted |= {name for name in readers if service["environment"].get(name)}
    assert {one["Name"] for one in container(component)["Secrets"]} == wanted


@pytest.mark.parametrize("name", [*COMPONENTS, "command"])
def test_ecs_takes_each_task_definition(name: str, moto_server: str) -> None:
    """By the model of the service that AWS publishes, and by a stand-in that registers it."""
    model = ServiceModel(Loader().load_service_model("ecs", "service-2"))
    shape = model.operation_model("RegisterTaskDefinition").input_shape
    request = _as_asked(definitions()[name], shape)
    report = ParamValidator().validate(request, shape)
    assert not report.has_errors(), report.generate_report()
    sizes = (request["cpu"], request["memory"])  # developer guide, "Task CPU and memory" for Fargate
    assert sizes in {("256", "2048"), ("512", "2048"), ("2048", "4096")}
    ecs: Any = boto3.client("ecs", endpoint_url=moto_server, **PRETENDED)
    made = ecs.register_task_definition(**request)["taskDefinition"]
    assert made["containerDefinitions"][0]["name"] == name


def _as_asked(value: Any, shape: Shape) -> Any:
    """A resource's properties as its API wants them: the same names, which begin with a small letter there."""
    if isinstance(shape, StructureShape):
        names = {name.lower(): name for name in shape.members}
        return {
            names.get(name.lower(), name): _as_asked(one, shape.members[names[name.lower()]])
            for name, one in value.items()
        }
    if isinstance(shape, ListShape):
        return [_as_asked(one, shape.member) for one in value]
    if isinstance(shape, MapShape):
        return {name: str(one) for name, one in value.items()}
    return value


def test_helm_has_the_settings_of_compose() -> None:
    config = read("common")["config"]
    for name, value in itertools.chain.from_iterable(map(settings_of, COMPONENTS)):
        if name not in ELSEWHERE:
            _, section, key = name.lower().split("__")
            assert config[section][key] == value, name
    assert read("celery")["executor"] == compose()["services"]["worker"]["environment"]["AIRFLOW__CORE__EXECUTOR"]


def test_helm_probes_as_compose_does() -> None:
    """The image's own probes; the chart's cost seconds of a processor each."""
    common = read("common")
    for part, component in (("dagProcessor", "dag-processor"), ("triggerer", "triggerer")):
        test = compose()["services"][component]["healthcheck"]["test"]
        assert ["CMD", *common[part]["livenessProbe"]["command"]] == test
    worker = read("celery")["workers"]["celery"]
    assert ["CMD", *worker["livenessProbe"]["command"]] == compose()["services"]["worker"]["healthcheck"]["test"]
    command = compose()["services"]["worker"]["command"]
    assert command[command.index("--concurrency") + 1] == read("celery")["config"]["celery"]["worker_concurrency"]


def test_helm_is_of_the_locked_airflow_and_has_no_secret() -> None:
    lock = (CHECKOUT / "requirements.txt").read_text(encoding="utf-8")
    locked = re.search(r"^apache-airflow==([\d.]+)", lock, re.MULTILINE)
    assert locked
    assert read("common")["airflowVersion"] == locked[1]
    for name in ("common", "kubernetes", "celery", "example"):
        text = (HELM / f"{name}.yaml").read_text(encoding="utf-8")
        assert not re.search(r"(?i)(password|fernetKey|jwtSecret|apiSecretKey|connection):", text), name
    # Nobody gets an administrator whose password the chart's documentation tells everybody.
    assert read("common")["createUserJob"] == {"enabled": False}


def test_the_file_of_ecs_names_known_variables_and_no_secret() -> None:
    told = set(dotenv_values(INCLUDE / "infra" / "ecs.env"))
    assert {name for name in told if not name.startswith("AIRFLOW__")} <= KNOWN
    assert not told & {*credentials.SERIES, "RECIPIENT_HASH_KEY", "AWS_RECIPIENT_EMAIL", "AWS_BCC_EMAIL"}


@pytest.mark.parametrize("executor", ["kubernetes", "celery"])
def test_tasks_have_what_their_steps_may_see_and_no_other_component_has_the_reader_key(executor: str) -> None:
    told = {one["name"] for one in read("example")["env"]}
    held = {one["name"] for one in read(executor)["workers"][executor]["env"]}
    assert told | held <= KNOWN
    assert {"RECIPIENT_HASH_KEY", "EXECUTIVE_SUITE_READER_KEY"} <= held
    assert "EXECUTIVE_SUITE_READER_KEY" not in (HELM / "common.yaml").read_text(encoding="utf-8")
    assert not told & {"RECIPIENT_HASH_KEY", "AWS_RECIPIENT_EMAIL", "AWS_BCC_EMAIL"}
