"""The translator: what it makes of Python computes what Python does."""

import ctypes
import itertools
import math
import re
from pathlib import Path
from typing import Any, get_type_hints

import numpy as np
import pytest

from ncpcsim.compiled.engine import simulate
from ncpcsim.model.tables import objects, row_type, spans, view
from ncpcsim.translate.kinds import TypeKind, fields_of, kind_of
from ncpcsim.translate.program import translate
from tests.translated import GIVEN, NOT_IN_C, c_of, compiled, functions_of, module_of, same, twin

# ------------------------------------------------------------------ the part of Python

CONSTRUCTS = '''
"""What may be written."""
from enum import IntEnum
from math import ceil, erfc, exp, floor, inf, log1p

from ncpcsim import rules
from ncpcsim.rules import CENTS_PER_UNIT, cents

LEAST = -3
BELOW = -1.5
NIL = -0.0
ON = True


class Colour(IntEnum):
    RED = 4
    BLUE = -5


def floored(a: int, b: int) -> int:
    return a // b

def rest(a: int, b: int) -> int:
    return a % b

def ratio(a: int, b: int) -> float:
    return a / b

def ratio_of_floats(x: float, y: float) -> float:
    return x / y

def power(x: float, n: int) -> float:
    return x ** n

def square(x: float) -> float:
    return x ** 2

def bits(a: int, b: int) -> int:
    return (a << 3 | b & 6) ^ (b >> 1)

def precedence(a: int, b: int) -> int:
    return a - (b - a) * -(a + b) - (a - (b + 1))

def negative_constants(x: float, a: int) -> float:
    return x - BELOW - -1.5 + a - LEAST - -2

def chained(a: int, b: int, x: float) -> bool:
    return a < b <= x != a

def equal_chain(a: int, b: int) -> bool:
    return a == b != 3 > a >= LEAST

def smaller(x: float, y: float) -> float:
    return min(x, y)

def larger(x: float, y: float) -> float:
    return max(x, y)

def smaller_int(a: int, b: int) -> int:
    return min(a, b)

def larger_mixed(a: int, x: float) -> float:
    return max(x, a)

def clamped(x: float) -> float:
    return min(max(x, 0.0), 1.0)

def sizes(a: int, x: float) -> float:
    return abs(a) + abs(x)

def truncated(x: float) -> int:
    return int(x)

def rounded(x: float, a: int) -> int:
    return floor(x) - ceil(x) + floor(a)

def as_float(a: int) -> float:
    return float(a) / 4

def counted_conditions(a: int, b: int) -> int:
    return (a < b) + (a == b) * 2 - (not a > b)

def chosen(a: int, x: float) -> float:
    return a if x > 0.5 else x if a > 0 else -inf

def both(a: int, b: int) -> bool:
    return a > 0 and not (b > 0 or a > b) or a == b

def flags(a: int, *, up: bool, down: bool) -> int:
    return a + 1 if up and not down else a - 1 if down else a

def by_name(a: int, b: int) -> int:
    return flags(down=a > b, up=b > a, a=b)

def branches(a: int) -> int:
    if a < 0:
        return -1
    elif a == 0:
        pass
    elif a < 3:
        a = 30
    else:
        a += 1
    return a

def last_value(n: int) -> int:
    i = -7
    for i in range(n):
        pass
    return i

def bounds_once(n: int) -> int:
    end, times = n, 0
    for i in range(1, end):
        end = 0
        i += 10
        times += i
    return times

def nested(n: int) -> int:
    total = 0
    for i in range(n):
        for j in range(i, n):
            if j == 3:
                continue
            if j > 5:
                break
            total += i * j
    return total

def looped(n: int) -> int:
    steps = 0
    while True:
        if n <= 1 or steps > 50:
            break
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps

def factorial(n: int) -> float:
    return 1.0 if n < 2 else n * factorial(n - 1)

def tuples(a: int, x: float) -> float:
    """Several names at once."""
    b, y = a + 1, x * 2.0
    c, z = b * 2, y
    return c + z + b

def augmented(a: int, x: float) -> float:
    a += 2
    a -= 5
    a *= 3
    a //= 2
    a |= 8
    a ^= 3
    a &= 127
    a <<= 2
    a >>= 1
    x += a
    x -= 0.5
    x *= 3
    x /= 7
    return x

def annotated(a: int) -> float:
    total: float = 0
    total += a / 4
    return total

def shifted_condition(a: int, b: int) -> int:
    return (a < b) << 40 | (a > b) << 2

def shifted_as_number(a: int, b: int) -> int:
    return (int(a < b) << 40) - (floor(a > b) << 41) + (-(a == b) << 42) + (-ON << 43)

def computed_conditions(a: int, b: int) -> float:
    return (a < b) / 3 + (a > b) ** 0.5 + (a == b) % 3 - abs(a < b) * 4_611_686_018_427

def negated_constant(x: float) -> float:
    return -BELOW - x

def of_module(x: float, a: int) -> int:
    return rules.cents(x) + cents(x) * CENTS_PER_UNIT + Colour.BLUE * a + Colour.RED + rules.RANKS

def switched(a: int) -> int:
    return a if ON else -a

def words_of_c(int_: int, double: float, register: int) -> float:
    long = int_ + register
    return long * double

def functions_of_c(floor_div: int, min_i64: int, exp: float, whole: float) -> float:
    pow = min_i64 // 3
    return floor_div * exp - whole * pow + min(exp, whole) ** 2

def loop_names(i_at: int, i__end: int) -> int:
    total = 0
    for i in range(i_at, 5):
        i__end += 1
        total += i * i__end + i_at
    return total

def loop_twice(n: int) -> int:
    total = 0
    for i in range(n):
        for i in range(2):
            total += i
        total += i * 100
    return total

def mixed_compared(a: int, x: float) -> int:
    return (a < x) + (a == x) * 2 + (x >= a > x - 1) * 4

def zero(x: float) -> float:
    return max(-0.0, x) + NIL

def tie(x: float) -> float:
    return min(0.0, -0.0) if x > 0.0 else max(-0.0, 0.0) if x < 0.0 else max(0.0, x)

def of_constants(a: int) -> float:
    return exp(2.467) * log1p(0.585) + erfc(2.793) * log1p(1.271) + a

def of_one_constant(a: int) -> float:
    return log1p(0.212) if a > 0 else erfc(1.09) if a < 0 else erfc(0.693)

def recursive_pair(n: int) -> int:
    return n if n < 2 else recursive_pair(n - 1) + recursive_pair(n=n - 2)

def whole_part(x: float) -> int:
    return floor(x)

def large(a: int) -> int:
    return 4_611_686_018_427_387_904 // 3 + a * 1_000_000_007

def none(a: int) -> None:
    if a > 0:
        return
    none(a + 1)
'''
WHOLE = (-7, -3, -1, 0, 1, 2, 3, 5, 12)
REAL = (-2.5, -0.5, -0.0, 0.0, 0.005, 0.5, 1.0, 3.0, 7.999, 1e15, 1e300, math.inf, math.nan)
CONSTRUCT_NAMES = re.findall(r"^def (\w+)", CONSTRUCTS, re.MULTILINE)


@pytest.fixture(scope="module")
def constructs(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("constructs")
    module = module_of(folder, "constructs", CONSTRUCTS)
    return module, compiled(folder, c_of(functions_of(module)))


@pytest.mark.parametrize("name", CONSTRUCT_NAMES)
def test_construct_computes_what_python_computes(constructs: Any, name: str) -> None:
    module, library = constructs
    function = getattr(module, name)
    in_c, compared = twin(library, function), 0
    hints = {each: hint for each, hint in get_type_hints(function).items() if each != "return"}
    values: dict[Any, tuple[Any, ...]] = {int: WHOLE, float: REAL, bool: (False, True)}
    for given in itertools.product(*(values[hint] for hint in hints.values())):
        try:
            expected = function(**dict(zip(hints, given, strict=True)))
        except NOT_IN_C:
            continue
        found = in_c(*given)
        if expected is None:
            assert found is None
        elif not (isinstance(expected, int) and abs(expected) > 2**62):
            wanted = float(expected) if get_type_hints(function)["return"] is float else expected
            assert same(wanted, found), given
        compared += 1
    assert compared > 4


def test_whole_part_of_what_is_too_large_stops_at_an_end(constructs: Any) -> None:
    module, library = constructs
    in_c = twin(library, module.whole_part)
    for x in (2.0**52 + 0.5, 2.0**62 - 512, -(2.0**62), -(2.0**53) - 2):
        assert in_c(x) == module.whole_part(x)
    assert [in_c(x) for x in (1e300, -1e300, math.inf, -math.inf)] == [2**62, -(2**62)] * 2


# ------------------------------------------------------------------ rows, groups, lists

STATE = """
from dataclasses import dataclass
from typing import NamedTuple

from ncpcsim.model.fields import Key


class Given(NamedTuple):
    factor: float
    begin: int


@dataclass(slots=True)
class Mark:
    seen: bool
    value: float
    times: int
    key: Key


@dataclass(slots=True)
class Plan:
    given: Given
    steps: list[Given]


@dataclass(slots=True)
class Work:
    plan: Plan
    mark: Mark
    marks: list[Mark]
    whole: list[int]
    real: list[float]


def work(work: Work) -> None:
    plan, mark = work.plan, work.mark
    for i in range(len(work.marks)):
        each = work.marks[i]
        each.seen = plan.steps[i].begin > plan.given.begin
        each.value += plan.steps[i].factor * plan.given.factor
        each.key = mark.key
        work.whole[work.marks[i].times] = bump(work.marks[i])
        work.marks[i].times -= 3
        add(work.real, i, each.value)
    mark.times = len(plan.steps)
    other = work.marks[0] if mark.seen else work.marks[1]
    other.value = -1.0


def bump(mark: Mark) -> int:
    mark.times += 2
    return mark.times


def add(real: list[float], place: int, value: float) -> None:
    real[place] += value
"""
# A row is chosen by `if`; a place is found before a call that could move it.
STATE = STATE.replace(
    "    other = work.marks[0] if mark.seen else work.marks[1]\n",
    "    other = work.marks[1]\n    if mark.seen:\n        other = work.marks[0]\n",
).replace(
    "        work.whole[work.marks[i].times] = bump(work.marks[i])\n",
    "        place = work.marks[i].times\n        work.whole[place] = bump(work.marks[i])\n",
)
ENTRY = """
void try_state(i64 *memory, const i64 *directory) {
    Work work;
    Plan plan;
    open_Work(&work, memory, open_Plan(&plan, memory, directory));
    work.plan = &plan;
    state_work(&work);
}
"""


def test_rows_and_lists_are_read_and_written(tmp_path: Path) -> None:
    module = module_of(tmp_path, "state", STATE)
    translated = c_of([module.work], ENTRY)
    library = compiled(tmp_path, translated)
    places = spans(module.Plan, {"steps": 3})
    end = max(span.first + span.words for span in places.values())
    own = spans(module.Work, {"marks": 3, "whole": 5, "real": 3}, end)
    words = np.zeros(max(span.first + span.words for span in own.values()), np.int64)
    view(words, places["given"])[:] = [(0.1, 4)]
    view(words, places["steps"])[:] = [(0.3, 3), (0.7, 5), (1e-9, 9)]
    view(words, own["mark"])[:] = [(1, 0.0, 0, 2**64 - 1)]
    view(words, own["marks"])[:] = [(1, 0.5, 2, 0), (0, 0.25, 1, 0), (0, 0.0, 4, 0)]
    whole = {
        "plan": objects(module.Plan, words, places),
        **{name: getattr_of(words, span) for name, span in own.items()},
    }
    state = module.Work(**whole)
    module.work(state)
    every = [*places.values(), *own.values()]
    directory = np.array([each for span in every for each in (span.first, span.rows)], np.int64)
    library.try_state(*(ctypes.c_void_p(array.ctypes.data) for array in (words, directory)))
    left = {name: getattr_of(words, span) for name, span in own.items()}
    assert left == {name: getattr(state, name) for name in own}
    assert state.mark.times == 3
    assert [mark.seen for mark in state.marks] == [False, True, True]


def getattr_of(words: Any, span: Any) -> Any:
    """A table as the objects that Python has."""
    values = view(words, span).tolist()
    rows = values if span.kind in (int, float) else [span.kind(*row) for row in values]
    return rows[0] if span.single else rows


def test_structures_lie_as_numpy_lays_them(tmp_path: Path) -> None:
    structures, _ = translate([simulate], GIVEN).split("\f")
    rows: dict[str, type] = {}
    waiting: list[TypeKind | None] = [kind_of(each) for each in get_type_hints(simulate).values()]
    while waiting:
        kind = waiting.pop()
        if kind and kind.name == "list":
            waiting.append(kind.of)
        elif kind and kind.name in ("row", "group"):
            waiting += fields_of(kind.of).values()
            if kind.name == "row":
                rows[kind.of.__name__] = kind.of
    listed = [(name, field) for name, kind in rows.items() for field in fields_of(kind)]
    assert len(listed) > 200
    offsets = ", ".join(f"offsetof({name}, {field})" for name, field in listed)
    sizes = ", ".join(f"sizeof({name})" for name in rows)
    plain = "typedef long long i64;\ntypedef unsigned long long u64;\n#include <stddef.h>\n"
    tables = f"i64 offsets[] = {{{offsets}}};\ni64 sizes[] = {{{sizes}}};\n"
    library = compiled(tmp_path, plain + structures + tables)
    found = (ctypes.c_int64 * len(listed)).in_dll(library, "offsets")
    expected = [row_type(rows[name]).fields[field][1] for name, field in listed]  # type: ignore[index]
    assert list(found) == expected
    found_sizes = (ctypes.c_int64 * len(rows)).in_dll(library, "sizes")
    assert list(found_sizes) == [row_type(kind).itemsize for kind in rows.values()]


def test_wrong_index_stops_a_checked_program(tmp_path: Path) -> None:
    module = module_of(tmp_path, "state", STATE)
    text = c_of([module.work], ENTRY, checked=True)
    places = re.findall(r'row_at\(i_, \w+->marks_rows, "[^"]*state\.py:(\d+)"\)', text)
    lines = STATE.splitlines()
    assert places
    assert all("work.marks[i]" in lines[int(place) - 1] for place in places)
