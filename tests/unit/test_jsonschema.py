"""The JSON Schema of a plan accepts what the program accepts, and shows every field's meaning."""

import json
import tomllib
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import BaseModel

from ncpcsim.plan.fields import inner_type, is_model, kind_of, unit_of
from ncpcsim.plan.files import shipped_plans
from ncpcsim.plan.jsonschema import plan_jsonschema
from ncpcsim.plan.quantity import DISTRIBUTIONS
from ncpcsim.plan.schema import Numbers

SCHEMA = plan_jsonschema()
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)


def as_json(text: str) -> Any:
    """A plan file as an editor hands it to the schema: dates are strings."""
    return json.loads(json.dumps(tomllib.loads(text), default=date.isoformat))


def wrong(text: str) -> list[str]:
    """The places that the schema refuses, as dotted keys."""
    errors = VALIDATOR.iter_errors(as_json(text))
    return [".".join(str(key) for key in error.absolute_path) for error in errors]


def sections(model: type[BaseModel] = Numbers) -> Iterator[type[BaseModel]]:
    """Every section of the schema, once for each place it stands in."""
    yield model
    for field in model.model_fields.values():
        inner = inner_type(field.annotation)
        arguments = [inner, *getattr(inner, "__args__", ())]
        for section in filter(is_model, map(inner_type, arguments)):
            yield from sections(section)


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA


@pytest.mark.parametrize("name", shipped_plans())
def test_every_shipped_plan_passes(name: str) -> None:
    assert wrong(shipped_plans()[name].read_text()) == []


def test_every_field_stands_in_it_with_its_meaning_kind_and_unit() -> None:
    seen = set()
    for section in sections():
        schema = SCHEMA if section is Numbers else SCHEMA["$defs"][section.__name__]
        for name, field in section.model_fields.items():
            seen.add((section.__name__, name))
            if is_model(field.annotation):
                shown = SCHEMA["$defs"][field.annotation.__name__]["description"]
                assert shown.split(".")[0] == (field.annotation.__doc__ or "").split(".")[0]
                continue
            kind = kind_of(field)
            expected = f"{field.description} ({kind}, {unit_of(field)})" if kind else None
            shown = schema["properties"][name]["description"]
            assert shown == (expected or field.description), (section, name)
            assert shown
    assert len(seen) > 80
    defined = {name for name in SCHEMA["$defs"] if "properties" in SCHEMA["$defs"][name]}
    assert {section for section, _ in seen} == {"Numbers", *defined}


def test_what_only_files_have_stands_in_it_too() -> None:
    for key in ("extends", "without"):
        assert SCHEMA["properties"][key]["description"]


def decision(statement: str, about: str = 'unit = "months", source = "x"') -> str:
    """A plan that states one uncertain parameter."""
    return f"[market]\ndecision_months = {{ {statement}, {about} }}"


GOOD = {
    "nothing at all": "",
    "a parent": 'extends = "generic"\nwithout = ["host", "posts.deputy"]',
    "a bare lever": "[opening]\ncash = 3",
    "a lever with its origin": '[opening]\ncash = { value = 3.5, source = "x", note = "y" }',
    "a lever with its unit": '[opening]\ncash = { value = 3, unit = "money", assumption = true }',
    "a month": "[costs]\nequipment_month = 3",
    "a date": "[costs]\nequipment_month = 1997-01-01",
    "a tranche's date": "[grants.x]\ntranches = [{ month = 1997-01-01, amount = 1 }]",
    "an optional month": "[posts.x]\nuntil_month = 1997-01-01",
    "no tranches": "[grants.x]\ntranches = []",
    "no clients": "[services.x]\nclients = {}",
    "a host": '[host]\nkind = "x"\npremises_share = 0.5',
    "a number held": decision("value = 1"),
    "a number held, by name": decision('distribution = "fixed", value = 1'),
    "a uniform number": decision('distribution = "uniform", low = 1, high = 2'),
    "a triangular number": decision('distribution = "triangular", low = 1, mode = 1, high = 2'),
    "a normal number": decision('distribution = "normal", mean = 1, sd = 2'),
    "a lognormal number": decision('distribution = "lognormal", median = 1, sigma = 2'),
    "an assumed number": decision("value = 1", 'unit = "months", assumption = true'),
}


@pytest.mark.parametrize("name", GOOD)
def test_what_a_plan_may_say_passes(name: str) -> None:
    assert wrong(GOOD[name]) == []


def test_every_distribution_is_among_what_passes() -> None:
    assert all(f'distribution = "{name}"' in " ".join(GOOD.values()) for name in DISTRIBUTIONS)


UNIFORM = 'distribution = "uniform", low = 1, high = 2'
BAD = {
    "an unknown key at the top": ("colour = 1", ""),
    "an unknown key in a section": ("[costs]\nrent = 1", "costs"),
    "an unknown key at depth": ("[services.x.clients.y]\nprize = 1", "services.x.clients.y"),
    "an unknown key of a tranche": ("[grants.x]\ntranches = [{ a = 1 }]", "grants.x.tranches.0"),
    "an unknown key of an optional section": ("[host]\na = 1", "host"),
    "text for a number": ('[opening]\ncash = "3"', "opening.cash"),
    "a boolean for a number": ("[opening]\ncash = true", "opening.cash"),
    "a date for an amount": ("[opening]\ncash = 1997-01-01", "opening.cash"),
    "a negative amount": ("[opening]\ncash = -1", "opening.cash"),
    "a stated negative amount": (
        "[opening]\ncash = { value = -1, assumption = true }",
        "opening.cash",
    ),
    "a share over 1": ("[services.x]\noutside_share = 1.1", "services.x.outside_share"),
    "a fraction of people": ("[posts.x]\npeople = 1.5", "posts.x.people"),
    "a number for text": ("title = 3", "title"),
    "empty text": ('title = ""', "title"),
    "no date": ('start = "soon"', "start"),
    "a number for a section": ("market = 3", "market"),
    "a number for a parent": ("extends = 3", "extends"),
    "text for what is dropped": ('without = "host"', "without"),
    "numbers for what is dropped": ("without = [1]", "without.0"),
    "no choice": ('[services.x]\nvariability = "normal"', "services.x.variability"),
    "a bare uncertain number": ("[market]\ndecision_months = 1", "market.decision_months"),
    "a bare constant": ("[staff]\nworking_days_month = 18", "staff.working_days_month"),
    "no origin": (decision("value = 1", 'unit = "months"'), "market.decision_months"),
    "two origins": (decision("value = 1, assumption = true"), "market.decision_months"),
    "an assumption denied": (
        decision("value = 1", 'unit = "months", assumption = false'),
        "market.decision_months",
    ),
    "another unit": (
        decision("value = 1", 'unit = "days", assumption = true'),
        "market.decision_months",
    ),
    "another unit of a lever": (
        '[opening]\ncash = { value = 3, unit = "eur", source = "x" }',
        "opening.cash",
    ),
    "no unit": (decision("value = 1", "assumption = true"), "market.decision_months"),
    "a lever with a distribution": (
        f'[horizon]\njudged_month = {{ {UNIFORM}, source = "x" }}',
        "horizon.judged_month",
    ),
    "a constant with a distribution": (
        f'[market]\nwrite_off_months = {{ {UNIFORM}, unit = "months", source = "x" }}',
        "market.write_off_months",
    ),
    "an unknown distribution": (
        decision(UNIFORM.replace("uniform", "gamma")),
        "market.decision_months",
    ),
    "a missing argument": (decision('distribution = "uniform", low = 1'), "market.decision_months"),
    "another's argument": (decision(f"{UNIFORM}, mode = 1"), "market.decision_months"),
    "a spread of nothing": (
        decision('distribution = "normal", mean = 1, sd = 0'),
        "market.decision_months",
    ),
    "a date where months are not counted": (
        "[horizon]\nfollow_up_months = 1997-01-01",
        "horizon.follow_up_months",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_what_a_plan_may_not_say_is_refused_in_its_place(name: str) -> None:
    text, place = BAD[name]
    assert wrong(text) == [place]
