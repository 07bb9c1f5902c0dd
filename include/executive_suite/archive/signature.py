"""A signed copy of a printed report (PAdES baseline B-B): the archived bytes, unchanged, and after them the signature.

The archived file and its digest stay as they are; whoever cuts the copy where the report ends has the report again.
pyHanko, which signs, is not among what the product needs: requirements-signing.txt installs it.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

FIELD = "Signature"
"""The name of the signature in the file."""
INSTALL = "pip install --require-hashes -r requirements-signing.txt"


class SigningError(Exception):
    """The copy cannot be signed: no library, no key, or a wrong password."""


def signed(pdf: bytes, key: Path, password: str) -> bytes:
    """The report with a signature after it.

    The signature has the time of signing, so that no two copies are the same; none of it enters a digest of ours.

    Args:
        pdf: The archived file.
        key: A PKCS#12 file with the key and the certificates of who signs.
        password: Of that file.

    Raises:
        SigningError: pyHanko is not installed, or the key cannot be read.
    """
    try:
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
        from pyhanko.sign import fields, signers
    except ImportError as error:
        msg = f"signing needs pyHanko: {INSTALL}"
        raise SigningError(msg) from error
    read: Any = signers.SimpleSigner.load_pkcs12  # untyped in pyHanko
    signer = read(str(key), passphrase=password.encode()) if key.is_file() else None
    if signer is None:
        msg = f"{key}: no PKCS#12 file that the password opens"
        raise SigningError(msg)
    how = signers.PdfSignatureMetadata(field_name=FIELD, subfilter=fields.SigSeedSubFilter.PADES, md_algorithm="sha256")
    made: io.BytesIO = signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), how, signer=signer)
    return made.getvalue()
