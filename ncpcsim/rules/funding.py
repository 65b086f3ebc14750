"""The economy, agreements and contracts: what is given, and what it is worth."""

from math import ceil, exp, log1p, sqrt

from ncpcsim.rules.chance import exponential, normal_quantile
from ncpcsim.rules.money import NOT_MONEY, cents, share_cents

RECENT_MONTHS = 24.0
"""How long money won from one source is a recommendation to the next."""


def level(rate_year: float, months: int) -> float:
    """What a price of 1 has become after some months at a yearly rate of change."""
    return exp(log1p(rate_year) * months / 12.0)


def year_level(spread: float, u: float) -> float:
    """What a year's cost of 1 comes to: lognormal with mean 1 and spread `spread` of its log."""
    return exp(spread * normal_quantile(u) - spread * spread / 2.0)


def exchange_step(log_worth: float, drift_year: float, volatility_year: float, u: float) -> float:
    """A month's step of the logarithm of what foreign money is worth."""
    z = normal_quantile(u)
    return min(log_worth + drift_year / 12.0 + volatility_year * sqrt(1.0 / 12.0) * z, 700.0)


def shifted_level(log_level: float, sigma: float, u: float) -> float:
    """The logarithm of a level after a lasting shift by a lognormal factor of mean 1."""
    moved = log_level + sigma * normal_quantile(u) - sigma * sigma / 2.0
    return max(min(moved, 700.0), -700.0)


def cycle_demand(exposure: float, recession_demand: float) -> float:
    """Demand in a recession, of a service exposed to it in part."""
    return 1.0 - exposure * (1.0 - recession_demand)


def agreement_end(until_month: int, early_ends_year: float, first_month: int, u: float) -> float:
    """The month in which an agreement ends: as agreed, or earlier if the donor leaves.

    Args:
        until_month: as agreed.
        early_ends_year: rate at which the donor leaves.
        first_month: month of the donor's first agreement, from which that is computed.
        u: the donor's draw.
    """
    if early_ends_year <= 0.0:
        return float(until_month)
    return min(float(until_month), first_month + ceil(exponential(12.0 / early_ends_year, u)))


def agreed_cents(amount: float, scheduled: float, part: float, before: float, upto: float) -> int:
    """A tranche's amount: its own, or what a stretch of a scheduled sum comes to.

    Stretches that follow each other sum to the whole, to the cent.

    Args:
        amount: of its own.
        scheduled: the sum of which `before` and `upto` are multiples.
        part: the share of it that is this grant's.
        before: what of the sum is due before this tranche.
        upto: what is due with it.
    """
    own, first = cents(amount), cents(scheduled * part * before)
    last = cents(scheduled * part * upto)
    if own < 0 or first < 0 or last < 0:
        return NOT_MONEY
    return own + last - first


def of_plan(found: float, planned: float) -> float:
    """What was found to what was planned: at most 2; 1, where nothing was."""
    return min(found / planned, 2.0) if planned > 0.0 else 1.0


def results(assessed: float, covered: float, credible: float) -> float:
    """What a donor's review finds: the mean of three ratios to what was planned or asked for."""
    return (assessed + covered + credible) / 3.0


def kept_by_review(results: float, cut_share: float, added_share: float) -> float:
    """What a donor's review makes of the rest of the money: more with better results."""
    return 1.0 + (results - 1.0) * (added_share if results > 1.0 else cut_share)


def granted_cents(agreed_cents: int, worth: float, support_cost_share: float) -> int:
    """What of a tranche reaches the centre, at what its money is worth, less the agency's share."""
    received = share_cents(agreed_cents, worth)
    return received - share_cents(received, support_cost_share)


def paid_by_fund(salaries_cents: int, salary_cents: int) -> int:
    """What a grant's money for salaries can pay of one; the centre advances the rest."""
    return min(salaries_cents, salary_cents)


def repaid_advance(advanced_cents: int, salaries_cents: int) -> int:
    """What of a grant's money for salaries goes back to the centre for what it advanced."""
    return min(advanced_cents, salaries_cents)


def extends(
    ends: float, until_month: int, credibility: float, asked: float, probability: float, u: float
) -> bool:
    """Whether a donor that has stayed extends an agreement, to a centre it finds credible."""
    return ends >= until_month and credibility >= asked and u < probability


def win_probability(base: float, credibility: float, leverage: float, sources: int) -> float:
    """Chance to win a call: small money from one source helps to larger money from another."""
    return min(base * credibility * (1.0 + leverage * min(sources, 1)), 1.0)


def asked_share(climate: float, climate_share: float) -> float:
    """Share of a kind of contracts that is asked for in a policy climate; all in the best."""
    return 1.0 - climate_share * (1.0 - climate)


def lasting(climate: float, at_first: float) -> float:
    """What is left of the policy climate of a contract's first day; all, where there was none."""
    return min(climate / at_first, 1.0) if at_first > 0.0 else 1.0


def renews(probability: float, left_share: float, u: float) -> bool:
    """Whether a payer commissions again, of whose means a part is left."""
    return u < probability * left_share


def success_cents(amount_cents: int, advance_cents: int, success_share: float) -> int:
    """What of an amount is paid only if the work succeeds: at most what the advance leaves."""
    return min(share_cents(amount_cents, success_share), amount_cents - advance_cents)


def months_left(begun: float, months: int, now: float) -> float:
    """How long a contract goes on after its work is done; it lasts at least as long as agreed."""
    return max(begun + months - now, 0.0)


def equipment_share(subcontractors_share: float, travel_share: float) -> float:
    """Share of a contract's own costs that is spent on equipment: what is left."""
    return max(1.0 - subcontractors_share - travel_share, 0.0)
