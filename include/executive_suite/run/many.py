"""Many groups in one deployment: each has the variables that are its own, and its place in the buckets."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from executive_suite.config import ConfigError
from executive_suite.folders import GROUP, HOME
from executive_suite.run import credentials, lending, roles
from executive_suite.sources import config as source_config

if TYPE_CHECKING:
    from executive_suite.run.deployment import Deployment

GROUPS = "EXECUTIVE_SUITE_GROUPS"
"""The variable that names the folder in which each group has its own."""
PREFIX = "EXECUTIVE_SUITE_PREFIX"
"""The variable with a group's place in the buckets; made here, and set by nobody."""
HASH_KEY, PAGES, COPY = "RECIPIENT_HASH_KEY", "EXECUTIVE_SUITE_REPORTS_URL", "EXECUTIVE_SUITE_AUDIT_FILE"
ANCHORS, OUT = "EXECUTIVE_SUITE_ANCHORS", "EXECUTIVE_SUITE_OUT"

SEALING = frozenset(
    {
        "EXECUTIVE_SUITE_SEAL_KEY",
        "EXECUTIVE_SUITE_TIMESTAMPS",
        "EXECUTIVE_SUITE_TIMESTAMP_URL",
        "EXECUTIVE_SUITE_ANCHORS",
    }
)
SHARED = SEALING.union({lending.CONNECTION}, roles.ROLES.values(), *credentials.ALLOWED.values()) - {
    "AWS_RECIPIENT_EMAIL",
    "AWS_BCC_EMAIL",
    "EXECUTIVE_SUITE_NOTIFY",
    PREFIX,
}
"""What groups may have in common: account, sender, schedule. No address of a reader, no chat, no database."""

_NAME = re.compile(r"(?=.{1,40}$)[a-z][a-z0-9]*(-[a-z0-9]+)*")
_S3 = "s3://"


def are_many(environment: Mapping[str, str]) -> bool:
    """Whether a deployment names a folder of groups; a copy of ``.env.example`` names none, but has the variable.

    >>> are_many({}), are_many({"EXECUTIVE_SUITE_GROUPS": ""}), are_many({"EXECUTIVE_SUITE_GROUPS": "groups"})
    (False, False, True)
    """
    return bool(environment.get(GROUPS, "").strip())


def names(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Every folder of the groups, by name; empty if the deployment has one group.

    Raises:
        ConfigError: there is no such folder.
    """
    place = environment.get(GROUPS, "").strip()
    if not place:
        return ()
    folder = HOME / place
    if not folder.is_dir():
        msg = f"{GROUPS}: {folder} is not a folder"
        raise ConfigError(msg)
    return tuple(sorted(path.name for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")))


def fingerprint(name: str, environment: Mapping[str, str]) -> str:
    """What differs once a group's configuration was changed: a digest of the names, sizes and times of its files."""
    digest = hashlib.sha256()
    for path in sorted((HOME / environment[GROUPS].strip() / name).glob("*.yaml")):
        with contextlib.suppress(FileNotFoundError):
            found = path.stat()
            digest.update(f"{path.name} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def scoped(environment: Mapping[str, str]) -> Mapping[str, str]:
    """The environment of the group that it names, if the deployment has many; else as it is.

    Raises:
        ConfigError: it names none of them.
    """
    known = names(environment)
    if not known:
        return environment
    named = environment.get(GROUP, "").strip()
    folder = (HOME / named).resolve() if named else None
    if folder is None or folder.parent != (HOME / environment[GROUPS].strip()).resolve() or folder.name not in known:
        msg = f"{GROUP}: {named or 'is missing'}; name one of {environment[GROUPS]}: {', '.join(known)}"
        raise ConfigError(msg)
    return of_group(folder.name, environment)


def of_group(name: str, environment: Mapping[str, str]) -> dict[str, str]:
    """What the environment of a deployment holds for one group.

    ``NAME__GROUP`` (in capitals, hyphens as underscores) is that group's ``NAME`` and no other group's. Every group has
    a prefix of its own, in buckets of its own too, and a hash key of its own, made from the deployment's.

    Args:
        name: The group's folder.
        environment: Of the whole deployment.

    Raises:
        ConfigError: a name that cannot be one of a DAG, a prefix and a variable alike.
    """
    if not _NAME.fullmatch(name):
        rule = "at most 40 small letters and digits, a letter first, in words joined by single hyphens"
        msg = f"{name}: the folder of a group is named by {rule}"
        raise ConfigError(msg)
    suffix = mark(name)
    own = {variable.removesuffix(suffix): value for variable, value in environment.items() if variable.endswith(suffix)}
    shared = {variable: value for variable, value in environment.items() if variable in SHARED}
    prefix = f"groups/{name}/"
    made = {}
    if key := shared.get(HASH_KEY, "").strip():
        made[HASH_KEY] = hmac.new(key.encode(), f"group {name}".encode(), hashlib.sha256).hexdigest()
    if copy := shared.get(COPY, "").strip():
        made[COPY] = str(Path(copy).with_name(f"{name}-{Path(copy).name}"))
    folder = HOME / environment[GROUPS].strip() / name
    found = {**shared, **made, **own, GROUP: str(folder), PREFIX: prefix}
    for variable in (ANCHORS, OUT):
        if place := found.get(variable, "").strip():
            found[variable] = f"{place.rstrip('/')}/{name}"
    if pages := found.get(PAGES, "").strip():
        found[PAGES] = f"{pages.rstrip('/')}/{prefix.rstrip('/')}"
    return found


def check_sources(deployment: Deployment) -> None:
    """See that one of many groups reads nothing but its own folder, its own databases and buckets that are not ours.

    Raises:
        ConfigError: naming the source of ``sources.yaml`` that lies elsewhere.
    """
    if not deployment.settings.executive_suite_prefix:
        return
    place = deployment.config_folder / "sources.yaml"
    ours = {deployment.settings.reports_bucket, deployment.settings.records_bucket}
    for source in source_config.load(place).sources if place.is_file() else ():
        location = getattr(source, "location", "")
        if location.startswith(_S3):
            foreign = location.removeprefix(_S3).partition("/")[0] in ours
        else:
            foreign = not (place.parent / location).resolve().is_relative_to(place.parent.resolve())
        if foreign:
            msg = f"{place}: source {source.name}: location {location} is not in the group's folder"
            raise ConfigError(msg)


def mark(name: str) -> str:
    """How the variables of a group end.

    >>> mark("acme-west")
    '__ACME_WEST'
    """
    return f"__{name.upper().replace('-', '_')}"
