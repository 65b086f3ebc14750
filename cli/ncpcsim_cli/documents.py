"""`--json`: an answer as one document, for programs; its keys are in docs/results.md."""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from ncpcsim.answers.check import Row
    from ncpcsim.answers.comparison import Difference
    from ncpcsim.answers.summary import VariantSummary
    from ncpcsim.experiment.precision import Until
    from ncpcsim.measures.intervals import Interval
    from ncpcsim.plan.load import Plan

json_option: Callable[[Any], Any] = click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Print the answer as one JSON document, for programs; docs/results.md describes it.",
)


def show_document(command: str, content: Mapping[str, Any]) -> None:
    """Print an answer: no time and no path is in it, so that equal questions have equal answers."""
    whole = {"command": command, "version": version("ncpcsim"), **content}
    click.echo(json.dumps(plain(whole), indent=1, ensure_ascii=False, allow_nan=False))


def of_plan(plan: "Plan", engine: str, seed: int) -> dict[str, Any]:
    """What a document says of how a plan was simulated."""
    return {
        "engine": engine,
        "currency": plan.currency,
        "plan": plan.name,
        "plan_sha256": plan.hash,
        "parameters": plan.ensemble.name if plan.ensemble else "prior",
        "seed": seed,
    }


def of_errors(errors: Mapping[int, str]) -> list[dict[str, Any]]:
    """Runs that failed, and why."""
    return [{"replication": number, "error": error} for number, error in errors.items()]


def of_precision(until: "Until", reached: "Interval") -> dict[str, Any]:
    """The precision that was asked for, and what was reached."""
    return {
        "measure": until.measure.name,
        "unit": until.measure.unit,
        "half_width": until.half_width,
        "reached": reached,
        "is_reached": reached.half_width <= until.half_width,
    }


def of_difference(found: "Difference") -> dict[str, Any]:
    """One plan less another in one measure."""
    return {
        "plan": found.name,
        "base": found.base,
        "measure": found.measure.name,
        "unit": found.measure.unit,
        "pairs": found.pairs,
        "mean": found.mean,
        "p05": found.p05,
        "p50": found.p50,
        "p95": found.p95,
        "better": found.better,
        "worse": found.worse,
        "variance_ratio": found.variance_ratio,
        "independent_runs": found.independent_runs,
    }


def of_variant(line: "VariantSummary") -> dict[str, Any]:
    """One variant of a batch."""
    return {
        "variant": line.variant,
        "runs": line.runs,
        "failed": line.failed,
        "first_error": line.first_error,
        "sustained": line.sustained,
        "self_sufficient": line.self_sufficient,
        "dormant": line.dormant,
        "closed": line.closed,
        "lowest_cash": line.lowest_cash,
    }


def of_check(row: "Row") -> dict[str, Any]:
    """One comparison with the book."""
    return {
        "name": row.name,
        "claim": row.check.claim,
        "unit": row.check.unit,
        "facts": row.check.facts,
        "reported_low": row.low,
        "reported_high": row.high,
        "found": row.found,
        "distance": row.distance,
        "verdict": row.verdict,
        "explanation": row.check.explanation,
    }


def plain(value: Any) -> Any:
    """A value in the types of JSON; what is not known is null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return plain(value._asdict())
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(each) for each in value]
    return value
