"""Where the report room is, for links that lead from Airflow's own pages to it."""

from __future__ import annotations

from urllib.parse import urlsplit

from airflow.sdk.configuration import conf

ROOM = "/executive-suite"
"""As ``executive_suite_room`` mounts it."""
ONLY = "-"
"""The name, in addresses, of the group of a deployment that has one."""


def room(group: str, path: str = "") -> str:
    """The address of a page of a group's room, on the host that serves the UI, which may have a path of its own."""
    return f"{urlsplit(_base()).path.rstrip('/')}{ROOM}/groups/{group or ONLY}/{path}"


def room_from_elsewhere(group: str) -> str:
    """The room's whole address; empty if the deployment does not say where its UI is."""
    base = urlsplit(_base())
    return f"{base.scheme}://{base.netloc}{room(group)}" if base.scheme and base.netloc else ""


def _base() -> str:
    return str(conf.get("api", "base_url", fallback=""))
