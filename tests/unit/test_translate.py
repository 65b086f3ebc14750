"""The translator: what it makes of Python computes what Python does, and the rest is refused."""

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
from ncpcsim.translate.kinds import Kind, TranslationError, fields_of, kind_of
from ncpcsim.translate.program import translate
from tests.translated import GIVEN, NOT_IN_C, c_of, compiled, functions_of, module_of, same, twin

# ------------------------------------------------------------------ the part of Python

CONSTRUCTS = '''
"""What may be written."""
from enum import IntEnum
from math import ceil, floor, inf

from ncpcsim import rules
from ncpcsim.rules import CENTS_PER_USD, cents

LEAST = -3
BELOW = -1.5
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

def negated_constant(x: float) -> float:
    return -BELOW - x

def of_module(x: float, a: int) -> int:
    return rules.cents(x) + cents(x) * CENTS_PER_USD + Colour.BLUE * a + Colour.RED + rules.RANKS

def switched(a: int) -> int:
    return a if ON else -a

def words_of_c(int_: int, double: float, register: int) -> float:
    long = int_ + register
    return long * double

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
    waiting: list[Kind | None] = [kind_of(each) for each in get_type_hints(simulate).values()]
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


# ------------------------------------------------------------------ what is refused

REFUSED_HEAD = """
import math
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from ncpcsim.model.fields import Key

NAN = math.nan
WORD = "word"


class Fixed(NamedTuple):
    value: float


@dataclass(slots=True)
class Row:
    real: float
    whole: int
    flag: bool
    key: Key


@dataclass(slots=True)
class Group:
    row: Row
    rows: list[Row]
    fixed: Fixed
    cells: list[int]


@dataclass(slots=True)
class Mixed:
    n: int
    cells: list[int]


@cache
def remembered(n: int) -> int:
    return n


def step(g: Group) -> int:
    g.row.whole += 1
    return g.row.whole


def deeper(g: Group) -> int:
    return step(g)


"""
REFUSED = {
    "g: Group) -> int: return step(g) + step(g)": "by itself",
    "g: Group) -> int: return deeper(g) + deeper(g)": "by itself",
    "g: Group) -> int: return g.row.whole - step(g)": "by itself",
    "g: Group) -> int: return max(step(g), g.row.whole)": "by itself",
    "g: Group) -> int: return g.cells[step(g)]": "by itself",
    "g: Group) -> bool: return 0 < step(g) < 5": "changes the state",
    "g: Group) -> None: g.row.whole += step(g)": "by itself",
    "g: Group) -> None: g.cells[g.row.whole] = step(g)": "two statements",
    "g: Group) -> None: g.rows[g.row.whole].real = step(g)": "two statements",
    "g: Group, v: list[int]) -> None: v[step(g)] += 1": "two statements",
    "g: Group) -> None: g.fixed.value = 1.0": "assigns to Fixed, a tuple",
    "g: Group) -> int: return g.cells[-1]": "from the end",
    "g: Group) -> float: return g.min(1.0, 2.0)": "calls min",
    "g: Mixed) -> int: return g.n": "no annotation that C could have",
    "v: list[list[int]]) -> int: return v[0][0]": "no annotation that C could have",
    "g: Group, v: list[int]) -> None: v[step(g)] = g.row.whole": "two statements",
    "g: Group) -> None: g.row.flag = g.row.whole": "assigns int to bool",
    "g: Group) -> None: g.row.whole = g.row.real": "assigns float to int",
    "g: Group) -> None: g.rows[0] = g.rows[1]": "assigns row to row",
    "g: Group) -> None: g.row = g.rows[1]": "assigns row to row",
    "g: Group) -> bool: return g is None": "expected a number",
    "g: Group) -> float: return g.row.other": "no field other",
    "g: Group) -> int: return len(g.row)": "expected that of a list",
    "g: Group) -> int: return step(g.row)": "expected a group of Group",
    "g: Group) -> int: return step()": "otherwise than with g",
    "g: Group) -> int: return step(h=g)": "otherwise than with g",
    "g: Group) -> int: return g.cells[0:2]": "Slice is outside",
    "g: Group) -> None: a, g.row.whole = 1, 2": "expected names alone",
    "n: int) -> int: return remembered(n)": "calls remembered",
    "n: int) -> int: return n or 3": "expected a condition",
    "n: int) -> int: return 1 if n else 2": "expected a condition",
    "n: int) -> int: return round(n)": "round",
    "n: int) -> int: return min(n, 1, 2)": "min has 3 arguments",
    "n: int) -> int: return n ** 2": "Pow of int and int",
    "n: int) -> int: return 0.5": "is float, expected int",
    "n: int) -> int: return 1 << 63 | 0xFFFFFFFFFFFFFFFF": "does not fit 64 bits",
    "n: int) -> int: return [n][0]": "List is outside",
    "n: int) -> int: return (lambda: n)()": "not translated",
    "n: int) -> int: return (m := n)": "NamedExpr is outside",
    "n: int) -> int: return unknown": "unknown",
    "n: int) -> str: return WORD": "no annotation that C could have",
    "n: int = 3) -> int: return n": "optional arguments",
    "*n: int) -> int: return 1": "optional arguments",
    "n) -> int: return 1": "no annotation",
    "n: int): return 1": "no annotation",
    "n: int) -> None: a = b = n": "several times",
    "n: int) -> None: a, b = n, a": "a ",
    "n: int) -> None: a, b = n": "as many values",
    "n: int) -> None: assert n": "Assert is outside",
    "n: int) -> None: raise ValueError": "Raise is outside",
    "n: int) -> None: n": "does nothing",
    "n: int) -> None: del n": "Delete is outside",
    "n: int) -> None: n = 0.5": "n is int first, and float here",
    "n: int) -> None: a = WORD": "'word' is no number",
    "x: float) -> float: return NAN * x": "is not a number",
    "x: float) -> float: return x % 2.0": "Mod of float and float",
    "x: float) -> float: return x // 2.0": "FloorDiv of float and float",
    "x: float) -> int: return ~1": "Invert is not translated",
    "x: float) -> bool: return x in (1.0, 2.0)": "Tuple is outside",
    "k: Key) -> int: return k + 1": "key of a stream",
    "k: Key) -> int: return -k": "key of a stream",
    "k: Key) -> float: return k**0.5": "key of a stream",
    "k: Key) -> float: return min(k, 1)": "key of a stream",
    "k: Key) -> bool: return k > 1": "key of a stream",
    "k: Key, n: int) -> float: return k if n > 0 else n": "key of a stream",
    "n: int) -> None: a: int = 0.5": "not as it is annotated",
    "n: int) -> None: a: list = n": "not as it is annotated",
    "n: int) -> int:\n    if n > 0: return 1": "expected a value to be returned",
    "n: int) -> int:\n    while n > 0: return 1": "expected a value to be returned",
    "x: float) -> None:\n    for each in (1, 2): pass": "loops over no range",
    "n: int) -> None:\n    for i in range(0, n, 2): pass": "range(begin, end)",
    "n: int) -> None:\n    while n > 0: n -= 1\n    else: n = 3": "has an else",
    "n: int) -> None:\n    with n: pass": "With is outside",
    "n: int) -> None:\n    def inner() -> None: pass": "FunctionDef is outside",
}


def refusal(folder: Path, text: str) -> str:
    """What the translator says of a text."""
    module = module_of(folder, "refused", REFUSED_HEAD + text)
    with pytest.raises(TranslationError) as refused:
        translate([module.root], GIVEN)
    return str(refused.value)


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_outside_is_refused_with_file_and_line(tmp_path: Path, text: str) -> None:
    said = refusal(tmp_path, f"def root({text}\n")
    first = REFUSED_HEAD.count("\n") + 1
    assert re.search(rf"refused\.py:({first}|{first + 1}): ", said), said
    assert REFUSED[text] in said
    assert "\n" not in said


UNSURE = {
    "if n > 0: a = 1": "a may have no value",
    "if n > 0: a = 1\n    elif n < 0: return 3\n    else: n = 3": "a may have no value",
    "while n > 0:\n        n -= 1\n        a = n": "a may have no value",
    "for a in range(n): pass": "a may have no value",
    "n = LEAST\n    LEAST = 3\n    a = LEAST": "LEAST may have no value",
}
SURE = (
    "if n > 0: a = 1\n    else: a = 2",
    "if n > 0: a = 1\n    else: return 3",
    "if n > 0: return 1\n    elif n < 0: a = 4\n    else: return 3",
    "a = 0\n    for i in range(n):\n        if i == 2: break\n        else: b = 1\n        a += b",
)


@pytest.mark.parametrize("text", UNSURE)
def test_name_that_may_have_no_value_is_refused(tmp_path: Path, text: str) -> None:
    whole = f"LEAST = 3\ndef root(n: int) -> int:\n    {text}\n    return a\n"
    assert UNSURE[text] in refusal(tmp_path, whole)


@pytest.mark.parametrize("text", SURE)
def test_name_that_has_a_value_on_every_way_is_taken(tmp_path: Path, text: str) -> None:
    whole = f"def root(n: int) -> int:\n    {text}\n    return a\n"
    module = module_of(tmp_path, "sure", whole)
    in_c = twin(compiled(tmp_path, c_of([module.root])), module.root)
    assert [in_c(n) for n in WHOLE] == [module.root(n) for n in WHOLE]


def test_fields_may_be_words_of_c(tmp_path: Path) -> None:
    row = "from dataclasses import dataclass\n@dataclass\nclass Row:\n    default: int\n"
    rest = "def root(r: Row) -> int:\n    r.default += 1\n    return r.default\n"
    module = module_of(tmp_path, "words", row + rest)
    in_c = twin(compiled(tmp_path, c_of([module.root])), module.root)
    assert in_c((ctypes.c_int64 * 1)(4)) == 5


def test_names_that_cannot_be_told_apart_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    text = "from dataclasses import dataclass\n@dataclass\nclass Row:\n    n: int\n"
    other = module_of(tmp_path / "a", "twice", f"{text}def root(r: Row) -> int: return r.n\n")
    inner = f"{text}import twice\n"
    mine = module_of(tmp_path, "own", f"{inner}def root(r: Row) -> int: return r.n\n")
    with pytest.raises(TranslationError, match="two classes are called Row"):
        translate([mine.root, other.root], GIVEN)
    same_name = module_of(tmp_path, "twice", "def root(n: int) -> int: return n\n")
    with pytest.raises(TranslationError, match="twice_root is there twice"):
        translate([same_name.root, other.root], GIVEN)
