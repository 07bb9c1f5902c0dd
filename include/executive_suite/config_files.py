"""Configuration files: YAML read strictly, with faults reported by file, place and value."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Hashable, Sequence
from pathlib import Path
from typing import Any, ClassVar, Self

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from executive_suite.folders import SHIPPED

SHOWN = 80
MOST_BYTES = 2 << 20
MOST_DEEP = 40
MOST_NODES = 200_000
_LONGEST_NUMBER = 64
_TEXT = "tag:yaml.org,2002:str"
_UNSEEN = frozenset(map(chr, (*range(0x20), *range(0x7F, 0xA0), 0x61C, *range(0x200E, 0x2010), *range(0x2028, 0x202F))))
_UNSEEN |= frozenset(map(chr, range(0x2066, 0x206A)))
"""Characters that control a device, end a line or change the direction of text: Unicode's Cc, Zl, Zp and UAX #9."""

Place = Callable[[Sequence[int | str]], str]


class ConfigError(ValueError):
    """A configuration file is wrong; the message names file, field, value and what was expected."""


class Strict(BaseModel):
    """What a configuration file says: unknown fields are faults, and no fault repeats what may be a secret.

    Texts have no line break and no character that changes the direction of text or cannot be seen: in a mail's header
    or on a screen, they would say something else than they seem to.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, hide_input_in_errors=True)
    several_lines: ClassVar[frozenset[str]] = frozenset()
    """Fields whose text may have line breaks and tabs."""

    @model_validator(mode="after")
    def _texts_are_what_they_seem(self) -> Self:
        for name in type(self).model_fields:
            value = getattr(self, name)
            for text in value if isinstance(value, tuple | list) else (value,):
                if not isinstance(text, str):
                    continue
                found = next((c for c in text if c in _UNSEEN and not (name in self.several_lines and c in "\n\t")), "")
                if found:
                    msg = f"{name} has the character U+{ord(found):04X}, which is not allowed in a text; remove it"
                    raise ValueError(msg)
        return self


# The C version of the safe loader, if PyYAML has it: the DAG processor reads these files repeatedly.
class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc] # one of two classes
    """The safe loader, except that it refuses duplicate keys, and numbers and dates that are none."""

    def construct_object(self, node: yaml.Node, *, deep: bool = False) -> Any:
        if isinstance(node, yaml.ScalarNode) and node.tag != _TEXT and len(node.value) > _LONGEST_NUMBER:
            problem = f"{node.value[:_LONGEST_NUMBER]}… is too long; quote it if it is a text"
            raise yaml.constructor.ConstructorError(None, None, problem, node.start_mark)
        try:
            return super().construct_object(node, deep=deep)
        except ValueError as error:  # a month 13, a date without a day
            problem = f"{node.value!r} is not valid: {error}; quote it if it is a text"
            raise yaml.constructor.ConstructorError(None, None, problem, node.start_mark) from None

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


def of_group(folder: Path, name: str) -> Path:
    """A file of a group's folder; the shipped one where the group leaves it out."""
    own = folder / name
    return own if own.exists() else SHIPPED / name


def read(path: Path) -> Any:
    """The content of a YAML file.

    Raises:
        ConfigError: the file is missing, unreadable, too large or too deep, not UTF-8 or not YAML.
    """
    return parsed(path, text(path))


def parsed(path: Path, given: str) -> Any:
    """The content of a YAML file that has this text.

    Raises:
        ConfigError: it is too deep, or not YAML.
    """
    try:
        _shallow(given)
        return yaml.load(given, Loader=_Loader)  # noqa: S506 - a safe loader
    except yaml.YAMLError as error:
        msg = f"{path}: is not YAML: {error}"
    except _TooMuchError as error:
        msg = f"{path}: {error}"
    raise ConfigError(msg) from None


def text(path: Path) -> str:
    """The text of a file of a group.

    Raises:
        ConfigError: the file is missing, unreadable, elsewhere, too large or not UTF-8.
    """
    try:
        return _bounded(path)
    except FileNotFoundError:
        msg = f"{path}: file is missing"
    except OSError as error:
        msg = f"{path}: cannot be read ({error.strerror})"
    except UnicodeDecodeError as error:
        msg = f"{path}: is not UTF-8 (byte offset {error.start})"
    except _TooMuchError as error:
        msg = f"{path}: {error}"
    raise ConfigError(msg) from None


class _TooMuchError(Exception):
    """A file asks for more than any configuration needs."""


def _bounded(path: Path) -> str:
    """The text of a file that is a regular one of a bounded size."""
    if path.exists() and not path.is_file() and not path.is_dir():  # a device never ends, and a pipe waits
        msg = "is not a regular file"
        raise _TooMuchError(msg)
    if not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(path.parent)):  # resolve() fails on a loop
        msg = "is a link to a file outside its folder; copy the file instead"
        raise _TooMuchError(msg)
    with path.open("rb") as file:
        body = file.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        msg = f"is larger than {MOST_BYTES >> 20} MiB; a configuration file has a few pages"
        raise _TooMuchError(msg)
    return body.decode("utf-8")


def _shallow(text: str) -> None:
    """Refuse nesting and aliases that would take the memory of the process, or its stack, before anything is built.

    Parsing into events is flat, unlike building the content, which recurses and follows every alias.
    """
    sizes: dict[str | None, int] = {}
    opened: list[tuple[str | None, int]] = []
    total = 0
    for event in yaml.parse(text, Loader=_Loader):
        fault = ""
        if isinstance(event, yaml.AliasEvent):
            total += sizes.get(event.anchor, 1)
            if event.anchor in {anchor for anchor, _ in opened}:
                fault = f"*{event.anchor} is part of itself"
        elif isinstance(event, yaml.NodeEvent):
            total += 1
        if isinstance(event, yaml.CollectionStartEvent):
            opened.append((event.anchor, total))
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, before = opened.pop()
            sizes[anchor] = total - before + 1
        if len(opened) > MOST_DEEP:
            fault = f"is nested more than {MOST_DEEP} deep"
        if total > MOST_NODES:
            fault = f"has more than {MOST_NODES:,} values, each alias (*name) counted in full"
        if fault:
            line = event.start_mark.line + 1 if event.start_mark else 0
            msg = f"line {line}: {fault}"
            raise _TooMuchError(msg)


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
