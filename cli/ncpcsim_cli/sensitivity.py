"""`ncpcsim sensitivity`: what each number of a plan moves."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from ncpcsim_cli import work
from ncpcsim_cli.console import RUNS_FAILED, console, refuse
from ncpcsim_cli.documents import json_option, of_plan, show_document
from ncpcsim_cli.options import load_or_refuse, parameters_option, plan_argument, seed_option
from ncpcsim_cli.results import write_or_refuse

if TYPE_CHECKING:
    from ncpcsim.answers.audit import Effect, Finding
    from ncpcsim.plan.load import Plan

OFFERS = """\
ncpcsim sensitivity PLAN --audit    moves every number of the plan, one at a time, in paired runs"""
EXAMPLES = """\
\b
Examples:
  ncpcsim sensitivity generic --audit --out generic.jsonl --csv generic.csv
  ncpcsim sensitivity generic --audit --only "market.*"
  ncpcsim sensitivity my_plan.toml --audit -n 1000 --only "*.price" """
_NOTES = """\
Differences: the plan with the number moved, less the plan as it stands, in pairs of runs with the
same random streams, judged in one month; money in the plan's currency over the whole run, shares
in points. The half-widths hold together for all comparisons of a family (money, survival, mission)
with 95 % confidence (Bonferroni). Expected: the signs that calibration/signs.csv stated before any
audit was run, of a number that is raised; + more, - less, 0 nothing, ? nothing claimed."""


@click.command("sensitivity", epilog=EXAMPLES)
@plan_argument
@click.option(
    "--audit",
    "audited",
    is_flag=True,
    help="Move every number of the plan: what moves nothing, and what moves the wrong way?",
)
@click.option(
    "-n",
    "--runs",
    type=click.IntRange(2, 1_000_000),
    default=400,
    show_default=True,
    help="Pairs of runs of each move.",
)
@click.option(
    "--only", metavar="PATTERN", default="*", help='Numbers whose path fits, such as "market.*".'
)
@seed_option
@parameters_option
@work.workers_option
@work.engine_option
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Keep what is found in a file; begun again with it, the command goes on.",
)
@click.option("--csv", type=click.Path(path_type=Path), help="Write a row for each comparison.")
@json_option
def command(
    plan: str,
    audited: bool,  # noqa: FBT001
    runs: int,
    only: str,
    seed: int,
    parameters: str,
    workers: int,
    engine: str,
    out: Path | None,
    csv: Path | None,
    as_json: bool,  # noqa: FBT001
) -> None:
    """Show what PLAN's numbers move, and whether each moves it the way it should.

    The audit doubles and halves every lever and uncertain number, counts people one up and one
    down, and leaves out what is optional.
    """
    if not audited:
        click.echo(OFFERS)
        return
    from ncpcsim.answers.audit import judged
    from ncpcsim.answers.moves import moves
    from ncpcsim.answers.signs import SignsError, load_signs

    loaded, name = load_or_refuse(plan, parameters), work.engine_or_refuse(engine)
    chosen = list(moves(loaded, only))
    if not chosen:
        refuse(f"--only: {only!r} fits no number of {plan}, expected such as 'market.*'")
    try:
        signs = load_signs()
    except SignsError as error:
        refuse(str(error))
    about = {**of_plan(loaded, name, seed), "runs": runs}
    effects = _effects(loaded, chosen, about, workers, out)
    found = judged(effects, signs)
    if csv is not None:
        write_or_refuse(csv, lambda file: _table(found).to_csv(file, index=False))
    if as_json:
        show_document("sensitivity", {**about, "findings": [of_finding(each) for each in found]})
    else:
        _show(console(), loaded, found, about)
    failed = {f"{e.path} {e.move}": e.failed for e in effects if e.failed}
    if failed:
        lines = (f"{name}: {n} runs failed and were left out" for name, n in failed.items())
        refuse(*lines, code=RUNS_FAILED)


def _effects(
    plan: "Plan", chosen: list[Any], about: dict[str, Any], workers: int, out: Path | None
) -> "list[Effect]":
    from ncpcsim.answers.audit_runs import AuditFileError, EffectsFile, Pairs, audit
    from ncpcsim.model import MODEL

    try:
        kept = EffectsFile(out, {**about, "model": MODEL}) if out else None
    except AuditFileError as error:
        refuse(f"--out: {error}")
    except OSError as error:
        refuse(f"--out: {out}: cannot be used ({error.strerror})")
    runs, seed = about["runs"], about["seed"]
    pairs = Pairs(plan, runs, seed, about["engine"])
    return work.do(
        f"{plan.name}, {len(chosen)} moves",
        len(chosen) * runs,
        lambda report: audit(
            plan,
            chosen,
            pairs,
            workers=workers,
            kept=kept,
            progress=lambda moved: report(moved * runs),
        ),
        out=out,
        stopped=f"stopped; {out} can be gone on with" if out else "stopped; nothing was written",
    )


# ------------------------------------------------------------------ what is printed

_LABELS = {
    "fees": "fees",
    "income": "own income",
    "cash": "cash at the end",
    "sustained": "sustained",
    "open": "open",
    "mission": "share of time",
    "assessments": "assessments",
    "options": "options implemented",
}
_IN_POINTS = ("sustained", "open", "mission")


def _show(screen: Console, plan: "Plan", found: "list[Finding]", about: dict[str, Any]) -> None:
    screen.print(
        f"{plan.numbers.title}: {len(found)} moves of {len({f.effect.path for f in found})} "
        f"numbers and sections, {about['runs']} pairs of runs each, "
        f"{work.engine_label(about['engine'])}\n",
        style="bold",
        highlight=False,
        soft_wrap=True,
    )
    before = ""
    for each in found:
        if each.effect.path != before:
            before = each.effect.path
            screen.print(f"{before}  {_expected(each)}", highlight=False, soft_wrap=True)
        for line in _lines(each):
            screen.print(line, highlight=False, soft_wrap=True)
    screen.print(f"\n{_NOTES}", highlight=False, soft_wrap=True)
    _lists(screen, found)


def _expected(each: "Finding") -> str:
    row = each.expected
    signs = ", ".join(f"{name} {sign}" for name, sign in row.signs.items() if sign != "?")
    return f"[{signs or 'nothing claimed'}; {row.source}: {row.reason}]"


def _lines(each: "Finding") -> list[str]:
    from ncpcsim.answers.audit import FAMILIES

    effect = each.effect
    if effect.refused:
        return [f"  {effect.move:5} not allowed: {effect.refused}"]
    if effect.moves_nothing:
        return [f"  {effect.move:5} moves nothing"]
    lines = []
    for family, names in FAMILIES.items():
        first = f"  {effect.move if family == 'money' else '':5} {family:8} "
        parts = [f"{_LABELS[name]} {figure(each, name)}" for name in names]
        lines.append(f"{first} {', '.join(parts)}: {each.verdict(family)}")
    return lines


def figure(each: "Finding", name: str) -> str:
    """A difference with its half-width, as a table has it."""
    interval = each.intervals[name]
    scale = 100 if name in _IN_POINTS else 1
    digits = 1 if name in (*_IN_POINTS, "assessments", "options") else 0
    half = scale * (interval.high - interval.low) / 2
    return f"{scale * interval.estimate:+,.{digits}f} ± {half:,.{digits}f}"


def _lists(screen: Console, found: "list[Finding]") -> None:
    """The lists that a reader looks for: what contradicts, what is inert, what was refused."""
    screen.print("\nMoves the wrong way:", style="bold")
    for each in found:
        for name, verdict in each.verdicts.items():
            if verdict == "contradicts":
                what = f"{_LABELS[name]} {figure(each, name)}"
                screen.print(
                    f"  {each.effect.path} {each.effect.move}: {what} {_expected(each)}",
                    highlight=False,
                    soft_wrap=True,
                )
    screen.print("\nMove nothing:", style="bold")
    for each in found:
        if each.effect.moves_nothing:
            why = each.expected.reason
            told = why if each.expected.is_inert else f"NOT EXPECTED: {_expected(each)}"
            screen.print(
                f"  {each.effect.path} {each.effect.move}: {told}", highlight=False, soft_wrap=True
            )
    screen.print("\nNot allowed:", style="bold")
    for each in found:
        if each.effect.refused:
            screen.print(
                f"  {each.effect.path} {each.effect.move}: {each.effect.refused}",
                highlight=False,
                soft_wrap=True,
            )
    verdicts = [each.verdict("survival") for each in found if not each.effect.refused]
    screen.print(
        f"\nOn survival, of {len(verdicts)} moves: {verdicts.count('agrees')} agree, "
        f"{verdicts.count('contradicts')} contradict, {verdicts.count('cannot tell')} cannot "
        f"tell, {verdicts.count('no claim')} have no sign stated.",
        highlight=False,
        soft_wrap=True,
    )


def of_finding(each: "Finding") -> dict[str, Any]:
    """A finding for programs."""
    effect = each.effect
    measures = {
        name: {
            "mean": each.intervals[name],
            "expected": _wanted(each, name),
            "verdict": each.verdicts[name],
            "pairs": gap.pairs,
            "rose": gap.up,
            "fell": gap.down,
        }
        for name, gap in effect.gaps.items()
    }
    return {
        "path": effect.path,
        "move": effect.move,
        "kind": effect.kind,
        "direction": effect.direction,
        "moves_nothing": effect.moves_nothing,
        "refused": effect.refused or None,
        "source": each.expected.source,
        "reason": each.expected.reason,
        "measures": measures,
    }


def _wanted(each: "Finding", name: str) -> str:
    from ncpcsim.answers.audit import sign_wanted

    return sign_wanted(each.expected, name, each.effect.direction)


def _table(found: "list[Finding]") -> Any:
    """A row for each comparison."""
    import pandas as pd

    rows = []
    for each in found:
        effect = each.effect
        about = {
            "path": effect.path,
            "move": effect.move,
            "kind": effect.kind,
            "moves_nothing": effect.moves_nothing,
            "refused": effect.refused,
        }
        for name, gap in effect.gaps.items() or [("", None)]:
            cells: dict[str, Any] = {"measure": name}
            if gap is not None:
                mean = each.intervals[name]
                cells |= {
                    "pairs": gap.pairs,
                    "mean": mean.estimate,
                    "low": mean.low,
                    "high": mean.high,
                    "expected": _wanted(each, name),
                    "verdict": each.verdicts[name],
                }
            source = {"source": each.expected.source, "reason": each.expected.reason}
            rows.append({**about, **cells, **source})
    return pd.DataFrame(rows)
