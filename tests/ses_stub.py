"""A loopback SES v2 that does as it is told, and counts what it accepted: the only witness that tests believe.

In a test::

    with SesStub() as ses:
        ses.script("cfo@example.com", Do("throttle"), Do("error-after"))
        ... send ...
        assert len(ses.accepted) == 1

Next to a running Airflow: ``python tests/ses_stub.py --port 0`` prints its address and obeys ``PUT /_stub/script``
(JSON: recipient or ``*`` to a list of steps), ``GET /_stub/accepted``, ``GET /_stub/calls``, ``DELETE /_stub``.
Steps are used up in order; then the next mail is accepted. The step ``accept`` is the plain one.
"""

from __future__ import annotations

import argparse
import base64
import json
import socket
import struct
import threading
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import unquote


@dataclass(frozen=True)
class Do:
    """One step of a script.

    Attributes:
        what: accept, refuse, throttle, quota, pause, error-before, error-after, hang-before, hang-after,
            close-before, close-after, reset-before, reset-after, empty-after (200 without a word), nameless-after (200
            without a message id), garbage-after (200 with a page of a proxy). "after" means that the mail was accepted.
        code: SES's error code for ``refuse``.
        text: Its message.
        status: Its HTTP status.
        seconds: How long to wait before the step; for ``hang`` how long to stay silent at most.
    """

    what: str = "accept"
    code: str = "MessageRejected"
    text: str = "Message rejected by script"
    status: int = 400
    seconds: float = 0.0


ERRORS = {
    "throttle": (429, "TooManyRequestsException", "Maximum sending rate exceeded."),
    "quota": (429, "TooManyRequestsException", "Daily message quota exceeded."),
    "pause": (400, "SendingPausedException", "Account sending is paused."),
    "error-before": (500, "InternalServiceErrorException", "We are sorry."),
    "error-after": (500, "InternalServiceErrorException", "We are sorry."),
}


@dataclass(frozen=True)
class Mail:
    """A mail that was accepted."""

    message_id: str
    sender: str
    to: tuple[str, ...]
    bcc: tuple[str, ...]
    mime: str
    tags: dict[str, str] = field(default_factory=dict)
    configuration_set: str = ""

    @property
    def parsed(self) -> EmailMessage:
        """As a mail client reads it."""
        return message_from_bytes(base64.b64decode(self.mime), policy=policy.SMTP)  # type: ignore[return-value]


class SesStub:
    """The server; a context manager."""

    def __init__(self, port: int = 0) -> None:
        self.accepted: list[Mail] = []
        self.calls: list[str] = []
        self.times: list[float] = []
        self.account: dict[str, Any] = {
            "SendQuota": {"Max24HourSend": 50000.0, "MaxSendRate": 14.0, "SentLast24Hours": 0.0},
            "SendingEnabled": True,
            "ProductionAccessEnabled": True,
            "EnforcementStatus": "HEALTHY",
        }
        self.suppressed: dict[str, str] = {}
        self._scripts: dict[str, list[Do]] = {}
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", port), self._handler())
        self._server.daemon_threads = True

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def script(self, recipient: str, *steps: Do) -> None:
        """What happens to the next mails for a recipient (``*``: for anyone without a script)."""
        with self._lock:
            self._scripts.setdefault(recipient, []).extend(steps)

    def reset(self) -> None:
        """Forget mails, calls and scripts."""
        with self._lock:
            self.accepted.clear()
            self.calls.clear()
            self.times.clear()
            self._scripts.clear()

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._server.shutdown()
        self._server.server_close()

    def serve(self) -> None:
        """Serve until interrupted."""
        self._server.serve_forever()

    def next_step(self, recipient: str) -> Do:
        with self._lock:
            self.calls.append(recipient)
            self.times.append(time.monotonic())
            for name in (recipient, "*"):
                if self._scripts.get(name):
                    return self._scripts[name].pop(0)
        return Do()

    def accept(self, request: dict[str, Any]) -> str:
        destination = request["Destination"]
        with self._lock:
            message_id = f"stub-{len(self.accepted) + 1:06d}"
            self.accepted.append(
                Mail(
                    message_id,
                    request["FromEmailAddress"],
                    tuple(destination["ToAddresses"]),
                    tuple(destination.get("BccAddresses", [])),
                    request["Content"]["Raw"]["Data"],
                    {tag["Name"]: tag["Value"] for tag in request.get("EmailTags", [])},
                    request.get("ConfigurationSetName", ""),
                )
            )
        return message_id

    def wait(self, seconds: float) -> None:
        self._stopping.wait(seconds)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        stub = self

        class Handler(_Handler):
            ses = stub

        return Handler


class _Handler(BaseHTTPRequestHandler):
    ses: SesStub
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self._body()
        if self.path != "/v2/email/outbound-emails":
            self._unknown()
            return
        request = json.loads(body)
        step = self.ses.next_step(request["Destination"]["ToAddresses"][0])
        kind, _, when = step.what.partition("-")
        if kind != "hang":
            self.ses.wait(step.seconds)
        message_id = self.ses.accept(request) if step.what == "accept" or when == "after" else ""
        if kind == "hang":
            self.ses.wait(step.seconds or 60)
        if kind in {"hang", "close", "reset"}:
            if kind == "reset":  # the peer gets RST instead of an orderly end
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            self.connection.close()
        elif kind in {"empty", "nameless", "garbage"}:
            self._bytes(200, {"empty": b"", "nameless": b"{}", "garbage": b"<html>Please log in</html>"}[kind])
        elif step.what == "accept":
            self._answer(200, {"MessageId": message_id})
        else:
            status, code, text = ERRORS.get(step.what, (step.status, step.code, step.text))
            self._answer(status, {"message": text}, code)

    def do_GET(self) -> None:
        if self.path == "/_stub/accepted":
            self._answer(200, [asdict(mail) for mail in self.ses.accepted])
        elif self.path == "/_stub/calls":
            self._answer(200, self.ses.calls)
        elif self.path == "/v2/email/account":
            self._answer(200, self.ses.account)
        elif self.path.startswith("/v2/email/suppression/addresses/"):
            self._suppression(unquote(self.path.rsplit("/", 1)[1]))
        elif self.path.startswith("/v2/email/identities/"):
            self._answer(
                200,
                {
                    "IdentityType": "EMAIL_ADDRESS",
                    "VerifiedForSendingStatus": True,
                    "DkimAttributes": {"SigningEnabled": True, "Status": "SUCCESS"},
                    "MailFromAttributes": {"MailFromDomainStatus": "SUCCESS"},
                },
            )
        else:
            self._unknown()

    def do_PUT(self) -> None:
        body = self._body()
        if self.path != "/_stub/script":
            self._unknown()
            return
        for recipient, steps in json.loads(body).items():
            self.ses.script(recipient, *(Do(**step) for step in steps))
        self._answer(200, {})

    def do_DELETE(self) -> None:
        if self.path != "/_stub":
            self._unknown()
            return
        self.ses.reset()
        self._answer(200, {})

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's name
        """Say nothing: requests hold addresses."""

    def _suppression(self, address: str) -> None:
        if address in self.ses.suppressed:
            entry = {"EmailAddress": address, "Reason": self.ses.suppressed[address], "LastUpdateTime": 1.0}
            self._answer(200, {"SuppressedDestination": entry})
        else:
            self._answer(404, {"message": "not on the suppression list"}, "NotFoundException")

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def _unknown(self) -> None:
        self._answer(404, {"message": f"{self.command} {self.path}"}, "UnknownOperationException")

    def _answer(self, status: int, answer: Any, code: str = "") -> None:
        self._bytes(status, json.dumps(answer).encode(), code)

    def _bytes(self, status: int, body: bytes, code: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if code:
            self.send_header("x-amzn-ErrorType", code)
        self.end_headers()
        self.wfile.write(body)


def main(arguments: Iterable[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    stub = SesStub(parser.parse_args(arguments).port)
    print(stub.url, flush=True)
    stub.serve()


if __name__ == "__main__":
    main()
