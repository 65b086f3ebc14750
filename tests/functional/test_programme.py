"""The programme's support is one lever: money, posts, the end of the run and the judgement move."""

from datetime import date

import pytest

from ncpcsim.plan.judged import judged_in, judged_together
from ncpcsim.plan.load import Plan, load_plan
from ncpcsim.plan.problems import PlanError
from tests.plans import BANKED, by_month, changed, run, total, unfunded

MONTHS = (24, 36, 48, 60, 84)


def generic(**programme: object) -> Plan:
    changes = {f"programme.{key}": value for key, value in programme.items()}
    return load_plan("generic").variant(changes)


def due_cents(plan: Plan) -> dict[str, int]:
    """What each of the programme's agreements comes to, by the tranche's own amounts."""
    return {
        name: round(100 * sum(amount for _, amount in agreed.amounts()))
        for name, agreed in plan.numbers.agreements.items()
    }


@pytest.mark.parametrize("months", MONTHS)
def test_the_end_of_the_money_the_posts_it_pays_and_the_run_move_together(months: int) -> None:
    plan = generic(months=months)
    numbers = plan.numbers
    assert numbers.programme_end == months
    # A year's extension may follow, and three years in which the centre is watched.
    assert numbers.months == months + 12 + 36
    assert {agreed.until_month for agreed in numbers.agreements.values()} == {months}
    last = max(month for g in numbers.agreements.values() for month, _ in g.amounts())
    assert last == months - 12
    assert sum(due_cents(plan).values()) == pytest.approx(77_900_00 * months / 12, abs=2)


def test_a_shorter_programme_pays_less_and_nothing_after_its_end() -> None:
    paid = []
    for months in MONTHS:
        terms = {"programme.months": months, "horizon.judged_month": 132, **BANKED}
        plan = changed(
            load_plan("generic"),
            {
                **terms,
                **{f"donors.programme.{what}_year": 0 for what in ("suspensions", "early_ends")},
                **{
                    f"grants.programme_{kind}.delay_months": 0
                    for kind in ("direct", "discretionary")
                },
                "grants.programme_discretionary.extension.probability": 0,
                **{f"programme.review.{what}_share": 0 for what in ("cut", "added")},
                "exchange": {"drift_year": 0, "volatility_year": 0},
            },
        )
        record = run(plan)
        money = by_month(record, "programme_discretionary")
        assert not any(money[months:])
        assert record.counts.any()
        paid.append(-sum(money))
    assert paid == sorted(paid)
    # 33.6 % of 77,900 a year, less 13 % for the agency, to the cent of each tranche.
    assert paid[0] == pytest.approx(2 * 0.336 * 77_900_00 * 0.87, abs=2)
    assert paid[-1] == pytest.approx(7 * 0.336 * 77_900_00 * 0.87, abs=7)


@pytest.mark.parametrize("shape", ["even", "front_loaded", "tapered"])
@pytest.mark.parametrize(("months", "interval"), [(36, 1), (37, 12), (60, 7), (84, 36), (1, 12)])
def test_tranches_of_every_shape_are_the_whole_to_the_cent(
    shape: str, months: int, interval: int
) -> None:
    stated = {"amount_total": 100_000, "months": months, "interval_months": interval}
    plan = changed(
        load_plan("generic"),
        {
            "programme": {**stated, "shape": shape},
            "grants.programme_direct.programme_share": 0,
            "grants.programme_discretionary.programme_share": 1,
            "grants.programme_discretionary.support_cost_share": 0,
            "grants.programme_discretionary.delay_months": 0,
            "grants.programme_discretionary.extension.probability": 0,
            "exchange": {"drift_year": 0, "volatility_year": 0},
            **BANKED,
        },
    )
    assert -total(run(plan), "programme_discretionary") == 100_000_00


def test_the_last_tranche_covers_the_months_that_are_left() -> None:
    agreed = generic(months=30).numbers.agreements["programme_discretionary"]
    amounts = [amount for _, amount in agreed.amounts()]
    assert [month for month, _ in agreed.amounts()] == [0, 12, 24]
    assert amounts == pytest.approx([0.336 * 77_900, 0.336 * 77_900, 0.336 * 77_900 / 2])


def test_a_second_phase_follows_after_its_gap() -> None:
    numbers = load_plan("donor_gap").numbers
    assert numbers.agreements["second_donor"].amounts() == [(48, 67_800), (60, 67_800)]
    assert numbers.programme_end == 72
    later = load_plan("donor_gap").variant({"programme.second_phase.gap_months": 20}).numbers
    assert [month for month, _ in later.agreements["second_donor"].amounts()] == [56, 68]
    assert later.months == numbers.months + 8


def test_plans_that_are_compared_are_judged_in_one_month() -> None:
    plans = [generic(months=months) for months in MONTHS]
    together = judged_together(plans)
    assert {judged_in(plan) for plan in together} == {date(2007, 1, 1)}
    assert [plan.numbers.programme_end for plan in together] == list(MONTHS)
    assert together[-1] is plans[-1]
    # Also where they begin at different times.
    later = generic().variant({"start": date(1999, 1, 1)})
    one, other = judged_together([generic(), later])
    assert judged_in(one) == judged_in(other) == judged_in(later)


def test_a_plan_of_the_past_says_what_an_earlier_end_means() -> None:
    ended = load_plan("hungary").variant({"programme.months": 30}).numbers.agreements
    assert ended["unido_director"].amounts() == [(0, 15_000), (12, 15_000), (24, 15_000)]
    assert ended["unido_direct"].until_month == 30
    assert ended["domestic_tenders"].amounts() == [(14, 34_000), (26, 6_000)]


@pytest.mark.parametrize(
    ("name", "changes", "said"),
    [
        ("hungary", {"programme.months": 49}, "the programme's last agreement ends in month 48"),
        ("hungary", {"programme.amount_year": 5}, "is for support that grants share"),
        ("generic", {"grants.programme_direct.until_month": 36}, "is stated by .programme."),
        ("generic", {"grants.programme_direct.programme_share": 0.5}, "sum to 0.836, expected 1"),
        ("generic", {"programme.amount_total": 5}, "either `amount_year` or `amount_total`"),
        ("generic", {"grants.programme_direct.phase": 2}, "expected a .programme.second_phase."),
        ("generic", {"programme.donor": "nobody"}, "'nobody' is not there"),
        (
            "generic",
            {"programme.review.second_phase_probability": 0.5},
            "is the chance of a second phase, expected a .programme.second_phase.",
        ),
        (
            "donor_gap",
            {"programme.review.month": 48, "programme.review.second_phase_probability": 0.5},
            "is 48, but the second phase begins in month 48",
        ),
        ("generic", {"grants.programme_direct.giver": "other"}, "whose support the grant shares"),
    ],
)
def test_a_number_that_contradicts_the_agreements_is_refused(
    name: str, changes: dict[str, object], said: str
) -> None:
    with pytest.raises(PlanError, match=said):
        load_plan(name).variant(changes)


def test_a_run_without_any_programme_lasts_as_long_as_it_is_watched() -> None:
    plan = unfunded(load_plan("generic"))
    assert plan.numbers.programme_end == 0
    horizon = {"follow_up_months": 0}
    with pytest.raises(PlanError, match="is 0 and no programme pays, expected 1 or more"):
        plan.variant({"horizon": horizon})
