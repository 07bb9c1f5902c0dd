"""The embedded AWS endpoint: moto's server with a journal, so that its buckets and mails survive a restart.

moto keeps everything in memory. Each request that changes something is written to a journal before its answer is sent,
and replayed at the next start. moto's own recorder does nearly that, but its replay gives mails other message ids, and
the outbox would then name mails unknown to the endpoint. Here requests are numbered, and the number seeds moto's random
generator: the same request gets the same ids on every start.
"""

from __future__ import annotations

import argparse
import base64
import http.client
import io
import json
import logging
import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from moto.moto_api._internal import mock_random
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import BaseWSGIServer, make_server

from executive_suite import settings
from executive_suite.embedded import provision

READY_PATH = "/executive-suite/ready"
ACCEPTED_PATH = "/moto-api/data.json"
"""moto's own list of what it accepted; its other routes change it."""
KEY = "AWS_ACCESS_KEY_ID"
"""The variable with the key of this start; whoever has it may do everything."""
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
_READS = re.compile(r"\.(Describe|Get|List|Filter)")
_HOP_BY_HOP = {"host", "connection", "content-length", "transfer-encoding", "expect", "accept-encoding"}

Environ = dict[str, Any]
StartResponse = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """A request that changed something."""

    number: int
    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    def to_json(self) -> str:
        """One line of the journal."""
        body = base64.b64encode(self.body).decode("ascii")
        return json.dumps([self.number, self.method, self.target, self.headers, body])

    @classmethod
    def from_json(cls, line: str) -> Entry:
        """The entry of a journal's line."""
        number, method, target, headers, body = json.loads(line)
        return cls(number, method, target, headers, base64.b64decode(body))


class Journal:
    """The file of entries; a last line cut short by a crash was never answered and is dropped."""

    def __init__(self, path: Path) -> None:
        """Open the journal at ``path``; it and its folder are created if missing."""
        path.parent.mkdir(parents=True, exist_ok=True)
        whole = path.read_bytes() if path.exists() else b""
        kept = whole[: whole.rfind(b"\n") + 1]
        self.entries = [Entry.from_json(line) for line in kept.decode().splitlines()]
        if kept != whole:
            path.write_bytes(kept)
        self._stream = path.open("ab")
        path.chmod(0o600)

    def append(self, entry: Entry) -> None:
        """Write an entry through to the operating system."""
        self._stream.write(entry.to_json().encode() + b"\n")
        self._stream.flush()


class Journaled:
    """moto's application, with every change numbered, seeded and journaled.

    moto itself answers any web page that a browser on this machine shows (it echoes every origin), and has routes that
    wipe it. Here only the programs are answered that know the access key of this start.
    """

    def __init__(self, journal: Journal, key: str) -> None:
        """Wrap moto's application; nothing is journaled, and no key asked for, until ``live``."""
        self._application = DomainDispatcherApplication(create_backend_app)
        self._journal = journal
        self._key = key
        self._lock = threading.Lock()
        self._number = 0
        self.live = False

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        if environ["PATH_INFO"] == READY_PATH:
            start_response("200 OK" if self.live else "503 Service Unavailable", [("Content-Length", "0")])
            return [b""]
        if self.live and (refusal := _refusal(environ, self._key)):
            start_response(f"{refusal.value} {refusal.phrase}", [("Content-Length", "0")])
            return [b""]
        if environ["REQUEST_METHOD"] in {"GET", "HEAD"} or _READS.search(environ.get("HTTP_X_AMZ_TARGET", "")):
            return self._application(environ, _without_cors(start_response))  # type: ignore[no-any-return]
        return self._change(environ, start_response)

    def _change(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        body = _read(environ)
        answer: list[Any] = []

        def remember(status: str, headers: list[tuple[str, str]], *rest: Any) -> Callable[[bytes], None]:
            answer[:] = [status, headers, *rest]
            return lambda _: None

        # One change at a time, so that the journal has moto's order.
        with self._lock:
            number = self._number + 1
            mock_random.seed(number)
            content = b"".join(self._application(environ, remember))
            if answer[0].startswith("2"):
                self._number = number
                if self.live:
                    self._journal.append(_entry(number, environ, body))
        _without_cors(start_response)(*answer)
        return [content]


def _refusal(environ: Environ, key: str) -> HTTPStatus | None:
    """Why a request is not answered: a web page asked, under whatever name, or a program without the key."""
    host = environ.get("HTTP_HOST", "").rpartition(":")[0] or environ.get("HTTP_HOST", "")
    named = host in _LOOPBACK or "." not in host.strip("[]")  # a service of a private network has no domain
    if "HTTP_ORIGIN" in environ or environ["REQUEST_METHOD"] == "OPTIONS" or not named:
        return HTTPStatus.FORBIDDEN
    # SDKs state the key in a header, or in the address of a presigned request.
    stated = f"{environ.get('HTTP_AUTHORIZATION', '')} {unquote(environ.get('QUERY_STRING', ''))}"
    if f"Credential={key}/" not in stated:
        return HTTPStatus.FORBIDDEN
    path = environ["PATH_INFO"]
    return HTTPStatus.NOT_FOUND if path.startswith("/moto-api") and path != ACCEPTED_PATH else None


def _without_cors(start_response: StartResponse) -> StartResponse:
    """A response without the headers that let web pages read it."""

    def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
        kept = [(name, value) for name, value in headers if not name.lower().startswith("access-control-")]
        return start_response(status, kept, *rest)

    return start


def _read(environ: Environ) -> bytes:
    """The body of a request, which moto can read again."""
    length = environ.get("CONTENT_LENGTH")
    source = environ["wsgi.input"]
    body: bytes = source.read(int(length)) if length else source.read() if environ.get("wsgi.input_terminated") else b""
    environ["wsgi.input"] = io.BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    return body


def _entry(number: int, environ: Environ, body: bytes) -> Entry:
    headers = {
        name.removeprefix("HTTP_").replace("_", "-").lower(): value
        for name, value in environ.items()
        if isinstance(value, str) and (name.startswith("HTTP_") or name == "CONTENT_TYPE")
    }
    kept = {name: value for name, value in headers.items() if name not in _HOP_BY_HOP}
    return Entry(number, environ["REQUEST_METHOD"], environ["RAW_URI"], kept, body)


def replay(entries: Iterable[Entry], port: int) -> None:
    """Send entries to the endpoint again, in order.

    Raises:
        RuntimeError: an entry that succeeded before is refused now.
    """
    connection = http.client.HTTPConnection("127.0.0.1", port)
    for entry in entries:
        connection.request(entry.method, entry.target, entry.body, entry.headers)
        response = connection.getresponse()
        response.read()
        if not HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES:
            msg = f"journal entry {entry.number} ({entry.method} {entry.target}) was refused: {response.status}"
            raise RuntimeError(msg)
    connection.close()


def serve(port: int, journal: Journal, key: str, *, host: str = "127.0.0.1") -> tuple[BaseWSGIServer, threading.Thread]:
    """The endpoint after replaying the journal; it answers in a thread of its own.

    Port 0 chooses a free one (``server.server_port``); the host is loopback unless it runs in a container of its own.
    """
    application = Journaled(journal, key)
    server = make_server(host, port, application, threaded=True, request_handler=MotoRequestHandler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    replay(journal.entries, server.server_port)
    application.live = True
    return server, thread


def main(arguments: list[str] | None = None) -> int:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--journal", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--provision", action="store_true", help="create what this environment's settings name")
    options = parser.parse_args(arguments)
    # Request lines would fill the log with object keys.
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    key = os.environ.get(KEY, "").strip()
    if not key:
        parser.error(f"{KEY}: is missing or blank; without a key, any program and web page could use the endpoint")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    server, _ = serve(options.port, Journal(options.journal), key, host=options.host)
    if options.provision:
        provision.provision(f"http://127.0.0.1:{server.server_port}", key, settings.from_environment(os.environ))
    stop.wait()
    server.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
