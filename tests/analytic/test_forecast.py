"""The director's forecast of cash, by hand; and that it knows nothing of the future."""

from typing import Any

import pytest

from ncpcsim.experiment.tables import tables_for
from ncpcsim.model.fields import Inputs
from ncpcsim.model.record import Record
from ncpcsim.model.streams import Streams
from ncpcsim.model.world import World, draw_world
from ncpcsim.plan.load import load_plan
from ncpcsim.reference import assembly, management
from ncpcsim.reference.forecast import Forecast, look_ahead
from ncpcsim.reference.state import Centre
from tests.full_centre import MANAGEMENT, asked_for, bare, contract
from tests.plans import HOST, changed, earmarks, grant, post, run, service


def forecasts(changes: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> list[Forecast]:
    """Every forecast that the director of the bare centre makes."""
    made: list[Forecast] = []

    def kept(centre: Centre) -> Forecast:
        made.append(look_ahead(centre))
        return made[-1]

    monkeypatch.setattr(management, "look_ahead", kept)
    run(bare({"management": MANAGEMENT, **changes}))
    return made


def flows(found: Forecast) -> list[float]:
    """The months ahead, in dollars."""
    return [cents / 100 for cents in found.flows[1:]]


def test_posts_and_running_costs_from_the_month_in_which_the_centre_pays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # At the end of month 0. The expert costs 100 and a third more; another from month 4 on, and one
    # whom a grant pays until month 10; a host's whom nobody pays. Rent of 50; supplies of 60 from
    # month 6 on, of which the host bears half.
    found = forecasts(
        {
            "opening.cash": 5000,
            "staff.social_security_share": 0.3,
            "posts.expert": post(salary_month=100),
            "posts.later": post(salary_month=10, from_month=4),
            "posts.lent": post(salary_month=1000, payer="host", then="ends"),
            "posts.funded": post(salary_month=20, payer="core"),
            "grants.core": grant(
                {0: 200}, until_month=10, terms="earmarked", earmarks=earmarks(salaries=1)
            ),
            "host": HOST,
            "costs.premises_month": 50,
        },
        monkeypatch,
    )[0]
    assert flows(found) == [-180] * 3 + [-193] * 6 + [-219] * 3
    assert found.cash_cents == (5000 - 180) * 100
    # The reserve is measured by what the centre will have to pay.
    terms = {**MANAGEMENT, "reserve_months": 2}
    reserve = forecasts({"management": terms, "posts.expert": post(salary_month=100)}, monkeypatch)
    assert reserve[0].reserve_cents == 200_00


def test_signed_tranches_when_they_are_due_and_their_mean_delay_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Due in months 3 and 14, two months late in the mean; one not signed before month 6; earmarked
    # money is not the director's.
    found = forecasts(
        {
            "grants.core": grant({3: 900, 14: 50}, delay_months=2),
            "grants.next": grant({8: 70}, from_month=6),
            "grants.kit": grant({4: 5}, terms="earmarked", earmarks=earmarks(equipment=1)),
        },
        monkeypatch,
    )
    assert flows(found[0]) == [0, 0, 0, 0, 900, *[0] * 7]
    assert flows(found[6])[1] == 70
    # Two months before it is expected it is sixteen less four ahead.
    assert flows(found[4])[11] == 50


def test_late_bills_and_loans_at_once_and_the_host_s_cash_each_month(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = forecasts(
        {
            "posts.expert": post(salary_month=100),
            "host": {**HOST, "cash_month": 30},
            "liquidity.credit_line": 0,
            "liquidity.creditors_bear_months": 100,
        },
        monkeypatch,
    )[1]
    # 70 a month are left unpaid.
    assert flows(found) == [-140 - 70, *[-70] * 11]


def test_invoices_and_the_trend_of_each_line(monkeypatch: pytest.MonkeyPatch) -> None:
    # Ten visits a month at 100 in the mean, each at a cost of 20, paid after two months.
    found = forecasts(
        {
            "services.visit": service(clients=asked_for(10, 100), materials=20),
            "segments.firms.payment_delay_months": 2,
            "posts.expert": post(people=20),
        },
        monkeypatch,
    )
    first, last = found[0], found[-1]
    assert first.earned_month_cents >= 0
    # In the second year: some 1,000 a month less 200, the first of them what is owed.
    assert last.paid_after in (1, 2, 3)
    assert 500 < sum(flows(last)) / 12 < 1100
    assert last.earned_month_cents / 100 == pytest.approx(800, rel=0.4)


def test_fees_from_before_the_first_day_fill_the_first_half_year(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # 600 a month before, and nothing since: five months of six count, then four, then none.
    found = forecasts({"opening.net_fees_month": 600}, monkeypatch)
    assert [each.earned_month_cents / 100 for each in found[:7]] == [500, 400, 300, 200, 100, 0, 0]
    assert flows(found[0])[-1] == 500
    assert forecasts({}, monkeypatch)[0].earned_month_cents == 0


def test_a_contract_in_hand_brings_its_rest_and_costs_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Of 1,000 a quarter comes at once; 60 % are spent over six months; the rest comes after that
    # and two months more. Half of what the last year brought is counted on.
    offer = contract(
        calls_year=1,
        amount=1000,
        amount_sigma=0,
        months=6,
        overhead_share=0.4,
        subcontractors_share=1,
        travel_share=0,
        advance_share=0.25,
        payment_delay_months=2,
        bid_days=0,
        staff_days=0,
    )
    found = forecasts({"contracts.project": offer}, monkeypatch)
    won = next(number for number, each in enumerate(found) if any(each.flows))
    ahead = flows(found[won])
    assert ahead[:6] == [-100] * 6
    assert sum(ahead) == 750 - 600
    assert ahead.count(750) + ahead.count(650) == 1
    hoped = {**MANAGEMENT, "hoped_share": 1.0}
    more = forecasts({"contracts.project": offer, "management": hoped}, monkeypatch)[won]
    # The advance of 250 is all that there was, and more than the 150 in hand.
    assert sum(flows(more)) == pytest.approx(250, abs=0.12)


# ------------------------------------------------------------------ nothing of the future


KNOWN = 30
"""Months in which two worlds are the same."""


def another_future(inputs: Inputs, world: World) -> None:
    """Change all that is drawn for later than `KNOWN`."""
    years = len(world.year_levels) // len(inputs.lines)
    for row in range(len(world.year_levels)):
        if row % years > (inputs.horizon.start_month + KNOWN) // 12:
            world.year_levels[row] *= 3
    for month in range(KNOWN, inputs.horizon.months + 1):
        world.exchange[month] *= 0.5
        world.costs[month] *= 1.5
        world.prices[month] *= 0.5
    for number in range(world.cycle.recessions):
        recession = world.recessions[number]
        if recession.begin > KNOWN:
            recession.begin, recession.end = KNOWN + 1, recession.begin
    let_donors_leave(inputs, world)


def let_donors_leave(inputs: Inputs, world: World) -> None:
    """Let no donor stay after `KNOWN`."""
    world.grant_ends[:] = [end if end <= KNOWN else KNOWN + 1 for end in world.grant_ends]
    for tranche, arrival in zip(inputs.tranches, world.arrivals, strict=True):
        if tranche.month > KNOWN:
            arrival.cancelled = True
            arrival.late_months += 9
    for presence in world.presences:
        if KNOWN < presence.pays_until < float("inf"):
            presence.pays_until = KNOWN + 1


def in_another_future(monkeypatch: pytest.MonkeyPatch, replication: int) -> Record:
    """A run of generic whose world is another after `KNOWN` months."""

    def drawn(inputs: Inputs, world: World, streams: Streams) -> None:
        draw_world(inputs, world, streams)
        another_future(inputs, world)

    with monkeypatch.context() as patched:
        patched.setattr(assembly, "draw_world", drawn)
        return as_drawn(replication)


def as_drawn(replication: int) -> Record:
    """A run of generic without much cash, with technical posts that the programme pays at first."""
    funded = {
        "posts.technical.payer": "programme_direct",
        "posts.technical.from_month": 0,
        "market.charge_from_month": 27,
    }
    plan = changed(load_plan("generic"), funded)
    return assembly.simulate(tables_for(plan), Streams(1, replication))


def test_the_director_knows_nothing_of_the_future(monkeypatch: pytest.MonkeyPatch) -> None:
    differ = 0
    for replication in range(12):
        one, other = as_drawn(replication), in_another_future(monkeypatch, replication)
        # To the cent, and in everything that was counted: hires, bids, free work left out.
        assert (one.net_cents[:, :KNOWN] == other.net_cents[:, :KNOWN]).all()
        assert (one.counts[:, :KNOWN] == other.counts[:, :KNOWN]).all()
        differ += (one.net_cents != other.net_cents).any()
    assert differ == 12
