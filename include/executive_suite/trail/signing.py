"""Signatures and time stamps of closing manifests, made by who holds a key that no worker has.

A manifest is signed as it is stored, byte for byte (ECDSA on P-256 with SHA-256, DER), and may have a time stamp of an
authority (RFC 3161). Both are objects next to the trail: ``seals/<number>.sig`` and ``seals/<number>.tsr``. So
``openssl dgst`` and ``openssl ts`` check them without this product.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from executive_suite.folders import private_folder
from executive_suite.stores.store import ObjectMissingError, ObjectStore, StoredObject
from executive_suite.trail.chain import TrailError, event_of, key
from executive_suite.trail.sealing import MANIFESTS, Anchor, chain_lengths

if TYPE_CHECKING:
    from mypy_boto3_kms.client import KMSClient

MISSING = "has no signature"
_ALGORITHM = ec.ECDSA(Prehashed(hashes.SHA256()))


class Signer(Protocol):
    """Somebody who signs."""

    def sign(self, body: bytes) -> bytes:
        """The signature of some bytes."""
        ...

    def public_key(self) -> bytes:
        """The key that checks it, as PEM."""
        ...


@dataclass(frozen=True, slots=True)
class LocalKey:
    """A private key in a file that only its owner may read."""

    path: Path

    @classmethod
    def made(cls, path: Path) -> LocalKey:
        """The key of that file, made if it is missing."""
        if not path.exists():
            private_folder(path.parent)
            text = ec.generate_private_key(ec.SECP256R1()).private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            path.touch(mode=0o600)
            path.write_bytes(text)
        return cls(path)

    def _private(self) -> ec.EllipticCurvePrivateKey:
        try:
            found = serialization.load_pem_private_key(self.path.read_bytes(), password=None)
        except (OSError, ValueError, TypeError) as error:
            msg = f"{self.path}: is no private key in PEM without a password ({type(error).__name__})"
            raise TrailError(msg) from None
        if not isinstance(found, ec.EllipticCurvePrivateKey) or found.curve.name != "secp256r1":
            msg = f"{self.path}: must be a key on the curve P-256"
            raise TrailError(msg)
        return found

    def sign(self, body: bytes) -> bytes:
        """The signature of some bytes."""
        return self._private().sign(hashlib.sha256(body).digest(), _ALGORITHM)

    def public_key(self) -> bytes:
        """The key that checks it, as PEM."""
        return _pem(self._private().public_key())


@dataclass(frozen=True, slots=True)
class KmsKey:
    """A key of AWS KMS (``ECC_NIST_P256``, ``SIGN_VERIFY``) that leaves it never."""

    client: KMSClient
    key_id: str

    def sign(self, body: bytes) -> bytes:
        """The signature of some bytes."""
        answer = self.client.sign(
            KeyId=self.key_id,
            Message=hashlib.sha256(body).digest(),
            MessageType="DIGEST",
            SigningAlgorithm="ECDSA_SHA_256",
        )
        return answer["Signature"]

    def public_key(self) -> bytes:
        """The key that checks it, as PEM."""
        found = serialization.load_der_public_key(self.client.get_public_key(KeyId=self.key_id)["PublicKey"])
        return _pem(found)  # type: ignore[arg-type]  # KMS keys of that kind are on a curve


def _pem(public: ec.EllipticCurvePublicKey) -> bytes:
    return public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


SEALS = "seals/"
"""Next to the trail: nothing there is an event."""


def seal_key(number: int, kind: str) -> str:
    """Where a manifest's signature (``sig``) or time stamp (``tsr``) is."""
    return f"{SEALS}{number:06d}.{kind}"


def sign_missing(
    store: ObjectStore, signer: Signer, stamp: Callable[[bytes], bytes | None], known: Anchor | None = None
) -> tuple[Anchor | None, int]:
    """Sign every manifest that has no signature yet.

    Args:
        store: The records bucket.
        signer: Who signs.
        stamp: A time stamp of some bytes; None for none.
        known: The newest anchor that was kept elsewhere.

    Returns:
        The newest manifest, and how many were signed.

    Raises:
        TrailError: the manifests do not follow each other, or are not those that were anchored or signed before:
            nothing is signed that contradicts what was signed.
    """
    last = chain_lengths(store).get(MANIFESTS, 0)
    previous: str | None = None
    signed, public_key = 0, signer.public_key()
    for number in range(1, last + 1):
        where = key(MANIFESTS, number)
        body = store.get(where).body
        record = event_of(where, body)
        data = record["data"] if record else {}
        if record is None or (previous is not None and data["prev_hash"] != previous):
            msg = f"manifest {number} does not follow the one before; `audit verify` shows what was changed"
            raise TrailError(msg)
        previous = data["hash"]
        if known and number == known.number and previous != known.hash:
            msg = f"manifest {number} is not the one that was anchored; `audit verify --anchor` shows what was changed"
            raise TrailError(msg)
        try:
            if not checks(public_key, body, store.get(seal_key(number, "sig")).body):
                msg = f"manifest {number} is not the one that was signed, or another key signed it"
                raise TrailError(msg)
        except ObjectMissingError:
            _seal(store, number, body, signer, stamp)
            signed += 1
    if known and known.number > last:
        msg = f"manifest {known.number} was anchored and is gone"
        raise TrailError(msg)
    return (Anchor(last, previous) if previous else None), signed


def _seal(store: ObjectStore, number: int, body: bytes, signer: Signer, stamp: Callable[[bytes], bytes | None]) -> None:
    stamped = stamp(body)
    if stamped:
        store.create(StoredObject(seal_key(number, "tsr"), stamped, "application/timestamp-reply"))
    store.create(StoredObject(seal_key(number, "sig"), signer.sign(body), "application/octet-stream"))


def checks(public_key: bytes, body: bytes, signature: bytes) -> bool:
    """Whether a signature of some bytes is by the owner of a key."""
    found = serialization.load_pem_public_key(public_key)
    if not isinstance(found, ec.EllipticCurvePublicKey):
        return False
    try:
        found.verify(signature, hashlib.sha256(body).digest(), _ALGORITHM)
    except InvalidSignature:
        return False
    return True


def states(store: ObjectStore, public_key: bytes) -> Iterator[tuple[int, str]]:
    """Every manifest that is there, and what is wrong with its signature; nothing if it is good."""
    for number in range(1, chain_lengths(store).get(MANIFESTS, 0) + 1):
        try:
            body = store.get(key(MANIFESTS, number)).body
        except ObjectMissingError:
            continue  # a gap, which the chain shows
        try:
            good = checks(public_key, body, store.get(seal_key(number, "sig")).body)
        except ObjectMissingError:
            yield number, MISSING
            continue
        yield number, "" if good else "is not what was signed with that key"
