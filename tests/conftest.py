"""What several test folders share: a loopback AWS endpoint, and buckets that nobody else uses."""

from __future__ import annotations

import itertools
import logging
import os
import shutil
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from hypothesis import HealthCheck, settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from executive_suite.embedded import unprivileged
from executive_suite.run import clock as clock_module
from faults.desk import MORNING, Clock
from loopback import PRETENDED
from ses_stub import SesStub

settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")  # a busy machine is no fault of the product

_numbers = itertools.count(1)

# Scenarios that start a platform of their own, apart from those that share one.
APART = (
    "tests/integration/test_launcher.py",
    "tests/integration/test_many_groups.py",
    "tests/integration/test_refusals.py",
    "tests/integration/test_two_machines.py",
)


class Scheduling(LoadScopeScheduling):
    """The tests of a module share what it set up, so they go to one worker; scenarios that share a platform as well."""

    def _split_scope(self, nodeid: str) -> str:
        module = nodeid.partition("::")[0]
        return "tests/integration" if module.startswith("tests/integration/") and module not in APART else module


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling:
    """Share the modules out in the order of their collection: what takes longest first, not what has most tests."""
    config.option.loadscopereorder = False
    return Scheduling(config, log)


@pytest.fixture(autouse=True, scope="session")
def _no_real_account() -> None:
    """No test may meet an AWS account, an instance's role or a person's profile."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
    os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull


@pytest.fixture(autouse=True, scope="session")
def _nothing_left_outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Clusters that root's tests have put outside of their folders go with them."""
    yield
    for named in unprivileged.HOMES.glob("*/for"):
        if named.read_text(encoding="utf-8").startswith(str(tmp_path_factory.getbasetemp())):
            shutil.rmtree(named.parent)


@pytest.fixture(scope="session")
def moto_server() -> Iterator[str]:
    """The address of a moto server on a free loopback port."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3_client(moto_server: str) -> Any:
    """An S3 client of the loopback endpoint."""
    return boto3.client("s3", endpoint_url=moto_server, config=Config(s3={"addressing_style": "path"}), **PRETENDED)


@pytest.fixture
def bucket(s3_client: Any) -> str:
    """A new, empty bucket."""
    name = f"bucket-{os.getpid()}-{next(_numbers)}"
    s3_client.create_bucket(Bucket=name)
    return name


@pytest.fixture
def ses() -> Iterator[SesStub]:
    """SES on loopback, which answers as a test tells it to."""
    with SesStub() as stub:
        yield stub


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of the product: the morning of May 1, 2026 until a test moves it."""
    made = Clock(MORNING)
    monkeypatch.setattr(clock_module, "now", made)
    return made
