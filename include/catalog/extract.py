"""Collect the words for readers: ``messages.pot`` from the code, and what is new in it into each language's file.

PYTHONPATH=include .venv/bin/python include/catalog/extract.py            writes messages.pot and updates every *.po
"""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

from executive_suite import formats
from executive_suite.formats import both
from executive_suite.rules.sentences import PLACE
from executive_suite.wording import RECORDS

HERE = Path(__file__).resolve().parent
INCLUDE = HERE.parent
PACKAGE = INCLUDE / "executive_suite"

Found = tuple[str | tuple[str, str], str]
"""A message, or its two forms for one and for many; and its context."""

BUILDERS: Mapping[str, tuple[tuple[int, ...], tuple[str, ...]]] = {
    "section": ((0,), ("point",)),
    "table": ((0,), ("note", "empty", "total_name")),
    "words": ((0,), ()),
    "figures": ((0,), ()),
    "column": ((0,), ()),
    "part": ((0,), ()),
    "itself": ((0,), ()),
    "month": ((1,), ("head",)),
    "day": ((0,), ("missing",)),
    "near": ((0,), ("missing",)),
    "by_part": ((), ("title", "head", "total_name", "note", "empty")),
    "with_previous": ((1, 3), ()),
    "kpi": ((2,), ("label", "target_is")),
    "monthly": ((2,), ("label",)),
    "against_budget": ((2,), ()),
    "findings": ((1,), ("title", "empty")),
    "actions": ((0, 2), ("empty",)),
    "answering": ((1, 3), ("empty",)),
    "missing": ((1, 2), ()),
    "nothing": ((1, 2), ()),
    "unless": ((1,), ()),
    "none": ((0,), ()),
    "chart": ((1,), ("finding", "note")),
    "bars": ((1,), ("of", "finding")),
    "by_month": ((2,), ("finding",)),
    "timeline": ((1,), ("instead", "finding")),
    "Column": ((0,), ()),
    "FindingList": ((0,), ("empty",)),
    "ActionList": ((0, 2), ("empty",)),
    "Decision": ((0,), ()),
}
"""What puts a report together says the literal words that it is given: their places, and their keywords."""

REASONS: Mapping[str, tuple[tuple[int, ...], tuple[str, ...]]] = {
    "not_applicable": ((0,), ()),
    "not_evaluable": ((0,), ()),
    "qualified": ((1,), ()),
    "MissingInputError": ((0,), ()),
    "_none": ((0,), ()),
}
WRITTEN_AS = frozenset({"reason", "otherwise", "headline", "action", "mark", "title"})
"""Keywords and variables of earlier steps that hold words for readers."""
ASSIGNED = WRITTEN_AS | {"why", "told", "said", "note", "noun", "short"}

TAXES = ("lodging", "sales", "payroll")
"""Kinds of tax, which a sentence names by their key."""
UNITS = ("nights", "points", "nautical miles")
"""Units that no definition states: those of parts of figures."""

SENTENCES = ("title", "name", "fires", "clear", "action", "evidence", "headline", "mark", "stopped", "fell", "rose")


def main() -> None:
    """Write the template and update the catalogs."""
    template = extracted()
    (HERE / "messages.pot").write_bytes(text(template))
    for path in sorted(HERE.glob("*.po")):
        with path.open("rb") as file:
            own = read_po(file, locale=path.stem)
        own.update(template, no_fuzzy_matching=True)
        own.obsolete.clear()
        path.write_bytes(text(own))


def extracted() -> Catalog:
    """Every message, with the files that it is in."""
    made = Catalog(fuzzy=False)
    for unit in UNITS:
        made.add(
            (f"{{count}} {unit.removesuffix('s')}", f"{{count}} {unit}"), locations=[("executive_suite/metrics", 0)]
        )
    for kind in TAXES:
        made.add(kind, locations=[("config/signals.yaml", 0)], context=RECORDS)
    for path in _files():
        place = path.relative_to(INCLUDE).as_posix()
        for message, context in _found(path):
            made.add(message, locations=[(place, 0)], context=context or None)
    return made


def _files() -> Iterator[Path]:
    yield from sorted(PACKAGE.rglob("*.py"))
    yield from sorted((PACKAGE / "definitions").glob("*.yaml"))
    yield from (INCLUDE / "config" / name for name in ("reports.yaml", "rules.yaml", "signals.yaml"))
    yield from sorted((INCLUDE / "templates").rglob("*.j2"))


def _found(path: Path) -> Iterator[Found]:
    if path.suffix == ".py":
        yield from _in_python(path)
    elif path.suffix == ".j2":
        with path.open("rb") as file:
            for _, name, text, _ in babel_extract(file, ("say", "say_many"), (), {}):
                texts = [text] if isinstance(text, str) else [one for one in text or () if one]
                if not texts:
                    continue
                yield (texts[0] if name == "say" else (texts[0], texts[1])), ""
    else:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        yield from _in_definitions(content) if path.parent.name == "definitions" else _in_config(path.stem, content)


def _in_definitions(content: Mapping[str, Mapping[str, Any]]) -> Iterator[Found]:
    for entry in content.values():
        yield from ((entry[field], "") for field in ("name", "definition", "premise") if field in entry)
        for unit in {str(entry["unit"]), formats.unit(str(entry["unit"]))} - {"cents"}:
            if not unit.endswith("s"):
                continue
            yield (f"{{count}} {unit.removesuffix('s')}", f"{{count}} {unit}"), ""
            yield unit, ""


def _in_config(name: str, content: Any) -> Iterator[Found]:
    for key, text in _texts(content):
        if name == "reports":
            if key in {"title", "short_name", "reader"}:
                yield text, ""
        elif (key in SENTENCES or key == "item") and _wordy(text):
            yield text, RECORDS
            for place in PLACE.finditer(text):
                if place["form"] in {"counted", "series"}:
                    yield both(place["words"]), ""
        elif key in {"owner", "labels"}:
            yield text, RECORDS


def _texts(content: Any, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(content, Mapping):
        for name, value in content.items():
            yield from _texts(value, "labels" if key == "labels" else str(name))
    elif isinstance(content, list):
        for value in content:
            yield from _texts(value, key)
    elif isinstance(content, str) and re.search("[A-Za-z]{2}", content) and not content.startswith("column:"):
        yield key, content


def _in_python(path: Path) -> Iterator[Found]:
    source = path.read_text(encoding="utf-8")
    tree, says = ast.parse(source), "executive_suite.wording import" in source
    layer = path.relative_to(PACKAGE).parts[0]
    shown = layer in {"reports", "rendering"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if says or _name(node.func) in {"counted", "are"}:
                yield from _said(node)
            if shown:
                yield from ((text, "") for text in _given(node, BUILDERS) if _wordy(text))
            elif layer in {"metrics", "rules", "signals", "facts", "dataset"}:
                yield from ((text, RECORDS) for text in _given(node, REASONS, WRITTEN_AS) if _wordy(text))
        elif layer in {"metrics", "rules", "signals"}:
            yield from ((text, RECORDS) for text in _written(node) if _wordy(text))


def _said(node: ast.Call) -> Iterator[Found]:
    texts = [arg.value if isinstance(arg, ast.Constant) and isinstance(arg.value, str) else None for arg in node.args]
    match _name(node.func), texts:
        case "say" | "noted", [str(text), *_]:
            yield text, ""
        case "are", [_, str(one), str(many)]:
            yield from ((one, ""), (many, ""))
        case "say_many", [str(one), str(many), *_]:
            yield (one, many), ""
        case "counted", [_, str(noun)]:
            yield both(noun), ""
        case "counted", [_, None] if len(node.args) > 1:
            yield from ((both(noun), "") for noun in _words(node.args[1]) if "{" not in noun)


def _given(
    node: ast.Call, known: Mapping[str, tuple[tuple[int, ...], tuple[str, ...]]], always: frozenset[str] = frozenset()
) -> Iterator[str]:
    places, keywords = known.get(_name(node.func), ((), ()))
    for place in places:
        if place < len(node.args):
            yield from _words(node.args[place])
    for keyword in node.keywords:
        if keyword.arg in keywords or keyword.arg in always:
            yield from _words(keyword.value)


def _written(node: ast.AST) -> Iterator[str]:
    """Words that a function of an earlier step keeps or returns."""
    if isinstance(node, ast.Return) and node.value is not None:
        yield from (text for text in _words(node.value) if " " in text)
    elif isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and key.value == "name":
                yield from (text for text in _words(value) if " " in text)
    elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
        yield from _assigned(node)


def _assigned(node: ast.Assign | ast.AnnAssign | ast.AugAssign) -> Iterator[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    for target in targets:
        if isinstance(target, ast.Name) and (target.id in ASSIGNED or target.id.isupper()):
            yield from _words(node.value) if node.value else ()


def _words(node: ast.expr) -> Iterator[str]:
    """The texts that an expression may be: literals, those of a choice, and texts with places."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _words(node.body)
        yield from _words(node.orelse)
    elif isinstance(node, ast.BoolOp | ast.Dict):
        for value in node.values:
            yield from _words(value)
    elif isinstance(node, ast.JoinedStr):
        yield _template(node)


def _template(node: ast.JoinedStr) -> str:
    names: dict[str, int] = {}
    parts: list[str] = []
    for value in node.values:
        if isinstance(value, ast.Constant):
            parts.append(str(value.value))
        elif isinstance(value, ast.FormattedValue):
            name = _field(value.value)
            names[name] = names.get(name, 0) + 1
            parts.append(f"{{{name}{'_' * (names[name] - 1)}}}")
    return "".join(parts)


def _field(node: ast.expr) -> str:  # noqa: PLR0911 - one per kind of expression
    """What a place is called: the name in its expression that tells most."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.strip("_").lower()
        case ast.Call(func=ast.Attribute(attr="join")):
            return "listed"
        case ast.Call(func=func, args=[ast.Name(id="s" | "self" | "context"), *_]):
            return _field(func)
        case ast.Call(args=[first, *_]) if _field(first) not in {"value", "s"}:
            return _field(first)
        case ast.Call(func=func):
            return _field(func)
        case ast.Subscript(value=ast.Attribute(attr="dimensions"), slice=ast.Constant(value=str(name))):
            return name
        case ast.Subscript(value=inner) | ast.UnaryOp(operand=inner):
            return _field(inner)
    return "value"


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _wordy(text: str) -> bool:
    """Whether a text has words, and is no id."""
    bare = PLACE.sub("", text)
    return (
        re.search("[A-Za-z]{2}", bare) is not None
        and "\\" not in text
        and re.fullmatch(r"[a-z0-9_.:/$]+", text) is None
    )


def text(catalog: Catalog) -> bytes:
    """A catalog as text: the same messages, the same bytes."""
    file = io.BytesIO()
    write_po(file, catalog, width=100, sort_output=True, omit_header=True, include_lineno=False)
    header = [
        'msgid ""',
        'msgstr ""',
        r'"Content-Type: text/plain; charset=utf-8\n"',
        r'"Content-Transfer-Encoding: 8bit\n"',
    ]
    if catalog.locale is not None:
        header += [rf'"Language: {catalog.locale}\n"', rf'"Plural-Forms: {catalog.plural_forms}\n"']
    return "\n".join([*header, "", ""]).encode() + file.getvalue()


if __name__ == "__main__":
    main()
