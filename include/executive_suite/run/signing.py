"""Signing the trail: by a person or a job that holds the key, never by a step."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from executive_suite.run.deployment import Deployment
from executive_suite.settings import SettingsError
from executive_suite.trail import anchors
from executive_suite.trail.sealing import Anchor
from executive_suite.trail.signing import KmsKey, LocalKey, Signer, sign_missing
from executive_suite.trail.timestamps import stamper


@dataclass(frozen=True, slots=True)
class Signed:
    """What a signing did.

    Attributes:
        anchor: The newest manifest; None if there is none.
        signed: How many manifests got their signature.
        public_key: What checks them, as PEM.
    """

    anchor: Anchor | None
    signed: int
    public_key: str


def sign(deployment: Deployment) -> Signed:
    """Sign and stamp every manifest that is not signed, and keep the newest anchor elsewhere.

    Raises:
        SettingsError: no key is named, or stamps are asked for and no authority is.
        TrailError: the manifests contradict what was signed or anchored before, or a required stamp is missing.
    """
    given = deployment.settings
    if not given.executive_suite_seal_key:
        msg = "EXECUTIVE_SUITE_SEAL_KEY: is missing; it names the key that signs the trail"
        raise SettingsError(msg)
    if given.executive_suite_timestamps != "off" and not given.executive_suite_timestamp_url:
        msg = "EXECUTIVE_SUITE_TIMESTAMP_URL: is missing; EXECUTIVE_SUITE_TIMESTAMPS asks an authority"
        raise SettingsError(msg)
    signer = _signer(deployment, given.executive_suite_seal_key)
    stamp = stamper(given.executive_suite_timestamps, given.executive_suite_timestamp_url or "")
    place = anchors.at(given.executive_suite_anchors, lambda: deployment.s3) if given.executive_suite_anchors else None
    anchor, signed = sign_missing(deployment.records, signer, stamp, anchors.newest(place) if place else None)
    if place and anchor:
        anchors.keep(place, anchor)
    return Signed(anchor, signed, signer.public_key().decode())


def _signer(deployment: Deployment, named: str) -> Signer:
    if named.startswith(("arn:", "alias/")):
        return KmsKey(deployment.kms, named)
    return LocalKey(Path(named))
