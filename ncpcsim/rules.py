"""Decisions and amounts as pure functions of numbers: no clock, no state, no numpy.

The reference engine calls these as they stand; the compiled one is made from the same text. They
are written in the part of Python that `ncpcsim.compiled.translate` can translate: numbers and flat
lists, `if`, `while`, `for` over a range, calls of other rules and of `math`. Sums of floats are
loops in a stated order, because the order decides the last bit. A draw `u` is uniform on (0, 1).

Amounts of money are whole cents, and no amount above `MOST_CENTS` in size exists: an amount that
would be is `NOT_MONEY`, which no ledger takes.
"""

from math import ceil, erfc, exp, floor, inf, log, log1p, sqrt

CENTS_PER_UNIT = 100
MOST_CENTS = 9_007_199_254_740_992
"""2**53: whole numbers up to it are exact as floats, and sums of hundreds of them fit 64 bits."""
NOT_MONEY = -4_611_686_018_427_387_904
"""What an amount beyond `MOST_CENTS` becomes: -2**62, refused by every ledger."""
ROOT_TWO = sqrt(2.0)
SMALLEST = 1e-290
WORK_SIGMA = 0.5
"""Spread of the logarithm of working days where they vary lognormally; an assumption."""
FAILS_AFTER = 0.5
"""Part of the work that is done when a client fails in mid-project; an assumption."""
HOURS_PER_DAY = 8
RANKS = 10
"""Priorities that a plan can state, from 0."""
LEARNED = 10.0
"""Time constants after which a person counts as trained: 0.005 % of the way is left."""
RECENT_MONTHS = 24.0
"""How long money won from one source is a recommendation to the next."""
MOST_YEARS = 128
"""Years for which a client can be a member."""
MOST_OPTIONS = 256
"""Options that one assessment can find."""
NOBODY, HOST, CENTRE = -3, -2, -1
"""Who pays a position, where it is no grant (`ncpcsim.model.fields.Payer`)."""
FIXED, EXPONENTIAL, LOGNORMAL = 0, 1, 2
"""How working days vary (`ncpcsim.model.fields.Variability`)."""
DONOR_LEFT, TRANCHE_LATE, CLIENTS_LATE, HOST_FAILED, PROGRAMME_OVER, COSTS_TOO_HIGH = (
    1,
    2,
    3,
    4,
    5,
    6,
)
"""Why bills are paid late (`ncpcsim.model.ending.Cause`)."""
UNIFORM, TRIANGULAR, NORMAL, LOG_NORMAL = 0, 1, 2, 3
"""Distributions of an uncertain parameter."""


# ------------------------------------------------------------------ money


def cents(amount: float) -> int:
    """Dollars as whole cents, halves upward; `NOT_MONEY` if it is no amount that can exist."""
    exact = amount * CENTS_PER_UNIT
    if not (-MOST_CENTS <= exact <= MOST_CENTS):
        return NOT_MONEY
    return floor(exact + 0.5)


def share_cents(amount_cents: int, share: float) -> int:
    """A share of an amount, in whole cents, halves upward."""
    exact = amount_cents * share
    if not (-MOST_CENTS <= exact <= MOST_CENTS):
        return NOT_MONEY
    return floor(exact + 0.5)


def split_cents(
    amount_cents: int, shares: list[float], first: int, number: int, parts: list[int]
) -> None:
    """Split an amount by shares; the parts sum to the amount.

    Cents left over by rounding down go to the largest remainders first. Without any share all go to
    the first part.

    Args:
        amount_cents: the amount.
        shares: the shares, `number` of them from `first` on; negative ones get 0.
        first: place of the first share.
        number: how many there are.
        parts: where the parts are put, from 0 on.
    """
    total = 0.0
    for i in range(number):
        total += max(shares[first + i], 0.0)
    left = amount_cents
    for i in range(number):
        parts[i] = 0
        if total > 0.0:
            parts[i] = floor(part_cents(amount_cents, shares[first + i], total))
        left -= parts[i]
    while left > 0 and total > 0.0:
        best, least = -1, 0.0
        for i in range(number):
            above = parts[i] - part_cents(amount_cents, shares[first + i], total)
            if shares[first + i] > 0.0 and above <= 0.0 and (best < 0 or above < least):
                best, least = i, above
        if best < 0:
            break
        parts[best] += 1
        left -= 1
    parts[0] += left


def part_cents(amount_cents: int, share: float, total: float) -> float:
    """The part of an amount that a share of `total` brings, before rounding."""
    return amount_cents * max(share, 0.0) / total


def instalment(left_cents: int, left_months: int) -> int:
    """What to spend this month so that the rest is spent evenly in the months that are left."""
    return left_cents if left_months <= 1 else left_cents // left_months


def depreciation(cost_cents: int, life_months: int, age_months: int) -> int:
    """Straight-line depreciation of the month in which a thing is `age_months` old."""
    if age_months >= life_months:
        return 0
    whole, rest = cost_cents // life_months, cost_cents % life_months
    return whole + rest * (age_months + 1) // life_months - rest * age_months // life_months


# ------------------------------------------------------------------ distributions


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


# ------------------------------------------------------------------ the economy


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


def cycle_demand(exposure: float, recession_demand: float) -> float:
    """Demand in a recession, of a service exposed to it in part."""
    return 1.0 - exposure * (1.0 - recession_demand)


# ------------------------------------------------------------------ grants


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


# ------------------------------------------------------------------ the market


def faded(level: float, rate_month: float, months: float) -> float:
    """What is left of a level that wears off at a constant rate."""
    return level * exp(-rate_month * months)


def reached(aware: float, at_most: float, clients: float, potential_clients: float) -> float:
    """Share of clients aware after `clients` of them, met at random, were told.

    Those who knew already are met too, so awareness approaches its ceiling ever more slowly.
    """
    if aware >= at_most:
        return aware
    return at_most - (at_most - aware) * exp(-clients / potential_clients)


def improved(climate: float, gain: float) -> float:
    """Policy climate, 0 to 1, after an adopted recommendation went `gain` of the way to 1."""
    return climate + (1.0 - climate) * gain


def rivals(at_start: float, at_most: float, trained: float, scale: float) -> float:
    """Share of demand lost to rivals when the centre has trained so many of them."""
    return at_start + max(at_most - at_start, 0.0) * (1.0 - exp(-trained / scale))


def enquiry_rate_month(
    asks_year: float, potential_clients: float, aware: float, climate: float, climate_effect: float
) -> float:
    """Enquiries a month from one segment for one service."""
    return asks_year / 12.0 * potential_clients * aware * (1.0 + climate_effect * climate)


def offer_time(
    number: int, rates_year: list[float], first: int, steps: int, step_months: int
) -> float:
    """When the centre holds the `number`-th of what it offers at rates that change by step.

    A year at twelve holds twelve. Infinite if the rates never bring so many.

    Args:
        number: which, from 1.
        rates_year: engagements a year, by step, `steps` of them from `first` on; the last goes on.
        first: place of the first.
        steps: how many there are.
        step_months: length of a step.
    """
    left, begin = float(number), 0.0
    for i in range(first, first + steps - 1):
        held = rates_year[i] * step_months / 12.0
        if left <= held:
            return begin + left * 12.0 / rates_year[i]
        left -= held
        begin += step_months
    last = rates_year[first + steps - 1]
    return begin + left * 12.0 / last if last > 0.0 else inf


def offers(rates_year: list[float], first: int, steps: int, months: int) -> int:
    """How many the centre can offer within so many months, at the most."""
    most = 0.0
    for i in range(first, first + steps):
        most = max(most, rates_year[i])
    return floor(most / 12.0 * months) + 1


def step_of(month: float, step_months: int, steps: int) -> int:
    """Which step of the horizon a time falls in; the last one goes on."""
    return min(floor(month / step_months), steps - 1)


def price_charged(
    listed: float, fee: float, participants: float, level: float, factor: float
) -> float:
    """A price today: as listed with the participants' fees, at today's prices.

    Args:
        listed: the plan's price.
        fee: each participant's fee.
        participants: how many take part.
        level: what prices of 1 have become.
        factor: what the yearly rewriting of the plan has made of prices of 1.
    """
    return (listed + fee * participants) * level * factor


def accepts(price: float, willingness: float, sigma: float, u: float) -> bool:
    """Whether a client accepts a price.

    Willingness to pay is lognormal between clients with median `willingness` and spread
    `sigma`; what is free is always accepted.
    """
    if price <= 0.0:
        return True
    if willingness <= 0.0:
        return False
    if sigma <= 0.0:
        return price <= willingness
    above = log(price / willingness) / sigma
    return u < 0.5 * erfc(above / ROOT_TWO)


def ministry_cents(claim_cents: int, budget_cents: int, claimed_cents: int) -> int:
    """What a ministry's budget of the year still has for a claim."""
    return max(min(claim_cents, budget_cents - claimed_cents), 0)


def relapses(probability: float, climate: float, protection: float, u: float) -> bool:
    """Whether a client goes back to its old ways; a policy climate keeps some from it."""
    return u < probability * (1.0 - protection * climate)


def kept_share(after_months: float) -> float:
    """The part of its first year for which a client saved that relapsed after some months."""
    return min(after_months / 12.0, 1.0)


# ------------------------------------------------------------------ contracts


def win_probability(base: float, credibility: float, leverage: float, sources: int) -> float:
    """Chance to win a call: small money from one source helps to larger money from another."""
    return min(base * credibility * (1.0 + leverage * min(sources, 1)), 1.0)


def months_left(begun: float, months: int, now: float) -> float:
    """How long a contract goes on after its work is done; it lasts at least as long as agreed."""
    return max(begun + months - now, 0.0)


def equipment_share(subcontractors_share: float, travel_share: float) -> float:
    """Share of a contract's own costs that is spent on equipment: what is left."""
    return max(1.0 - subcontractors_share - travel_share, 0.0)


# ------------------------------------------------------------------ people and work


def working_days(mean_days: float, variability: int, u: float) -> float:
    """Working days of one engagement, with mean `mean_days`."""
    if variability == EXPONENTIAL:
        return exponential(mean_days, u)
    if variability == LOGNORMAL:
        z = normal_quantile(u)
        return mean_days * exp(WORK_SIGMA * z - WORK_SIGMA * WORK_SIGMA / 2.0)
    return mean_days


def hours(days: float) -> int:
    """Working days as whole hours, halves upward."""
    return floor(days * HOURS_PER_DAY + 0.5)


def rank(priority: int, *, mission: bool, mission_first: bool) -> int:
    """Place in the queue for staff, lower first: by priority, the mission before all if it lags."""
    return priority - RANKS if mission and mission_first else priority


def overflows(
    waiting: int, above_waiting: int, booked_days: float, days: float, cap: float
) -> bool:
    """Whether outside experts take some days' work: too many wait, and the month's cap allows."""
    return waiting > above_waiting and booked_days + days <= cap


def at_work(unpaid: int, from_month: float, until_month: float, now: float) -> bool:
    """Whether somebody holds a position and does not stay away, unpaid."""
    return unpaid == 0 and from_month <= now < until_month


def payer(
    payer: int, pays_until: float, month: int, *, then_ends: bool, host_delivers: bool
) -> int:
    """Who pays in a month for a position that somebody holds.

    Args:
        payer: who pays at first.
        pays_until: month from which the centre pays instead.
        month: the month.
        then_ends: whether the post ends when its payer no longer pays.
        host_delivers: whether the host does now.
    """
    if month >= pays_until:
        return CENTRE
    if payer == HOST and not host_delivers:
        return NOBODY if then_ends else CENTRE
    return payer


def productivity(at_start: float, months: float, time_constant: float) -> float:
    """Work done in a day by someone who has learned for some months, of a trained person's."""
    return 1.0 - (1.0 - at_start) * exp(-months / time_constant)


def learned_months(since: float, now: float, supported_until: float, speed: float) -> float:
    """Months of learning from `since` to `now`, counting supported ones `speed` times."""
    supported = max(min(now, supported_until) - since, 0.0)
    return now - since + supported * (speed - 1.0)


def person_productivity(
    since: float,
    now: float,
    at_start: float,
    time_constant: float,
    supported_until: float,
    speed: float,
) -> float:
    """Productivity now of who came at `since`; a person who learned for long counts as trained."""
    if now - since > LEARNED * time_constant:
        return 1.0
    months = learned_months(min(since, now), now, supported_until, speed)
    return productivity(at_start, months, time_constant)


# ------------------------------------------------------------------ the director


def runway_months(cash_cents: int, paid_cents: int, months: int) -> float:
    """How long cash would carry payments like those of the last `months`: none below zero cash."""
    if cash_cents <= 0:
        return 0.0
    return float(cash_cents) * months / paid_cents if paid_cents > 0 else inf


def utilisation(busy_months: float, people_months: float) -> float:
    """Share of their time that people were at work; where there is nobody, nobody is idle."""
    return busy_months / people_months if people_months > 0.0 else 1.0


def lets_go(
    runway: float, shortest_runway: float, utilised: float, least_utilisation: float
) -> bool:
    """Whether somebody hired is to go: cash is short, or there is too little work."""
    return runway < shortest_runway or utilised < least_utilisation


def gives_up(runway: float, shortest_runway: float, staying: int, fewest: int) -> bool:
    """Whether a post is given up: cash is all but gone, and more than the fewest stay."""
    return runway < shortest_runway and staying > fewest


def fills(runway: float, needed_runway: float) -> bool:
    """Whether a post given up is filled again: cash lasts."""
    return runway >= needed_runway


def hires(waiting: int, above_waiting: int, runway: float, needed_runway: float) -> bool:
    """Whether somebody is hired beyond the posts: much work waits, and cash lasts."""
    return waiting > above_waiting and runway >= needed_runway


def spending_level(runway: float, normal_runway: float, least: float, most: float) -> float:
    """Running costs to those planned: in proportion to how long cash would last, within limits."""
    return min(max(runway / normal_runway, least), most)


def mission_first(mission_hours: int, all_hours: int, planned_share: float) -> bool:
    """Whether the mission had less than its planned share of the staff's time."""
    return mission_hours < planned_share * all_hours


def skips_mission(
    runway: float, needed_runway: float, mission_hours: int, all_hours: int, floor_share: float
) -> bool:
    """Whether the centre leaves out what it offers free, to save its cash.

    Not below the mission's floor: a centre that lives by becoming a consulting firm has failed.
    """
    return runway < needed_runway and mission_hours > floor_share * all_hours


def mission_share(
    planned: float, floor_share: float, own_income_cents: int, spent_cents: int, step: float
) -> float:
    """The share of time planned for the mission after the yearly rewriting.

    More after a year whose own income met its costs, less after one that did not, never below its
    floor.
    """
    moved = planned + (step if own_income_cents >= spent_cents else -step)
    return min(max(moved, floor_share), 1.0)


def repriced(
    factor: float, accepted: int, asked: int, step: float, down_below: float, up_above: float
) -> float:
    """The price factor after the yearly rewriting: up when most accept, down when few do."""
    if asked == 0:
        return factor
    share = accepted / asked
    if share > up_above:
        return factor * (1.0 + step)
    return factor * (1.0 - step) if share < down_below else factor


def ends_fiscal_year(start_month: int, month: int) -> bool:
    """Whether a month of the plan is the last of a calendar year."""
    return (start_month + month) % 12 == 11


def year_of(start_month: int, month: int) -> int:
    """The calendar year of a month of the plan, counted from that of its start."""
    return (start_month + month) // 12


# ------------------------------------------------------------------ liquidity


def interest_cents(owed_cents: int, rate_year: float) -> int:
    """A month's interest on what is owed to a bank."""
    return share_cents(owed_cents, rate_year / 12.0)


def lent_cents(short_cents: int, limit_cents: int, owed_cents: int) -> int:
    """What a lender still lends of what is short."""
    return max(min(short_cents, limit_cents - owed_cents), 0)


def repaid_cents(cash_cents: int, owed_cents: int) -> int:
    """What of a debt the cash can repay."""
    return max(min(cash_cents, owed_cents), 0)


def creditors_act(late_months: int, bear_months: float, owed_cents: int, agreed_cents: int) -> bool:
    """Whether creditors wait no longer: paid late beyond what they bear, for more than will come.

    Args:
        late_months: age of the oldest bill not paid.
        bear_months: how long staff and suppliers bear it.
        owed_cents: bills not paid.
        agreed_cents: signed money to come, and invoices.
    """
    return late_months > bear_months and owed_cents > agreed_cents


def wakes(cash_cents: int, owed_cents: int, bill_cents: int, months: float) -> bool:
    """Whether a dormant centre opens again: nothing is overdue, and cash carries its costs."""
    return owed_cents == 0 and cash_cents >= share_cents(bill_cents, months)


def first_cause(
    short_cents: int,
    withdrawn_cents: int,
    overdue_cents: int,
    surplus_cents: int,
    *,
    host_fails: bool,
    programme_over: bool,
) -> int:
    """Why bills are paid late for the first time.

    Money that was signed and did not come, if it alone would have paid them; a host that fails; or,
    where a year's income met its costs, clients that pay late; else costs that it did not meet.

    Args:
        short_cents: bills not paid.
        withdrawn_cents: tranches of the year before and after that a donor who left does not pay.
        overdue_cents: signed tranches that are due and have not come.
        surplus_cents: income of the last year less its costs, whether paid or not.
        host_fails: the host does not deliver, or is lost.
        programme_over: the programme's agreements have ended.
    """
    if withdrawn_cents >= short_cents:
        return DONOR_LEFT
    if overdue_cents >= short_cents:
        return TRANCHE_LATE
    if host_fails:
        return HOST_FAILED
    if surplus_cents >= 0:
        return CLIENTS_LATE
    return PROGRAMME_OVER if programme_over else COSTS_TOO_HIGH
