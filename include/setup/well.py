"""Whether a component is alive, for its health check, in a twentieth of a second: to import Airflow takes five.

``well.py job JOB_TYPE`` reads the last heartbeat of this host's job from Airflow's database; ``well.py worker`` listens
for one of this host's Celery worker, which sends them through Redis. The URLs are where the entry point puts them.
"""

from __future__ import annotations

import os
import socket
import sys
import time
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

SILENT_SECONDS = 60
"""How old a heartbeat may be: components send one every five seconds, busy ones a little later."""
WAIT_SECONDS = 8
"""For an answer, or a worker's heartbeat: it sends one every two seconds."""
HEARTBEATS = "*celeryev/worker.heartbeat"
"""Where Celery publishes them in Redis, whatever the broker's prefix."""


def beats(job_type: str) -> bool:
    """Whether a job of this type on this host has sent a heartbeat of late."""
    import psycopg2

    url = os.environ["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"].replace("+psycopg2", "", 1)
    connection = psycopg2.connect(url, connect_timeout=WAIT_SECONDS)
    with connection.cursor() as cursor:
        cursor.execute(
            "select 1 from job where job_type = %s and hostname in (%s, %s) and state = 'running'"
            " and latest_heartbeat > now() - %s * interval '1 second' limit 1",
            (job_type, socket.gethostname(), socket.getfqdn(), SILENT_SECONDS),
        )
        return cursor.fetchone() is not None


def is_heard() -> bool:
    """Whether the Celery worker of this host sends a heartbeat now."""
    url = urlsplit(os.environ["AIRFLOW__CELERY__BROKER_URL"])
    deadline = time.monotonic() + WAIT_SECONDS
    with _connected(url) as connection, connection.makefile("rb") as lines:
        if url.password:
            connection.sendall(_spoken("AUTH", unquote(url.username or "default"), unquote(url.password)))
        connection.sendall(_spoken("PSUBSCRIBE", HEARTBEATS))
        name = f'"celery@{socket.gethostname()}"'.encode()
        for line in lines:
            if line.startswith(b"-"):
                sys.exit(line.decode())
            if name in line:
                return True
            if time.monotonic() > deadline:
                break
    return False


def _connected(url: SplitResult) -> socket.socket:
    if url.scheme not in {"redis", "rediss"}:
        sys.exit(f"no heartbeats can be heard at {url.scheme}")
    connection = socket.create_connection((url.hostname, url.port or 6379), timeout=WAIT_SECONDS)
    if url.scheme == "redis":
        return connection
    import ssl

    context = ssl.create_default_context()
    if "none" in parse_qs(url.query).get("ssl_cert_reqs", [""])[0].lower():
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context.wrap_socket(connection, server_hostname=url.hostname)


def _spoken(*words: str) -> bytes:
    """A command as Redis takes it."""
    return b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word.encode()), word.encode()) for word in words)


if __name__ == "__main__":
    what, *arguments = sys.argv[1:]
    sys.exit(0 if {"job": beats, "worker": is_heard}[what](*arguments) else 1)
