"""The translator refuses what it does not translate, with the file, the line and what is wrong."""

import ctypes
import re
from pathlib import Path

import pytest

from ncpcsim.translate.kinds import TranslationError
from ncpcsim.translate.program import translate
from tests.translated import GIVEN, c_of, compiled, module_of, twin

WHOLE = (-7, -3, -1, 0, 1, 2, 3, 5, 12)
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


def two(a: int, b: float) -> float:
    return a - b


def enclosing() -> object:
    limit = 5

    def within(n: int) -> int:
        return n + limit

    return within


limit = 3
enclosed = enclosing()
shortened = lambda n: n


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
    "g: Group) -> int: return step(g, g=g)": "otherwise than with g",
    "n: int) -> float: return two(n, n, b=1.0)": "otherwise than with a, b",
    "n: int) -> float: return two(n, a=n)": "otherwise than with a, b",
    "n: int) -> float: return two(n)": "otherwise than with a, b",
    "n: int) -> float: return two(*[n, n])": "otherwise than with a, b",
    "n: int) -> float: return two(n, **{})": "otherwise than with a, b",
    "x: float) -> float: return two(x, x)": "is float, expected int",
    "g: Group) -> None:\n    for each in g.rows: pass": "loops over no range",
    "g: Group) -> int: return g.row": "is a row of Row, expected int",
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
    "n: int) -> int: return [i for i in range(n)][0]": "ListComp is outside",
    "n: int) -> int: return {1: n}[1]": "Dict is outside",
    "n: int) -> int: return len({n})": "expected that of a list of a group",
    "n: int) -> None: a = f'{n}'": "JoinedStr is outside",
    "n: int) -> None: a = 'word'": "'word' is no number",
    "n: int) -> None: print(n)": "print",
    "n: int) -> bool: return 'a' < 'b'": "'a' is no number",
    "n: int) -> int: return 1 << n": "expected a constant from 0 to 63",
    "n: int) -> int: return n >> 64": "expected a constant from 0 to 63",
    "n: int) -> int: return n << -1": "expected a constant from 0 to 63",
    "n: int) -> None: n >>= 64": "expected a constant from 0 to 63",
    "n: int) -> int: return +n": "UAdd is not translated",
    "n: int) -> int: return n @ n": "MatMult of int and int",
    "n: int) -> int: return n if n > 0 else None": "None is no number",
    "n: int) -> int: return math.gcd(n, 2)": "gcd is not translated",
    "x: float) -> float: return math.log(x, 2.0)": "log is not translated with 2 arguments",
    "x: float) -> float: return math.fabs(x)": "fabs is not translated",
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
    "n: int) -> None: yield n": "does nothing",
    "n: int) -> None:\n    global limit\n    limit = 4": "Global is outside",
    "n: int) -> None:\n    import math": "Import is outside",
    "n: int) -> None:\n    try: pass\n    finally: pass": "Try is outside",
    "n: int) -> None:\n    match n:\n        case 3: pass": "Match is outside",
    "n: int) -> None:\n    for i in range(n): pass\n    else: n = 3": "range(begin, end)",
    "x: float) -> None:\n    for i in range(x): pass": "is float, expected int",
    "n: int) -> None: n /= 2": "n is int first, and float here",
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
    message = refusal(tmp_path, f"def root({text}\n")
    first = REFUSED_HEAD.count("\n") + 1
    assert re.search(rf"refused\.py:({first}|{first + 1}): ", message), message
    assert REFUSED[text] in message
    assert "\n" not in message


@pytest.mark.parametrize("name", ["enclosed", "shortened", "remembered", "Row"])
def test_what_is_no_function_of_a_module_is_refused(tmp_path: Path, name: str) -> None:
    module = module_of(tmp_path, "refused", REFUSED_HEAD)
    with pytest.raises(TranslationError, match="is no plain function, expected one of a module"):
        translate([getattr(module, name)], GIVEN)


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
