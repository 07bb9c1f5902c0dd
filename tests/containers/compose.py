"""What docker-compose.yaml says of each service, as Compose reads it: anchors, interpolation, ``env_file``, secrets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from dotenv import dotenv_values

_VARIABLE = re.compile(r"\$(?:(?P<escaped>\$)|\{(?P<name>\w+)(?::-(?P<default>[^}]*))?\}|(?P<other>))")
_SECONDS = {"s": 1, "m": 60}


@dataclass(frozen=True, slots=True)
class Health:
    """A health check, in seconds."""

    command: tuple[str, ...]
    interval: float
    timeout: float
    retries: int
    start_period: float


@dataclass(frozen=True, slots=True)
class Service:
    """A service, with everything that a container of it is given.

    ``build`` is the stage of the Dockerfile, empty where a ready image is used; ``secrets`` and ``volumes`` are by
    name, ``tmpfs`` by place with its options.
    """

    name: str
    image: str
    build: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    secrets: Mapping[str, Path]
    tmpfs: Mapping[str, str]
    volumes: Mapping[str, str]
    user: str
    read_only: bool
    capabilities: frozenset[str]
    health: Health | None
    after: Mapping[str, str]


def read(folder: Path, shell: Mapping[str, str], *profiles: str) -> dict[str, Service]:
    """The services that ``docker compose up`` would start in a folder, with the variables of a shell."""
    known = {**_file(folder / ".env"), **shell}
    whole = _filled(yaml.safe_load((folder / "docker-compose.yaml").read_text(encoding="utf-8")), known)
    secrets = {name: folder / str(one["file"]) for name, one in whole["secrets"].items()}
    return {
        name: _service(name, given, folder, secrets)
        for name, given in whole["services"].items()
        if not given.get("profiles") or set(given["profiles"]) & set(profiles)
    }


def _service(name: str, given: Mapping[str, Any], folder: Path, secrets: Mapping[str, Path]) -> Service:
    environment: dict[str, str] = {}
    for file in given.get("env_file", ()):
        environment |= _file(folder / file)
    environment |= {key: str(value) for key, value in given.get("environment", {}).items()}
    assert given["cap_drop"] == ["ALL"], name
    assert given["security_opt"] == ["no-new-privileges:true"], name
    return Service(
        name=name,
        image=given["image"],
        build=given.get("build", {}).get("target", ""),
        command=tuple(given.get("command", ())),
        environment=environment,
        secrets={secret: secrets[secret] for secret in given.get("secrets", ())},
        tmpfs=dict(one.partition(":")[::2] for one in given.get("tmpfs", ())),
        volumes=dict(one.split(":") for one in given.get("volumes", ())),
        user=str(given.get("user", "")),
        read_only=given["read_only"],
        capabilities=frozenset(given.get("cap_add", ())),
        health=_health(given["healthcheck"]) if "healthcheck" in given else None,
        after={other: wait["condition"] for other, wait in dict(given.get("depends_on") or {}).items()},
    )


def _health(given: Mapping[str, Any]) -> Health:
    kind, *words = given["test"]
    command = ("/bin/sh", "-c", *words) if kind == "CMD-SHELL" else tuple(words)
    assert kind in {"CMD", "CMD-SHELL"}
    return Health(
        command,
        interval=_seconds(given["interval"]),
        timeout=_seconds(given["timeout"]),
        retries=given["retries"],
        start_period=_seconds(given.get("start_period", "0s")),
    )


def _seconds(given: str) -> float:
    return float(given[:-1]) * _SECONDS[given[-1]]


def _file(path: Path) -> dict[str, str]:
    return {name: value or "" for name, value in dotenv_values(path, interpolate=False).items()}


def _filled(given: Any, known: Mapping[str, str]) -> Any:
    """A value with the variables that it names; their names are never filled."""
    if isinstance(given, dict):
        return {name: _filled(value, known) for name, value in given.items()}
    if isinstance(given, list):
        return [_filled(value, known) for value in given]
    return _VARIABLE.sub(lambda found: _value(found, known), given) if isinstance(given, str) else given


def _value(found: re.Match[str], known: Mapping[str, str]) -> str:
    assert found["other"] is None, f"not understood: {found.string}"
    return "$" if found["escaped"] else known.get(found["name"]) or found["default"] or ""
