"""What clients save, summed by hand."""

import math
from typing import Any

import pytest

from ncpcsim.plan.problems import PlanError
from tests.full_centre import SAVINGS, asked_for, bare
from tests.market import poisson_close, shifted
from tests.plans import by_month, changed, counted, run, service, total

# ------------------------------------------------------------------ savings


FINDS: dict[str, Any] = {
    "services.visit": service(project=True, finds_options=True, clients=asked_for(2)),
    "savings": {**SAVINGS, "options_mean": 4, "energy_gj": 24, "water_t": 12, "waste_t": 36},
    "horizon.judged_month": 36,
}


def test_options_save_from_the_month_they_are_found_for_as_long_as_they_are_in_use() -> None:
    record = run(bare(FINDS))
    found = counted(record, "options.housekeeping.found")
    assert counted(record, "options.housekeeping.implemented") == found
    in_use = [sum(found[: month + 1]) for month in range(36)]
    # 1,200 USD, 24 GJ, 12 t and 36 t a year are 100, 2, 1 and 3 a month.
    assert counted(record, "clients.savings") == [100 * n for n in in_use]
    assert counted(record, "clients.energy_gj") == [2 * n for n in in_use]
    assert counted(record, "clients.water_t") == [1 * n for n in in_use]
    assert counted(record, "clients.waste_t") == [3 * n for n in in_use]


def test_other_impacts_are_counted_alike() -> None:
    per_option = {"water_pollutants_t": 24, "air_pollutants_t": 48, "greenhouse_gases_t": 12}
    record = run(bare({**FINDS, **{f"savings.{what}": n for what, n in per_option.items()}}))
    found = counted(record, "options.housekeeping.found")
    for what, n in per_option.items():
        expected = [n // 12 * sum(found[: month + 1]) for month in range(36)]
        assert counted(record, f"clients.{what}") == expected


def test_what_options_of_a_country_save_is_multiplied_once() -> None:
    changes = {"savings.saving_ratio": 2.5, "savings.categories.housekeeping.payback_years": 0.5}
    record = run(bare({**SUCCESS, **changes}))
    found = counted(record, "options.housekeeping.found")
    in_use = [sum(found[: month + 1]) for month in range(36)]
    assert counted(record, "clients.savings") == [250 * n for n in in_use]
    assert counted(record, "clients.invested") == [1500 * n for n in found]
    assert by_month(record, "fees_visit") == [-300_00 * n for n in shifted(found, 12)]


def test_fractions_are_not_lost() -> None:
    plan = bare({**FINDS, "savings.energy_gj": 1})
    record = run(plan)
    found = counted(record, "options.housekeeping.found")
    option_months = sum(n * (36 - month) for month, n in enumerate(found))
    assert sum(counted(record, "clients.energy_gj")) == option_months // 12


def test_a_client_that_relapses_saves_for_the_stated_months_only() -> None:
    record = run(bare({**FINDS, "savings.relapse_probability": 1}))
    found = counted(record, "options.housekeeping.found")
    in_use = [sum(found[max(month - 5, 0) : month + 1]) for month in range(36)]
    assert counted(record, "clients.savings") == [100 * n for n in in_use]
    visits = counted(record, "visit.done")
    with_options = sum(counted(record, "clients.relapsed"))
    # A visit that finds nothing (exp(-4), one in 55) has nobody to relapse.
    assert sum(visits[:30]) * 0.85 < with_options <= sum(visits[:30])


def test_options_are_found_and_implemented_by_category_as_stated() -> None:
    stated = {"cheap": (0.6, 0.4), "dear": (0.3, 0.9), "rare": (0.1, 0.5)}
    plan = bare(
        {
            **FINDS,
            "services.visit": service(project=True, finds_options=True, clients=asked_for(20)),
            "savings.categories": {
                name: {"found_share": share, "implemented_probability": p, "saving_year": 1}
                for name, (share, p) in stated.items()
            },
        }
    )
    visits = 0
    found, implemented = dict.fromkeys(stated, 0), dict.fromkeys(stated, 0)
    for replication in range(5):
        record = run(plan, replication=replication)
        visits += sum(counted(record, "visit.done"))
        for name in stated:
            found[name] += sum(counted(record, f"options.{name}.found"))
            implemented[name] += sum(counted(record, f"options.{name}.implemented"))
    n = sum(found.values())
    assert poisson_close(n, 4 * visits)
    for name, (share, p) in stated.items():
        assert found[name] / n == pytest.approx(share, abs=4 * math.sqrt(share * (1 - share) / n))
        spread = math.sqrt(p * (1 - p) / found[name])
        assert implemented[name] / found[name] == pytest.approx(p, abs=4 * spread)


def test_options_are_found_in_projects_only() -> None:
    with pytest.raises(PlanError, match="finds_options: are found in a project"):
        bare({**FINDS, "services.visit.project": False})


def test_only_work_that_finds_options_finds_them() -> None:
    record = run(bare({**FINDS, "services.visit.finds_options": False}))
    assert sum(counted(record, "visit.done")) > 0
    assert sum(counted(record, "options.housekeeping.found")) == 0


def test_the_best_policy_climate_keeps_the_stated_part_from_relapsing() -> None:
    best = {"signing": {"month": 0, "climate_gain": 1}}
    for protection, events, relapsing in ((1, best, 0), (1, {}, 1), (0, best, 1), (0.5, best, 0.5)):
        plan = bare(
            {
                **FINDS,
                "services.visit": service(project=True, finds_options=True, clients=asked_for(20)),
                "savings.relapse_probability": 1,
                "savings.climate_protection": protection,
                "events": events,
            }
        )
        record = run(plan)
        # Those who implemented something at least six months ago.
        at_risk = sum(counted(record, "visit.done")[:30]) * (1 - math.exp(-4))
        relapsed = sum(counted(record, "clients.relapsed"))
        assert relapsed / at_risk == pytest.approx(relapsing, abs=0.1)


def test_clients_whom_the_climate_held_relapse_when_it_has_worn_off() -> None:
    # Full climate at first, and full protection. In month 6 exp(-0.1 x 6) of it is left, and so on:
    # of those who would relapse without it, as many are held as of the climate is left.
    plan = bare(
        {
            **FINDS,
            "services.visit": service(
                project=True, finds_options=True, clients=asked_for(20), offered_year=0
            ),
            "savings.relapse_probability": 1,
            "savings.climate_protection": 1,
            "savings.relapse_again_months": 12,
            "market.climate_fade_month": 0.1,
            "events": {"signing": {"month": 0, "climate_gain": 1}},
        }
    )
    kept, later = [0] * 36, [0] * 36
    for replication in range(10):
        record = run(plan, replication=replication)
        kept = [a + b for a, b in zip(kept, counted(record, "clients.kept"), strict=True)]
        later = [
            a + b for a, b in zip(later, counted(record, "clients.relapsed_later"), strict=True)
        ]
    # A year later, exp(-1.2) of those kept are held still.
    assert sum(later[:18]) == 0
    held = 1 - sum(later[18:24]) / sum(kept[6:12])
    assert held == pytest.approx(math.exp(-1.2), abs=4 * 0.46 / math.sqrt(sum(kept[6:12])))
    assert sum(kept[6:12]) > 200
    lasting = changed(plan, {"market.climate_fade_month": 0})
    assert sum(counted(run(lasting), "clients.relapsed_later")) == 0


def test_a_decree_keeps_clients_that_implemented_before_it() -> None:
    # Visits of the first months meet no climate; the decree of month 6 holds all who would relapse
    # from then on, those of month 0 among them.
    plan = bare(
        {
            **FINDS,
            "savings.relapse_probability": 1,
            "savings.climate_protection": 1,
            "events": {"decree": {"month": 6, "climate_gain": 1}},
        }
    )
    record = run(plan)
    assert sum(counted(record, "visit.done")[:6]) > 5
    assert sum(counted(record, "clients.relapsed")) == 0
    assert sum(counted(record, "clients.kept")) > 5


SUCCESS: dict[str, Any] = {
    **FINDS,
    "services.visit": service(
        project=True, finds_options=True, clients=asked_for(2, 0, success_fee_share=0.1)
    ),
}


def test_a_success_fee_falls_due_a_year_after_the_work() -> None:
    # A tenth of 1,200 a year an option.
    record = run(bare(SUCCESS))
    found = counted(record, "options.housekeeping.found")
    assert by_month(record, "fees_visit") == [-120_00 * n for n in shifted(found, 12)]
    assert total(record, "receivables") == 0


def test_a_success_fee_comes_beside_the_price() -> None:
    record = run(bare({**SUCCESS, "services.visit.clients.firms.price": 30}))
    visits, found = counted(record, "visit.done"), counted(record, "options.housekeeping.found")
    expected = zip(visits, shifted(found, 12), strict=True)
    assert by_month(record, "fees_visit") == [-(30_00 * n + 120_00 * m) for n, m in expected]


def test_a_success_fee_does_not_wait_for_the_price_to_be_paid() -> None:
    plan = bare(
        {
            **SUCCESS,
            "services.visit.clients.firms.price": 30,
            "segments.firms.bad_debt_probability": 1,
        }
    )
    record = run(plan)
    visits, found = counted(record, "visit.done"), counted(record, "options.housekeeping.found")
    expected = zip(visits, shifted(found, 12), strict=True)
    assert by_month(record, "fees_visit") == [-(30_00 * n + 120_00 * m) for n, m in expected]


def test_whoever_never_pays_owes_the_success_fee_for_ever_too() -> None:
    record = run(
        bare(
            {
                **SUCCESS,
                "services.visit.clients.firms.price": 30,
                "segments.firms.bad_debt_probability": 0.5,
                "market.write_off_months": 3,
                "horizon.judged_month": 48,
            }
        )
    )
    fees, bad = (total(record, name) for name in ("fees_visit", "bad_debts"))
    assert total(record, "cash") + bad + total(record, "receivables") == -fees
    # Half of the price's invoices of four years, and half of the savings' of three.
    assert 0.3 < bad / -fees < 0.6
    success = record.counts[record.counted.index("options.housekeeping.found")][:33].sum() * 120_00
    assert bad > 0.6 * 0.5 * success


def test_whoever_agreed_before_the_centre_charged_owes_no_success_fee() -> None:
    # Three months of work, begun at once: what is done from month 9 on was agreed from month 6 on.
    changes = {
        "market.charge_from_month": 6,
        "posts.expert.people": 100,
        "services.visit.staff_days": 60,
    }
    record = run(bare({**SUCCESS, **changes}))
    found = counted(record, "options.housekeeping.found")
    assert sum(found[6:9]) > 0
    owed = [0] * 9 + found[9:]
    assert by_month(record, "fees_visit") == [-120_00 * n for n in shifted(owed, 12)]


@pytest.mark.parametrize(("willingness", "declining"), [(529, 1), (531, 0)])
def test_a_client_weighs_the_price_and_the_success_fee_it_expects(
    willingness: float, declining: int
) -> None:
    # Four options of 1,200 a year, of which a tenth: 480 beside the price of 50.
    terms = {"price": 50, "willingness": willingness}
    firms = {f"services.visit.clients.firms.{key}": value for key, value in terms.items()}
    plan = bare({**SUCCESS, **firms, "market.charge_from_month": 6})
    record = run(plan)
    asked, declined = (counted(record, f"visit.{what}") for what in ("asked", "declined"))
    assert sum(declined[:6]) == 0
    assert sum(asked[6:]) > 20
    assert declined[6:] == [declining * n for n in asked[6:]]


def test_a_success_fee_alone_is_declined_by_who_would_not_pay_it() -> None:
    record = run(bare({**SUCCESS, "services.visit.clients.firms.willingness": 479}))
    asked, priced, declined = (
        counted(record, f"visit.{what}") for what in ("asked", "priced", "declined")
    )
    assert asked == priced == declined
    # Work that finds no options owes none.
    free = run(
        bare(
            {
                **SUCCESS,
                "services.visit.finds_options": False,
                "services.visit.clients.firms.willingness": 0,
            }
        )
    )
    assert sum(counted(free, "visit.priced")) == 0
    assert counted(free, "visit.done") == counted(free, "visit.asked")


def test_a_success_fee_is_paid_as_late_as_the_price() -> None:
    late = changed(bare(SUCCESS), {"segments.firms.payment_delay_months": 4})
    record = run(late)
    assert by_month(record, "fees_visit") == by_month(run(bare(SUCCESS)), "fees_visit")
    assert 0 < total(record, "cash") < total(run(bare(SUCCESS)), "cash")
    assert total(record, "bad_debts") == 0


def test_a_success_fee_is_a_share_of_what_the_year_saved() -> None:
    record = run(bare({**SUCCESS, "savings.relapse_probability": 1}))
    found = counted(record, "options.housekeeping.found")
    assert by_month(record, "fees_visit") == [-60_00 * n for n in shifted(found, 12)]


def test_a_success_fee_does_not_wait_for_a_relapse_after_more_than_a_year() -> None:
    record = run(bare({**SUCCESS, "savings.relapse_after_months": 18}))
    found = counted(record, "options.housekeeping.found")
    assert by_month(record, "fees_visit") == [-120_00 * n for n in shifted(found, 12)]


def test_nobody_owes_a_success_fee_for_work_before_the_centre_charged() -> None:
    record = run(bare({**SUCCESS, "market.charge_from_month": 6}))
    found = counted(record, "options.housekeeping.found")
    assert sum(found[:6]) > 0
    owed = [0] * 6 + found[6:]
    assert by_month(record, "fees_visit") == [-120_00 * n for n in shifted(owed, 12)]


# ------------------------------------------------------------------ what savings are worth


def test_options_save_by_what_utilities_charge() -> None:
    plan = bare({**SUCCESS, "savings.utility_prices": 2.5})
    record, found = run(plan), counted(run(bare(FINDS)), "options.housekeeping.found")
    in_use = [sum(found[: month + 1]) for month in range(36)]
    assert counted(record, "clients.savings") == [250 * n for n in in_use]
    assert counted(record, "clients.energy_gj") == [2 * n for n in in_use]
    assert by_month(record, "fees_visit") == [-300_00 * n for n in shifted(found, 12)]


EXPECTED = {"usual_year": 4800, "elasticity": 0.5, "report_share": 0}
"""Four options of 1,200 a year are what is usual, and what is told of clients moves nobody."""


@pytest.mark.parametrize(("utility_prices", "worth"), [(4, 200), (1, 100), (0.25, 50), (0, 0)])
def test_clients_would_pay_by_what_utilities_charge(utility_prices: float, worth: float) -> None:
    # The root of what it saves; a success fee of a tenth of that is weighed too.
    for share in (0, 0.001):
        fee = share * 4800 * utility_prices
        for price, declines in ((worth - fee - 1, False), (worth - fee + 1, True)):
            terms = {"price": max(price, 0), "willingness": 100, "success_fee_share": share}
            changes: dict[str, Any] = {
                "services.visit": {**FINDS["services.visit"], "clients": asked_for(2, **terms)},
                "savings.expected": EXPECTED,
                "savings.utility_prices": utility_prices,
            }
            record = run(bare({**FINDS, **changes}))
            asked = counted(record, "visit.asked")
            assert counted(record, "visit.declined") == [declines * n for n in asked]


def test_other_work_is_worth_what_it_was() -> None:
    visit = service(clients=asked_for(2, 99, willingness=100))
    poor = {**EXPECTED, "usual_year": 1e6, "report_share": 0.5}
    record = run(bare({**FINDS, "services.visit": visit, "savings.expected": poor}))
    assert sum(counted(record, "visit.declined")) == 0


@pytest.mark.parametrize(("price", "served"), [(51, 1), (26, 2), (13, 3), (6.3, 4)])
def test_clients_would_pay_by_what_those_served_before_them_saved(
    price: float, served: int
) -> None:
    # Nobody saves anything, and each who says so halves what the next one expects and would pay.
    visit = service(project=True, finds_options=True, clients=asked_for(2, price, willingness=100))
    terms = {"usual_year": 4800, "elasticity": 1, "report_share": 0.5}
    plan = bare({**FINDS, "services.visit": visit, "savings.expected": terms})
    record = run(changed(plan, {"savings.options_mean": 0}))
    assert sum(counted(record, "visit.done")) == served
    assert sum(counted(record, "visit.declined")) > 20


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("utility_prices", -1),
        ("expected.usual_year", 0),
        ("expected.elasticity", 3),
        ("expected.report_share", 0.6),
    ],
)
def test_what_cannot_be_expected_is_refused(key: str, value: float) -> None:
    with pytest.raises(PlanError, match=key):
        bare({**FINDS, "savings.expected": EXPECTED, f"savings.{key}": value})
