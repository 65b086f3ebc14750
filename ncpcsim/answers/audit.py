"""Every number of a plan moved, one at a time, in paired runs: what follows, and which way.

A number *moves nothing* if every pair of runs has the same cents on every account and the same
counts in every month, and is judged alike. Whatever else it moves is told by the mean paired
difference with its interval; intervals are of one family for each group of measures (Bonferroni):
that all of a family hold together has 95 % confidence.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ncpcsim.answers.moves import OFF, Move
from ncpcsim.answers.signs import NONE, NOTHING, Expected, expected
from ncpcsim.measures.intervals import CONFIDENCE, Interval
from ncpcsim.plan.load import Plan
from ncpcsim.plan.problems import PlanError

FAMILIES: Mapping[str, tuple[str, ...]] = {
    "money": ("fees", "income", "cash"),
    "survival": ("sustained", "open"),
    "mission": ("mission", "assessments", "options"),
}
MEASURES = tuple(name for names in FAMILIES.values() for name in names)
SHARES = ("sustained", "open")
_SIGN_OF = {"sustained": "survival", "open": "survival", "options": ""}
"""Whose stated sign a measure has, where not its own; options implemented have none."""
Verdict = Literal["agrees", "contradicts", "cannot tell", "no claim"]


@dataclass(frozen=True, eq=False)
class Outcome:
    """Runs of one plan in the numbers that an audit compares.

    Attributes:
        values: of each of `MEASURES`, shape (runs,); money in the plan's currency.
        books: a fingerprint of every amount and count of a run by month, shape (runs,).
        errors: how many runs failed; their values are NaN.
    """

    values: Mapping[str, NDArray[np.float64]]
    books: NDArray[np.uint64]
    errors: int = 0


@dataclass(frozen=True)
class Gap:
    """Paired differences of one measure, moved less as it stands.

    Attributes:
        pairs: in which both have a value.
        mean: of the differences.
        sd: their standard deviation.
        up: pairs in which it rose.
        down: pairs in which it fell.
    """

    pairs: int
    mean: float
    sd: float
    up: int
    down: int

    @property
    def is_none(self) -> bool:
        """Whether no pair differs."""
        return self.up == self.down == 0

    def interval(self, of: int, *, share: bool) -> Interval:
        """The mean with its interval, one of a family of `of` (Bonferroni).

        Of shares it is the adjusted Wald interval (Bonett and Price 2012), of others Student's.
        """
        from scipy.special import ndtri, stdtrit

        tail = 1 - (1 - CONFIDENCE) / (2 * max(of, 1))
        if self.pairs < 2:
            return Interval(self.mean, -math.inf, math.inf)
        if self.is_none and not share:
            return Interval(0.0, 0.0, 0.0)
        if share:
            n = self.pairs + 2
            first, second = (self.up + 1) / n, (self.down + 1) / n
            half = float(ndtri(tail)) * math.sqrt((first + second - (first - second) ** 2) / n)
            return Interval(self.mean, first - second - half, first - second + half)
        half = float(stdtrit(self.pairs - 1, tail)) * self.sd / math.sqrt(self.pairs)
        return Interval(self.mean, self.mean - half, self.mean + half)


@dataclass(frozen=True)
class Effect:
    """What a move did.

    Attributes:
        path: the number or section that was moved.
        move: how.
        direction: 1 up, -1 down or off, 0 neither.
        kind: "lever", "uncertain" or "section".
        same_books: whether every amount and count of every pair is the same.
        gaps: by measure; empty where the plan does not allow the move.
        refused: why it does not, or how many runs failed; empty otherwise.
        failed: runs that failed in either plan.
    """

    path: str
    move: str
    direction: int
    kind: str
    same_books: bool
    gaps: Mapping[str, Gap]
    refused: str = ""
    failed: int = 0

    @property
    def moves_nothing(self) -> bool:
        """Whether it is as if the number were not there."""
        return bool(self.gaps) and self.same_books and all(g.is_none for g in self.gaps.values())


@dataclass(frozen=True)
class Finding:
    """An effect, set against what was expected.

    Attributes:
        effect: what happened.
        expected: what was stated beforehand.
        intervals: of each measure, corrected for the number of comparisons in its family.
        verdicts: of each measure.
    """

    effect: Effect
    expected: Expected
    intervals: Mapping[str, Interval]
    verdicts: Mapping[str, Verdict]

    def verdict(self, family: str) -> Verdict:
        """Of all measures of a family: a contradiction first, then what agrees."""
        found = [self.verdicts[name] for name in FAMILIES[family] if name in self.verdicts]
        order: tuple[Verdict, ...] = ("contradicts", "agrees", "cannot tell")
        return next((verdict for verdict in order if verdict in found), "no claim")

    def moved(self, family: str) -> list[str]:
        """The measures of a family whose interval leaves out zero."""
        ends = {name: self.intervals[name] for name in FAMILIES[family] if name in self.intervals}
        return [name for name, each in ends.items() if each.low > 0 or each.high < 0]


def sign_wanted(expectation: Expected, measure: str, direction: int) -> str:
    """The sign that a measure's difference should have after a move: "+", "-", "0" or "?"."""
    stated = expectation.signs.get(_SIGN_OF.get(measure, measure), NONE)
    if stated in (NOTHING, NONE):
        return stated
    if expectation.move not in ("*", OFF):
        return stated  # of that very move
    if direction == 0:
        return NONE
    return stated if direction > 0 else {"+": "-", "-": "+"}[stated]


def verdict_of(wanted: str, gap: Gap, interval: Interval) -> Verdict:
    """Whether a difference has the sign that was stated."""
    if wanted == NONE:
        return "no claim"
    if wanted == NOTHING:
        if gap.is_none:
            return "agrees"
        return "contradicts" if interval.low > 0 or interval.high < 0 else "cannot tell"
    sign = 1 if wanted == "+" else -1
    if sign * interval.estimate > 0 and min(sign * interval.low, sign * interval.high) > 0:
        return "agrees"
    return "contradicts" if max(sign * interval.low, sign * interval.high) < 0 else "cannot tell"


def judged(effects: Sequence[Effect], signs: Sequence[Expected]) -> list[Finding]:
    """Each effect with its intervals and verdicts; the families are all effects together."""
    compared = sum(1 for effect in effects if effect.gaps)
    found = []
    for effect in effects:
        row = expected(signs, effect.path, effect.move)
        intervals, verdicts = {}, {}
        for names in FAMILIES.values():
            for name in names if effect.gaps else ():
                gap = effect.gaps[name]
                interval = gap.interval(compared * len(names), share=name in SHARES)
                wanted = sign_wanted(row, name, effect.direction)
                intervals[name], verdicts[name] = interval, verdict_of(wanted, gap, interval)
        found.append(Finding(effect, row, intervals, verdicts))
    return found


def effect_of(move: Move, base: Callable[[Plan], tuple[Outcome, Outcome]], plan: Plan) -> Effect:
    """Move one number and compare.

    Args:
        move: which.
        base: runs of the plan as it stands and of the moved one, judged in one month.
        plan: as it stands.
    """
    about = (move.path, move.name, move.direction, move.kind)
    try:
        moved = move.plan(plan)
    except PlanError as error:
        return Effect(*about, same_books=False, gaps={}, refused=error.lines[0])
    stands, other = base(moved)
    gaps = {name: gap(other.values[name], stands.values[name]) for name in MEASURES}
    same = bool(np.array_equal(stands.books, other.books))
    return Effect(*about, same_books=same, gaps=gaps, failed=stands.errors + other.errors)


def gap(moved: NDArray[np.float64], stands: NDArray[np.float64]) -> Gap:
    """The paired differences of one measure, of pairs in which both have a value."""
    each = (moved - stands)[~(np.isnan(moved) | np.isnan(stands))]
    pairs = len(each)
    sd = float(each.std(ddof=1)) if pairs > 1 else 0.0
    mean = float(each.mean()) if pairs else math.nan
    return Gap(pairs, mean, sd, int((each > 0).sum()), int((each < 0).sum()))


def as_dict(effect: Effect) -> dict[str, Any]:
    """An effect in plain data, for a file that is gone on with later."""
    gaps = {
        name: [g.pairs, g.mean if g.pairs else None, g.sd, g.up, g.down]
        for name, g in effect.gaps.items()
    }
    return {**vars(effect), "gaps": gaps}


def from_dict(kept: Mapping[str, Any]) -> Effect:
    """The effect that `as_dict` gave."""
    gaps = {
        name: Gap(pairs, math.nan if mean is None else mean, sd, up, down)
        for name, (pairs, mean, sd, up, down) in kept["gaps"].items()
    }
    return Effect(**{**kept, "gaps": gaps})
