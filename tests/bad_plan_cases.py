"""Bad plans, each with the errors it must give."""

# Each case is a plan that extends `generic`. A comment `#! KEY: TEXT` says that the plan's error
# names this line and KEY, and says what begins with TEXT; a second `#!` is a second error.
CASES = r"""
=== text for a number
[opening]
cash = "5"  #! opening.cash: is '5', expected a valid number (money)
=== a host of no known kind
[host]
kind = "goverment"  #! host.kind: 'goverment' is not there, expected one of `host_kinds`: government
=== a host of the kind that is none
[host]
kind = "none"  #! host.kind: 'none' is not there, expected one of `host_kinds`: government
=== as many as no hosts
[host_kinds.none]
hosts = { value = 2, unit = "hosts", assumption = true }  #! host_kinds.none.hosts: are of no host, expected no such number
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
=== dated: an unknown key in an inline table of an array of several lines
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
opening.money = 3  #! opening.money: unknown key, expected one of as_of, cash
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
=== segments that are more than all who attend
[segments.public]
attendance_share = { value = 0.5, unit = "share", assumption = true }  #! segments.public.attendance_share: and those above can sum to 1.4, expected at most 1
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
without = ["segments", "services", "demonstrations", "contracts"]
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
=== dated: an agreement that ends before it begins
[grants.programme_direct]
from_month = 24
until_month = { value = 12, source = "x" }  #! grants.programme_direct.until_month: dates out of order: ends in month 12, expected later than 24
tranches = []
=== dated: tranches out of order, and outside the agreement
[grants.programme_direct]
from_month = 6
until_month = 1999-01-01
tranches = [
  { month = 5, amount = 1 },  #! grants.programme_direct.tranches[0].month: month 5 is out of order, expected 6 or later
  { month = 12, amount = 1 },
  { month = 11, amount = 1 },  #! grants.programme_direct.tranches[2].month: month 11 is out of order, expected 12 or later
  { month = 1994-06-01, amount = 1 },  #! grants.programme_direct.tranches[3].month: month 5 is out of order, expected 11 or later
  { month = 1999-01-01, amount = 1 },  #! grants.programme_direct.tranches[4].month: month 60 is after the agreement, expected before 60
]
=== no months at all
[horizon]
judged_month = 0  #! horizon.judged_month: is 0, expected greater than or equal to 1 (months)

=== a payer that is not there
[posts.support]
payer = "nobody"  #! posts.support.payer: 'nobody' is not there, expected a payer: centre, host, programme_direct
=== a grant that pays no posts
[posts.support]
payer = "programme_discretionary"  #! posts.support.payer: 'programme_discretionary' is not there, expected a payer: centre, host, programme_direct
=== a role that is not there
[services.training]
role = "wizard"  #! services.training.role: 'wizard' is not there, expected the role of a post: leadership, support, technical
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
=== a loan for options that nobody finds
[services.investment_proposal.follows]
service = "training"  #! services.investment_proposal.follows.service: 'training' finds no options that lack capital, expected one that does
=== two loans for the same options
[services.technology_transfer.follows]
service = "assessment"  #! services.technology_transfer.follows.service: 'investment_proposal' finds the capital after it, expected one such service
lacks_capital = true
probability = { value = 0.5, unit = "probability", source = "x" }
=== services in a circle
[services.investment_proposal.follows]
service = "training"  #! services.investment_proposal.follows.service: circular: investment_proposal after training after assessment after investment_proposal, expected an order  #! services.investment_proposal.follows.service: 'training' finds no options
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
=== a director who looks no month ahead
[management]
cut_ahead_months = 0  #! management.cut_ahead_months: is 0, expected greater than or equal to 1
=== a director who looks beyond his forecast
[management]
cut_ahead_months = 13  #! management.cut_ahead_months: is 13, expected less than or equal to 12
=== a director who keeps less than nothing
[management]
reserve_months = { value = -1, <months> }  #! management.reserve_months: is -1, expected greater than or equal to 0
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
=== a contract that promises more than its amount
[contracts.supplier_programme]
advance_share = 0.8
[contracts.supplier_programme.on_success]
share = { value = 0.3, unit = "share", source = "x" }  #! contracts.supplier_programme.on_success.share: advance_share and this sum to 1.1, expected at most 1
=== success that is more than sure
[contracts.supplier_programme.on_success]
probability = { value = 1.5, unit = "probability", source = "x" }  #! contracts.supplier_programme.on_success.probability: is 1.5, expected less than or equal to 1
=== a free programme for nobody
[contracts.donor_programme.programme]
segment = "huge"  #! contracts.donor_programme.programme.segment: 'huge' is not there, expected a segment: large, public, sme
=== a network without a secretariat
[network.towns]
from_month = 0
number = -1  #! network.towns.number: is -1, expected greater than or equal to 0
role = "clerk"  #! network.towns.role: 'clerk' is not there, expected the role of a post
priority = 0
staff_days_month = { value = 1, unit = "days/month/unit", source = "x" }
cost_month = 0
reaches_year = { value = 1, unit = "clients/year/unit", source = "x" }
rivals = { value = 1, unit = "people/unit", source = "x" }
=== more enquiries than any centre has
[services.training.clients.sme]
asks_year = { value = 9000, unit = "enquiries/aware client/year", source = "x" }  #! services.training.clients.sme.asks_year: brings up to

=== dated: text for tranches
[grants.programme_direct]
tranches = "ab"  #! grants.programme_direct.tranches: is 'ab', expected a list
=== dated: things that are no tranches
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
=== dated: a missing key of a tranche
[grants.programme_discretionary]
tranches = [
  { month = 0, amount = 1 }, { month = 1, amount = 1 }, { month = 2, amount = 1 },
  { month = 3, amount = 1 }, { month = 4, amount = 1 }, { month = 5, amount = 1 },
  { month = 6 },  #! grants.programme_discretionary.tranches[6].amount: is missing, expected its amount (money)
]
=== dated: a missing key of a tranche the parent has too
[grants.programme_direct]
tranches = [
  { month = 0 },  #! grants.programme_direct.tranches[0].amount: is missing, expected its amount (money)
]
=== dated: an array of tables
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
=== dated: a table in an array of tables
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
=== begun before the plan
[opening]
as_of = 1995-12-01  #! opening.as_of: is 1995-12-01, before the plan's start, expected 1996-01-01 or later
=== begun after the end
[opening]
as_of = 2005-01-01  #! opening.as_of: is in month 108, but the run ends with month 108, expected before that
=== begun in the middle of a month
[opening]
as_of = 1999-01-02  #! opening.as_of: is 1999-01-02, expected the first day of a month (months)
=== begun at no day
[opening]
as_of = "May"  #! opening.as_of: is 'May', expected a valid integer
=== an opening with names that are not there
[opening.grants.gift]  #! opening.grants.gift: 'gift' is not there, expected a grant: programme_direct, programme_discretionary
owed = 1
[opening.segments.huge]  #! opening.segments.huge: 'huge' is not there, expected a segment: large, public, sme
aware = { value = 0.1, unit = "share", source = "x" }
[opening.posts.cook]  #! opening.posts.cook: 'cook' is not there, expected a post: deputy, director, support, technical, technical_seconded
experience_months = 3
[opening.sources.programme_direct]  #! opening.sources.programme_direct: 'programme_direct' is not there, expected a kind of contract, or a grant that is not the programme's: agreement_project, carbon_project
months_ago = 3
[opening.contracts.study]
kind = "study"  #! opening.contracts.study.kind: 'study' is not there, expected a kind of contract: agreement_project
to_invoice = 1
to_spend = 1
months_left = 1
staff_days = 1
=== negative amounts of an opening
[opening.payables]
amount = -1  #! opening.payables.amount: is -1, expected greater than or equal to 0 (money)
late_months = -2  #! opening.payables.late_months: is -2, expected greater than or equal to 0 (months)
[opening.grants.programme_direct]
unspent = -3  #! opening.grants.programme_direct.unspent: is -3, expected greater than or equal to 0 (money)
=== restricted money that is not restricted
[opening.grants.programme_discretionary]
unspent = 5  #! opening.grants.programme_discretionary.unspent: is of discretionary money, expected it in `opening.cash`
[opening.grants.programme_direct]
unspent_months = 5  #! opening.grants.programme_direct.unspent_months: is of `unspent`, expected that too
=== restricted money of an agreement that is over
[opening]
as_of = 2001-01-01
[opening.grants.programme_direct]
unspent = 5  #! opening.grants.programme_direct.unspent: the agreement is over, it ended in month 60
=== an agreement that has not begun
[opening.grants.later]  #! opening.grants.later: the agreement begins in month 12, after the first day
owed = 5
[grants.later]
giver = "other"
terms = "discretionary"
from_month = 12
until_month = 24
tranches = [{ month = 12, amount = 1 }]
delay_months = { value = 0, unit = "months", source = "x" }
spend_months = 1
=== posts that cannot be held so
[opening]
as_of = 1996-04-01
[opening.posts.technical]  #! opening.posts.technical: the post begins in month 6, after the first day
experience_months = 3
[opening.posts.deputy]
vacant = 1
vacant_until_month = 3  #! opening.posts.deputy.vacant_until_month: is month 3, expected later than the first day, 3
=== posts with more vacant than there are
[opening.posts.technical_seconded]
vacant = 3  #! opening.posts.technical_seconded.vacant: is 3, expected at most 2, the people
vacant_until_month = 3
[opening.posts.deputy]  #! opening.posts.deputy: expected both `vacant` and `vacant_until_month`, or neither
vacant = 1
=== an opening that moves nothing
without = ["learning", "competition", "credibility"]
[opening]
credibility = { value = 0.1, unit = "share", source = "x" }  #! opening.credibility: moves nothing here, expected a [credibility] section
trained = { value = 1, unit = "people", source = "x" }  #! opening.trained: moves nothing here, expected a [competition] section
[opening.posts.director]
experience_months = 3  #! opening.posts.director.experience_months: moves nothing here, expected a [learning] section
=== people who work no time at all
[management]
short_time_share = 0  #! management.short_time_share: is 0, expected greater than 0 (share)
=== respect of a post that does not lead
[posts.technical]
respected = { value = 1, source = "x" }  #! posts.technical.respected: moves nothing here, expected a post whose role is 'leadership'
=== respect and proposals where nobody leads
without = [
  "leadership", "boards", "posts.director.respected",
  "posts.deputy.respected", "services.training.proposal_days", "services.assessment.proposal_days",
  "services.investment_proposal.proposal_days", "services.management_system.proposal_days", "services.energy_audit.proposal_days",
  "services.health_and_safety.proposal_days", "services.market_access.proposal_days", "services.life_cycle.proposal_days",
  "services.technology_transfer.proposal_days",
]
[posts.director]
respected = { value = 1, source = "x" }  #! posts.director.respected: moves nothing here, expected a [leadership] section
[services.assessment]
proposal_days = { value = 1, unit = "days/enquiry", source = "x" }  #! services.assessment.proposal_days: moves nothing here, expected a [leadership] section
=== demonstrations of a service that is no project
[demonstrations]
service = "training"  #! demonstrations.service: 'training' is not there, expected a service with `project = true`: assessment,
=== demonstrations at firms of a segment that is not there
[demonstrations.segments.mills]  #! demonstrations.segments.mills: 'mills' is not there, expected a segment: large, public, sme
number = 1
firm_pays_share = 0
=== demonstrations that end before they begin
[demonstrations]
from_month = 9
until_month = 9  #! demonstrations.until_month: dates out of order: ends in month 9, expected later than 9
=== more than all of the firms of a segment convinced
[demonstrations]
convinced_share = { value = 1.5, unit = "share", assumption = true }  #! demonstrations.convinced_share: is 1.5, expected less than or equal to 1
=== a source that gave too long ago to matter
[opening.sources.domestic_tender]
months_ago = 25  #! opening.sources.domestic_tender.months_ago: is 25, expected less than or equal to 24 (months)
"""  # noqa: E501  an error's place is where it is written down
