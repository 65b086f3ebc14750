"""What the model gives at any point: its mean, and how far a single run lies around it.

A quadratic response surface (Box and Wilson 1951) on transformed results, fitted to one run at each
point of a design. What it leaves over is randomness and the parameters that are not learned: its
spread follows the point, its correlation between results does not.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from ncpcsim.calibrate.problem import FitProblem
from ncpcsim.calibrate.targets import OPEN, Target

Array = NDArray[np.float64]
SCALE_MONEY = 2000.0
"""Money below this counts as near zero, on the scale of accounts."""
_SCALES = {"money": SCALE_MONEY}
_SCALE_COUNT = 2.0
_LOG_CHI_SQUARE = -1.2703628454614782
"""Mean of the logarithm of a chi-square variable with one degree of freedom."""
_TELLING = 5.0
"""Standard errors from which a product of two parameters is taken up."""
_CLEAR = 3.0
"""Standard errors from which a term is kept: many small ones that are not there would together seem
to teach something."""
_NOTHING = 1e-9
_CERTAIN = 50.0
"""Log odds of what never failed."""


@dataclass(frozen=True, eq=False)
class Emulator:
    """A fitted response surface for the fitted targets of a problem.

    Attributes:
        pairs: the products taken up, shape (pairs, 2), as places of parameters.
        means: coefficients of the mean, shape (features, targets).
        log_sds: coefficients of the logarithm of the spread, shape (1 + parameters, targets).
        correlation: of what is left over, shape (targets, targets).
        live: which targets vary at all, shape (targets,).
        opens: coefficients of the log odds that the centre stays open, of the constant, the
            parameters and the targets' standardised deviations, shape (1 + parameters + targets,).
    """

    pairs: NDArray[np.int64]
    means: Array
    log_sds: Array
    correlation: Array
    live: NDArray[np.bool_]
    opens: Array

    def mean(self, scores: Array) -> Array:
        """Mean of the transformed results, shape (points, targets)."""
        product: Array = _features(scores, self.pairs) @ self.means
        return product

    def sd(self, scores: Array) -> Array:
        """Spread of single runs around it, shape (points, targets)."""
        spread: Array = np.exp(self.log_sds[0] + scores @ self.log_sds[1:])
        return spread

    def log_odds_open(self, scores: Array, deviations: Array) -> Array:
        """Log odds that a centre with these deviations stays open to the end of its accounts.

        Args:
            scores: shape (points, parameters).
            deviations: of the targets from their means, in spreads, shape (points, targets); 0
                where a target is not known.
        """
        ends = 1 + scores.shape[1]
        odds: Array = self.opens[0] + scores @ self.opens[1:ends] + deviations @ self.opens[ends:]
        return odds


def transform(values: Array, targets: tuple[Target, ...]) -> Array:
    """Money and counts on a scale on which spreads are alike: linear near 0, logarithmic above.

    Args:
        values: shape (..., targets), in the targets' own units.
        targets: what they are.
    """
    transformed: Array = np.arcsinh(values / _scales(targets))
    return transformed


def restored(transformed: Array, targets: tuple[Target, ...]) -> Array:
    """The inverse of `transform`."""
    values: Array = np.sinh(transformed) * _scales(targets)
    return values


def printing_sd(values: Array, targets: tuple[Target, ...]) -> Array:
    """Spread that print adds to a number, on the transformed scale, shape (targets,).

    It is rounded, and where it contradicts others it may be wrong by as much as lies between them.
    """
    rounding = np.array([target.precision for target in targets]) / np.sqrt(12)
    slope = 1 / np.hypot(values, _scales(targets))
    added: Array = np.hypot(rounding * slope, contradiction_sd(targets))
    return added


def contradiction_sd(targets: tuple[Target, ...]) -> Array:
    """How far each printed number lies from what others make it, transformed, shape (targets,)."""
    printed = np.array([target.published for target in targets])
    others = np.array([t.published if t.otherwise is None else t.otherwise for t in targets])
    apart: Array = np.abs(transform(others, targets) - transform(printed, targets))
    return apart


def _scales(targets: tuple[Target, ...]) -> Array:
    return np.array([_SCALES.get(target.unit, _SCALE_COUNT) for target in targets])


def fit_emulator(problem: FitProblem, scores: Array, outcomes: Array) -> Emulator:
    """Fit the surface to a design's runs.

    Args:
        problem: whose targets.
        scores: points, shape (runs, parameters).
        outcomes: results in the targets' units, shape (runs, all targets).
    """
    fitted = problem.fitted
    targets = tuple(t for t in problem.targets if t.fitted)
    results = transform(outcomes[:, fitted], targets)
    live = results.std(axis=0) > _NOTHING
    none = np.zeros((0, 2), dtype=np.int64)
    plain = _features(scores, none)
    left = results - plain @ np.linalg.lstsq(plain, results, rcond=None)[0]
    pairs = _telling_pairs(scores, left[:, live])
    features = _features(scores, pairs)
    means = _clear_terms(features, results)
    # What the surface leaves over at new points is more than at those that it was fitted to.
    runs, terms = len(scores), int((means != 0).sum(axis=0).max())
    left = (results - features @ means) * np.sqrt((runs + terms) / max(runs - terms, 1))
    linear = np.column_stack([np.ones(len(scores)), scores])
    logs = np.log(left * left + _NOTHING) - _LOG_CHI_SQUARE
    log_sds = _clear_terms(linear, logs) / 2
    # The logarithm leaves the overall size to outliers' absence: set it by the squares themselves.
    standard = left / np.exp(linear @ log_sds)
    log_sds[0] += np.log(standard.std(axis=0) + _NOTHING)
    standard = left / np.exp(linear @ log_sds)
    correlation = np.eye(len(targets))
    correlation[np.ix_(live, live)] = np.corrcoef(standard[:, live], rowvar=False)
    opens = _fit_odds(np.column_stack([scores, np.where(live, standard, 0.0)]), problem, outcomes)
    mixed = 0.98 * correlation + 0.02 * np.eye(len(targets))
    return Emulator(pairs, means, log_sds, mixed, live, opens)


def _fit_odds(features: Array, problem: FitProblem, outcomes: Array) -> Array:
    """Logistic regression of staying open, with a little of ridge."""
    from scipy.optimize import minimize

    terms = np.column_stack([np.ones(len(features)), features])
    column = next((i for i, t in enumerate(problem.targets) if t.line == OPEN), None)
    if column is None or outcomes[:, column].all():
        certain = np.zeros(terms.shape[1])
        certain[0] = _CERTAIN
        return certain
    sign = 2 * outcomes[:, column] - 1

    def loss(slopes: Array) -> tuple[float, Array]:
        odds = sign * (terms @ slopes)
        wrong = expit(-odds)
        penalty = slopes.copy()
        penalty[0] = 0.0
        value = float(np.logaddexp(0, -odds).sum() + 0.5 * penalty @ penalty)
        return value, -(terms.T @ (sign * wrong)) + penalty

    found: Array = minimize(loss, np.zeros(terms.shape[1]), jac=True, method="L-BFGS-B").x
    return found


def _features(scores: Array, pairs: NDArray[np.int64]) -> Array:
    """Constant, linear, square and product terms, shape (points, features)."""
    products = scores[:, pairs[:, 0]] * scores[:, pairs[:, 1]]
    return np.column_stack([np.ones(len(scores)), scores, scores * scores - 1, products])


def _clear_terms(features: Array, results: Array) -> Array:
    """Least squares, without the terms that do not stand out from the noise.

    The points of a design make terms nearly orthogonal, so that the rest stays as it is.
    """
    terms = np.linalg.lstsq(features, results, rcond=None)[0]
    left = results - features @ terms
    variance = (left * left).sum(axis=0) / max(len(features) - features.shape[1], 1)
    errors = np.sqrt(np.outer(np.diag(np.linalg.inv(features.T @ features)), variance))
    errors[0] = 0.0
    cleared: Array = np.where(np.abs(terms) >= _CLEAR * errors, terms, 0.0)
    return cleared


def _telling_pairs(scores: Array, left: Array) -> NDArray[np.int64]:
    """The products of two parameters that what is left over clearly follows."""
    runs, dimensions = scores.shape
    one, other = np.triu_indices(dimensions, 1)
    scaled = left / left.std(axis=0)
    standard = scores / scores.std(axis=0)
    telling = np.zeros(len(one))
    for place in range(dimensions):
        mine = one == place
        products = standard[:, [place]] * standard[:, other[mine]]
        found = np.abs(products.T @ scaled) / np.sqrt(runs)
        telling[mine] = found.max(axis=1, initial=0.0)
    chosen = telling > _TELLING
    return np.column_stack([one[chosen], other[chosen]])
