"""What the sentences of signals are filled from: values with their units, and names as readers know them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from executive_suite.dataset import labels
from executive_suite.dataset.labels import entity_names
from executive_suite.dataset.memo import per_context
from executive_suite.facts.fact import GROUP
from executive_suite.rules.sentences import filled

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context


@per_context
def _names(context: Context) -> Mapping[str, Mapping[str, str]]:
    return labels.of(context.tables)


def entity(context: Context, entity_id: str) -> str:
    """The name of an entity, or what the group is called where it speaks of itself."""
    return entity_names(context).get(entity_id, "The group" if entity_id == GROUP else entity_id)


def named(context: Context, kind: str, key: str) -> str:
    """The name of a row of a kind ("channel"); the key itself where it has none."""
    return _names(context).get(kind, {}).get(key, key)


def sentence(context: Context, text: str, cells: Mapping[str, Any], entity_id: str, **units: str) -> str:
    """A sentence filled, with the entity's name as ``{entity}``."""
    made = filled(text, {**cells, "entity": entity(context, entity_id), "as_of": context.report_date}, units)
    return f"{made[:1].upper()}{made[1:]}"
