"""Every rule, and every draw, is the same in C as in Python, bit for bit."""

import ast
import ctypes
import inspect
import math
from collections.abc import Callable
from pathlib import Path
from random import Random
from types import FunctionType
from typing import Any, get_type_hints

import numpy as np
import pytest
from numpy.typing import NDArray

from ncpcsim import rules
from ncpcsim.compiled.library import load
from ncpcsim.model.streams import Streams, block, one
from ncpcsim.translate.functions import Function
from tests.translated import NOT_IN_C, c_of, compiled, functions_of, module_of, same, twin

TRIALS, LISTS = 20_000, 5_000
MOST_CENTS = 2**53
EVERY = functions_of(rules)
LISTED = (
    *("split_cents", "offers", "offer_time"),
    *("add_flow", "balance_cents", "lowest_month", "lowest_cents", "is_short_for_good"),
    *("cut_running_costs", "add_person"),
)
"""Rules that read or change a list."""
PLAIN = [each for each in EVERY if each.__name__ not in LISTED]


# ------------------------------------------------------------------ arguments

SMALL = {
    "shape": (0, 4),
    "distribution": (0, 4),
    "variability": (0, 4),
    "payer": (-3, 5),
    "unpaid": (0, 2),
    "start_month": (0, 12),
    "sources": (0, 4),
}
"""Whole numbers that are one of a few: the first, and the one after the last."""
SHARES = (
    *("share", "probability", "climate", "credibility", "gain", "protection", "aware", "at_most"),
    *("exposure", "demand", "below", "above", "utilisation", "utilised", "base", "asked", "step"),
    *("planned", "at_start", "leverage", "least", "rate_month"),
)
"""What the name of a share ends with."""
MONEY = ("amount", "scheduled", "listed", "fee", "price", "willingness")
"""Names of amounts of money in whole units."""
EDGES: dict[str, tuple[float, ...]] = {
    "u": (2.0**-53, 1.0 - 2.0**-53, 0.5, 0.075, 0.925, 1e-12, 1.0 - 1e-12, 1e-300),
    "mean": (0.0, 0.5, 700.0, 1000.0),
    "amount": (math.nan, math.inf, -math.inf, 0.005, -0.005, 0.015, 0.0, 9e13, -9.1e13, 1e300),
    "probability": (0.0, 0.5, 1.0, 1e-9, 1.0 - 1e-9),
    "share": (0.0, -0.0, 0.5, 1.0, -1.0, 1e-300),
    "else": (0.0, -0.0, 0.5, 1.0, 2.0, 12.0, 1e15, 1e-300, math.inf),
}


def column(name: str, hint: Any, source: np.random.Generator) -> Any:
    """One argument of a rule, once a trial: mostly ordinary, now and then one that may matter."""
    if hint is bool:
        return source.integers(0, 2, TRIALS)
    if hint is int:
        return whole_column(name, source)
    kind = next((each for each in ("u", "mean", "amount", "probability") if name == each), "else")
    if kind == "else" and name.endswith(SHARES):
        kind = "share"
    rare = source.random(TRIALS) < (0.4 if name == "amount" else 0.1)
    return np.where(rare, source.choice(EDGES[kind], TRIALS), real_column(name, kind, source))


def whole_column(name: str, source: np.random.Generator) -> Any:
    if name in SMALL:
        return source.integers(*SMALL[name], TRIALS)
    if name == "trials":
        many = source.choice((0, 1, 30, 1000, 100_000), TRIALS)
        return np.where(source.random(TRIALS) < 0.1, many, source.integers(0, 60, TRIALS))
    if name.endswith("cents"):
        drawn = np.exp(source.uniform(0.0, math.log(MOST_CENTS), TRIALS)).astype(np.int64)
        signed = drawn * source.choice((1, 1, 1, -1), TRIALS)
        edges = source.choice((0, 1, -1, MOST_CENTS, -MOST_CENTS), TRIALS)
        return np.where(source.random(TRIALS) < 0.2, edges, signed)
    wide = source.integers(-3, 10**6 if name.endswith("hours") else 400, TRIALS)
    return np.where(source.random(TRIALS) < 0.5, source.integers(0, 13, TRIALS), wide)


def real_column(name: str, kind: str, source: np.random.Generator) -> Any:
    if kind in ("u", "share", "probability"):
        return (source.integers(0, 2**52, TRIALS) + 0.5) * 2.0**-52
    if name in MONEY:
        return source.choice((1.0, -1.0), TRIALS) * source.lognormal(5.0, 4.0, TRIALS)
    if kind == "mean":
        return source.uniform(0.0, 40.0, TRIALS)
    # Times and levels, half of them on a grid, where two of them may be equal.
    drawn = source.uniform(0.0, 60.0, TRIALS) * source.choice((1.0, 1.0, 0.05), TRIALS)
    return np.where(source.random(TRIALS) < 0.5, np.round(drawn * 2.0) / 2.0, drawn)


# ------------------------------------------------------------------ rules


def many(rule: FunctionType) -> str:
    """C that calls a rule once for every place of some arrays."""
    signature = Function(rule).signature
    taken = "".join(f", const {kind.c} *{name}_" for name, kind in signature.parameters.items())
    given = ", ".join(f"{name}_[i]" for name in signature.parameters)
    call = f"out[i] = {signature.name}({given});"
    return (
        f"void many_{rule.__name__}(i64 n, {signature.returns.c} *out{taken}) "
        f"{{ for (i64 i = 0; i < n; i++) {call} }}"
    )


@pytest.fixture(scope="module")
def rules_in_c(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    folder = tmp_path_factory.mktemp("rules")
    return compiled(folder, c_of(EVERY, "\n".join(many(rule) for rule in PLAIN)))


def test_no_rule_is_left_out() -> None:
    files = Path(inspect.getfile(rules)).parent.glob("*.py")
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in files]
    stated = [
        node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)
    ]
    assert sorted([*(rule.__name__ for rule in PLAIN), *LISTED]) == sorted(stated)
    assert len(stated) > 60


@pytest.mark.parametrize("rule", PLAIN, ids=[each.__name__ for each in PLAIN])
def test_rule_is_the_same_bit_for_bit(rules_in_c: ctypes.CDLL, rule: FunctionType) -> None:
    hints = get_type_hints(rule)
    returns = np.float64 if hints.pop("return") is float else np.int64
    source = np.random.default_rng(list(rule.__name__.encode()))
    columns = [column(name, hint, source) for name, hint in hints.items()]
    expected = [answer(rule, given) for given in asked(hints, columns)]
    kept = [place for place, number in enumerate(expected) if number is not None]
    assert len(kept) > TRIALS / 2
    kinds = [np.float64 if hint is float else np.int64 for hint in hints.values()]
    arrays = [each[kept].astype(kind) for each, kind in zip(columns, kinds, strict=True)]
    found = np.empty(len(kept), returns)
    call = getattr(rules_in_c, f"many_{rule.__name__}")
    addresses = [ctypes.c_void_p(array.ctypes.data) for array in (found, *arrays)]
    call(ctypes.c_int64(len(kept)), *addresses)
    wanted = np.array([expected[place] for place in kept], returns)
    no_numbers = np.isnan(found) & np.isnan(wanted)
    equal = (found.view(np.int64) == wanted.view(np.int64)) | no_numbers
    wrong = np.flatnonzero(~equal)[:3]
    assert not len(wrong), [(wanted[w], found[w], [a[w] for a in arrays]) for w in wrong]
    # The arguments are such that the rule does not always say the same.
    assert len(np.unique(wanted)) >= min(len(kept), 2)


def asked(hints: dict[str, Any], columns: list[NDArray[Any]]) -> list[dict[str, Any]]:
    """Arguments of a rule by name, trial by trial, of the kinds that Python has."""
    listed = [
        each.astype(hint).tolist() for hint, each in zip(hints.values(), columns, strict=True)
    ]
    return [dict(zip(hints, row, strict=True)) for row in zip(*listed, strict=True)]


def answer(rule: Callable[..., Any], given: dict[str, Any]) -> Any:
    """What Python says, or None where it says that it cannot."""
    try:
        found = rule(**given)
    except NOT_IN_C:
        return None
    return None if isinstance(found, int) and abs(found) > 2**62 else found


def test_splitting_is_the_same(rules_in_c: ctypes.CDLL) -> None:
    in_c, source = twin(rules_in_c, rules.split_cents), Random(1)
    for _ in range(LISTS):
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
    for _ in range(LISTS):
        first, steps = source.randint(0, 3), source.randint(1, 5)
        rates = [source.choice((0.0, 12.0, source.uniform(0, 50))) for _ in range(first + steps)]
        in_c = (ctypes.c_double * len(rates))(*rates)
        months, which = source.randint(1, 120), source.randint(1, 60)
        assert offers(in_c, first, steps, months) == rules.offers(rates, first, steps, months)
        expected = rules.offer_time(which, rates, first, steps, months)
        assert same(offer_time(which, in_c, first, steps, months), expected)


def test_rules_of_a_forecast_are_the_same(rules_in_c: ctypes.CDLL) -> None:
    source, size = Random(5), rules.AHEAD + 1
    looks: list[Callable[..., Any]]
    looks = [rules.balance_cents, rules.lowest_month, rules.lowest_cents, rules.is_short_for_good]
    changes: list[Callable[..., Any]]
    changes = [rules.add_flow, rules.cut_running_costs, rules.add_person]
    in_c = {each.__name__: twin(rules_in_c, each) for each in (*looks, *changes)}
    kept = ctypes.c_int64 * size
    seen: dict[str, set[int]] = {rule.__name__: set() for rule in looks}
    for _ in range(LISTS):
        cash, *flows = (source.choice((0, 1, -1)) * source.randint(0, 10**9) for _ in "c" * 14)
        for rule in looks:
            months = source.randint(1, rules.AHEAD)
            expected = rule(cash, flows, months)
            assert in_c[rule.__name__](cash, kept(*flows), months) == expected
            seen[rule.__name__].add(int(expected))
        ends = (source.uniform(-3, 15), source.randint(-1, 14), -math.inf, math.inf)
        cents, other = source.randint(-(10**9), 10**9), [source.randint(0, 10**9) for _ in flows]
        arguments: list[tuple[Any, ...]] = [
            (source.choice(ends), source.choice(ends), cents),
            (other, source.choice((0.0, 1.0, 2.0, source.random()))),
            (source.randint(0, 14), source.randint(0, 14), cents, source.uniform(0, 1e9)),
        ]
        for rule, given in zip(changes, arguments, strict=True):
            found = kept(*flows)
            in_c[rule.__name__](found, *(kept(*x) if isinstance(x, list) else x for x in given))
            rule(flows, *given)
            assert list(found) == flows
    assert [len(each) > 1 for each in seen.values()] == [True] * len(looks)


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
    for _ in range(2_000):
        seed, replication, key = (source.choice((*words, source.getrandbits(64))) for _ in "abc")
        entity = source.choice((0, 1, 2**24, 2**32 - 1, 2**62, source.getrandbits(40)))
        found = (ctypes.c_double * 6)()
        library.try_block(seed, replication, key, entity, found)
        streams = Streams(seed, replication)
        block(streams, key, entity)  # type: ignore[arg-type]
        expected = [streams.first, streams.second, streams.third, streams.fourth]
        assert list(found) == [*expected, one(streams, key, entity), 7.0]  # type: ignore[arg-type]


def test_parameters_are_drawn_as_the_rules_say() -> None:
    source, draws = Random(4), [0, 1, 2**24, 2**64 - 1, 12345]
    kinds = [source.randrange(4) for _ in range(80)]
    described = [sorted(source.uniform(0, 9) for _ in "abc") for _ in kinds]
    keys = np.array([source.getrandbits(64) for _ in kinds], np.uint64)
    for seed in (0, 7, 2**64 - 1):
        found = load().draw(
            seed, np.array(draws, np.uint64), keys, np.array(kinds), np.array(described)
        )
        for draw, row in zip(draws, found.tolist(), strict=True):
            streams = Streams(seed, draw)
            for value, key, kind, numbers in zip(row, keys.tolist(), kinds, described, strict=True):
                low, middle, high = numbers
                assert value == rules.quantile(kind, low, middle, high, one(streams, key, 0))
