"""What lies between the suite and SES: names, certificates, proxies, connections that break; counted at SES."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from executive_suite.mailing.errors import NotSentError, RefusedError, RetryableError, UncertainError
from faults.desk import Desk, client
from loopback import PRETENDED
from ses_stub import Do, SesStub


def reaching(url: str) -> Any:
    """A client of some address, with the production settings of one call."""
    one = Config(connect_timeout=0.5, read_timeout=0.5, retries={"total_max_attempts": 1})
    return boto3.client("sesv2", endpoint_url=url, config=one, **PRETENDED)


def ends(desk: Desk) -> tuple[str, str]:
    with pytest.raises(NotSentError) as caught:
        desk.send()
    return caught.value.state, caught.value.code


# SES took the mail, and what it said was lost or makes no sense: nobody knows, so nobody sends again.
@pytest.mark.parametrize(
    "step", ["empty-after", "nameless-after", "garbage-after", "reset-after", "close-after", "error-after"]
)
def test_an_answer_that_says_nothing_is_uncertain_and_stays_so(ses: SesStub, step: str) -> None:
    ses.script("*", Do(step))
    desk = Desk(client(ses))
    desk.publish()
    for _ in range(3):
        with pytest.raises(UncertainError):
            desk.send()
        desk.clock.forward(3600)
    assert (len(ses.accepted), len(ses.calls)) == (1, 1)


@pytest.mark.parametrize("status", [301, 302, 304, 418, 503, 504])
def test_an_unusual_status_is_no_acceptance(ses: SesStub, status: int) -> None:
    """A proxy's redirect says nothing about the mail; a 4xx says no; a gateway's 5xx says nothing."""
    ses.script("*", Do("refuse", "Odd", "odd", status))
    desk = Desk(client(ses))
    desk.publish()
    assert ends(desk)[0] == ("refused" if status == 418 else "uncertain")
    assert not ses.accepted


def test_a_name_that_is_not_known_was_not_asked(ses: SesStub) -> None:
    desk = Desk(reaching("http://email.nowhere.invalid"))
    desk.publish()
    with pytest.raises(RetryableError, match="EndpointConnectionError"):
        desk.send()
    desk.ses = client(ses)
    assert not desk.send().already


def test_a_port_that_nobody_listens_on_was_not_asked() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        desk = Desk(reaching(f"http://127.0.0.1:{free.getsockname()[1]}"))
        desk.publish()
        assert ends(desk)[0] == "retryable"


def test_a_peer_that_accepts_and_says_nothing_is_uncertain() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        desk = Desk(reaching(f"http://127.0.0.1:{silent.getsockname()[1]}"))
        desk.publish()
        assert ends(desk) == ("uncertain", "ReadTimeoutError")


@contextmanager
def tls(folder: Path) -> Iterator[str]:
    """A TLS server whose certificate nobody signed but itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    begin = datetime.now(UTC) - timedelta(days=1)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=2))
        .sign(key, hashes.SHA256())
    )
    pem = folder / "server.pem"
    plain = serialization.NoEncryption()
    pem.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(10)

        def serve() -> None:
            try:
                connection, _ = listening.accept()
                context.wrap_socket(connection, server_side=True).close()
            except OSError:  # ssl.SSLError too: the client hangs up, which is the point
                return

        server = threading.Thread(target=serve)
        server.start()
        yield f"https://127.0.0.1:{listening.getsockname()[1]}"
        server.join()


def test_a_certificate_that_nobody_vouches_for_gets_no_mail_and_leaves_no_doubt(tmp_path: Path, ses: SesStub) -> None:
    """The handshake failed, so no byte of the mail left; nobody should have to settle eight doubts for a lost CA."""
    with tls(tmp_path) as url:
        desk = Desk(reaching(url))
        desk.publish()
        with pytest.raises(RefusedError, match="AWS_CA_BUNDLE"):
            desk.send()
    desk.ses = client(ses)
    assert not desk.send().already


def test_a_proxy_that_is_gone_was_not_asked(ses: SesStub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "")
    desk = Desk(reaching("http://email.example.com"))
    desk.publish()
    assert ends(desk)[0] == "retryable"
    assert not ses.calls


def test_credentials_that_are_not_there_send_nothing(ses: SesStub, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    # A session of its own: the usual one may remember what an earlier test had in its environment.
    bare = boto3.session.Session().client("sesv2", endpoint_url=ses.url, region_name="us-east-1")
    desk = Desk(bare)
    desk.publish()
    with pytest.raises(RefusedError, match="NoCredentialsError"):
        desk.send()
    assert not ses.calls
