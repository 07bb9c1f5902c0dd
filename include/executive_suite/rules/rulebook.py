"""The rules of a group as data: what counts as a shortfall, a gap or a violation, how bad it is and who answers."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, ValidationError, model_validator

from executive_suite import config_files
from executive_suite.config_files import Strict
from executive_suite.folders import INCLUDE
from executive_suite.rules.rule import Kind, Rule

SHIPPED = INCLUDE / "config" / "rules.yaml"


class Rules(Strict):
    """Every rule of a group, in the order in which findings of one severity are shown."""

    rules: Annotated[tuple[Rule, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        ids = [rule.rule_id for rule in self.rules]
        twice = sorted({name for name in ids if ids.count(name) > 1})
        if twice:
            msg = f"rule_id must be unique, found twice: {twice}"
            raise ValueError(msg)
        return self

    def of_kind(self, *kinds: Kind) -> tuple[Rule, ...]:
        """The rules of these kinds."""
        return tuple(rule for rule in self.rules if rule.kind in kinds)


def load(path: Path = SHIPPED) -> Rules:
    """The rules in a YAML file.

    Raises:
        ConfigError: the file is missing, is not YAML, or a field is wrong; file, rule and field are named.
    """
    content = config_files.read(path)
    try:
        return Rules.model_validate({"rules": content})
    except ValidationError as error:
        raise config_files.refused(error, config_files.in_list(path, content, "rule_id", "rule")) from None


def of(folder: Path) -> Rules:
    """The rules of a configuration folder; the shipped ones where it states none.

    Raises:
        ConfigError: as ``load``.
    """
    own = folder / SHIPPED.name
    return load(own) if own.exists() else shipped()


@functools.cache
def shipped() -> Rules:
    """The rules of ``include/config/rules.yaml``."""
    return load()
