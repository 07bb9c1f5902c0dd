"""Configuration files: YAML read strictly, with faults reported by file, place and value."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

SHOWN = 80

Place = Callable[[Sequence[int | str]], str]


class ConfigError(ValueError):
    """A configuration file is wrong; the message names file, field, value and what was expected."""


class Strict(BaseModel):
    """What a configuration file says: unknown fields are faults, and no fault repeats what may be a secret."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, hide_input_in_errors=True)


# The C version of the safe loader, if PyYAML has it: the DAG processor reads these files repeatedly.
class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc] # one of two classes
    """The safe loader, except that it refuses duplicate keys."""

    def construct_mapping(self, node: yaml.MappingNode, *, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[tuple[str, str]] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                continue
            if (key.tag, key.value) in seen:
                problem = f"{key.value!r} is a duplicate key; remove one"
                raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
            seen.add((key.tag, key.value))
        found: dict[Hashable, Any] = super().construct_mapping(node, deep=deep)
        return found


def read(path: Path) -> Any:
    """The content of a YAML file.

    Raises:
        ConfigError: the file is missing, unreadable, not UTF-8 or not YAML.
    """
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a safe loader
    except FileNotFoundError:
        msg = f"{path}: file is missing"
    except OSError as error:
        msg = f"{path}: cannot be read ({error.strerror})"
    except UnicodeDecodeError as error:
        msg = f"{path}: is not UTF-8 (byte offset {error.start})"
    except yaml.YAMLError as error:
        msg = f"{path}: is not YAML: {error}"
    raise ConfigError(msg) from None


def refused(error: ValidationError, place: Place, *, show: bool = True) -> ConfigError:
    """Everything pydantic found wrong, one line per fault: place, fault and value.

    Args:
        error: Raised by a model of the files' content.
        place: Turns pydantic's location into file and field.
        show: Whether to show values; False if a secret may have been pasted.
    """
    lines = []
    faults = error.errors()
    for fault in faults:
        if fault["type"] == "too_short" and len(faults) > 1:
            continue  # a list only looks empty if all its items are wrong
        words = {"missing": "is missing", "extra_forbidden": "is not a known field"}
        got = f" (got {fault['input']!r:.{SHOWN}})" if show and fault["type"] not in words else ""
        rule = words.get(fault["type"], fault["msg"].removeprefix("Value error, "))
        lines.append(f"{place(fault['loc'])}: {rule}{got}")
    return ConfigError("\n".join(lines))


def field_of(location: Sequence[int | str]) -> str:
    """A field's path in the file: ``reports.2.title``."""
    return ".".join(str(part) for part in location) or "(file)"


def in_list(path: Path, content: object, key: str, noun: str, tags: Collection[str] = ()) -> Place:
    """Places in a file that is a list of named items: the item's name (or number), then the field.

    Args:
        path: The file.
        content: Its content.
        key: The field that names an item.
        noun: The word for an item without a name.
        tags: Kinds of items, which pydantic adds to its locations.
    """

    def place(location: Sequence[int | str]) -> str:
        number, *rest = [*location[1:], ""]
        if not isinstance(number, int) or not isinstance(content, list):
            return f"{path}: {field_of(location[1:])}"
        item = content[number]
        name = item.get(key) if isinstance(item, dict) else None
        field = [part for part in rest[:-1] if not (part is rest[0] and part in tags)]
        return ": ".join(
            filter(None, (str(path), str(name or f"{noun} {number + 1}"), field_of(field) if field else ""))
        )

    return place
