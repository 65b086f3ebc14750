"""The director's forecast of cash: its rules, by amounts summed by hand and for all numbers."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ncpcsim import rules
from ncpcsim.model.fields import Payer

settings.register_profile("rules", max_examples=150, deadline=None, derandomize=True)
settings.load_profile("rules")

MONTHS = rules.AHEAD + 1
amounts = st.integers(-(10**9), 10**9)
year = st.lists(amounts, min_size=MONTHS, max_size=MONTHS)


def flows(*by_month: int) -> list[int]:
    """Flows of the months ahead, nothing after the last stated; the ending month's is not used."""
    return [10**12, *by_month, *[0] * (rules.AHEAD - len(by_month))]


# ------------------------------------------------------------------ what comes when


def test_a_flow_comes_from_its_first_month_to_the_one_before_its_end() -> None:
    month = flows()
    rules.add_flow(month, 3, 5, 100)
    assert month == flows(0, 0, 100, 100)
    rules.add_flow(month, 4, 6, -30)
    assert month == flows(0, 0, 100, 70, -30)
    # Within a month: counted in the first that begins after it, and to the last begun.
    part = flows()
    rules.add_flow(part, 2.5, 4.5, 1)
    assert part == flows(0, 0, 1, 1)


def test_a_flow_without_begin_or_end_fills_the_year_and_no_more() -> None:
    month = flows()
    rules.add_flow(month, -math.inf, math.inf, 7)
    assert month == flows(*[7] * 12)
    for first, until in ((math.inf, math.inf), (13, 99), (-9, 1), (5, 5), (6, 2)):
        none = flows()
        rules.add_flow(none, first, until, 7)
        assert none == flows()


@pytest.mark.parametrize(
    ("lately", "before", "months", "expected"),
    [
        # In the first year a mean of the months that there were, six at most.
        (600, 0, 3, 200),
        (601, 0, 3, 200),
        (600, 0, 6, 100),
        (600, 600, 11, 100),
        (600, 0, 1, 600),
        (600, 0, 0, 600),
        # Then the trend: from 100 a month to 200, so 250; to 50, so 25; to nothing, so nothing.
        (600, 600, 12, 100),
        (1200, 600, 12, 250),
        (1200, 600, 200, 250),
        (300, 600, 12, 25),
        (100, 600, 12, 0),
        (0, 600, 12, 0),
    ],
)
def test_a_line_goes_on_by_half_of_its_last_change(
    lately: int, before: int, months: int, expected: int
) -> None:
    assert rules.expected_month_cents(lately, before, months) == expected


@pytest.mark.parametrize(
    ("owed", "invoiced", "months"),
    [
        (300, 100, 3),
        (349, 100, 3),
        (350, 100, 4),
        (249, 100, 2),
        # At least a month, at most the year; and the year where nothing is invoiced any more.
        (0, 100, 1),
        (49, 100, 1),
        (-500, 100, 1),
        (1200, 100, 12),
        (99_999, 100, 12),
        (300, 0, 12),
        (300, -5, 12),
    ],
)
def test_what_is_owed_comes_in_as_many_months_as_it_took_to_invoice(
    owed: int, invoiced: int, months: int
) -> None:
    assert rules.collection_months(owed, invoiced) == months


def test_what_was_written_off_is_not_counted_on() -> None:
    assert rules.collected_share(1000, 0) == 1
    assert rules.collected_share(750, 250) == 0.75
    assert rules.collected_share(0, 1000) == 0
    # Before anything is known all of it is.
    assert rules.collected_share(0, 0) == 1


def test_what_was_before_fills_the_first_half_year() -> None:
    assert [rules.with_past_cents(120, 600, months) for months in (1, 3, 6, 9)] == [
        520,
        360,
        120,
        120,
    ]
    assert rules.with_past_cents(120, 0, 3) == 60
    # Nothing is known of the time before: as it is.
    assert rules.with_past_cents(120, -1, 1) == 120


def test_a_tranche_comes_when_it_is_due_and_its_donor_s_mean_delay_has_passed() -> None:
    assert rules.tranche_ahead(10, 4, 2.5) == 8.5
    assert rules.tranche_ahead(5, 3, 0) == 2
    # What is overdue comes as if it were due now, however long it has been.
    assert rules.tranche_ahead(3, 3, 2) == 2
    assert rules.tranche_ahead(0, 30, 2) == 2
    # Not before the month that begins.
    assert rules.tranche_ahead(3, 3, 0.5) == 1
    assert rules.tranche_ahead(0, 30, 0) == 1


@pytest.mark.parametrize(
    ("payer", "then_ends", "host_delivers", "ahead"),
    [
        (Payer.CENTRE, False, True, -math.inf),
        (Payer.CENTRE, True, False, -math.inf),
        # A grant pays until month 20, seen from month 14; then the centre does, or nobody.
        (0, False, True, 6),
        (3, False, False, 6),
        (0, True, True, math.inf),
        # A host that does not deliver is expected to go on so.
        (Payer.HOST, False, True, 6),
        (Payer.HOST, False, False, -math.inf),
        (Payer.HOST, True, True, math.inf),
        (Payer.HOST, True, False, math.inf),
    ],
)
def test_the_centre_pays_for_a_post_once_nobody_else_does(
    payer: int, *, then_ends: bool, host_delivers: bool, ahead: float
) -> None:
    given = {"then_ends": then_ends, "host_delivers": host_delivers}
    assert rules.centre_pays_from(payer, 20, 14, **given) == ahead


@given(
    st.sampled_from([Payer.CENTRE, Payer.HOST, 0, 2]),
    st.one_of(st.integers(0, 60), st.just(math.inf)),
    st.integers(0, 60),
    st.integers(1, 12),
)
def test_who_is_expected_to_pay_is_who_would(
    payer: int, pays_until: float, month: int, ahead: int
) -> None:
    # Of a post that does not end with its payer; of others it is the month of their end that says.
    for host_delivers in (True, False):
        terms = {"then_ends": False, "host_delivers": host_delivers}
        begins = rules.centre_pays_from(payer, pays_until, month, **terms)
        then = rules.payer(payer, pays_until, month + ahead, **terms)
        assert (begins <= ahead) == (then == Payer.CENTRE)


@pytest.mark.parametrize(
    ("begun", "months", "delay", "due"), [(2.5, 3, 1.4, 6), (2.5, 3, 1.5, 7), (4, 0, 0, 4)]
)
def test_a_contract_is_paid_when_its_months_and_its_client_s_delay_have_passed(
    begun: float, months: int, delay: float, due: int
) -> None:
    assert rules.due_month(begun, months, delay) == due


# ------------------------------------------------------------------ what cash will be


def test_cash_is_what_is_there_and_what_the_months_bring() -> None:
    year = flows(10, -200, 50, 300)
    assert [rules.balance_cents(100, year, i) for i in range(6)] == [100, 110, -90, -40, 260, 260]
    assert rules.balance_cents(100, year, rules.AHEAD) == 260


def test_the_lowest_month_is_the_first_with_least_cash() -> None:
    year = flows(10, -200, 50, -50, 300, -500)
    assert [rules.lowest_month(0, year, until) for until in (1, 2, 3, 4, 5)] == [1, 2, 2, 2, 2]
    assert rules.lowest_month(0, year, 6) == 6
    lowest = [rules.lowest_cents(0, year, until) for until in (1, 2, rules.AHEAD)]
    assert lowest == [rules.balance_cents(0, year, month) for month in (1, 2, 6)]
    assert rules.lowest_month(0, year, rules.AHEAD) == 6
    # Rising all year, least is at the end of the first month, not now.
    assert rules.lowest_month(0, flows(*[5] * 12), rules.AHEAD) == 1


@given(amounts, year, st.integers(1, rules.AHEAD))
def test_no_month_has_less_cash_than_the_lowest(cash: int, year: list[int], until: int) -> None:
    month = rules.lowest_month(cash, year, until)
    balances = [cash + sum(year[1 : i + 1]) for i in range(1, until + 1)]
    assert rules.balance_cents(cash, year, month) == min(balances)
    assert month == balances.index(min(balances)) + 1


@pytest.mark.parametrize(
    ("cash", "year", "within"),
    [
        # A hundred a month is lost: short from the fifth month.
        (450, [-100] * 12, range(5, 13)),
        (1150, [-100] * 12, range(12, 13)),
        (1200, [-100] * 12, []),
        (-1, [], range(1, 13)),
        (0, [], []),
        # A tranche in the tenth month fills the gap; one in the tenth that does not, does not.
        (450, [*[-100] * 9, 2000], []),
        (450, [*[-100] * 9, 400], range(5, 13)),
        # Filled for a month only: what is short after that month is short for good.
        (-50, [0, 0, 60, -20], range(4, 13)),
    ],
)
def test_cash_is_short_for_good_if_no_later_month_of_the_year_has_any(
    cash: int, year: list[int], within: list[int]
) -> None:
    short = [i for i in range(1, 13) if rules.is_short_for_good(cash, flows(*year), i)]
    assert short == list(within)


@given(amounts, year, st.integers(1, rules.AHEAD))
def test_who_looks_further_ahead_sees_no_less_of_what_is_short_for_good(
    cash: int, year: list[int], within: int
) -> None:
    short = rules.is_short_for_good(cash, year, within)
    left = range(within, rules.AHEAD + 1)
    assert short == all(rules.balance_cents(cash, year, i) < 0 for i in left)
    further = range(within, rules.AHEAD + 1)
    assert not short or all(rules.is_short_for_good(cash, year, i) for i in further)


# ------------------------------------------------------------------ what is spent


@pytest.mark.parametrize(
    ("slack", "planned", "level"),
    [
        (0, 100, 1),
        (-50, 100, 0.5),
        (60, 100, 1.6),
        # Not below the least, nor above the most.
        (-80, 100, 0.25),
        (-(10**9), 100, 0.25),
        (150, 100, 2),
        # Where nothing is planned, nothing is to be cut.
        (-50, 0, 1),
        (50, -1, 1),
    ],
)
def test_what_is_spent_is_what_slack_leaves_of_the_plan(
    slack: int, planned: int, level: float
) -> None:
    assert rules.spending_level(slack, planned, 0.25, 2) == level


@given(amounts, amounts, st.integers(1, 10**9), st.floats(0, 1), st.floats(1, 10))
def test_more_slack_never_means_less_spending(
    slack: int, more: int, planned: int, least: float, most: float
) -> None:
    level = rules.spending_level(slack, planned, least, most)
    assert least <= level <= most
    assert rules.spending_level(0, planned, least, most) == 1
    assert (level - 1) * slack >= 0
    assert rules.spending_level(slack + abs(more), planned, least, most) >= level
    # A bigger budget is changed by less for the same slack.
    other = rules.spending_level(slack, 2 * planned, least, most)
    assert abs(other - 1) <= abs(level - 1)


def test_a_cut_saves_what_is_not_spent_and_more_spending_is_not_forecast() -> None:
    year, running = flows(-300, -300), [999, 100, 101, *[0] * 10]
    rules.cut_running_costs(year, running, 0.5)
    # Half of 101 is 51: 50 saved.
    assert year == flows(-250, -250)
    assert running == [999, 100, 101, *[0] * 10]
    for level in (1.0, 2.0):
        rules.cut_running_costs(year, running, level)
        assert year == flows(-250, -250)
    rules.cut_running_costs(year, running, 0)
    assert year == flows(-150, -149)


@given(
    st.integers(0, 10**7),
    st.integers(1, 10**6),
    st.integers(0, 10**6),
    st.integers(-(10**6), 10**6),
    st.integers(0, 10**7),
)
def test_once_costs_are_cut_the_lowest_cash_is_the_reserve(
    cash: int, running: int, others: int, earned: int, reserve: int
) -> None:
    budget, year = [0, *[running] * 12], [0, *[earned - others - running] * 12]
    month = rules.lowest_month(cash, year, rules.AHEAD)
    slack = rules.balance_cents(cash, year, month) - reserve
    level = rules.spending_level(slack, running * month, 0, 1)
    rules.cut_running_costs(year, budget, level)
    left = rules.balance_cents(cash, year, month)
    if 0 < level < 1:
        assert left == pytest.approx(reserve, abs=month)
    elif level == 0:
        assert left <= reserve
    else:
        assert left >= reserve


# ------------------------------------------------------------------ who is worth his pay


def test_a_month_of_work_earns_the_fees_over_the_months_worked() -> None:
    assert rules.earned_month_cents(1000, 4, 0.5) == 500
    assert rules.earned_month_cents(1000, 1, 1) == 1000
    # Where fees do not pay the costs of the work it earns nothing, and where nobody works.
    assert rules.earned_month_cents(-1000, 4, 0.5) == 0
    assert rules.earned_month_cents(1000, 0, 1) == 0
    assert rules.earned_month_cents(1000, 4, 0) == 0


@pytest.mark.parametrize(
    ("people", "utilised", "missed"),
    [
        # Work that the others could not do, of 1000 a month: 2.7 less 1.8 months, and so on.
        (3, 0.9, 900),
        (3, 1.0, 1200),
        (3, 0.7, 300),
        # The others could do it all.
        (3, 0.6, 0),
        (3, 0.1, 0),
        (1, 0.5, 500),
        (1, 0, 0),
    ],
)
def test_a_person_is_missed_for_the_work_that_the_others_could_not_do(
    people: int, utilised: float, missed: int
) -> None:
    assert rules.is_missed(1000, people, utilised, missed - 1)
    assert not rules.is_missed(1000, people, utilised, missed + 1)
    # Who costs just what is earned stays; so does who costs nothing.
    assert rules.is_missed(1000, 1, 0.5, 500)
    assert rules.is_missed(0, people, utilised, 0)


def test_a_person_more_costs_from_the_first_day_and_earns_once_clients_have_paid() -> None:
    year = flows()
    rules.add_person(year, 3, 2, 100, 200.9)
    # Nine tenths of 200.9 is 180.81, so 180 and 80 over the pay.
    assert year == flows(0, 0, -100, -100, *[80] * 8)
    idle = flows()
    rules.add_person(idle, 10, 2, 100, 0)
    assert idle == flows(*[0] * 9, -100, -100, -100)
    late = flows()
    rules.add_person(late, 13, 1, 100, 900)
    assert late == flows()
