"""The description for people: operations by subject, with what goes in, what comes out and a call to copy."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import slugify

METHODS = ("get", "post", "patch")


@dataclass(frozen=True, slots=True)
class Value:
    """A parameter or a field. path: dotted for fields inside fields."""

    path: str
    type: str
    text: str
    required: bool


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address."""

    key: str
    method: str
    path: str
    summary: str
    needs: str
    parameters: Sequence[Value]
    body: Sequence[Value]
    call: str
    answer: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """The operations of one kind of record, and what the record looks like."""

    key: str
    label: str
    operations: Sequence[Operation]
    fields: Sequence[Value]


def chapters(document: Mapping[str, Any], base_url: str) -> list[Chapter]:
    """Every operation of an OpenAPI document, in its order."""
    found: dict[str, list[Operation]] = {}
    records: dict[str, Sequence[Value]] = {}
    for path, item in document["paths"].items():
        for method in METHODS:
            if method not in item:
                continue
            entry = item[method]
            label = entry["tags"][0]
            found.setdefault(label, []).append(_operation(document, base_url, path, method, entry))
            if entry["operationId"].endswith("_retrieve"):
                records[label] = _values(document, _answered(document, entry))
    return [
        Chapter(slugify(label, allow_unicode=True), label, operations, records.get(label, ()))
        for label, operations in found.items()
    ]


def _operation(document: Mapping[str, Any], base_url: str, path: str, method: str, entry: Any) -> Operation:
    given = [parameter for parameter in entry.get("parameters", ()) if parameter["in"] != "path"]
    parameters = [
        Value(each["name"], _type(each["schema"]), each.get("description", ""), bool(each.get("required")))
        for each in given
    ]
    schema = _resolved(document, _content(entry.get("requestBody", {})))
    body = _values(document, schema)
    is_form = "multipart/form-data" in entry.get("requestBody", {}).get("content", {})
    example = json.dumps(_example(document, schema), ensure_ascii=False, indent=2) if schema and not is_form else ""
    answered = _example(document, _answered(document, entry))
    return Operation(
        key=entry["operationId"], method=method.upper(), path=path, summary=entry.get("summary", ""),
        needs=entry.get("description", ""), parameters=parameters, body=body,
        call=_call(base_url, path, method, example, is_form), answer=json.dumps(answered, ensure_ascii=False, indent=2),
    )  # fmt: skip


def _call(base_url: str, path: str, method: str, example: str, is_form: bool) -> str:
    address = base_url + path.replace("{number}", "1042").replace("{id}", "12").replace("{uid}", "3fa85f64-…")
    lines = [f'curl "{address}"' if method == "get" else f'curl -X {method.upper()} "{address}"']
    lines.append('  -H "Authorization: Bearer $TOKEN"')
    if method == "post":
        lines.append('  -H "Idempotency-Key: $(uuidgen)"')
    if is_form:
        lines.append('  -F "file=@invoice.pdf"')
    if example:
        quoted = example.replace("'", "'\\''")
        lines += ['  -H "Content-Type: application/json"', f"  -d '{quoted}'"]
    return " \\\n".join(lines)


def _answered(document: Mapping[str, Any], entry: Any) -> Any:
    first = next(iter(entry["responses"].values()))
    return _resolved(document, _content(first))


def _content(part: Mapping[str, Any]) -> Any:
    return next(iter(part.get("content", {}).values()), {}).get("schema", {})


def _resolved(document: Mapping[str, Any], schema: Any) -> Any:
    """What a reference, alone or with a description beside it, stands for."""
    while schema:
        if "$ref" in schema:
            schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
        elif "allOf" in schema:
            schema = schema["allOf"][0]
        else:
            break
    return schema


def _values(document: Mapping[str, Any], schema: Any, before: str = "", depth: int = 0) -> list[Value]:
    found: list[Value] = []
    if not schema or depth > 2:
        return found
    required = set(schema.get("required", ()))
    for name, part in schema.get("properties", {}).items():
        inner = _resolved(document, part)
        text = part.get("description", "") or inner.get("description", "")
        path = f"{before}{name}"
        found.append(Value(path, _type(inner), text, name in required))
        item = _resolved(document, inner.get("items")) if inner.get("type") == "array" else inner
        mark = "[]." if inner.get("type") == "array" else "."
        if item and item.get("properties"):
            found += _values(document, item, f"{path}{mark}", depth + 1)
    return found


def _type(schema: Any) -> str:
    if schema.get("enum"):
        words = [str(value) for value in schema["enum"] if value not in ("", None)]
        return " | ".join(words[:12]) + (" | …" if len(words) > 12 else "")
    if schema.get("type") == "array":
        return f"[{_type(schema.get('items', {})) or 'object'}]"
    return str(schema.get("format") or schema.get("type", ""))


def _example(document: Mapping[str, Any], schema: Any, depth: int = 0) -> Any:
    """A value that fits, made of examples and types."""
    schema = _resolved(document, schema)
    if not schema or depth > 4:
        return None
    if "example" in schema:
        return schema["example"]
    if schema.get("enum"):
        return schema["enum"][0]
    kind = schema.get("type")
    if kind == "object" or "properties" in schema:
        return {name: _example(document, part, depth + 1) for name, part in schema.get("properties", {}).items()}
    if kind == "array":
        return [_example(document, schema.get("items", {}), depth + 1)]
    if kind in ("integer", "number"):
        return schema.get("minimum", 1) or 1
    if kind == "boolean":
        return True
    by_format = {"date-time": "2026-03-31T09:30:00Z", "date": "2026-03-31", "decimal": "1", "uri": "https://…"}
    return by_format.get(schema.get("format", ""), "…")
