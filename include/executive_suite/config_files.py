"""Configuration files: YAML read strictly, and faults in it told with file, place and value."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

SHOWN = 80

Place = Callable[[Sequence[int | str]], str]


class ConfigError(ValueError):
    """A configuration file is wrong; the message names file, field, value and what was expected."""


# The same safe loader in C where PyYAML has it: the DAG processor reads these files again and again.
class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc] # one of two classes
    """The safe loader, but for keys that stand twice: which one would hold?"""

    def construct_mapping(self, node: yaml.MappingNode, *, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[tuple[str, str]] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                continue
            if (key.tag, key.value) in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{key.value!r} stands twice", key.start_mark)
            seen.add((key.tag, key.value))
        found: dict[Hashable, Any] = super().construct_mapping(node, deep=deep)
        return found


def read(path: Path) -> Any:
    """What a YAML file holds.

    Raises:
        ConfigError: it is missing, cannot be read, is not UTF-8 or is not YAML.
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
    """Everything that pydantic found wrong, a line a fault: where, what, and what stands there.

    Args:
        error: From a model that was made of the content of files.
        place: From pydantic's location to file and field.
        show: Whether values may be shown; not where somebody may have pasted a secret.
    """
    lines = []
    faults = error.errors()
    for fault in faults:
        if fault["type"] == "too_short" and len(faults) > 1:
            continue  # a list whose every item is refused is empty, which says nothing
        words = {"missing": "is missing", "extra_forbidden": "is not a field that is known here"}
        told = words.get(fault["type"], fault["msg"])
        got = f" (got {fault['input']!r:.{SHOWN}})" if show and fault["type"] not in words else ""
        lines.append(f"{place(fault['loc'])}: {told}{got}")
    return ConfigError("\n".join(lines))


def field_of(location: Sequence[int | str]) -> str:
    """A field's path, as a reader finds it: ``reports.2.title``."""
    return ".".join(str(part) for part in location) or "(file)"


def in_list(path: Path, content: object, key: str, noun: str, tags: Collection[str] = ()) -> Place:
    """Places in a file that is a list of named things: the name (or number) of the thing, then the field.

    Args:
        path: The file.
        content: What it holds.
        key: The field that names a thing.
        noun: What a thing without a name is called.
        tags: Kinds of things that pydantic puts into its locations and nobody has written there.
    """

    def place(location: Sequence[int | str]) -> str:
        number, *rest = [*location[1:], ""]
        if not isinstance(number, int) or not isinstance(content, list):
            return f"{path}: {field_of(location[1:])}"
        thing = content[number]
        name = thing.get(key) if isinstance(thing, dict) else None
        field = [part for part in rest[:-1] if not (part is rest[0] and part in tags)]
        return ": ".join(
            filter(None, (str(path), str(name or f"{noun} {number + 1}"), field_of(field) if field else ""))
        )

    return place
