"""AWS Lambda around a function, on loopback: its Runtime API, its Invoke API, and the process of a runtime client.

Both protocols as AWS documents them (Lambda developer guide, "Using the Lambda runtime API"; API reference, "Invoke"):
the runtime client asks for the next event and answers it, and whoever invokes waits for that answer.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from loopback import serving

ARN = "arn:aws:lambda:us-east-1:123456789012:function:executive-suite"
TIMEOUT_SECONDS = 900


class Function:
    """A function that waits for events.

    Attributes:
        url: Of both APIs.
        log: What it wrote, a file.
    """

    def __init__(self, url: str, log: Path, events: queue.Queue[Any], process: subprocess.Popen[bytes]) -> None:
        self.url = url
        self.log = log
        self.process = process
        self._events = events

    def invoke(self, event: Any, *, request_id: str = "") -> Any:
        """Its answer to one event; the text of its error as ``errorMessage``."""
        return json.loads(answered(self.hand_over(event, request_id), self.process))

    def hand_over(self, event: Any, request_id: str = "") -> queue.Queue[bytes]:
        """Give it an event; returns where its answer will be."""
        answers: queue.Queue[bytes] = queue.Queue()
        self._events.put((request_id or str(uuid.uuid4()), json.dumps(event).encode(), answers))
        return answers


def answered(answers: queue.Queue[bytes], process: subprocess.Popen[bytes]) -> bytes:
    """The answer, unless the function ends without one or takes too long."""
    for _ in range(1800):
        try:
            return answers.get(timeout=0.5)
        except queue.Empty:
            assert process.poll() is None, f"the function ended with {process.returncode}"
    raise TimeoutError


@contextmanager
def function(
    handler: str, environment: Mapping[str, str], log: Path, *, before: Sequence[str] = ()
) -> Iterator[Function]:
    """A function in a process of its own with these variables and those that Lambda sets, and no others."""
    events: queue.Queue[Any] = queue.Queue()
    asked: dict[str, queue.Queue[bytes]] = {}

    class Apis(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:  # the runtime asks for the next event
            request_id, body, answers = events.get()
            asked[request_id] = answers
            self._say(
                200,
                body,
                {
                    "Lambda-Runtime-Aws-Request-Id": request_id,
                    "Lambda-Runtime-Deadline-Ms": str(int((time.time() + TIMEOUT_SECONDS) * 1000)),
                    "Lambda-Runtime-Invoked-Function-Arn": ARN,
                    "Lambda-Runtime-Trace-Id": "Root=1-00000000-000000000000000000000000;Sampled=0",
                    "Content-Type": "application/json",
                },
            )

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if self.path.startswith("/2015-03-31/functions/"):  # somebody invokes
                answers: queue.Queue[bytes] = queue.Queue()
                events.put((str(uuid.uuid4()), body, answers))
                answer = answers.get(timeout=120)
                failed = {"X-Amz-Function-Error": "Unhandled"} if b"errorMessage" in answer else {}
                self._say(200, answer, failed)
            else:  # the runtime answers: .../invocation/<id>/response or /error, or .../init/error
                asked.pop(self.path.split("/")[-2], queue.Queue()).put(body)
                self._say(202, b"{}")

        def _say(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

    with serving(Apis) as url, log.open("wb") as written:
        process = subprocess.Popen(
            [*before, sys.executable, "-m", "awslambdaric", handler],
            env={
                "PATH": os.environ["PATH"],
                "AWS_LAMBDA_RUNTIME_API": url.removeprefix("http://"),
                "AWS_LAMBDA_FUNCTION_NAME": "executive-suite",
                "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
                "AWS_LAMBDA_LOG_FORMAT": "JSON",
                "AWS_LAMBDA_LOG_LEVEL": "INFO",
                "AWS_REGION": "us-east-1",
                "AWS_DEFAULT_REGION": "us-east-1",
                "LAMBDA_TASK_ROOT": "/var/task",
                "_HANDLER": handler,
                **environment,
            },
            stdout=written,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # what the function starts ends with it, as its machine would
        )
        try:
            yield Function(url, log, events, process)
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def echo(event: Any, context: Any) -> Any:
    """A function that answers with its event, or fails because the event says so."""
    print("asked:", event)
    if "fail" in event:
        raise RuntimeError(event["fail"])
    return event
