"""Signatures and time stamps of the trail, checked by OpenSSL as a stranger would, and by the product."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from executive_suite.stores.memory import MemoryStore
from executive_suite.stores.store import StoredObject
from executive_suite.trail import anchors, export, sealing, verification
from executive_suite.trail.chain import Chain, Event, TrailError, day_chain, key
from executive_suite.trail.sealing import MANIFESTS, Anchor
from executive_suite.trail.signing import KmsKey, LocalKey, seal_key, sign_missing
from executive_suite.trail.timestamps import stamper
from loopback import serving

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
OPENSSL = shutil.which("openssl") or ""
needs_openssl = pytest.mark.skipif(not OPENSSL, reason="OpenSSL's command line is the witness")


def unstamped(_: bytes) -> None:
    """No time stamp."""


def openssl(*command: str | Path, folder: Path, wanted: int = 0) -> str:
    ran = subprocess.run([OPENSSL, *command], cwd=folder, capture_output=True, text=True, check=False)
    assert ran.returncode == wanted, ran.stderr
    return ran.stdout + ran.stderr


def sealed(store: MemoryStore, times: int = 1) -> Anchor:
    """A trail with an event and a manifest, as many times."""
    for number in range(times):
        Chain(store, day_chain(NOW.date()), clock=lambda: NOW).append(Event(kind="test", reason=str(number)))
        last = sealing.seal(store, clock=lambda: NOW)
    return last


@pytest.fixture
def store() -> MemoryStore:
    found = MemoryStore()
    sealed(found, 2)
    return found


@pytest.fixture
def signer(tmp_path: Path) -> LocalKey:
    return LocalKey.made(tmp_path / "keys" / "seal.pem")


@needs_openssl
def test_openssl_checks_a_signature_and_finds_a_change(store: MemoryStore, signer: LocalKey, tmp_path: Path) -> None:
    anchor, signed = sign_missing(store, signer, unstamped)
    assert (anchor.number if anchor else 0, signed) == (2, 2)
    assert (tmp_path / "keys" / "seal.pem").stat().st_mode & 0o077 == 0
    export.write(store, tmp_path / "audit.jsonl", ())
    (tmp_path / "audit.jsonl.seals").rename(tmp_path / "seals")
    (tmp_path / "seals" / "public.pem").write_bytes(signer.public_key())
    check = ("dgst", "-sha256", "-verify", "public.pem", "-signature", "000002.sig", "000002.json")
    assert "Verified OK" in openssl(*check, folder=tmp_path / "seals")
    changed = (tmp_path / "seals" / "000002.json").read_bytes().replace(b"2026-05-01", b"2026-05-02", 1)
    (tmp_path / "seals" / "000002.json").write_bytes(changed)
    assert "Verification failure" in openssl(*check, folder=tmp_path / "seals", wanted=1)


@needs_openssl
def test_a_key_of_openssl_signs(store: MemoryStore, tmp_path: Path) -> None:
    openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "own.pem", folder=tmp_path)
    assert sign_missing(store, LocalKey(tmp_path / "own.pem"), unstamped)[1] == 2
    openssl("genrsa", "-out", "rsa.pem", folder=tmp_path)
    with pytest.raises(TrailError, match="P-256"):
        LocalKey(tmp_path / "rsa.pem").sign(b"")


class Kms:
    """AWS KMS as its reference says of ``Sign``: a digest of 32 bytes (messages end at 4,096), and a signature in DER.

    Moto takes a digest for a message and hashes it once more.
    """

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())

    def sign(self, **asked: Any) -> dict[str, bytes]:
        assert asked.keys() == {"KeyId", "Message", "MessageType", "SigningAlgorithm"}
        assert (asked["MessageType"], asked["SigningAlgorithm"], len(asked["Message"])) == (
            "DIGEST",
            "ECDSA_SHA_256",
            32,
        )
        return {"Signature": self.key.sign(asked["Message"], ec.ECDSA(Prehashed(hashes.SHA256())))}

    def get_public_key(self, **_: Any) -> dict[str, bytes]:
        form = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        return {"PublicKey": self.key.public_key().public_bytes(*form)}


def test_a_key_that_stays_in_kms_signs(store: MemoryStore) -> None:
    signer = KmsKey(Kms(), "alias/seal")  # type: ignore[arg-type]
    sign_missing(store, signer, unstamped)
    assert list(verification.against_key(store, signer.public_key(), strict=True)) == []


def test_a_second_signing_signs_what_is_new(store: MemoryStore, signer: LocalKey) -> None:
    sign_missing(store, signer, unstamped)
    assert sign_missing(store, signer, unstamped)[1] == 0
    sealed(store)
    assert sign_missing(store, signer, unstamped)[1] == 1


def test_nothing_is_signed_that_contradicts_what_was_signed(store: MemoryStore, signer: LocalKey) -> None:
    sign_missing(store, signer, unstamped)
    rewritten = MemoryStore()
    sealed(rewritten, 3)
    for number in (1, 2):
        rewritten.put(store.get(seal_key(number, "sig")))
    later = rewritten.get(key(MANIFESTS, 1))
    rewritten.put(StoredObject(later.key, later.body.replace(b"12:00", b"13:00")))
    with pytest.raises(TrailError, match="manifest 1 is not the one that was signed"):
        sign_missing(rewritten, signer, unstamped)
    with pytest.raises(TrailError, match="another key signed it"):
        sign_missing(store, LocalKey.made(signer.path.with_name("other.pem")), unstamped)


def test_a_rewritten_trail_is_not_signed_against_its_anchor(signer: LocalKey, tmp_path: Path) -> None:
    """Whoever can rewrite the bucket can remove the signatures, too; the anchor elsewhere says so."""
    place = anchors.at(str(tmp_path / "elsewhere"), lambda: pytest.fail("no bucket is asked"))
    first = MemoryStore()
    anchors.keep(place, sealed(first, 2))
    second = MemoryStore()
    Chain(second, day_chain(NOW.date()), clock=lambda: NOW).append(Event(kind="forged"))
    sealing.seal(second, clock=lambda: NOW)
    assert anchors.newest(place) == Anchor(2, sealing.event_at(first, MANIFESTS, 2)["data"]["hash"])
    with pytest.raises(TrailError, match="manifest 2 was anchored and is gone"):
        sign_missing(second, signer, unstamped, anchors.newest(place))
    sealing.seal(second, clock=lambda: NOW)
    with pytest.raises(TrailError, match="manifest 2 is not the one that was anchored"):
        sign_missing(second, signer, unstamped, anchors.newest(place))
    with pytest.raises(TrailError, match="another manifest 2 was anchored before"):
        anchors.keep(place, Anchor(2, "0" * 64))


def test_anchors_in_a_bucket_of_another_account(s3_client: Any, bucket: str) -> None:
    place = anchors.at(f"s3://{bucket}/anchors/acme", lambda: s3_client)
    assert anchors.newest(place) is None
    for number in (9, 10):
        anchors.keep(place, Anchor(number, f"{number:064x}"))
    assert anchors.newest(place) == Anchor(10, f"{10:064x}")
    assert [one["Key"] for one in s3_client.list_objects_v2(Bucket=bucket)["Contents"]] == [
        f"anchors/acme/{number:06d}-{number:064x}" for number in (9, 10)
    ]


def test_verify_names_what_is_not_signed(store: MemoryStore, signer: LocalKey) -> None:
    sign_missing(store, signer, unstamped)
    sealed(store, 2)
    waiting = [str(fault) for fault in verification.against_key(store, signer.public_key(), strict=True)]
    assert waiting == [f"signature: manifests event {number}: has no signature" for number in (3, 4)]
    assert list(verification.against_key(store, signer.public_key())) == []  # the latest may wait
    store.remove(seal_key(1, "sig"))
    assert [fault.number for fault in verification.against_key(store, signer.public_key())] == [1]
    store.put(StoredObject(seal_key(1, "sig"), store.get(seal_key(2, "sig")).body))
    (wrong,) = verification.against_key(store, signer.public_key())
    assert "is not what was signed" in wrong.text


@contextmanager
def authority(folder: Path, *, about: bytes | None = None) -> Iterator[str]:
    """A time stamp authority made of OpenSSL; ``about`` makes it stamp other bytes than it was asked for."""
    settings = (
        "[tsa]\ndefault_tsa=t\n[t]\nserial=./serial\ncrypto_device=builtin\nsigner_cert=./tsa.pem\nsigner_key=./tsa.key\n"
        "signer_digest=sha256\ndefault_policy=1.2.3.4\ndigests=sha256\naccuracy=secs:1\n"
        "[ext]\nextendedKeyUsage=critical,timeStamping\n[req]\ndistinguished_name=dn\n[dn]\n"
    )
    (folder / "tsa.cnf").write_text(settings, encoding="ascii")
    (folder / "serial").write_text("01\n", encoding="ascii")
    new = ("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "tsa.key", "-out", "tsa.pem", "-days", "30")
    openssl(*new, "-subj", "/CN=Stand-in", "-config", "tsa.cnf", "-extensions", "ext", folder=folder)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            (folder / "asked").write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
            if about is not None:
                (folder / "other").write_bytes(about)
                openssl("ts", "-query", "-data", "other", "-sha256", "-cert", "-out", "asked", folder=folder)
            made = ("-queryfile", "asked", "-config", "tsa.cnf", "-out", "made")
            openssl("ts", "-reply", *made, folder=folder)
            self.send_response(200)
            self.end_headers()
            self.wfile.write((folder / "made").read_bytes())

    with serving(Handler) as address:
        yield f"{address}/"


@needs_openssl
def test_openssl_checks_the_time_stamp(store: MemoryStore, signer: LocalKey, tmp_path: Path) -> None:
    with authority(tmp_path) as address:
        sign_missing(store, signer, stamper("required", address))
    export.write(store, tmp_path / "audit.jsonl", ())
    (tmp_path / "audit.jsonl.seals").rename(tmp_path / "seals")
    check = ("ts", "-verify", "-in", "seals/000001.tsr", "-data", "seals/000001.json", "-CAfile", "tsa.pem")
    assert "Verification: OK" in openssl(*check, folder=tmp_path)


@needs_openssl
def test_a_stamp_of_something_else_is_refused(store: MemoryStore, signer: LocalKey, tmp_path: Path) -> None:
    with authority(tmp_path, about=b"something else") as address:
        with pytest.raises(TrailError, match="about something else"):
            sign_missing(store, signer, stamper("required", address))
        assert list(store.keys("seals/")) == []
        sign_missing(store, signer, stamper("best-effort", address))
    assert list(store.keys("seals/")) == ["seals/000001.sig", "seals/000002.sig"]


def test_without_an_authority_a_required_stamp_stops_and_the_others_go_on(store: MemoryStore, signer: LocalKey) -> None:
    nobody = "http://127.0.0.1:9/"
    with pytest.raises(TrailError, match="no time stamp of"):
        sign_missing(store, signer, stamper("required", nobody))
    with pytest.raises(TrailError, match="must be the http"):
        sign_missing(store, signer, stamper("required", "file:///etc/passwd"))
    assert sign_missing(store, signer, stamper("best-effort", nobody))[1] == 2
    sealed(store)
    assert sign_missing(store, signer, stamper("off", nobody))[1] == 1
