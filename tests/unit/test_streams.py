"""Draws are addressed, not consumed: the same bits for a name, whatever else is asked for."""

import math
from hashlib import blake2b
from itertools import accumulate, combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from ncpcsim.experiment.draws import draw_parameters
from ncpcsim.experiment.run import run_once
from ncpcsim.model.streams import MAX_SEED, Streams, candidates, one, stream_key
from ncpcsim.plan.load import load_plan
from tests.plans import bare_plan, by_month, changed, counted, run, service

WORD = 2**64
seeds = st.integers(0, MAX_SEED)
replications = st.integers(0, 2**40)
names = st.text(min_size=1, max_size=30)


def philox(key: tuple[int, int], counter: tuple[int, int, int, int]) -> list[int]:
    """One block of Philox4x64-10, after Salmon et al. (2011), figure 2 and table 2."""
    (k0, k1), (c0, c1, c2, c3) = key, counter
    for _ in range(10):
        high0, low0 = divmod(0xD2E7470EE14C6C93 * c0, WORD)
        high1, low1 = divmod(0xCA5A826395121157 * c2, WORD)
        c0, c1, c2, c3 = high1 ^ c1 ^ k0, low1, high0 ^ c3 ^ k1, low0
        k0, k1 = (k0 + 0x9E3779B97F4A7C15) % WORD, (k1 + 0xBB67AE8584CAA73B) % WORD
    return [c0, c1, c2, c3]


def draws(streams: Streams, name: str, first: int, entities: int, width: int) -> list[list[float]]:
    rows: list[list[float]] = streams.table(stream_key(name), first, entities, width).tolist()
    return rows


def first_draw(streams: Streams, name: str, entity: int = 0) -> float:
    return one(streams, stream_key(name), entity)


def reference(streams: Streams, stream: str, entity: int, width: int) -> list[float]:
    """The draws of one entity, as the module's text defines them."""
    key = streams.seed, int.from_bytes(blake2b(stream.encode(), digest_size=8).digest(), "little")
    words: list[int] = []
    for block in range(entity * width // 4, (entity + 1) * width // 4):
        # numpy counts before it makes a block, so the first has counter 1.
        words += philox(key, (block + 1, 0, 0, streams.replication))
    return [(word // 2**12 + 0.5) / 2**52 for word in words]


def test_the_reference_gives_the_published_answers() -> None:
    # Known answers of the authors' own library, Random123: kat_vectors, philox4x64 with 10 rounds.
    assert philox((0, 0), (0, 0, 0, 0)) == [
        0x16554D9ECA36314C,
        0xDB20FE9D672D0FDC,
        0xD7E772CEE186176B,
        0x7E68B68AEC7BA23B,
    ]
    ones = WORD - 1
    assert philox((ones, ones), (ones, ones, ones, ones)) == [
        0x87B092C3013FE90B,
        0x438C3C67BE8D0224,
        0x9CC7D7C69CD777B6,
        0xA09CAEBF594F0BA0,
    ]


@given(seeds, replications, names, st.integers(0, 2**30), st.sampled_from([4, 12]))
def test_draws_are_philox_under_seed_stream_and_replication(
    seed: int, replication: int, stream: str, entity: int, width: int
) -> None:
    streams = Streams(seed, replication)
    assert draws(streams, stream, entity, 1, width) == [reference(streams, stream, entity, width)]


@given(st.integers(0, 1000), st.integers(0, 20), st.integers(1, 20), st.sampled_from([4, 8, 12]))
def test_draws_of_an_entity_do_not_depend_on_which_others_are_drawn(
    first: int, offset: int, entities: int, width: int
) -> None:
    streams = Streams(5, 3)
    alone = draws(streams, "enquiry", first + offset, 1, width)[0]
    among = draws(streams, "enquiry", first, offset + entities, width)
    assert len(among) == offset + entities
    assert all(len(row) == width for row in among)
    assert among[offset] == alone


def test_one_draw_is_the_first_of_its_entity() -> None:
    streams = Streams(1, 2)
    assert first_draw(streams, "host", 7) == draws(streams, "host", 7, 1, 4)[0][0]
    assert (
        first_draw(streams, "host")
        == first_draw(streams, "host", 0)
        != first_draw(streams, "host", 1)
    )


def test_another_seed_replication_stream_or_entity_is_another_draw() -> None:
    addresses = [
        (seed, replication, stream, entity)
        # 0 is a seed like any other; neighbours and the ends of the range differ too.
        for seed in (0, 1, 2, 2**53, 2**53 + 1, MAX_SEED - 1, MAX_SEED)
        for replication in (0, 1, 2**40)
        for stream in ("a", "b", "grant.a", "")
        for entity in (0, 1, 2**30)
    ]
    found = {
        first_draw(Streams(seed, replication), stream, entity)
        for seed, replication, stream, entity in addresses
    }
    assert len(found) == len(addresses)


def test_seed_zero_and_seed_one_make_other_runs_of_a_plan() -> None:
    plan = load_plan("generic")
    zero, again, other = (run_once(plan, seed, 0) for seed in (0, 0, 1))
    assert zero[0] == again[0]
    assert (zero[1].net_cents == again[1].net_cents).all()
    assert zero[0] != other[0]
    assert (zero[1].net_cents != other[1].net_cents).any()


@given(seeds, replications, names, st.integers(0, 2**30))
def test_draws_lie_strictly_between_zero_and_one(
    seed: int, replication: int, stream: str, first: int
) -> None:
    for row in draws(Streams(seed, replication), stream, first, 5, 12):
        assert all(0 < u < 1 for u in row)
        # So that no logarithm or quantile of one is infinite.
        assert all(0 < 1 - u < 1 for u in row)


@pytest.mark.parametrize("seed", [0, 1, MAX_SEED])
def test_draws_are_uniform(seed: int) -> None:
    drawn = [u for row in draws(Streams(seed, 0), "uniform", 0, 2500, 4) for u in row]
    assert stats.kstest(drawn, "uniform").pvalue > 0.001


def test_streams_seeds_replications_and_columns_are_unrelated() -> None:
    n = 4000
    series = [
        [row[0] for row in draws(Streams(0, 0), "a", 0, n, 4)],
        [row[1] for row in draws(Streams(0, 0), "a", 0, n, 4)],
        [row[0] for row in draws(Streams(0, 0), "a", 1, n, 4)],
        [row[0] for row in draws(Streams(0, 0), "b", 0, n, 4)],
        [row[0] for row in draws(Streams(1, 0), "a", 0, n, 4)],
        [row[0] for row in draws(Streams(0, 1), "a", 0, n, 4)],
    ]
    # 15 pairs: four standard errors are passed by chance once in a thousand tries.
    for x, y in combinations(series, 2):
        assert abs(stats.pearsonr(x, y).statistic) < 4 / math.sqrt(n)
        assert stats.kstest([(u + v) % 1 for u, v in zip(x, y, strict=True)], "uniform")[1] > (
            0.001
        )


# ------------------------------------------------------------------ candidates


def arrivals(rate: float, months: float, replication: int = 0) -> list[float]:
    return [
        c.time for c in candidates(Streams(3, replication), stream_key("asks"), rate, months, 12)
    ]


def test_candidates_come_in_order_before_the_end_each_with_its_own_draws() -> None:
    streams = Streams(3, 0)
    found = list(candidates(streams, stream_key("asks"), 2.5, 40, 12))
    times = [candidate.time for candidate in found]
    assert times == sorted(set(times))
    assert times[0] > 0
    assert times[-1] < 40
    for index, candidate in enumerate(found):
        assert candidate.row.tolist() == draws(streams, "asks", index, 1, 12)[0]
        assert candidate.thinning == candidate.row[1]
    # The first draw makes the time since the one before: exponential with mean 1 / rate.
    gaps = [later - earlier for earlier, later in pairwise([0.0, *times])]
    by_hand = [-math.log(1 - float(candidate.row[0])) / 2.5 for candidate in found]
    assert gaps == pytest.approx(by_hand, abs=1e-9)


def test_a_longer_run_or_another_rate_meets_the_same_candidates() -> None:
    # More than one block of draws: the joint between blocks must not show.
    assert arrivals(30, 20) == [time for time in arrivals(30, 60) if time < 20]
    slow, fast = arrivals(1, 40), arrivals(2, 20)
    assert slow == pytest.approx([2 * time for time in fast])


def test_more_candidates_than_were_drawn_at_first_follow_on_without_a_joint() -> None:
    # 20 are expected and 32 drawn at first; about one run in two hundred has more.
    long_runs = 0
    for replication in range(1000):
        streams = Streams(3, replication)
        found = list(candidates(streams, stream_key("asks"), 2, 10, 12))
        if len(found) > 32:
            long_runs += 1
            own = draws(streams, "asks", 0, len(found), 12)
            assert [candidate.row.tolist() for candidate in found] == own
            times = list(accumulate(-math.log(1 - row[0]) / 2 for row in own))
            assert [candidate.time for candidate in found] == pytest.approx(times)
    assert long_runs > 0


def test_without_a_rate_there_are_no_candidates() -> None:
    assert arrivals(0, 100) == []
    assert arrivals(math.nan, 100) == []
    assert arrivals(1e-300, 100) == []


@pytest.mark.parametrize(("rate", "months"), [(0.3, 60), (4.0, 24), (40.0, 2.5)])
def test_candidates_are_a_poisson_process(rate: float, months: float) -> None:
    runs = 400
    times = [arrivals(rate, months, replication) for replication in range(runs)]
    counts = [len(run_times) for run_times in times]
    mean = rate * months
    average = sum(counts) / runs
    variance = sum((n - mean) ** 2 for n in counts) / runs
    # Of a Poisson count: variance = mean, and the fourth central moment is mean + 3 mean^2.
    assert abs(average - mean) < 4 * math.sqrt(mean / runs)
    assert abs(variance - mean) < 4 * math.sqrt((mean + 2 * mean * mean) / runs)
    # Given their number, the times are uniform.
    assert stats.kstest([t / months for run_times in times for t in run_times], "uniform")[1] > (
        0.001
    )


# ------------------------------------------------------------------ common random numbers

ASKED = {"firms": {"asks_year": 0.6, "price": 10, "willingness": 10}}
VISITS = {
    "horizon.judged_month": 24,
    "posts.expert.people": 50,
    "market.willingness_sigma": 0.5,
    "services.visit": service(staff_days=3, variability="exponential", clients=ASKED),
}


def test_a_service_more_leaves_the_others_as_they_were() -> None:
    plan = bare_plan(VISITS)
    more = service(variability="exponential", offered_year=7, clients=ASKED)
    # Before the old one and after it: names address draws, not places in the file.
    both = changed(plan, {"services": {"audit": more, **plan.tree["services"], "zero_waste": more}})
    for replication in range(5):
        one, two = run(plan, replication=replication), run(both, replication=replication)
        assert by_month(one, "fees_visit") == by_month(two, "fees_visit")
        for what in ("asked", "declined", "done"):
            assert counted(one, f"visit.{what}") == counted(two, f"visit.{what}")
        assert sum(counted(two, "audit.asked")) > 0


def test_two_services_do_not_share_their_draws() -> None:
    plan = bare_plan(VISITS)
    both = changed(plan, {"services.audit": plan.tree["services"]["visit"]})
    record = run(both)
    assert counted(record, "audit.asked") != counted(record, "visit.asked")


def test_a_parameter_more_leaves_the_draws_of_others_as_they_were() -> None:
    plan = load_plan("generic")
    without = changed(plan, {"market.decision_months": 1.0, "segments.sme.aware_at_most": 0.3})
    two = draw_parameters(without, 1, 5)
    one = draw_parameters(plan, 1, 5)
    assert set(one) - set(two) == {"market.decision_months", "segments.sme.aware_at_most"}
    assert two == {path: value for path, value in one.items() if path in two}


def test_parameters_are_drawn_from_their_distributions_each_by_its_own_stream() -> None:
    plan = load_plan("generic")
    draws = [draw_parameters(plan, 1, draw) for draw in range(400)]
    for path, quantity in plan.uncertain.items():
        values = [drawn[path] for drawn in draws]
        low, high = quantity.support()
        assert all(low <= value <= high for value in values)
        median = quantity.quantile(0.5)
        above = sum(value > median for value in values)
        # Four standard deviations of a fair coin thrown 400 times.
        assert abs(above - 200) <= 40, path
    one, two = ([drawn[path] for drawn in draws] for path in list(plan.uncertain)[:2])
    assert abs(stats.spearmanr(one, two).statistic) < 4 / math.sqrt(400)


def test_a_higher_price_meets_the_same_clients() -> None:
    plan = bare_plan(VISITS)
    dearer = changed(plan, {"services.visit.clients.firms.price": 14})
    for replication in range(5):
        one, two = run(plan, replication=replication), run(dearer, replication=replication)
        assert counted(one, "visit.asked") == counted(two, "visit.asked")
        # Whoever accepts the higher price would have accepted the lower one.
        declined = zip(counted(one, "visit.declined"), counted(two, "visit.declined"), strict=True)
        assert all(low <= high for low, high in declined)


def test_every_engagement_that_follows_another_has_draws_of_its_own() -> None:
    # Audits follow visits and are asked for too; reports follow audits of either origin.
    plan = bare_plan(
        {
            **VISITS,
            "services.audit": service(
                follows={"service": "visit", "probability": 1}, clients=ASKED
            ),
            "services.report": service(
                staff_days=3,
                variability="exponential",
                follows={"service": "audit", "probability": 1},
            ),
        }
    )
    begun: dict[str, float] = {}
    worked: list[float] = []

    def listen(time: float, what: str) -> None:
        who, _, event = what.rpartition(" ")
        if who.startswith("report") and event == "begun":
            begun[who] = time
        elif who.startswith("report") and event == "done":
            worked.append(round(time - begun[who], 9))

    run(plan, trace=listen)
    assert len(worked) > 50
    assert len(set(worked)) == len(worked)
