"""An exception on its way from a step's process to the task that waits: by name, as plain values.

The task knows more secrets than the step does, so what the step says never makes it import or call anything but the
product's own exceptions and Python's.
"""

from __future__ import annotations

import builtins
import importlib
import traceback
from collections.abc import Mapping
from typing import Any


class StepError(RuntimeError):
    """A step's process ended without an answer, or with an error of another library."""


def told(error: Exception) -> dict[str, Any]:
    """The exception in JSON's types; values that are not plain are left out, arguments become their text."""
    args = error.args if all(map(_is_plain, error.args)) else (str(error),)
    return {
        "kind": [type(error).__module__, type(error).__qualname__],
        "args": list(args),
        "values": {name: value for name, value in vars(error).items() if _is_plain(value)},
        "text": str(error),
        "trace": "in the step's process:\n" + "".join(traceback.format_exception(error)),
    }


def rebuilt(record: Mapping[str, Any]) -> Exception:
    """The exception that ``told`` described, if it is the product's own or Python's; else a ``StepError``."""
    made = _exception(*record["kind"])
    if made is None:
        made = StepError(f"{record['kind'][1]}: {record['text']}")
    else:
        made.args = tuple(record["args"])
        vars(made).update(record["values"])
    made.add_note(record["trace"])
    return made


def _exception(module: str, name: str) -> Exception | None:
    """An empty exception of that name; None unless the name is one of an exception of ours or of Python's."""
    if module == "builtins":
        kind = getattr(builtins, name, None)
    elif module.startswith("executive_suite."):
        kind = getattr(importlib.import_module(module), name, None)
    else:
        return None
    return kind.__new__(kind) if isinstance(kind, type) and issubclass(kind, Exception) else None


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, str | int | float | bool)
