"""The embedded AWS endpoint: moto's server with a journal, so that its buckets and mails survive a restart.

moto keeps everything in memory. Each request that changes something is written to a journal (``journal``) before its
answer is sent. moto's own recorder does nearly that, but its replay gives mails other message ids, and the outbox would
then name mails unknown to the endpoint. Here requests are numbered, and the number seeds moto's random generator: the
same request gets the same ids on every start. A start takes the state that was kept last (``remembered``) and replays
what came later.
"""

from __future__ import annotations

import argparse
import io
import logging
import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterable
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from moto.core.request import (
    PRESERVED_HEADER_NAMES_ENVIRON_KEY,
    environ_key_for_header,
    should_preserve_original_header_name,
)
from moto.moto_api._internal import mock_random
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import BaseWSGIServer, make_server

from executive_suite import settings
from executive_suite.embedded import provision, remembered, shelf
from executive_suite.embedded.journal import Entry, Journal

READY_PATH = "/executive-suite/ready"
ACCEPTED_PATH = "/moto-api/data.json"
"""moto's own list of what it accepted; its other routes change it."""
KEY = "AWS_ACCESS_KEY_ID"
"""The variable with the key of this start; whoever has it may do everything."""
KEEP_EVERY = 500
"""Changes after which the state is kept again, so that no start replays much more, even after a crash."""
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
_READS = re.compile(r"\.(Describe|Get|List|Filter)")
_HOP_BY_HOP = {"host", "connection", "content-length", "transfer-encoding", "expect", "accept-encoding"}

Environ = dict[str, Any]
StartResponse = Callable[..., Any]


class Journaled:
    """moto's application, with every change numbered, seeded and journaled.

    moto itself answers any web page that a browser on this machine shows (it echoes every origin), and has routes that
    wipe it. Here only the programs are answered that know the access key of this start.
    """

    def __init__(self, key: str) -> None:
        """Wrap moto's application; nothing is journaled, and no key asked for, until it is ``live``."""
        self._application = _Dispatcher(create_backend_app)
        self._key = key
        self._lock = threading.Lock()
        self._number = self._kept = 0
        self._journal: Journal | None = None
        self.doing = "starting"
        """What it does until it is live, in words for who waits."""

    @property
    def live(self) -> bool:
        """Whether it answers: it has all that it had."""
        return self._journal is not None

    def start_at(self, mark: remembered.Mark) -> None:
        """Go on after the change up to which moto has its state."""
        self._number = self._kept = mark.number

    def go_live(self, journal: Journal) -> None:
        """Answer everybody who has the key, and journal what they change."""
        self._journal = journal
        with self._lock:
            self._keep_if_far(journal)

    def repeat(self, entry: Entry, body: bytes) -> str:
        """Do an entry of the journal again; returns the status."""
        statuses: list[str] = []
        self._change(_environ(entry, body), lambda status, *_: statuses.append(status))
        return statuses[0]

    def keep(self) -> None:
        """Keep the state, if anything has changed since it was kept."""
        with self._lock:
            if self._journal and self._number > self._kept and remembered.save(self._journal, self._number):
                self._kept = self._number

    def _keep_if_far(self, journal: Journal) -> None:
        # In proportion to all that is there, so that keeping costs each change the same whatever there is.
        if self._number - self._kept >= max(KEEP_EVERY, self._kept // 4):
            remembered.save(journal, self._number)
            self._kept = self._number

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        if environ["PATH_INFO"] == READY_PATH:
            said = b"" if self.live else self.doing.encode()
            start_response(
                "200 OK" if self.live else "503 Service Unavailable",
                [("Content-Type", "text/plain"), ("Content-Length", str(len(said)))],
            )
            return [said]
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
                if self._journal:
                    self._journal.append(_entry(number, environ, body))
                    self._keep_if_far(self._journal)
        _without_cors(start_response)(*answer)
        return [content]


class _Dispatcher(DomainDispatcherApplication):
    """Finds the service of a host once; moto looks through its own folder for every request, a quarter of its time."""

    @lru_cache(maxsize=64)  # noqa: B019 - there is one, for as long as the process lives
    def get_backend_for_host(self, host: str | None) -> Any:
        """The service that answers for a host."""
        return super().get_backend_for_host(host)


class _Handler(MotoRequestHandler):
    """Keeps connections open: a new one per request costs both sides a sixth of their time."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each answer in two parts waits 40 ms for its receipt


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
    spelled = environ.get(PRESERVED_HEADER_NAMES_ENVIRON_KEY, {})  # names in which an underscore is none
    headers = {
        spelled.get(name, name.removeprefix("HTTP_").replace("_", "-")).lower(): value
        for name, value in environ.items()
        if isinstance(value, str) and (name.startswith("HTTP_") or name == "CONTENT_TYPE")
    }
    kept = {name: value for name, value in headers.items() if name not in _HOP_BY_HOP}
    return Entry(number, environ["REQUEST_METHOD"], environ["RAW_URI"], kept, body)


def _environ(entry: Entry, body: bytes) -> Environ:
    """The request of an entry, as the server would hand it on."""
    path, _, query = entry.target.partition("?")
    headers = {environ_key_for_header(name): value for name, value in entry.headers.items()}
    spelled = [name for name in entry.headers if should_preserve_original_header_name(name)]
    return {
        **headers,
        PRESERVED_HEADER_NAMES_ENVIRON_KEY: {environ_key_for_header(name): name for name in spelled},
        "REQUEST_METHOD": entry.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(path).encode().decode("latin-1"),  # as WSGI has it
        "QUERY_STRING": query,
        "RAW_URI": entry.target,
        "REQUEST_URI": entry.target,
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_HOST": "127.0.0.1",
        "REMOTE_ADDR": "127.0.0.1",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


def replay(application: Journaled, journal: Journal, start: remembered.Mark, said: Callable[[str], None]) -> None:
    """Have the endpoint do the entries after a place again, in order.

    Raises:
        RuntimeError: an entry that succeeded before is refused now.
    """
    whole = journal.size
    for at, entry in journal.entries(start.size):
        said(f"replaying its journal, {at * 100 // whole}%")
        status = application.repeat(entry, journal.body(entry))
        if not status.startswith("2"):
            msg = f"journal entry {entry.number} ({entry.method} {entry.target}) was refused: {status}"
            raise RuntimeError(msg)


def serve(
    port: int, place: Path, key: str, *, host: str = "127.0.0.1"
) -> tuple[BaseWSGIServer, threading.Thread, Journaled]:
    """The endpoint with all that its journal at ``place`` holds; it answers in a thread of its own.

    Port 0 chooses a free one (``server.server_port``); the host is loopback unless it runs in a container of its own.
    """
    application = Journaled(key)
    server = make_server(host, port, application, threaded=True, request_handler=_Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()

    def said(doing: str) -> None:
        application.doing = doing

    journal = Journal(place, said)
    shelf.furnish(journal.shelf)
    mark = remembered.restore(journal)
    application.start_at(mark)
    replay(application, journal, mark, said)
    application.go_live(journal)
    return server, thread, application


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
    server, _, application = serve(options.port, options.journal, key, host=options.host)
    if options.provision:
        provision.provision(f"http://127.0.0.1:{server.server_port}", key, settings.from_environment(os.environ))
    stop.wait()
    server.shutdown()
    application.keep()
    return 0


if __name__ == "__main__":
    sys.exit(main())
