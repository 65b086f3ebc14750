"""Distributions by inversion: a draw `u`, uniform on (0, 1), becomes an amount or a number."""

from math import exp, floor, log, sqrt

SMALLEST = 1e-290
UNIFORM, TRIANGULAR, NORMAL, LOG_NORMAL = 0, 1, 2, 3
"""Distributions of an uncertain parameter."""


def normal_quantile(u: float) -> float:
    """The standard normal quantile: algorithm AS241 (Wichura 1988), as Python's own.

    Applied Statistics 37, 477-484, routine PPND16; relative accuracy about 1e-16.
    """
    # fmt: off
    q = u - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        top = (((((((2.5090809287301226727e3 * r + 3.3430575583588128105e4) * r
            + 6.7265770927008700853e4) * r + 4.5921953931549871457e4) * r
            + 1.3731693765509461125e4) * r + 1.9715909503065514427e3) * r
            + 1.3314166789178437745e2) * r + 3.3871328727963666080e0) * q
        low = (((((((5.2264952788528545610e3 * r + 2.8729085735721942674e4) * r
            + 3.9307895800092710610e4) * r + 2.1213794301586595867e4) * r
            + 5.3941960214247511077e3) * r + 6.8718700749205790830e2) * r
            + 4.2313330701600911252e1) * r + 1.0)
        return top / low
    r = u if q <= 0.0 else 1.0 - u
    r = sqrt(-log(r))
    if r <= 5.0:
        r = r - 1.6
        top = (((((((7.74545014278341407640e-4 * r + 2.27238449892691845833e-2) * r
            + 2.41780725177450611770e-1) * r + 1.27045825245236838258e0) * r
            + 3.64784832476320460504e0) * r + 5.76949722146069140550e0) * r
            + 4.63033784615654529590e0) * r + 1.42343711074968357734e0)
        low = (((((((1.05075007164441684324e-9 * r + 5.47593808499534494600e-4) * r
            + 1.51986665636164571966e-2) * r + 1.48103976427480074590e-1) * r
            + 6.89767334985100004550e-1) * r + 1.67638483018380384940e0) * r
            + 2.05319162663775882187e0) * r + 1.0)
    else:
        r = r - 5.0
        top = (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r
            + 1.24266094738807843860e-3) * r + 2.65321895265761230930e-2) * r
            + 2.96560571828504891230e-1) * r + 1.78482653991729133580e0) * r
            + 5.46378491116411436990e0) * r + 6.65790464350110377720e0)
        low = (((((((2.04426310338993978564e-15 * r + 1.42151175831644588870e-7) * r
            + 1.84631831751005468180e-5) * r + 7.86869131145613259100e-4) * r
            + 1.48753612908506148525e-2) * r + 1.36929880922735805310e-1) * r
            + 5.99832206555887937690e-1) * r + 1.0)
    # fmt: on
    x = top / low
    return -x if q < 0.0 else x


def uniform_quantile(low: float, high: float, u: float) -> float:
    """The value of a uniform distribution below which a draw falls with probability `u`."""
    return low + (high - low) * u


def triangular_quantile(low: float, mode: float, high: float, u: float) -> float:
    """The same of a triangular distribution, likeliest at `mode`."""
    width = high - low
    if width == 0.0:
        return mode
    rise = mode - low
    if u * width < rise:
        value = low + sqrt(u * width * rise)
    else:
        value = high - sqrt((1.0 - u) * width * (high - mode))
    # The last bit of a root may lead outside.
    return min(max(value, low), high)


def quantile(distribution: int, first: float, second: float, third: float, u: float) -> float:
    """The value of an uncertain parameter below which a draw falls with probability `u`.

    Args:
        distribution: which.
        first: low; low; mean; median.
        second: high; mode; standard deviation; sigma of the logarithm.
        third: 0; high; 0; 0.
        u: the draw.
    """
    if distribution == UNIFORM:
        return uniform_quantile(first, second, u)
    if distribution == TRIANGULAR:
        return triangular_quantile(first, second, third, u)
    if distribution == NORMAL:
        return first + second * normal_quantile(u)
    return lognormal(first, second, u)


def exponential(mean: float, u: float) -> float:
    """An exponential time with the given mean.

    Args:
        mean: of the distribution.
        u: the draw; 1 - u has no rounding, so `log1p`, much slower, would be no more exact.
    """
    return -mean * log(1.0 - u)


def lognormal(median: float, sigma: float, u: float) -> float:
    """A lognormal amount by its median and the spread of its logarithm."""
    return median * exp(sigma * normal_quantile(u)) if median > 0.0 else 0.0


def poisson(mean: float, u: float) -> int:
    """A Poisson number by inversion of its distribution function."""
    number = 0
    probability = exp(-mean)
    below = probability
    while u > below and probability > 0.0:
        number += 1
        probability *= mean / number
        below += probability
    return number


def binomial(trials: int, probability: float, u: float) -> int:
    """How many of some trials succeed, by inversion of the distribution function.

    Of so many that the first term is too small for a float, by the normal distribution.
    """
    if probability > 0.5:
        return trials - unlikely_successes(trials, 1.0 - probability, 1.0 - u)
    return unlikely_successes(trials, probability, u)


def unlikely_successes(trials: int, probability: float, u: float) -> int:
    """`binomial` for a probability of at most a half."""
    odds = probability / (1.0 - probability)
    number = 0
    chance = (1.0 - probability) ** trials
    if chance < SMALLEST:
        spread = sqrt(trials * probability * (1.0 - probability))
        number = floor(trials * probability + spread * normal_quantile(u) + 0.5)
        return min(max(number, 0), trials)
    below = chance
    while u > below and number < trials:
        chance *= odds * (trials - number) / (number + 1)
        number += 1
        below += chance
    return number
