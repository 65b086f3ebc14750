"""What an optimiser would do with a plan: `python benchmarks/search.py [--plan generic]`.

Searches all levers of a plan at once, from a tenth of their values to ten times them, for designs
that are sustained more often and give no less of their time to the mission.
Designs are drawn (Sobol), few levers moved in some and all in others; screened by few runs; and the
best are crossed and changed again, with a fresh seed each time. Where the best end, lever by lever,
is set against the range of the shipped plans. What ends outside is either a discovery or a hole in
the model. `--corners` runs five corners that no sound model should reward.
"""

import argparse
import json
import math
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from ncpcsim import load_plan
from ncpcsim.answers.audit import Gap, Outcome, gap
from ncpcsim.answers.audit_runs import Pairs
from ncpcsim.answers.moves import UNMOVED, from_zero
from ncpcsim.experiment.posterior import with_parameters
from ncpcsim.plan.fields import bounds_of, field_at, inner_type, kind_of, unit_of
from ncpcsim.plan.files import shipped_plans
from ncpcsim.plan.frozen import thaw
from ncpcsim.plan.load import Plan, plan_from_tree
from ncpcsim.plan.problems import KeyPath, PlanError, dotted

TIMES = 10.0
WIDE = 16
"""Designs of a generation that are run again, of those screened."""
BEST = 8
FROZEN = ("thresholds.", *(pattern.rstrip("*") for pattern in UNMOVED))
"""What judges a centre is no decision of it."""


@dataclass(frozen=True)
class Lever:
    """A number that is decided, and how far it is searched."""

    keys: KeyPath
    value: float
    low: float
    high: float
    whole: bool
    straight: bool

    @property
    def path(self) -> str:
        """Its dotted path."""
        return dotted(self.keys)

    def at(self, u: float) -> float:
        """A value between its bounds: even for shares and what may be nothing, else by ratio."""
        if self.straight:
            found = self.low + u * (self.high - self.low)
        else:
            found = self.low * (self.high / self.low) ** u
        return round(found) if self.whole else found


def levers(plan: Plan) -> list[Lever]:
    """All levers that a plan states as one number."""
    return [lever for keys, value in numbers(plan.numbers) if (lever := lever_of(keys, value))]


def lever_of(keys: KeyPath, value: Any) -> Lever | None:
    """A lever with its bounds, if the number is one that is searched."""
    field = field_at(keys)
    if field is None or kind_of(field) != "lever" or not isinstance(value, int | float):
        return None
    if dotted(keys).startswith(FROZEN):
        return None
    lowest, highest = bounds_of(field)
    share = highest <= 1
    whole = inner_type(field.annotation) is int
    most = highest if share else min(highest, TIMES * (value or from_zero(field)))
    least = lowest if share or not value else max(lowest, value / TIMES)
    if whole and unit_of(field) != "months":
        least = lowest
    straight = share or least <= 0 or whole
    return Lever(keys, value, max(least, 0), max(most, least), whole, straight)


def numbers(section: Any, keys: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """Every number of a plan at its median, with its place."""
    children = section.items() if isinstance(section, Mapping) else ()
    for key, node in children or ((k, getattr(section, k)) for k in fields_of(section)):
        here = (*keys, key)
        if kind_of(field_at(here)):
            yield here, node
        else:
            yield from numbers(node, here)


def fields_of(section: Any) -> tuple[str, ...]:
    """The names of a section's fields."""
    return tuple(getattr(type(section), "model_fields", ()))


Design = NDArray[np.float64]
"""A number between 0 and 1 for each lever; NaN where the plan's own value stays."""


class Search:
    """Designs, built and run."""

    def __init__(self, plan: Plan, workers: int, held: list[str]) -> None:
        self.plan = plan.variant({"horizon.judged_month": plan.numbers.months})
        self.levers = [
            lever
            for lever in levers(plan)
            if not any(fnmatchcase(lever.path, pattern) for pattern in held)
        ]
        self.workers = workers
        self.refused = self.made = 0

    def built(self, design: Design) -> Plan | None:
        """The plan of a design, or None if there can be no such plan."""
        tree = thaw(self.plan.tree)
        for lever, u in zip(self.levers, design.tolist(), strict=True):
            if not math.isnan(u):
                node = tree
                for key in lever.keys[:-1]:
                    node = node[key]
                node[lever.keys[-1]] = lever.at(u)
        fitted(tree)
        self.made += 1
        try:
            made = plan_from_tree(tree, self.plan.name)
        except PlanError:
            self.refused += 1
            return None
        known = self.plan.ensemble
        if known is None:
            return made
        return made.drawn_from(
            known.only({p for p in known.values if made.states_as(self.plan, p)})
        )

    def scores(self, designs: list[Design], runs: int, seed: int) -> NDArray[np.float64]:
        """Share sustained, less what is lacking of the plan's mission share; -1 if refused."""
        pairs = Pairs(self.plan, runs, seed)
        stands, _ = pairs(self.plan)
        mission = float(np.nanmean(stands.values["mission"]))

        def score(design: Design) -> float:
            made = self.built(design)
            if made is None:
                return -1.0
            found = pairs(made)[1].values
            lacks = max(mission - float(np.nanmean([*found["mission"], 0.0])), 0.0)
            return float(np.nanmean(found["sustained"])) - 5 * lacks

        with ThreadPoolExecutor(self.workers) as pool:
            return np.array(list(pool.map(score, designs)))


def fitted(tree: dict[str, Any]) -> None:
    """Shares of one whole, made to sum to one; of what is left of a contract, to one at most."""
    shared = [grant for grant in tree["grants"].values() if "programme_share" in grant]
    scale([(grant, "programme_share") for grant in shared])
    for grant in tree["grants"].values():
        if "earmarks" in grant:
            scale([(grant["earmarks"], key) for key in grant["earmarks"]])
    for contract in tree["contracts"].values():
        spent = [(contract, f"{what}_share") for what in ("subcontractors", "travel")]
        if sum(number(one[key]) for one, key in spent) > 1:
            scale(spent)


def scale(shares: list[tuple[dict[str, Any], str]]) -> None:
    """Divide shares by their sum."""
    values = [number(section[key]) for section, key in shares]
    for (section, key), value in zip(shares, values, strict=True):
        section[key] = value / sum(values) if sum(values) else 1 / len(values)


def number(node: Any) -> float:
    """The value of a statement."""
    return float(node["value"] if isinstance(node, dict) else node)


def searched(search: Search, options: argparse.Namespace) -> list[Design]:
    """The best designs of all generations, by runs of a fresh seed each."""
    draw = np.random.default_rng(options.seed)
    count = len(search.levers)
    sobol = qmc.Sobol(count, rng=draw).random(options.designs)
    designs = []
    for index, point in enumerate(sobol):
        moved = draw.random(count) < (0.02, 0.1, 0.3, 1.0)[index % 4]
        designs.append(np.where(moved, point, np.nan))
    best = [np.full(count, np.nan)]
    for generation in range(options.generations):
        seed = options.seed + 10 * generation
        screened = search.scores(designs, options.screen, seed + 1)
        wide = [designs[i] for i in np.argsort(-screened, kind="stable")[:WIDE]] + best
        again = search.scores(wide, 5 * options.screen, seed + 2)
        best = [wide[i] for i in np.argsort(-again, kind="stable")[:BEST]]
        print(
            f"generation {generation}: best {np.sort(again)[::-1][:4].round(3).tolist()}",
            flush=True,
        )
        designs = [child(best, draw) for _ in range(options.designs // 2)]
    return best


def child(best: list[Design], draw: np.random.Generator) -> Design:
    """Two of the best crossed, a few levers drawn again or put back."""
    first, second = (best[i] for i in draw.integers(len(best), size=2))
    made = np.where(draw.random(len(first)) < 0.5, first, second)
    anew = draw.random(len(made)) < draw.choice([0.01, 0.03, 0.1])
    back = draw.random(len(made)) < 0.01
    return np.where(back, np.nan, np.where(anew, draw.random(len(made)), made))


def ranges(path: str) -> tuple[float, float]:
    """The smallest and largest value of a lever in the shipped plans."""
    found = [dict(PLANS[name]).get(path) for name in PLANS]
    known = [value for value in found if value is not None]
    return min(known), max(known)


PLANS = {
    name: {dotted(keys): value for keys, value in numbers(load_plan(name).numbers)}
    for name in shipped_plans()
}


def report(search: Search, best: list[Design], options: argparse.Namespace) -> None:
    """The best designs on a fresh seed, and where each lever ends."""
    pairs = Pairs(search.plan, options.runs, options.seed + 999)
    told = []
    for rank, design in enumerate(best, 1):
        made = search.built(design)
        if made is not None:
            told.append(line(f"design {rank}", *pairs(made), len(best)))
    print("\n".join(told))
    print("\n| lever | plan | shipped | best designs | moved in | outside in |")
    print("|---|---|---|---|---|---|")
    outside = []
    for index, lever in enumerate(search.levers):
        us = [float(design[index]) for design in best]
        ends = [lever.value if math.isnan(u) else lever.at(u) for u in us]
        low, high = ranges(lever.path)
        beyond = sum(not low <= end <= high for end in ends)
        moved = sum(not math.isnan(u) for u in us)
        if moved:
            print(
                f"| `{lever.path}` | {lever.value:g} | {low:g} to {high:g} | {min(ends):.4g} to "
                f"{max(ends):.4g} | {moved} | {beyond} |"
            )
        if beyond > len(best) / 2:
            outside.append(lever.path)
    print(f"\n{len(outside)} levers end outside in most of the best: {', '.join(outside)}")


def line(name: str, stands: Outcome, moved: Outcome, of: int) -> str:
    """What a design does, less the plan as it stands."""
    gaps: dict[str, Gap] = {
        what: gap(moved.values[what], stands.values[what])
        for what in ("sustained", "open", "mission", "fees", "assessments")
    }
    cells = [f"{name:28}"]
    for what, each in gaps.items():
        share = what in ("sustained", "open")
        interval = each.interval(of, share=share)
        times = 100 if share or what == "mission" else 1
        half = times * (interval.high - interval.low) / 2
        cells.append(f"{what} {times * interval.estimate:+,.1f} ± {half:,.1f}")
    return "  ".join(cells)


def corners(plan: Plan) -> dict[str, Plan]:
    """Plans that nobody would write."""
    edits: dict[str, Callable[[dict[str, Any]], None]] = {
        "prices x100": dear,
        "no director": lambda tree: tree["posts"].pop("director"),
        "only leaflets, information": lambda tree: keep(tree, "technical_information publication"),
        "staff of one": lambda tree: staff(tree, 1),
        "staff of fifty": lambda tree: staff(tree, 50),
        "no awareness": lambda tree: keep(
            tree, " ".join(name for name in tree["services"] if not name.startswith("awareness"))
        ),
    }
    found = {}
    for name, edit in edits.items():
        tree = thaw(plan.tree)
        edit(tree)
        found[name] = drawn_alike(plan, plan_from_tree(tree, plan.name))
    return found


def dear(tree: dict[str, Any]) -> None:
    """A hundred times the prices."""
    for service in tree["services"].values():
        for demand in service["clients"].values():
            demand["price"] = 100 * number(demand["price"])


def keep(tree: dict[str, Any], names: str) -> None:
    """No other services than these."""
    tree["services"] = {name: tree["services"][name] for name in names.split()}


def staff(tree: dict[str, Any], people: int) -> None:
    """So many technical people from the first day, whom the centre pays, and no others."""
    tree["posts"].pop("technical_seconded", None)
    tree["posts"]["technical"] |= {"people": people, "from_month": 0}


def drawn_alike(plan: Plan, made: Plan) -> Plan:
    """A changed plan with the joint draws of the other, as far as they state the same."""
    known = plan.ensemble
    if known is None:
        return made
    return made.drawn_from(known.only({p for p in known.values if made.states_as(plan, p)}))


def main() -> None:
    """Search, and print where the best designs end."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--plan", default="generic")
    options.add_argument("--designs", type=int, default=1024, help="of the first generation")
    options.add_argument("--generations", type=int, default=6)
    options.add_argument("--screen", type=int, default=20, help="runs that screen a design")
    options.add_argument("--runs", type=int, default=400, help="runs of the best, and of corners")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--parameters", default="posterior")
    options.add_argument("--corners", action="store_true", help="only the corners")
    options.add_argument("--hold", nargs="*", default=[], help="levers that stay, by pattern")
    options.add_argument("--keep", type=Path, help="write the best designs (JSON)")
    chosen = options.parse_args()
    plan = with_parameters(load_plan(chosen.plan), chosen.parameters)
    search = Search(plan, chosen.workers, chosen.hold)
    pairs, made = Pairs(search.plan, chosen.runs, chosen.seed), corners(search.plan)
    for name, corner in made.items():
        print(line(name, *pairs(corner), len(made)), flush=True)
    if chosen.corners:
        return
    best = searched(search, chosen)
    print(f"{search.made:,} designs of {len(search.levers)} levers, {search.refused:,} no plans")
    report(search, best, chosen)
    if chosen.keep:
        found = [
            {
                one.path: one.at(u)
                for one, u in zip(search.levers, design.tolist(), strict=True)
                if not math.isnan(u)
            }
            for design in best
        ]
        chosen.keep.write_text(json.dumps(found, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
