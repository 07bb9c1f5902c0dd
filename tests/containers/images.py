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
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from containers import bases
from containers.container import Container
from containers.dockerfile import Line, context, stages_of
from containers.given import Given, Image

LIBRARIES = ("python -m pip install ", "python -m compileall -q /home/airflow/.local ")


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
            self.made[key] = self._stage(stage) if stage else bases.ready(self.folder, key)
        return self.made[key]

    def _stage(self, stage: str) -> Image:
        """A stage of the Dockerfile, line by line, on top of the stages that it is made from."""
        stages = dict(stages_of((self.checkout / "Dockerfile").read_text(encoding="utf-8")))
        base, lines = stages[stage]
        if base in stages:
            parent = self.image("", base)
            image = replace(parent, layer=self.folder / f"{stage}-layer")
            subprocess.run(["cp", "--archive", parent.layer, image.layer], check=True)
        else:
            image = bases.airflow(self.folder, stage)
        arguments: dict[str, str] = {"BASE": "apache/airflow:3.3.2-python3.12", "PINNED": "no"}
        for line in lines:
            image = self._carried_out(line, image, arguments)
        return image

    def _carried_out(self, line: Line, image: Image, arguments: Mapping[str, str]) -> Image:
        match line.word:
            case "WORKDIR":
                bases.made(image.layer, line.rest)
                return replace(image, folder=line.rest)
            case "USER":
                return replace(image, user=bases.USERS[line.rest])
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
        user = bases.USERS[owner.partition(":")[0]]
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
