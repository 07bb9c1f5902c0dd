"""``docker compose up`` without Docker: the services of a checkout as containers on a network of their own."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from containers.bases import USERS
from containers.compose import Service, read
from containers.container import Container
from containers.given import Given, Ran
from containers.images import Workshop
from containers.network import Network


@dataclass
class Running:
    """A service's container and what its health check has said so far."""

    service: Service
    container: Container
    checks: list[Ran] = field(default_factory=list)
    healthy: threading.Event = field(default_factory=threading.Event)
    stopped: threading.Event = field(default_factory=threading.Event)

    def watch(self) -> None:
        """Check its health at its interval, as Docker does."""
        health = self.service.health
        assert health is not None
        while not self.stopped.wait(health.interval) and self.container.ended() is None:
            self.checks.append(self.container.run(health.command, seconds=health.timeout))
            if self.checks[-1].code == 0:
                self.healthy.set()


class Project:
    """The services of a checkout, as its docker-compose.yaml starts them."""

    def __init__(self, folder: Path, checkout: Path, *profiles: str) -> None:
        """Read what there is to start; everything that is made is below ``folder``."""
        self.folder, self.checkout = folder, checkout
        self.services = read(checkout, {}, *profiles)
        self.running: dict[str, Running] = {}
        self._workshop = Workshop(folder / "images", checkout)
        self._volumes: dict[str, Path] = {}
        self._network = Network(folder, self.services)

    def up(self, *, seconds: float = 1500) -> None:
        """Start every service as soon as what it waits for is there; returns once all are healthy."""
        deadline = time.monotonic() + seconds
        while set(self.services) - set(self.running) or any(not one for one in self._done().values()):
            for name, service in self.services.items():
                if name not in self.running and all(self._there(*wait) for wait in service.after.items()):
                    self.start(service)
            for name, one in self.running.items():
                code = one.container.ended()
                # Without a check of its health it is there to end.
                ended_well = code == 0 and one.service.health is None
                assert code is None or ended_well, f"{name} ended with {code}:\n{self.log(name)}"
            assert time.monotonic() < deadline, f"not healthy: {self.unwell()}"
            time.sleep(0.2)

    def start(self, service: Service) -> Running:
        """Start a container of a service."""
        image = self._workshop.image(service.image, service.build)
        named = {**service.volumes, **{f"{service.name}{at}": at for at in image.own}}
        given = Given(
            name=service.name,
            command=[*image.entry, *(service.command or image.command)],
            environment=service.environment,
            user=_user(service.user) if service.user else image.user,
            folder=image.folder,
            capabilities=sorted(service.capabilities),
            secrets=service.secrets,
            tmpfs=service.tmpfs,
            volumes={at: self._volume(name, at, image.layer) for name, at in named.items()},
            read_only=service.read_only,
        )
        container = Container(image, given, self.folder / "scratch" / service.name, self.folder / f"{service.name}.log")
        one = self.running[service.name] = Running(service, container)
        container.go({"/etc/hosts": self._network.connect(service.name, container)})
        if service.health:
            threading.Thread(target=one.watch, daemon=True).start()
        return one

    def run(self, name: str, *command: str, seconds: float = 600) -> Ran:
        """``docker compose exec``."""
        return self.running[name].container.run(command, seconds=seconds)

    def log(self, name: str) -> str:
        """The end of what a service has written."""
        return (self.folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")[-4000:]

    def unwell(self) -> Mapping[str, str]:
        """The last word of every service that is not healthy."""
        done = self._done()
        return {
            name: "waits" if name not in self.running else f"{self.running[name].checks[-1:]}\n{self.log(name)}"
            for name in self.services
            if not done.get(name)
        }

    def down(self) -> None:
        """End every container, and the network with them."""
        for one in self.running.values():
            one.stopped.set()
            one.container.stop()
        self._network.down()

    def _done(self) -> dict[str, bool]:
        return {
            name: one.healthy.is_set() if one.service.health else one.container.ended() == 0
            for name, one in self.running.items()
        }

    def _there(self, name: str, condition: str) -> bool:
        one = self.running.get(name)
        if one is None:
            return False
        return {
            "service_started": True,
            "service_healthy": one.healthy.is_set(),
            "service_completed_successfully": one.container.ended() == 0,
        }[condition]

    def _volume(self, name: str, at: str, layer: Path) -> Path:
        """A named volume; a new one gets owner and mode of the folder that it covers in the image, else root's."""
        if name not in self._volumes:
            volume, covered = self.folder / "volumes" / name, layer / at.strip("/")
            volume.mkdir(parents=True, mode=0o755)
            if covered.is_dir():
                assert not any(covered.iterdir()), "what it holds would have to be copied"
                found = covered.stat()
                os.chown(volume, found.st_uid, found.st_gid)
                volume.chmod(found.st_mode & 0o7777)
            self._volumes[name] = volume
        return self._volumes[name]


@contextmanager
def project(folder: Path, checkout: Path, *profiles: str) -> Iterator[Project]:
    """A project whose containers end with the block, however it ends."""
    made = Project(folder, checkout, *profiles)
    try:
        yield made
    finally:
        made.down()


def _user(given: str) -> tuple[int, int]:
    user, _, group = given.partition(":")
    return USERS[user] if not user.isdigit() else (int(user), int(group or 0))
