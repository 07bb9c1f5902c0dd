"""A signed copy has the archived report unchanged in it, and says who signed; another program checks the signature."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from pypdf import PdfReader

from executive_suite.__main__ import main
from executive_suite.archive import signature
from executive_suite.rendering import pdf

pytest.importorskip("pyhanko", reason="requirements-signing.txt is not installed")
WORDS = "made for this test"


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate of its own making, good for a day."""
    own = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Signer")])
    now = datetime.now(UTC)
    usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
    made = (
        x509.CertificateBuilder(name, name, own.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
        .add_extension(usage, critical=True)
        .sign(own, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("key") / "signer.p12"
    locked = BestAvailableEncryption(WORDS.encode())
    path.write_bytes(serialize_key_and_certificates(b"signer", own, made, None, locked))
    return path


@pytest.fixture(scope="module")
def report() -> bytes:
    return pdf.typeset('#set document(title: "Report")\n= Report\nCash.', date(2026, 5, 1))


def test_the_report_is_in_the_copy_byte_for_byte_and_the_signature_holds(key: Path, report: bytes) -> None:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    made = signature.signed(report, key, WORDS)
    assert made.startswith(report)
    assert PdfReader(io.BytesIO(made)).pages[0].extract_text() == PdfReader(io.BytesIO(report)).pages[0].extract_text()
    (found,) = PdfFileReader(io.BytesIO(made)).embedded_signatures
    status = validate_pdf_signature(found, ValidationContext(trust_roots=[found.signer_cert]))
    assert status.bottom_line
    assert found.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"  # ETSI EN 319 142-1, 6.3
    assert b"/Contents" in made[len(report) :]


def test_a_changed_copy_is_found(key: Path, report: bytes) -> None:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature

    made = bytearray(signature.signed(report, key, WORDS))
    place = made.index(b"Report")
    made[place : place + 6] = b"Retort"
    (found,) = PdfFileReader(io.BytesIO(bytes(made))).embedded_signatures
    assert not validate_pdf_signature(found).intact


@pytest.mark.parametrize("password", ["", "another"])
def test_a_wrong_password_is_named(key: Path, report: bytes, password: str) -> None:
    with pytest.raises(signature.SigningError, match=r"signer\.p12"):
        signature.signed(report, key, password)


def test_the_command_writes_the_copy_next_to_the_report(
    key: Path, report: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EXECUTIVE_SUITE_SIGNING_PASSWORD", WORDS)
    (tmp_path / "cfo-report.pdf").write_bytes(report)
    assert main(["sign", str(tmp_path / "cfo-report.pdf"), "--key", str(key)]) == 0
    assert capsys.readouterr().out.strip().endswith("cfo-report.signed.pdf")
    assert (tmp_path / "cfo-report.pdf").read_bytes() == report
    assert (tmp_path / "cfo-report.signed.pdf").read_bytes().startswith(report)
