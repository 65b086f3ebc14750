"""The JSON Schema of a plan file, for editors: the schema's fields as a person may write them."""

from copy import deepcopy
from typing import Any

from ncpcsim.plan.quantity import DISTRIBUTIONS
from ncpcsim.plan.schema import Numbers

_DATE = {"type": "string", "format": "date"}
_EXTRA_KEYS = {
    "extends": {"type": "string", "description": "name or path of the plan to inherit from"},
    "without": {
        "type": "array",
        "items": {"type": "string"},
        "description": "dotted keys that are inherited and dropped",
    },
}


def plan_jsonschema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a plan file.

    Nothing is required, since a plan may inherit anything.
    """
    schema = Numbers.model_json_schema()
    for section in [schema, *schema["$defs"].values()]:
        section.pop("required", None)
        for name, field in section.get("properties", {}).items():
            section["properties"][name] = _as_written(name, field)
    schema["properties"] = _EXTRA_KEYS | schema["properties"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "A plan for ncpcsim",
    }


def _as_written(name: str, field: dict[str, Any]) -> dict[str, Any]:
    """A number's schema, widened to the ways of stating its origin."""
    field = deepcopy(field)
    kind, unit = field.pop("kind", None), field.pop("unit", None)
    field.pop("default", None)
    field.pop("title", None)
    if kind is None:
        return field
    about = {"description": f"{field.pop('description')} ({kind}, {unit})"}
    number = next((each for each in field.pop("anyOf", []) if each["type"] != "null"), {}) | field
    ways = [_statement("fixed", unit, number, unit_required=kind != "lever")]
    if kind == "lever":
        ways.insert(0, number)
        if name == "month" or name.endswith("_month"):
            ways += [_DATE] if number["type"] == "integer" else []
    if kind == "uncertain" or (kind == "lever" and number["type"] == "number"):
        # An amount that a centre of the past decided may not be known.
        ways += [
            _statement(name, unit, number, unit_required=kind != "lever")
            for name in DISTRIBUTIONS
            if name != "fixed"
        ]
    return about | {"anyOf": ways}


def _statement(
    distribution: str, unit: str, number: dict[str, Any], *, unit_required: bool
) -> dict[str, Any]:
    schema = DISTRIBUTIONS[distribution].model_json_schema()
    properties = schema["properties"] | {
        "unit": {"const": unit},
        "source": {"type": "string", "minLength": 1},
        "note": {"type": "string"},
    }
    if distribution == "fixed":
        properties["value"] = number
    required = {*schema.get("required", []), *(["unit"] if unit_required else [])}
    return {
        "type": "object",
        "properties": properties,
        "required": sorted(required),
        "additionalProperties": False,
        "oneOf": [
            {"required": ["source"]},
            {"required": ["assumption"], "properties": {"assumption": {"const": True}}},
        ],
    }
