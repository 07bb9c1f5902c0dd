"""A worker is well while its heartbeats are heard at the broker, with and without TLS."""

from __future__ import annotations

import datetime as dt
import os
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

WELL = Path(__file__).parents[2] / "include" / "setup" / "well.py"
# As Celery 5.6.3 published one, but for its length; the name of the worker is in the envelope's headers.
HEARTBEAT = (
    b"*4\r\n$8\r\npmessage\r\n$26\r\n*celeryev/worker.heartbeat\r\n$28\r\n/0.celeryev/worker.heartbeat\r\n$%d\r\n%s\r\n"
)
ENVELOPE = (
    b'{"body": "eyJob3N0bmFtZSI6ICIifQ==", "content-type": "application/json", "headers": {"hostname": "celery@%s"}}'
)


@contextmanager
def broker(answer: bytes, context: ssl.SSLContext | None = None) -> Iterator[tuple[int, list[bytes]]]:
    """A Redis of one conversation: its port, and what it was told before it answered."""
    told: list[bytes] = []

    def converse() -> None:
        try:
            connection, _ = server.accept()
            with context.wrap_socket(connection, server_side=True) if context else connection as plain:
                while b"PSUBSCRIBE" not in b"".join(told):
                    told.append(plain.recv(4096))
                plain.sendall(answer)
        except OSError:
            pass  # whoever asked went away

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=converse, daemon=True)
        thread.start()
        yield server.getsockname()[1], told


def heard(url: str, **variables: str) -> subprocess.CompletedProcess[str]:
    given = {**os.environ, "AIRFLOW__CELERY__BROKER_URL": url, **variables}
    return subprocess.run(
        [sys.executable, WELL, "worker"], env=given, capture_output=True, text=True, check=False, timeout=60
    )


def heartbeat(host: str) -> bytes:
    envelope = ENVELOPE % host.encode()
    return HEARTBEAT % (len(envelope), envelope)


def test_its_own_heartbeat_counts_and_the_password_is_decoded() -> None:
    with broker(b"+OK\r\n" + heartbeat(socket.gethostname())) as (port, told):
        done = heard(f"redis://:a%40b@127.0.0.1:{port}/0")
    assert done.returncode == 0, done.stderr
    assert b"$4\r\nAUTH\r\n$7\r\ndefault\r\n$3\r\na@b\r\n" in b"".join(told)


def test_that_of_another_machine_does_not() -> None:
    with broker(heartbeat("another")) as (port, _):
        assert heard(f"redis://127.0.0.1:{port}/0").returncode == 1


def test_a_refused_password_is_said() -> None:
    with broker(b"-WRONGPASS invalid username-password pair\r\n") as (port, _):
        done = heard(f"redis://:old@127.0.0.1:{port}/0")
    assert (done.returncode, "WRONGPASS" in done.stderr) == (1, True)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of 127.0.0.1 that vouches for itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a broker")])
    today = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - dt.timedelta(days=1))
        .not_valid_after(today + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (tmp_path / "both.pem").write_bytes(private + made.public_bytes(pem))
    return tmp_path / "both.pem"


@pytest.mark.parametrize(
    ("wanted", "authority", "well"), [("required", True, True), ("required", False, False), ("none", False, True)]
)
def test_a_broker_with_tls_is_checked_as_its_url_says(
    certificate: Path, wanted: str, *, authority: bool, well: bool
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    trusted = {"SSL_CERT_FILE": str(certificate)} if authority else {}
    with broker(heartbeat(socket.gethostname()), context) as (port, _):
        done = heard(f"rediss://127.0.0.1:{port}/0?ssl_cert_reqs={wanted}", **trusted)
    assert (done.returncode == 0) == well, done.stderr
