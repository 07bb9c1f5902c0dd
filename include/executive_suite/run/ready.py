"""A process without secrets that has imported what steps need, and forks one process per step (``apart``).

A step that is executed imports the same libraries, compiles the same templates and reads the same service descriptions
as the thirty-eight others of its run, which costs more than most steps themselves. A fork of this process inherits all
that, and nothing else: the variables of its step reach only the fork. Nothing here may start a thread: a fork does not
copy threads. The socket is there before anything is imported: a task that comes early waits.

    python -m executive_suite.run.ready SOCKET
"""

from __future__ import annotations

import gc
import importlib
import importlib.util
import logging
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

WAITING = 64
"""Tasks that may wait to be answered."""
SERVICES = ("logs", "s3", "sesv2")
LISTINGS = frozenset({"list_objects_v2"})
"""What steps ask for page by page: botocore has a description of its own for that."""
LATER = (
    "anyascii._data",
    "email.generator",
    "encodings.idna",
    "executive_suite.stores.prefixed",
    "executive_suite.stores.s3",
    "pyarrow.dataset",
    "pyarrow.pandas_compat",
)
"""What libraries and steps import when they first need it."""


def prepare() -> None:
    """Import, compile and look up what steps begin with."""
    from executive_suite import config, metrics, reports, wording
    from executive_suite.folders import SHIPPED
    from executive_suite.period import time_zones
    from executive_suite.run import bodies
    from executive_suite.stores import aws

    for step in sorted(set(bodies.STEPS.values())):
        name = f"executive_suite.run.{step}"
        if importlib.util.find_spec(name):  # a step may be one body of another's module
            importlib.import_module(name)
    for name in LATER:
        importlib.import_module(name)
    for field in metrics.FIELDS:
        metrics.load(field)
    session: Any = aws.session("us-east-1")  # the stubs want one name each
    for service in SERVICES:
        # Dummy credentials: these clients are discarded; the descriptions that they were made of are not.
        client = session.client(service, aws_access_key_id="nobody", aws_secret_access_key="nobody")  # noqa: S106
        for listing in client.meta.method_to_api_mapping.keys() & LISTINGS:
            client.can_paginate(listing)
    wording.messages()
    time_zones()
    for report in config.load(SHIPPED).reports:
        try:
            reports.prepare(report)
        except Exception:  # a view of one's own may need figures; whoever makes its report looks up by themselves
            logging.getLogger(__name__).exception("%s is not prepared", report.report)


def serve(listener: socket.socket) -> None:
    """Fork one process for every task that connects; the fork alone reads what the task says."""
    from executive_suite.run import apart

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them: the system takes ended ones away
    while True:
        channel, _ = listener.accept()
        with channel:
            if os.fork():
                continue
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            listener.close()
            try:
                apart.answer(channel)
            finally:
                os._exit(0)


def _main(place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    place.parent.chmod(0o700)  # whoever can connect can run a step
    place.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(place))
        listener.listen(WAITING)  # tasks that come early wait
        prepare()
        gc.collect()
        gc.freeze()  # a collection in a fork would look through all that it inherits, and copy it
        serve(listener)


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
