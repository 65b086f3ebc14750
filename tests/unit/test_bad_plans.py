"""A bad plan gives every error at once, each with its file, its line and its key."""

import re
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ncpcsim.plan.files import MAX_BYTES, shipped_plans
from ncpcsim.plan.load import load_plan
from ncpcsim.plan.problems import PlanError
from ncpcsim.plan.schema import Numbers

GENERIC = shipped_plans()["generic"].read_text()
SHAPE = re.compile(r"[^\n]+:\d+: [^\n]+: [^\n]+")

# Each case is a plan that extends `generic`. A comment `#! KEY: TEXT` says that the plan's error
# names this line and KEY, and says what begins with TEXT; a second `#!` is a second error.
CASES = r"""
=== text for a number
[opening]
cash = "5"  #! opening.cash: is '5', expected a valid number (money)
=== a boolean for a number
[opening]
cash = true  #! opening.cash: is true, expected a valid number (money)
=== a table for a number
[opening]
cash = { a = 1 }  #! opening.cash: is a table, expected a valid number (money)
=== a section for a number
[opening.cash.big]  #! opening.cash: is a table, expected a valid number (money)
a = 1
=== a list for a number
[opening]
cash = [1]  #! opening.cash: is a list, expected a valid number (money)
=== a date for an amount
[opening]
cash = 1996-01-01  #! opening.cash: is 1996-01-01, expected a valid number (money)
=== a negative amount
[opening]
cash = -1  #! opening.cash: is -1, expected greater than or equal to 0 (money)
=== a negative price
[services.training.clients.sme]
price = { value = -5, source = "x" }  #! services.training.clients.sme.price: is -5, expect
=== NaN
[opening]
cash = nan  #! opening.cash: is nan, expected a finite number (money)
=== infinity
[opening]
cash = inf  #! opening.cash: is inf, expected a finite number (money)
=== minus infinity
[opening]
cash = -inf  #! opening.cash: is -inf, expected a finite number (money)
=== infinity by overflow
[opening]
cash = 1e400  #! opening.cash: is inf, expected a finite number (money)
=== an integer beyond all floats
[opening]
cash = 1<400 zeros>  #! opening.cash: is 1000000000
=== a fraction of people
[posts.support]
people = 1.5  #! posts.support.people: is 1.5, expected a valid integer (people)
=== a fraction of people with its origin
[posts.support]
people = { value = 1.5, assumption = true }  #! posts.support.people: is 1.5, expected a valid int
=== nobody
[posts.support]
people = 0  #! posts.support.people: is 0, expected greater than or equal to 1 (people)
=== a number for text
title = 3  #! title: is 3, expected a valid string
=== empty text
title = ""  #! title: is '', expected the centre's name
=== a number for a section
host = 3  #! host: is 3, expected a section
=== an array of tables for a section
[[host]]  #! host: is a list, expected a section
kind = "x"
=== a number for a post
[posts]
x = 1  #! posts.x: is 1, expected a section
=== a number for all clients
[services.training]
clients = 3  #! services.training.clients: is 3, expected a section
=== a word that is none of the choices
[services.training]
variability = "normal"  #! services.training.variability: is 'normal', expected 'fixed', 'exponential'
=== text for start
start = "1996-01-01"  #! start: is '1996-01-01', expected a valid date
=== a number for start
start = 1996  #! start: is 1996, expected a valid date
=== a time of day for start
start = 1996-01-01T09:00:00  #! start: is 1996-01-01T09:00:00, expected a valid d
=== text for start beside a date
start = "1996-01-01"  #! start: is '1996-01-01', expected a valid date
[costs]
equipment_month = 1996-03-01  #! costs.equipment_month: is
=== a number for start beside a date
start = 1996  #! start: is 1996, expected a valid date
[costs]
equipment_month = 1996-03-01  #! costs.equipment_month: is
=== a list for a role of a post
[posts.support]
role = ["support"]  #! posts.support.role: is a list, expected a valid string
=== a list for a role of a service
[services.training]
role = ["technical"]  #! services.training.role: is a list, expected a valid string
=== a list for the service before
[services.investment_proposal.follows]
service = ["assessment"]  #! services.investment_proposal.follows.service: is a list, expected a valid
=== a list for a payer
[posts.support]
payer = ["host"]  #! posts.support.payer: is a list, expected a valid string

=== an unknown key at the top
banknote = "usd"  #! banknote: unknown key, expected one of title, question, start, currency, currenc
=== an unknown array of tables
[[banknote]]  #! banknote: unknown key, expected one of title, question
a = 1
[[banknote]]
a = 2
=== an unknown key in a section
[costs]

# rent
premises = 3  #! costs.premises: unknown key, did you mean 'premises_month'?
=== an unknown key in the deepest section
[services.training.clients.sme]
prize = 3  #! services.training.clients.sme.prize: unknown key, did you mean 'price'?
=== an unknown key in an inline table of an array of several lines
[grants.programme_direct]
tranches = [
  { month = 0, amount = 1 },
  # a comment
  { month = 1, amount = 1, note = "x" },  #! grants.programme_direct.tranches[1].note: unknown key
]
=== an unknown key beside a number
[host]
delay_months.value = 1
delay_months.assumption = true
delay_months.unit = "months"
delay_months.units = "months"  #! host.delay_months.units: unknown key, did you mean 'unit'?
=== a quoted key
[opening]

"cash usd" = 3  #! opening.cash usd: unknown key, did you mean 'cash'?
=== dotted keys
opening.money = 3  #! opening.money: unknown key, expected one of cash
host.name = "x"  #! host.name: unknown key, expected one of kind, cash_month
=== dotted and quoted keys
[services]
training."clients" . 'sme'.prices = 3  #! services.training.clients.sme.prices: unknown key, did you mean
=== a key that holds a line break
"a\nb" = 1  #! a\nb: unknown key, expected
=== a key written with an escape
[opening]
"ca\u0073h" = -1  #! opening.cash: is -1, expected greater than or equal to 0
=== a post's name with a space
[posts."Mr Smith"]  #! posts.Mr Smith: is 'Mr Smith', expected
role = "technical"
people = 1
salary_month = 500
payer = "centre"
then = "centre"
from_month = 0

=== no distribution of that name
[host.delay_months]
distribution = "gamma"  #! host.delay_months.distribution: is 'gamma', expected one of fixed, uniform
=== a list for a distribution's name
[host.delay_months]
distribution = ["uniform"]  #! host.delay_months.distribution: is a list, expected one of fixed
=== a triangular distribution out of order
[host]
delay_months = { <triangular>, low = 3, mode = 2, high = 4, <months> }  #! host.delay_months: is a table, expected low <= mode <= high
=== a uniform distribution out of order
[host]
delay_months = { <uniform>, low = 3, high = 2, <months> }  #! host.delay_months: is a table, expected low <= high
=== a normal distribution without spread
[host]
delay_months = { <normal>, mean = 3, sd = 0, <months> }  #! host.delay_months.sd: is 0, expected greater than 0
=== a lognormal distribution with a negative spread
[host]
delay_months = { <lognormal>, median = 3, sigma = -1, <months> }  #! host.delay_months.sigma: is -1, expected greater than 0
=== NaN for a limit
[host]
delay_months = { <uniform>, low = nan, high = 2, <months> }  #! host.delay_months.low: is nan, expected a finite number
=== infinity for a limit
[host]
delay_months = { <uniform>, low = 0, high = inf, <months> }  #! host.delay_months.high: is inf, expected a finite number
=== text for a limit
[host]
delay_months = { <uniform>, low = "0", high = 2, <months> }  #! host.delay_months.low: is '0', expected a valid number
=== a boolean for a limit
[host]
delay_months = { <uniform>, low = false, high = 2, <months> }  #! host.delay_months.low: is false, expected a valid number
=== a distribution that reaches below the least
[host]
delay_months = { <uniform>, low = -1, high = 2, <months> }  #! host.delay_months: can be as low as -1, expected at least 0
=== a distribution without a lower end
[host]
delay_months = { <normal>, mean = 9, sd = 1, <months> }  #! host.delay_months: can be as low as -inf, expected at least 0
=== a distribution that reaches beyond both ends
[host]
delivered_share = { <uniform>, low = -0.1, high = 1.1, <share> }  #! host.delivered_share: can be as low as -0.1, expected at least 0  #! host.delivered_share: can be as high as 1.1, expected at most 1
=== a lognormal share
[host]
delivered_share = { <lognormal>, median = 0.1, sigma = 0.1, <share> }  #! host.delivered_share: can be as high as inf, expected at most 1
=== another distribution's argument
[host]
delay_months = { <uniform>, low = 0, high = 2, mode = 1, <months> }  #! host.delay_months.mode: unknown key, expected one of
=== a missing argument
[host]
delay_months = { <triangular>, mode = 2, high = 9, <months> }  #! host.delay_months.low: is missing, expected
=== out of order where 0 is out of bounds
[segments.sme]
potential_clients = { <triangular>, low = 3, mode = 2, high = 4, unit = "clients", source = "x" }  #! segments.sme.potential_clients: is a table, expected low <= mode <= high
=== a whole number with a distribution
[overflow]
above_waiting = { <uniform>, low = 1, high = 2, source = "x" }  #! overflow.above_waiting: has a distribution, but it is a whole number: expected a value
=== a constant with a distribution
[market]
write_off_months = { <uniform>, low = 1, high = 2, <months> }  #! market.write_off_months: has a distribution, but it is a constant: expected a value

=== a probability over 1
[services.policy_advice]
adoption_probability = { value = 1.01, unit = "probability", source = "x" }  #! services.policy_advice.adoption_probability: is 1.01, expected less than or equal to 1
=== a number without its origin
[opening]
cash = { value = 3 }  #! opening.cash: is a table, expected either a `source` or `assumption = true` (money)
=== a number with two origins
[opening]
cash = { value = 3, source = "x", assumption = true }  #! opening.cash: is a table, expected either a `source` or `assumption = true` (money)
=== an assumption denied
[opening]
cash = { value = 3, assumption = false }  #! opening.cash: is a table, expected either a `source` or `assumption = true` (money)
=== an assumption in words
[opening]
cash = { value = 3, assumption = "yes" }  #! opening.cash.assumption: is 'yes', expected a valid boolean
=== an empty source
[opening]
cash = { value = 3, source = "" }  #! opening.cash.source: is '', expected
=== another unit for a lever
[opening]
cash = { value = 3, unit = "eur", source = "x" }  #! opening.cash.unit: is 'eur', expected 'money'
=== another unit for an uncertain parameter
[host]
delay_months = { value = 3, unit = "years", source = "x" }  #! host.delay_months.unit: is 'years', expected 'months'
=== a missing unit
[staff]
working_days_month = { value = 18, source = "x" }  #! staff.working_days_month.unit: is missing, expected 'days/month'
=== a bare number for an uncertain parameter
[host]
delay_months = 2  #! host.delay_months: is a bare number, expected its origin too: { value = 2, unit = "months", assumption = true }
=== a bare number for a constant
[staff]
working_days_month = 18.5  #! staff.working_days_month: is a bare number, expected its origin too: { value = 18.5, unit = "days/month", assumption = true }
=== a boolean for an uncertain parameter
[host]
delay_months = true  #! host.delay_months: is true, expected a valid number (months)
=== text for a stated value
[opening]
cash = { value = "x", assumption = true }  #! opening.cash.value: is 'x', expected a valid number
=== NaN for a stated value
[opening]
cash = { value = nan, assumption = true }  #! opening.cash.value: is nan, expected a finite number
=== a date for a stated value
[costs]
equipment_month = { value = 1997-01-01, assumption = true }  #! costs.equipment_month.value: is
=== a bare number in a section called value
without = ["segments", "services"]
[segments.value]
potential_clients = 10  #! segments.value.potential_clients: is a bare number, expected its origin
aware_at_start = { value = 0, unit = "share", source = "x" }
aware_at_most = { value = 0, unit = "share", source = "x" }
payment_delay_months = { value = 0, <months> }
bad_debt_probability = { value = 0, unit = "probability", source = "x" }
patience_months = { value = 0, <months> }
[services]  #! services: the centre offers nothing

=== a date in mid-month
[costs]
equipment_month = 1996-03-02  #! costs.equipment_month: is 1996-03-02, expected the first day of a month
=== a start in mid-month
start = 1996-01-02  #! start: is 1996-01-02, expected the first day of a month
=== a date before the start
[costs]
equipment_month = 1995-12-01  #! costs.equipment_month: is -1, expected greater than or equal to 0 (months)
=== a fraction of a month
[costs]
equipment_month = 1.5  #! costs.equipment_month: is 1.5, expected a valid integer (months)
=== a time of day for a month
[costs]
equipment_month = 1996-03-01T09:00:00  #! costs.equipment_month: is
=== a post that ends as it begins
[posts.support]
from_month = 6
until_month = 6  #! posts.support.until_month: dates out of order: ends in month 6, expected later than 6
=== a post that ends before it begins, by dates
[posts.support]
until_month = 1996-03-01  #! posts.support.until_month: dates out of order: ends in month 2, expected later than 12
from_month = 1997-01-01
=== an agreement that ends before it begins
[grants.programme_direct]
from_month = 24
until_month = { value = 12, source = "x" }  #! grants.programme_direct.until_month: dates out of order: ends in month 12, expected later than 24
tranches = []
=== tranches out of order, and outside the agreement
[grants.programme_direct]
from_month = 6
until_month = 1999-01-01
tranches = [
  { month = 5, amount = 1 },  #! grants.programme_direct.tranches[0].month: month 5 is out of order, expected 6 or later
  { month = 12, amount = 1 },
  { month = 11, amount = 1 },  #! grants.programme_direct.tranches[2].month: month 11 is out of order, expected 12 or later
  { month = 1996-06-01, amount = 1 },  #! grants.programme_direct.tranches[3].month: month 5 is out of order, expected 11 or later
  { month = 1999-01-01, amount = 1 },  #! grants.programme_direct.tranches[4].month: month 36 is after the agreement, expected before 36
]
=== no months at all
[horizon]
funding_window_months = 0  #! horizon.funding_window_months: is 0, expected greater than or equal to 1 (months)

=== a payer that is not there
[posts.support]
payer = "nobody"  #! posts.support.payer: 'nobody' is not there, expected a payer: centre, host, programme_direct
=== a grant that pays no posts
[posts.support]
payer = "programme_discretionary"  #! posts.support.payer: 'programme_discretionary' is not there, expected a payer: centre, host, programme_direct
=== a role that is not there
[services.training]
role = "wizard"  #! services.training.role: 'wizard' is not there, expected the role of a post: deputy, director, support, technical
=== a segment that is not there
[services.training.clients.huge]  #! services.training.clients.huge: 'huge' is not there, expected a segment: large, public, sme
asks_year = { value = 0, unit = "enquiries/aware client/year", source = "x" }
price = 0
willingness = { value = 0, unit = "money/engagement", source = "x" }
=== a service that is not there
[services.investment_proposal.follows]
service = "astrology"  #! services.investment_proposal.follows.service: 'astrology' is not there, expected another service: assessment, awareness
=== a service that follows itself
[services.investment_proposal.follows]
service = "investment_proposal"  #! services.investment_proposal.follows.service: 'investment_proposal' is not there, expected another service
=== services in a circle
[services.investment_proposal.follows]
service = "training"  #! services.investment_proposal.follows.service: circular: investment_proposal after training after assessment after investment_proposal, expected an order
[services.training.follows]
service = "assessment"  #! services.training.follows.service: circular: training after assessment after investment_proposal after training, expected an order
probability = { value = 0, unit = "probability", source = "x" }
[services.assessment.follows]
service = "investment_proposal"  #! services.assessment.follows.service: circular: assessment after investment_proposal after training after assessment, expected an order
probability = { value = 0, unit = "probability", source = "x" }
=== a service misspelt
[services.assesment]  #! services.assesment: is new and lacks role, priority, staff_days, variability, outside_share, materials, travel, reaches_clients, offered_year, adoption_probability, climate_gain, clients; did you mean 'assessment'?
participants = 2
=== a post misspelt
[posts.tecnical]  #! posts.tecnical: is new and lacks role, salary_month, payer, then, from_month; did you mean 'technical'?
people = 2
=== a new post that lacks little
[posts.technical_more]  #! posts.technical_more.then: is missing, expected when a grant that pays runs out
role = "technical"
people = 2
salary_month = 500
payer = "centre"
from_month = 0
=== rivals among assessors whom nobody trains
[services.awareness]
rivals_share = { value = 0.1, unit = "share", source = "x" }  #! services.awareness.rivals_share: is of assessors, expected `assessors_share` too
institutions_share = { value = 0.1, unit = "share", source = "x" }  #! services.awareness.institutions_share: is of assessors, expected `assessors_share` too
=== a post given up and filled by turns
[management.giving_up]
refill_runway_months = 0.5  #! management.giving_up.refill_runway_months: is 0.5, expected at least below_runway_months, 1
=== earmarks that do not sum to 1
[grants.programme_direct.earmarks]  #! grants.programme_direct.earmarks: shares sum to 1.1, expected 1
salaries = 0.5
subcontractors = 0.3
travel = 0.3
equipment = 0
=== earmarks of NaN
[grants.programme_direct.earmarks]  #! grants.programme_direct.earmarks: shares sum to nan, expected 1
salaries = nan  #! grants.programme_direct.earmarks.salaries: is nan, expected a finite number (share)
=== an earmark that is no number
[grants.programme_direct.earmarks]
salaries = "all"  #! grants.programme_direct.earmarks.salaries: is 'all', expected a valid number (share)
=== earmarked money without earmarks
[grants.x]  #! grants.x.earmarks: is missing, expected the share that each category may spend
giver = "other"
terms = "earmarked"
from_month = 0
until_month = 12
tranches = []
delay_months = { value = 0, <months> }
spend_months = 12
=== discretionary money with earmarks
[grants.programme_discretionary]
earmarks = { salaries = 1, subcontractors = 0, travel = 0, equipment = 0 }  #! grants.programme_discretionary.earmarks: discretionary money has none, expected no such table
=== more enquiries than any centre has
[services.training.clients.sme]
asks_year = { value = 9000, unit = "enquiries/aware client/year", source = "x" }  #! services.training.clients.sme.asks_year: brings up to

=== text for tranches
[grants.programme_direct]
tranches = "ab"  #! grants.programme_direct.tranches: is 'ab', expected a list
=== things that are no tranches
[grants.programme_direct]
tranches = [
  7,  #! grants.programme_direct.tranches[0]: is 7, expected a section
  # five
  { month = 1, amount = 1 },
  "8",  #! grants.programme_direct.tranches[2]: is '8', expected a section
]
=== a missing key of a new section
[posts.x]  #! posts.x.people: is missing, expected how many hold this post (people)
role = "technical"
salary_month = 500
payer = "centre"
then = "centre"
from_month = 0
=== a missing key of a tranche
[grants.programme_discretionary]
tranches = [
  { month = 0, amount = 1 }, { month = 1, amount = 1 }, { month = 2, amount = 1 },
  { month = 3, amount = 1 }, { month = 4, amount = 1 }, { month = 5, amount = 1 },
  { month = 6 },  #! grants.programme_discretionary.tranches[6].amount: is missing, expected its amount (money)
]
=== a missing key of a tranche the parent has too
[grants.programme_direct]
tranches = [
  { month = 0 },  #! grants.programme_direct.tranches[0].amount: is missing, expected its amount (money)
]
=== an array of tables
[[grants.programme_direct.tranches]]
month = 0
amount = 1
[[grants.programme_direct.tranches]]
month = 1
amount = -1  #! grants.programme_direct.tranches[1].amount: is -1, expected greater than or equal to 0
[[grants.programme_direct.tranches]]
month = 2
amount.value = -2  #! grants.programme_direct.tranches[2].amount: is -2, expected greater than or equal to 0
amount.source = "x"
=== a table in an array of tables
[[grants.programme_direct.tranches]]
month = 0
[grants.programme_direct.tranches.amount]  #! grants.programme_direct.tranches[0].amount: is -2, expected greater than or equal to 0
value = -2
source = "x"

=== dropping what is not inherited
without = [
  "market.climate_effect",
  "nobody",  #! without[1]: 'nobody' is not inherited, expected a key that is
  "costs.rent", "title.a",  #! without[2]: 'costs.rent' is not inherited, expected a key that is  #! without[3]: 'title.a' is not inherited, expected a key that is
]
[market]
climate_effect = { value = 0, unit = "share", source = "x" }
=== dropping text
without = "host"  #! without: is 'host', expected a list of inherited keys
=== dropping a table
without = { a = 1 }  #! without: is a table, expected a list of inherited keys
=== dropping numbers
without = [1, 2]  #! without: is a list, expected a list of inherited keys
=== dropping all services
without = ["services"]
[services]  #! services: the centre offers nothing, expected at least one service
"""  # noqa: E501  an error's place is where it is written down

_SHORT = {f"<{name}>": f'distribution = "{name}"' for name in ("uniform", "normal", "lognormal")}
_SHORT |= {"<triangular>": 'distribution = "triangular"'}
_SHORT |= {f"<{unit}>": f'unit = "{unit}", source = "x"' for unit in ("months", "share")}
_SHORT |= {"<400 zeros>": 400 * "0"}


class Case(NamedTuple):
    """A bad plan, and the beginning of each of its errors."""

    name: str
    text: str
    errors: list[str]


def cases() -> list[Case]:
    found = []
    for part in CASES.split("=== ")[1:]:
        heading, _, text = part.partition("\n")
        for short, long in _SHORT.items():
            text = text.replace(short, long)
        errors = [
            f"p.toml:{number}: {error}"
            for number, line in enumerate(text.splitlines(), 2)
            for error in line.split("  #! ")[1:]
        ]
        plan = "\n".join(line.split("  #! ")[0] for line in text.splitlines())
        found.append(Case(heading, f'extends = "generic"\n{plan}\n', errors))
    return found


TABLE = cases()


def written(folder: Path, text: str, name: str = "p.toml") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def errors_of(file: Path) -> list[str]:
    """The lines of a plan's error, the file's folder left out."""
    with pytest.raises(PlanError) as caught:
        load_plan(file)
    lines = caught.value.lines
    assert str(caught.value) == "\n".join(lines)
    for line in lines:
        assert SHAPE.fullmatch(line), line
    return [line.removeprefix(f"{file.parent}/") for line in lines]


def assert_found(lines: list[str], expected: list[str]) -> None:
    """Each line begins as expected: its file, line and key, and what is said."""
    for line, want in zip(lines, expected, strict=False):
        assert line.startswith(want), (line, want)
    assert len(lines) == len(expected), lines


@pytest.mark.parametrize(
    "case",
    [pytest.param(case, id=case.name) for case in TABLE],
)
def test_errors_are_named_with_line_and_key(case: Case, tmp_path: Path) -> None:
    assert case.errors
    assert_found(errors_of(written(tmp_path, case.text)), case.errors)


def test_every_case_is_run() -> None:
    assert len(TABLE) == CASES.count("\n=== ") == len({case.name for case in TABLE})


def test_all_errors_come_at_once_sorted_by_line(tmp_path: Path) -> None:
    text = """\
extends = "generic"
without = ["nobody"]
start = 1996-02-02
colour = "green"

[opening]
cash = -1

[host]
delay_months = 3
delivered_share = { distribution = "uniform", low = 0, high = 2, unit = "share", source = "x" }

[posts.support]
payer = "nobody"
from_month = 6
until_month = 5

[grants.programme_direct]
tranches = [{ month = 0, amount = "1" }]

[grants.programme_direct.earmarks]
salaries = 0.9

[services.training]
role = "wizard"
clients.sme.price = nan
"""
    assert_found(
        errors_of(written(tmp_path, text)),
        [
            "p.toml:2: without[0]: 'nobody' is not inherited",
            "p.toml:3: start: is 1996-02-02, expected the first day of a month",
            "p.toml:4: colour: unknown key",
            "p.toml:7: opening.cash: is -1",
            "p.toml:10: host.delay_months: is a bare number",
            "p.toml:11: host.delivered_share: can be as high as 2, expected at most 1",
            "p.toml:14: posts.support.payer: 'nobody' is not there",
            "p.toml:16: posts.support.until_month: dates out of order",
            "p.toml:19: grants.programme_direct.tranches[0].amount: is '1', expected a valid",
            "p.toml:21: grants.programme_direct.earmarks: shares sum to",
            "p.toml:25: services.training.role: 'wizard' is not there",
            "p.toml:26: services.training.clients.sme.price: is nan",
        ],
    )


@pytest.mark.parametrize("text", ["", "# nothing\n", "without = []\n"])
def test_an_empty_plan_lacks_everything(text: str, tmp_path: Path) -> None:
    lines = errors_of(written(tmp_path, text))
    assert all(line.startswith("p.toml:1: ") for line in lines)
    missing = [line.split(": ")[1] for line in lines if ": is missing, expected" in line]
    required = [key for key, field in Numbers.model_fields.items() if field.is_required()]
    assert missing == required
    assert len(required) > 10


def test_a_line_break_of_two_characters_counts_once(tmp_path: Path) -> None:
    file = tmp_path / "p.toml"
    file.write_bytes(b'extends = "generic"\r\n\r\n[opening]\r\ncash = -1\r\n')
    assert_found(errors_of(file), ["p.toml:4: opening.cash: is -1"])


def test_letters_of_several_bytes_do_not_move_lines(tmp_path: Path) -> None:
    text = 'extends = "generic"\ntitle = "Středisko čistší produkce 中心"\nopening.cash = -1\n'
    assert_found(errors_of(written(tmp_path, text)), ["p.toml:3: opening.cash: is -1"])


# Inherited errors.


def test_a_parents_error_names_the_parents_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    written(tmp_path, 'extends = "generic"\n\n[opening]\ncash = -1\n', "a/parent.toml")
    written(tmp_path, 'extends = "a/parent.toml"\n[market]\nclimate = 3\n', "b.toml")
    child = written(tmp_path, 'extends = "b.toml"\n[costs]\nrent = 3\nhire = 4\n', "c.toml")
    assert_found(
        errors_of(child),
        [
            "a/parent.toml:4: opening.cash: is -1",
            "b.toml:3: market.climate: unknown key",
            "c.toml:3: costs.rent: unknown key",
            "c.toml:4: costs.hire: unknown key",
        ],
    )


def test_a_reference_that_the_child_breaks_names_where_it_is_made(tmp_path: Path) -> None:
    file = written(tmp_path, 'extends = "generic"\nwithout = ["posts"]\n\n[posts]\n')
    found = errors_of(file)
    (own,) = [line for line in found if line.startswith("p.toml:")]
    assert own == "p.toml:4: posts: the centre has nobody, expected at least one post"
    generic = shipped_plans()["generic"]
    for service in tomllib.loads(GENERIC)["services"]:
        lines = GENERIC.splitlines()
        line = lines.index('role = "technical"', lines.index(f"[services.{service}]")) + 1
        said = "'technical' is not there, expected the role of a post: none is defined"
        assert f"{generic}:{line}: services.{service}.role: {said}" in found


def test_a_parents_error_is_gone_once_the_child_states_it_anew(tmp_path: Path) -> None:
    written(tmp_path, 'extends = "generic"\n[opening]\ncash = -1\n', "parent.toml")
    child = written(tmp_path, 'extends = "parent.toml"\n[opening]\ncash = 1\n')
    assert load_plan(child).numbers.opening.cash == 1


def test_the_childs_line_is_named_for_what_both_state(tmp_path: Path) -> None:
    written(tmp_path, 'extends = "generic"\n[opening]\ncash = -1\n', "parent.toml")
    child = written(tmp_path, 'extends = "parent.toml"\n\n\n[opening]\n\ncash = -2\n')
    assert_found(errors_of(child), ["p.toml:6: opening.cash: is -2"])


def test_a_parents_wrong_without_names_the_parent(tmp_path: Path) -> None:
    written(tmp_path, 'extends = "generic"\n\nwithout = ["nobody"]\n', "parent.toml")
    dropped = "services.investment_proposal.follows"
    child = written(tmp_path, f'extends = "parent.toml"\nwithout = ["{dropped}"]\n')
    assert_found(errors_of(child), ["parent.toml:3: without[0]: 'nobody' is not inherited"])


def test_what_the_child_dropped_is_missing_in_the_child(tmp_path: Path) -> None:
    (line,) = errors_of(written(tmp_path, 'extends = "generic"\nwithout = ["horizon"]\n'))
    assert re.match(r"p\.toml:\d: horizon: is missing, expected ", line)


# A chain that is broken.


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("extends = 3", "is 3, expected the name or path of a plan"),
        ("extends = true", "is true, expected the name or path of a plan"),
        ('extends = ["generic"]', "is a list, expected the name or path of a plan"),
        ("extends = { a = 1 }", "is a table, expected the name or path of a plan"),
        (
            'extends = "gone.toml"',
            "'gone.toml': no such file, expected the path of a plan or one of consulting",
        ),
        ('extends = ""', "'': no such file"),
        ('extends = "."', "'.': is a folder, expected the path of a plan or one of consulting"),
        ('extends = "a\\nb"', "'a\\nb': no such file"),
        ('extends = "a\\u0000b"', "'a\\x00b': no such file"),
        ('extends = "p.toml"', "circular: p -> p, expected a chain that ends"),
        ('extends = "./../here/p.toml"', "circular: p -> p, expected a chain that ends"),
        pytest.param(
            f'extends = "{"a" * 300}"',
            f"'{'a' * 300}': no such file",
            id="a name longer than file systems take",
        ),
        pytest.param(
            'extends = "a: b"',
            "'a: b': no such file",
            id="a name with a colon",
        ),
    ],
)
def test_a_wrong_parent_is_named_with_its_line(line: str, said: str, tmp_path: Path) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    assert_found(errors_of(written(folder, f"# mine\n{line}\n")), [f"p.toml:2: extends: {said}"])


@pytest.mark.parametrize("parent", ["gone.toml", "p.toml", "broken.toml"])
def test_a_broken_chain_does_not_hide_what_is_wrong_in_the_file_itself(
    parent: str, tmp_path: Path
) -> None:
    written(tmp_path, "[opening\n", "broken.toml")
    text = """
without = ["host"]
start = 1996-02-02
colour = "green"

[opening]
cash = { value = 1 }

[market]
decision_months = 3

[posts.support]
payer = "somebody in the parent"
people = 0
"""
    first, *own = errors_of(written(tmp_path, f'extends = "{parent}"{text}'))
    assert "extends: " in first or first.startswith("broken.toml:1: plan: not valid TOML")
    # What the parent may have stated is neither missing nor wrong.
    assert_found(
        own,
        [
            "p.toml:3: start: is 1996-02-02, expected the first day of a month",
            "p.toml:4: colour: unknown key",
            "p.toml:7: opening.cash: is a table, expected either a `source`",
            "p.toml:10: market.decision_months: is a bare number",
            "p.toml:14: posts.support.people: is 0",
        ],
    )


def test_a_missing_section_is_called_by_its_name(tmp_path: Path) -> None:
    lines = errors_of(written(tmp_path, 'title = "Mine"\n'))
    assert "p.toml:1: horizon: is missing, expected a [horizon] section" in lines
    assert not [line for line in lines if line.endswith("expected a value")]


def test_no_error_of_any_case_speaks_of_the_program(tmp_path: Path) -> None:
    words = re.compile(r"datetime|dictionary|instance|NoneType|\bNone\b|\bTrue\b|\bFalse\b|tuple")
    said = [line for case in TABLE for line in errors_of(written(tmp_path, case.text))]
    assert [line for line in said if words.search(line)] == []


def test_mutual_parents_are_a_circle(tmp_path: Path) -> None:
    a = written(tmp_path, 'extends = "b.toml"\n', "a.toml")
    written(tmp_path, '# one\n# two\nextends = "c.toml"\n', "b.toml")
    written(tmp_path, '# one\nextends = "b.toml"\n', "c.toml")
    wanted = ["c.toml:2: extends: circular: b -> c -> b, expected a chain that ends"]
    assert_found(errors_of(a), wanted)


def test_a_parents_wrong_parent_names_the_parents_file(tmp_path: Path) -> None:
    written(tmp_path, '# one\nextends = "gone.toml"\n', "parent.toml")
    child = written(tmp_path, 'extends = "parent.toml"\n')
    assert_found(errors_of(child), ["parent.toml:2: extends: 'gone.toml': no such file"])


def test_a_parent_that_is_no_toml_is_named(tmp_path: Path) -> None:
    written(tmp_path, "# one\n[opening\n", "parent.toml")
    child = written(tmp_path, 'extends = "parent.toml"\n')
    assert_found(errors_of(child), ["parent.toml:2: plan: not valid TOML"])


# Files that are no plans.


@pytest.mark.parametrize(
    ("data", "line", "said"),
    [
        (b'a = 1\nb = 2\nc = "\xff"\n', 3, "not UTF-8, expected a UTF-8 text"),
        (b"\xff\xfea\x00", 1, "not UTF-8, expected a UTF-8 text"),
        (b"a = 1\n# caf\xe9\n", 2, "not UTF-8, expected a UTF-8 text"),
        (b"a = 1\n\nb = \n", 3, "not valid TOML (Invalid value)"),
        (b"a = 1\na = 2\n", 2, "not valid TOML (Cannot overwrite a value)"),
        (b"[a]\n[b]\n[a]\n", 3, "not valid TOML (Cannot declare a twice)"),
        (b"a = 1\n\n\nb = [1,\n", 5, "not valid TOML ("),
        (b'a = """\n\n', 3, "not valid TOML ("),
        (b"\n\nstart = 1996-02-30\n", 3, "not valid TOML (Invalid date or datetime)"),
        (b"a = 1\n\x00\n", 2, "not valid TOML ("),
        (b"a = 1\rb = 2\n", 1, "not valid TOML ("),
        (b"\xef\xbb\xbfa = 1\n", 1, "not valid TOML ("),
        (b"a = " + 5000 * b"[" + 5000 * b"]", 1, "nested too deeply, expected a plan"),
        (b"a = " + 5000 * b"{a=" + b"1" + 5000 * b"}", 1, "nested too deeply, expected a plan"),
        pytest.param(
            b"[" + b".".join(3000 * [b"a"]) + b"]",
            1,
            "nested too deeply",
            id="deep header",
        ),
        pytest.param(
            b".".join(3000 * [b"a"]) + b" = 1",
            1,
            "nested too deeply",
            id="deep dotted key",
        ),
    ],
)
def test_what_is_no_toml_is_named_with_its_line(
    data: bytes, line: int, said: str, tmp_path: Path
) -> None:
    file = tmp_path / "p.toml"
    file.write_bytes(data)
    assert_found(errors_of(file), [f"p.toml:{line}: plan: {said}"])


def test_an_integer_of_more_digits_than_are_read_is_refused(tmp_path: Path) -> None:
    (line,) = errors_of(written(tmp_path, f"a = 1{5000 * '0'}\n"))
    assert line.startswith("p.toml:1: ")


def test_a_file_over_a_megabyte_is_refused_and_one_of_a_megabyte_taken(tmp_path: Path) -> None:
    text = 'extends = "generic"\n'
    file = written(tmp_path, text + "#" * (MAX_BYTES - len(text)))
    assert file.stat().st_size == MAX_BYTES == 1_000_000
    assert load_plan(file).hash == load_plan("generic").hash
    with file.open("a") as stream:
        stream.write("#")
    wanted = ["p.toml:1: plan: larger than 1 MB, expected a plan of at most 1 MB"]
    assert_found(errors_of(file), wanted)


@pytest.mark.parametrize(
    "name",
    [
        "gone.toml",
        ".",
        "sub",
        "p.toml/under",
        pytest.param(
            "a" * 300,
            id="a name longer than file systems take",
        ),
    ],
)
def test_what_is_no_file_is_refused(name: str, tmp_path: Path) -> None:
    written(tmp_path, "")
    (tmp_path / "sub").mkdir()
    with pytest.raises(PlanError) as caught:
        load_plan(tmp_path / name)
    (line,) = caught.value.lines
    said = "is a folder" if name in (".", "sub") else "no such file"
    expected = f"{tmp_path / name}:1: plan: {said}, expected the path of a plan or one of "
    assert line.startswith(expected)


# Any key of a whole plan, and any mutation of one.

PAIR = re.compile(r"(?P<key>[a-z_]+) = (?P<value>.*)")
BOOLEAN = ("foreign", "mission", "project", "finds_options")
REFERENCES = ("role", "service")
"""Keys whose value is looked up before it is validated."""


def with_value(index: int, value: str) -> str:
    """The shipped plan `generic` with another value in one line."""
    lines = GENERIC.splitlines()
    upto = index + 1 if not lines[index].endswith("[") else lines.index("]", index) + 1
    key = lines[index].partition(" = ")[0]
    return "\n".join([*lines[:index], f"{key} = {value}", *lines[upto:]])


@pytest.mark.parametrize(
    "value",
    [
        "true",
        pytest.param("{ }", marks=pytest.mark.slow),
        pytest.param("[[]]", marks=pytest.mark.slow),
        pytest.param("1e400", marks=pytest.mark.slow),
    ],
)
def test_every_key_of_a_whole_plan_is_named_when_its_value_is_wrong(
    value: str, tmp_path: Path
) -> None:
    seen = 0
    for index, line in enumerate(GENERIC.splitlines()):
        pair = PAIR.fullmatch(line)
        key = pair["key"] if pair else None
        truth = key in BOOLEAN and value == "true"
        if key is None or truth or (key, value) == ("clients", "{ }"):
            continue
        found = errors_of(written(tmp_path, with_value(index, value)))
        place = re.compile(rf"p\.toml:{index + 1}: ([a-z_]+\.)*{key}(\[0\])?: ")
        assert any(place.match(error) for error in found), (line, found)
        seen += 1
    assert seen > 150


@pytest.mark.parametrize("value", ["{ }", "[[]]"])
@pytest.mark.parametrize("key", REFERENCES)
def test_a_reference_that_is_no_text_is_named(key: str, value: str, tmp_path: Path) -> None:
    index = next(i for i, x in enumerate(GENERIC.splitlines()) if x.startswith(f"{key} = "))
    found = errors_of(written(tmp_path, with_value(index, value)))
    assert any(error.startswith(f"p.toml:{index + 1}: ") for error in found)


_VALUES = st.sampled_from(
    [
        *("true", '"x"', "-1", "nan", "1e9", "0", "1.5", "1997-03-01", "1997-03-02", "1900-01-01"),
        *("07:30:00", "1e308", '"""', "[", "{ value = 2 }", '{ value = "", unit = 3 }', '"centre"'),
        '{ distribution = "normal", mean = 1, sd = 1e308, unit = "months", source = "x" }',
    ]
)
_COLLECTIONS = st.sampled_from(["[]", "{ }", "[[]]", "[{ }]", "{ a = { b = [1] } }", '["x"]'])
_NEW_KEYS = st.sampled_from(["value", "distribution", "a.b", '""', "'é'", "until_month"])


@st.composite
def mutations(draw: st.DrawFn) -> bytes:
    """The shipped plan `generic`, changed in some places."""
    lines = GENERIC.splitlines()
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(lines) - 1))
        pair = PAIR.fullmatch(lines[at])
        match draw(st.sampled_from(["delete", "repeat", "move", "value", "key", "text"])):
            case "delete":
                del lines[at]
            case "repeat":
                lines.insert(at, lines[at])
            case "move":
                lines.insert(draw(st.integers(0, len(lines) - 1)), lines.pop(at))
            case "value" if pair:
                simple = pair["key"] == "start"
                value = draw(_VALUES if simple else _VALUES | _COLLECTIONS)
                lines[at] = f"{pair['key']} = {value}"
            case "key" if pair:
                lines[at] = f"{draw(_NEW_KEYS)} = {pair['value']}"
            case _:
                lines[at] += draw(st.text(st.characters(codec="utf-8"), max_size=5))
    data = "\n".join(lines).encode()
    if draw(st.integers(0, 3)) == 0:
        at = draw(st.integers(0, len(data)))
        data = data[:at] + draw(st.binary(min_size=1, max_size=4)) + data[at:]
    return data


@given(mutations())
@settings(max_examples=300, deadline=None)
def test_any_mutation_loads_or_is_a_plan_error(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    file = tmp_path_factory.getbasetemp() / "mutated.toml"
    file.write_bytes(data)
    lines: tuple[str, ...] | None = None
    try:
        load_plan(file)
    except PlanError as error:
        lines = error.lines
    if lines is not None:
        assert lines
        assert all(SHAPE.fullmatch(line) for line in lines), lines
        numbers = [int(line.removeprefix(f"{file}:").split(":")[0]) for line in lines]
        assert numbers == sorted(numbers)


def test_mutations_are_of_every_kind(tmp_path: Path) -> None:
    """Some still load, some are no TOML, some are bad plans: the test above sees them all."""
    outcomes = set()

    @given(mutations())
    @settings(max_examples=60, deadline=None, database=None, derandomize=True)
    def look(data: bytes) -> None:
        file = tmp_path / "p.toml"
        file.write_bytes(data)
        try:
            load_plan(file)
        except PlanError as error:
            outcomes.add("no TOML" if "not valid TOML" in str(error) else "no plan")
        else:
            outcomes.add("a plan")

    look()
    assert outcomes == {"a plan", "no TOML", "no plan"}
