"""moto's state in a file, so that a start need not go through the whole journal again.

The journal is the truth; this file is a shortcut. It names the place in the journal up to which it is right, and the
versions that made it: another moto, another Python or another journal does not use it, and goes through all entries.
"""

from __future__ import annotations

import copyreg
import hashlib
import io
import json
import logging
import os
import pickle
import platform
import threading
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import Any

from moto.backends import get_backend
from moto.core.base_backend import BackendDict
from moto.core.model_instances import model_data, reset_model_data
from moto.s3.models import FakeKey

from executive_suite.embedded.journal import Journal
from executive_suite.embedded.shelf import Shelf, sync

NAME = "state.pickle"
FORMAT = f"1, moto {version('moto')}, Python {platform.python_version()}"
TRIED = frozenset({"iam", "logs", "s3", "ses", "sesv2"})
"""Services whose state is known to come back whole. With any other in use, each start goes through the journal."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Mark:
    """The place in the journal up to which a state is right: how many changes, how many bytes, the last line's hash."""

    number: int = 0
    size: int = 0
    line: str = ""


def save(journal: Journal, number: int) -> bool:
    """Keep the state after change ``number``, the journal's last; whoever calls lets nothing change meanwhile.

    Returns whether it was kept: what cannot be pickled only costs the next start its time.
    """
    try:
        content = io.BytesIO()
        _Pickler(content, journal.shelf).dump(_state())
    except Exception as error:  # noqa: BLE001 - a service that cannot be kept, or a read that changed a set meanwhile
        log.warning("the state was not kept; the next start goes through the journal: %r", error)
        return False
    size = journal.size
    mark = Mark(number, size, hashlib.sha256(journal.line_before(size)).hexdigest())
    pickled = content.getbuffer()
    head = {"format": FORMAT, "sha256": hashlib.sha256(pickled).hexdigest(), **asdict(mark)}
    journal.sync()
    place = journal.path.with_name(NAME)
    draft = place.with_suffix(".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
        stream.write(json.dumps(head).encode() + b"\n")
        stream.write(pickled)
    sync(draft)
    draft.replace(place)
    sync(place.parent)
    return True


def restore(journal: Journal) -> Mark:
    """Give moto the state that was kept; returns the place from which the journal must be gone through.

    That is its beginning if there is no state that fits: moto is then as new.
    """
    place = journal.path.with_name(NAME)
    if not place.exists():
        return Mark()
    with place.open("rb") as stream:
        line, content = stream.readline(), stream.read()
    try:
        head = json.loads(line)
        mark = Mark(head["number"], head["size"], head["line"])
        fits = head["format"] == FORMAT and head["sha256"] == hashlib.sha256(content).hexdigest()
        if not fits or hashlib.sha256(journal.line_before(mark.size)).hexdigest() != mark.line:
            log.warning("the kept state is of another version or another journal; going through the journal")
            return Mark()
        kept = _Unpickler(io.BytesIO(content), journal.shelf).load()
    except Exception:  # whatever is wrong with a shortcut, there is the long way
        log.exception("the kept state cannot be used; going through the journal")
        reset_model_data()
        return Mark()
    _install(kept)
    return mark


def _state() -> dict[str, Any]:
    """Every service in use, and what moto counts in its classes.

    Raises:
        LookupError: a service is in use that was never tried.
    """
    in_use = BackendDict._instances  # type: ignore[misc]  # noqa: SLF001 - moto's own list
    if untried := {one.service_name for one in in_use} - TRIED:
        raise LookupError(untried)
    services = {
        (backends.service_name, account, region): backend
        for backends in in_use
        for account, region, backend in backends.iter_backends()
    }
    return {"services": services, "counters": {(s, n): _counters(c) for s, n, c in _models()}}


def _install(state: dict[str, Any]) -> None:
    for (service, account, region), backend in state["services"].items():
        get_backend(service)[account][region] = backend
    for service, name, model in _models():
        for counter, value in state["counters"].get((service, name), {}).items():
            setattr(model, counter, value)


def _models() -> list[tuple[str, str, Any]]:
    return [(service, name, model) for service, models in model_data.items() for name, model in models.items()]


def _counters(model: Any) -> dict[str, int]:
    return {name: value for name, value in vars(model).items() if name.startswith("_") and type(value) is int}


class _Pickler(pickle.Pickler):
    def __init__(self, stream: io.BytesIO, shelf: Shelf) -> None:
        super().__init__(stream, protocol=5)
        self._shelf = shelf

    def persistent_id(self, one: Any) -> str | None:
        return "shelf" if one is self._shelf else None

    def reducer_override(self, one: Any) -> Any:
        new = copyreg.__newobj__  # type: ignore[attr-defined]
        if isinstance(one, FakeKey):
            # moto would write the whole body instead of its place on the shelf.
            rest = {name: value for name, value in vars(one).items() if name != "lock"}
            return new, (type(one),), rest, None, None, _fill
        if type(one).__module__.startswith("moto.") and isinstance(one, dict):
            # By its own methods a bucket shows the latest version of each object only.
            return new, (type(one),), (vars(one), dict(dict.items(one))), None, None, _fill_dict
        return NotImplemented


class _Unpickler(pickle.Unpickler):
    def __init__(self, stream: io.BytesIO, shelf: Shelf) -> None:
        super().__init__(stream)
        self._shelf = shelf

    def persistent_load(self, _: Any) -> Shelf:
        return self._shelf


def _fill(key: FakeKey, values: dict[str, Any]) -> None:
    vars(key).update(values)
    key.lock = threading.Lock()


def _fill_dict(one: dict[Any, Any], held: tuple[dict[str, Any], dict[Any, Any]]) -> None:
    vars(one).update(held[0])
    dict.update(one, held[1])
