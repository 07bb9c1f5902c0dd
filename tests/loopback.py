"""What tests of the loopback endpoint share."""

from __future__ import annotations

PRETENDED = {"aws_access_key_id": "loopback", "aws_secret_access_key": "loopback", "region_name": "us-east-1"}
"""Credentials that only a loopback endpoint takes."""
