"""Templates of CloudFormation as a stack would fill them in, as far as tests need it: parameters, references, names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml


class _Loader(yaml.SafeLoader):
    """With the short forms of functions as the long ones."""


def _function(loader: yaml.SafeLoader, name: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        return {name: loader.construct_scalar(node)}
    return {name: loader.construct_sequence(node, deep=True) if isinstance(node, yaml.SequenceNode) else None}


_Loader.add_multi_constructor("!", _function)


def template(path: Path) -> dict[str, Any]:
    """A template's content."""
    content: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506 - a safe loader
    return content


def filled(value: Any, given: Mapping[str, str]) -> Any:
    """A value with parameters by name, and anything else that it refers to by the name of that."""
    if isinstance(value, list):
        return [filled(one, given) for one in value]
    if not isinstance(value, dict):
        return value
    match list(value.items()):
        case [("Ref", name)]:
            return given.get(name, name)
        case [("GetAtt", name)]:
            return f"arn:aws:iam::123456789012:role/{name.partition('.')[0]}" if name.endswith(".Arn") else name
        case [("Sub", str(text))]:
            return re.sub(r"\$\{([\w:.]+)\}", lambda found: given.get(found[1], found[1]), text)
    return {name: filled(one, given) for name, one in value.items() if one != {"Ref": "AWS::NoValue"}}
