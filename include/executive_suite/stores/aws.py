"""Sessions of AWS that share what botocore has parsed: a session of its own parses a megabyte of descriptions again."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from boto3.session import Session


def session(region: str) -> Session:
    """A new session: credentials and settings of its own, descriptions of the services from all before it."""
    import boto3.session
    import botocore.session

    core = botocore.session.get_session()
    core.register_component("data_loader", _descriptions())
    return boto3.session.Session(botocore_session=core, region_name=region)


@cache
def _descriptions() -> Any:
    from botocore.loaders import create_loader

    return create_loader()
