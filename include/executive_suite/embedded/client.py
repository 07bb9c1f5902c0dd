"""The part of Airflow's public REST API that the launcher needs."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self

import httpx

from executive_suite.embedded.components import USER, Access

ENDED = frozenset({"success", "failed"})


class AirflowError(RuntimeError):
    """Airflow refused a request; the message has its answer."""


def answers(url: str) -> bool:
    """Whether a server answers at a URL."""
    try:
        return httpx.get(url, timeout=60, trust_env=False).is_success
    except httpx.TransportError:
        return False


def said(url: str) -> str:
    """What a server says at a URL, whatever its status; empty if it does not answer."""
    try:
        return httpx.get(url, timeout=60, trust_env=False).text
    except httpx.TransportError:
        return ""


class Client:
    """A logged-in session with the API server."""

    def __init__(self, access: Access) -> None:
        """Prepare a session; call ``log_in`` first."""
        self._access = access
        self._http = httpx.Client(base_url=access.address, timeout=60, trust_env=False)

    def __enter__(self) -> Self:
        """The session itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connections."""
        self._http.close()

    def log_in(self) -> None:
        """Get a token, and let the server build the routes that the first task would otherwise wait for."""
        self._http.get("/execution/health")
        answer = self._http.post("/auth/token", json={"username": USER, "password": self._access.password})
        self._http.headers["Authorization"] = f"Bearer {_checked(answer)['access_token']}"

    def get(self, path: str, **query: str | int) -> dict[str, Any]:
        """Read one resource below ``/api/v2``."""
        return _checked(self._http.get(f"/api/v2{path}", params=query))

    def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Write one resource below ``/api/v2``."""
        return _checked(self._http.post(f"/api/v2{path}", json=body))

    def patch(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Change one resource below ``/api/v2``."""
        return _checked(self._http.patch(f"/api/v2{path}", json=body))

    def await_dag(self, dag_id: str, *, seconds: float) -> None:
        """Wait until the DAG processor has serialized the DAG, and unpause it.

        Raises:
            AirflowError: it does not appear in time; the message has possible import errors.
        """
        deadline = time.monotonic() + seconds
        while self._http.get(f"/api/v2/dags/{dag_id}").status_code != httpx.codes.OK:
            if time.monotonic() > deadline:
                errors = self.get("/importErrors")["import_errors"]
                reasons = "\n".join(f"{error['filename']}: {error['stack_trace']}" for error in errors)
                msg = f"DAG {dag_id} did not appear within {seconds:.0f} s: {reasons or 'no import errors'}"
                raise AirflowError(msg)
            time.sleep(0.3)
        self.patch(f"/dags/{dag_id}", {"is_paused": False})

    def trigger(self, dag_id: str, conf: Mapping[str, Any], *, run_id: str = "", note: str = "") -> str:
        """Start a run with ``conf`` as its parameters; returns its id, which Airflow makes unless it is given."""
        asked = {"logical_date": None, "conf": dict(conf), "dag_run_id": run_id or None, "note": note or None}
        run = self.post(f"/dags/{dag_id}/dagRuns", asked)
        return str(run["dag_run_id"])

    def set_pool(self, name: str, slots: int, description: str) -> None:
        """Create a pool or change its size."""
        pool = {"slots": slots, "description": description, "include_deferred": False}
        answer = self._http.patch(f"/api/v2/pools/{name}", json={**pool, "pool": name})
        if answer.status_code == httpx.codes.NOT_FOUND:
            answer = self._http.post("/api/v2/pools", json={**pool, "name": name})
        _checked(answer)

    def state(self, dag_id: str, run_id: str) -> str:
        """The state of a run."""
        return str(self.get(f"/dags/{dag_id}/dagRuns/{run_id}")["state"])

    def tasks(self, dag_id: str, run_id: str, *, ended_since: datetime | None = None) -> list[dict[str, Any]]:
        """The task instances of a run, including each mapped one; all, or those that ended at a moment or later."""
        found: list[dict[str, Any]] = []
        place = f"/dags/{dag_id}/dagRuns/{run_id}/taskInstances"
        chosen = {"end_date_gte": ended_since.isoformat()} if ended_since else {}
        while True:
            page = self.get(place, limit=100, offset=len(found), **chosen)
            found += page["task_instances"]
            if len(found) >= page["total_entries"] or not page["task_instances"]:
                return found

    def failure(self, dag_id: str, run_id: str, task: Mapping[str, Any]) -> str:
        """The error of a failed task instance, from the log of its last try; empty if the log lacks it."""
        place = f"/dags/{dag_id}/dagRuns/{run_id}/taskInstances/{task['task_id']}/logs/{task['try_number']}"
        self._http.headers["Accept"] = "application/json"
        try:
            events = self.get(place, map_index=task["map_index"], full_content="true")["content"]
        except AirflowError:
            return ""
        details = [
            event["error_detail"][0] for event in events if isinstance(event, dict) and event.get("error_detail")
        ]
        return str(details[-1]["exc_value"]) if details else ""


def _checked(answer: httpx.Response) -> dict[str, Any]:
    if not answer.is_success:
        msg = f"{answer.request.method} {answer.request.url.path}: {answer.status_code} {answer.text[:500]}"
        raise AirflowError(msg)
    body: dict[str, Any] = answer.json() if answer.content else {}
    return body
