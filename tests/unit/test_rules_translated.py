"""Every rule, and every draw, is the same in C as in Python, bit for bit."""

import ctypes
import math
from collections.abc import Callable
from pathlib import Path
from random import Random
from types import FunctionType
from typing import Any, get_type_hints

import pytest

from ncpcsim import rules
from ncpcsim.model.streams import Streams, block, one
from tests.translated import NOT_IN_C, c_of, compiled, functions_of, module_of, same, twin

MOST_CENTS = 2**53
TRIALS = 2_000
RULES = [each for each in functions_of(rules) if each is not rules.split_cents]
LISTED = {"offers", "offer_time"}
"""Rules that read a list, from a place on."""


# ------------------------------------------------------------------ rules


@pytest.fixture(scope="module")
def rules_in_c(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    return compiled(tmp_path_factory.mktemp("rules"), c_of(functions_of(rules)))


def numbers(rule: Callable[..., Any], source: Random) -> dict[str, Any]:
    """Arguments of a rule: ordinary ones, and those at which something turns."""
    hints = {name: hint for name, hint in get_type_hints(rule).items() if name != "return"}
    return {name: number(name, hint, source) for name, hint in hints.items()}


def number(name: str, hint: Any, source: Random) -> Any:
    if hint is bool:
        return source.random() < 0.5
    if hint is int:
        if name.endswith("cents"):
            return source.choice(
                (0, 1, -1, MOST_CENTS, -MOST_CENTS, source.randint(-(10**4), 10**9))
            )
        return source.choice((0, 1, 2, 3, 12, source.randint(-3, 40), source.randint(1, 400)))
    if name == "u":
        edges: tuple[float, ...] = (2.0**-53, 1.0 - 2.0**-53, 0.5, 0.075, 0.925, 1e-12)
        return source.choice((source.random(), source.random(), *edges))
    if name == "mean":
        return source.choice((0.0, 0.5, source.uniform(0.0, 40.0)))
    if name == "usd":
        edges = (math.nan, math.inf, -math.inf, 0.005, -0.005, 0.015, 9e13, 9.1e13, 1e300)
        return source.choice((source.uniform(-1e7, 1e7), *edges))
    edges = (0.0, -0.0, 0.5, 1.0, 12.0, 1e15, 1e-300, math.inf)
    drawn = (source.random(), source.uniform(-3.0, 60.0), source.lognormvariate(0.0, 8.0))
    return source.choice((*drawn, *drawn, *edges))


@pytest.mark.parametrize(
    "rule", [each for each in RULES if each.__name__ not in LISTED], ids=lambda r: r.__name__
)
def test_rule_is_the_same_bit_for_bit(rules_in_c: ctypes.CDLL, rule: FunctionType) -> None:
    in_c, source, compared = twin(rules_in_c, rule), Random(rule.__name__), 0
    for _ in range(TRIALS):
        given = numbers(rule, source)
        try:
            expected = rule(**given)
        except NOT_IN_C:
            continue
        if isinstance(expected, int) and abs(expected) > 2**62:
            continue
        compared += 1
        assert same(expected, in_c(*given.values())), given
    assert compared > TRIALS / 4


def test_splitting_is_the_same(rules_in_c: ctypes.CDLL) -> None:
    in_c, source = twin(rules_in_c, rules.split_cents), Random(1)
    for _ in range(TRIALS):
        first, size = source.randint(0, 3), source.randint(1, 6)
        amount = source.choice((0, 1, 7, 10**6 + 1, source.randint(0, 10**12)))
        kinds = (0.0, -1.0, 1 / 3, 0.25, source.random(), source.random())
        shares = [source.choice(kinds) for _ in range(first + size)]
        if source.random() < 0.9:
            shares[first + source.randrange(size)] = source.uniform(0.01, 1.0)
        parts, found = [0] * size, (ctypes.c_int64 * size)()
        rules.split_cents(amount, shares, first, size, parts)
        in_c(amount, (ctypes.c_double * len(shares))(*shares), first, size, found)
        assert list(found) == parts
        assert sum(parts) == amount


def test_rules_of_lists_are_the_same(rules_in_c: ctypes.CDLL) -> None:
    source = Random(2)
    offers, offer_time = (twin(rules_in_c, each) for each in (rules.offers, rules.offer_time))
    for _ in range(TRIALS):
        first, steps = source.randint(0, 3), source.randint(1, 5)
        rates = [source.choice((0.0, 12.0, source.uniform(0, 50))) for _ in range(first + steps)]
        in_c = (ctypes.c_double * len(rates))(*rates)
        months, which = source.randint(1, 120), source.randint(1, 60)
        assert offers(in_c, first, steps, months) == rules.offers(rates, first, steps, months)
        expected = rules.offer_time(which, rates, first, steps, months)
        assert same(offer_time(which, in_c, first, steps, months), expected)


# ------------------------------------------------------------------ random numbers

DRAWS = """
void try_block(u64 seed, u64 replication, u64 key, i64 number, double *out) {
    Streams streams = {.seed = seed, .replication = replication};
    block(&streams, key, number);
    out[0] = streams.first, out[1] = streams.second;
    out[2] = streams.third, out[3] = streams.fourth;
    streams.first = 7.0;
    out[4] = one(&streams, key, number);
    out[5] = streams.first;
}
"""
STREAMED = """
from ncpcsim.model.fields import Key
from ncpcsim.model.streams import Streams, block, one

def first_two(streams: Streams, key: Key, number: int) -> float:
    block(streams, key, number)
    return streams.first + one(streams, key, number + 1)
"""


@pytest.mark.parametrize("products", [(), ("-U__SIZEOF_INT128__",)], ids=["128 bits", "32 bits"])
def test_draws_are_those_of_numpy(tmp_path: Path, products: tuple[str, ...]) -> None:
    module = module_of(tmp_path, "streamed", STREAMED)
    library = compiled(tmp_path, c_of([module.first_two], DRAWS), *products)
    unsigned = ctypes.c_uint64
    library.try_block.argtypes = [unsigned, unsigned, unsigned, ctypes.c_int64, ctypes.c_void_p]
    source = Random(3)
    words = (0, 1, 2**32, 2**64 - 1)
    for _ in range(500):
        seed, replication, key = (source.choice((*words, source.getrandbits(64))) for _ in "abc")
        entity = source.choice((0, 1, 2**32 - 1, 2**62, source.getrandbits(40)))
        found = (ctypes.c_double * 6)()
        library.try_block(seed, replication, key, entity, found)
        streams = Streams(seed, replication)
        block(streams, key, entity)  # type: ignore[arg-type]
        expected = [streams.first, streams.second, streams.third, streams.fourth]
        assert list(found) == [*expected, one(streams, key, entity), 7.0]  # type: ignore[arg-type]
