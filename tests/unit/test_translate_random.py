"""Functions made at random compute in C what they compute in Python."""

import ctypes
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from ncpcsim.model.tables import objects, spans, view
from tests.translated import NOT_IN_C, c_of, compiled, module_of, same

PROGRAMS = 120
STATES = 40
ROWS = 4
HEAD = """
import math
from dataclasses import dataclass
from math import ceil, exp, floor, log1p, sqrt


@dataclass(slots=True)
class Row:
    real: float
    whole: int
    flag: bool


@dataclass(slots=True)
class Work:
    row: Row
    rows: list[Row]
    cells: list[int]
    reals: list[float]


def pick(a: int, x: float, *, up: bool) -> float:
    return x + a if up else x - a

def wrap(a: int) -> int:
    return a % 97

def bump(row: Row, by: int) -> int:
    row.whole = (row.whole + by) % 97
    return row.whole

"""


class Author:
    """Writes functions of `w`, a group, inside the part of Python that is translated.

    Whole numbers stay small, places in lists exist, and no divisor is certainly 0.
    """

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def function(self, name: str) -> str:
        begin = (
            "a, b = w.row.whole, w.cells[0]",
            "x, y = w.row.real, w.reals[1] / 7",
            "i, j = 0, 0",
        )
        body = [line for _ in range(7) for line in self._statement(2)]
        lines = (*begin, *body, "w.row.real += x - y", "w.cells[1] = a - b")
        return "\n".join([f"def {name}(w: Work) -> None:", *(f"    {line}" for line in lines), ""])

    def _any(self, *choices: str) -> str:
        return self._random.choice(choices)

    # -------------------------------------------------------------- expressions

    def whole(self, depth: int) -> str:
        if depth == 0:
            fields = ("w.row.whole", f"w.cells[{self._place()}]", f"w.rows[{self._place()}].whole")
            return self._any("a", "b", *fields, str(self._random.randint(-9, 9)))
        a, b = self.whole(depth - 1), self.whole(depth - 1)
        c, x = self.test(depth - 1), self.real(depth - 1)
        divisor = self._any("7", "-7", "2", "-3", f"max(abs({b}), 1)")
        return self._any(
            f"({a} {self._any('+', '-')} {b})",
            f"({a} * {b}) % {self._any('97', '-101')}",
            f"({a} {self._any('//', '%')} {divisor})",
            f"-{a}",
            f"-({a})",
            f"(({a} {self._any('&', '|', '^')} {b}) % 61)",
            f"(({c} << {self._any('2', '33')}) % 53 - ({a} >> 1))",
            f"{self._any('min', 'max')}({a}, {b})",
            f"abs({a})",
            f"({a} if {c} else {b})",
            f"({c} + {a})",
            f"int({c})",
            f"wrap({self._any('', 'a=')}{a})",
            f"{self._any('floor', 'ceil', 'int')}(min(max({x}, -50.0), 50))",
            "len(w.rows)",
        )

    def real(self, depth: int) -> str:
        if depth == 0:
            fields = ("w.row.real", f"w.reals[{self._place()}]", f"w.rows[{self._place()}].real")
            return self._any("x", "y", *fields, repr(self._random.uniform(-3, 3)), "-0.0")
        a, c = self.whole(depth - 1), self.test(depth - 1)
        x, y = self.real(depth - 1), self.real(depth - 1)
        return self._any(
            f"({x} {self._any('+', '-', '*', '/')} {y})",
            f"({a} {self._any('+', '-', '*')} {x})",
            f"({a} / {self._any('3', '-8', '0.7')})",
            f"-{x}",
            f"{self._any('min', 'max')}({x}, {y})",
            f"({self._any('min', 'max')}({x}, {a}) * 1.0)",
            f"abs({x})",
            f"({x} if {c} else {y})",
            f"(({a} if {c} else {x}) * 1.5)",
            f"({x}) ** {self._any('2', '3', '-1', '2.0')}",
            f"0.5 ** wrap({a})",
            f"exp(min({x}, 3))",
            f"math.log1p(abs({x}))",
            f"sqrt(abs({x}))",
            f"float({a})",
            f"pick({a}, {x}, up={c})",
            f"pick(up={c}, x={x} * 1.0, a={a})",
        )

    def test(self, depth: int) -> str:
        sign = self._any("<", "<=", ">", ">=", "==", "!=")
        if depth == 0:
            return self._any(f"(a {sign} b)", f"(x {sign} y)", "w.row.flag", "True", "False")
        a, b = self.whole(depth - 1), self.whole(depth - 1)
        x, c, d = self.real(depth - 1), self.test(depth - 1), self.test(depth - 1)
        return self._any(
            f"({a} {sign} {b})",
            f"({x} {sign} {a})",
            f"({a} < {x} {sign} {b})",
            f"({c} and {d})",
            f"({c} or {d} and {c})",
            f"(not {c})",
            f"({c} == {d})",
            f"({c} if {d} else {c})",
        )

    def _place(self) -> str:
        return self._any(*"0123", "i % 4", "(j + 1) % 4", "wrap(a) % 4")

    # -------------------------------------------------------------- statements

    def _statement(self, depth: int) -> list[str]:
        kind = self._random.randrange(10 if depth else 6)
        if kind < 6:
            return [self._assignment()]
        inner, more = ([f"    {line}" for line in self._statement(depth - 1)] for _ in range(2))
        if kind == 6:
            other = [f"elif {self.test(1)}:", *more] if self._random.random() < 0.5 else []
            return [f"if {self.test(2)}:", *inner, *other, "else:", *more]
        leave = [f"    if {self.test(1)}:", f"        {self._any('break', 'continue')}"]
        if kind == 7:
            times = [f"steps{depth} = 0", f"while steps{depth} < 4 and {self.test(1)}:"]
            return [*times, f"    steps{depth} += 1", *leave, *inner, *more]
        bounds = self._any("4", "w.row.whole % 5", "1, 4", "a % 3, 3")
        return [f"for {self._any('i', 'j')} in range({bounds}):", *inner, *leave, *more]

    def _assignment(self) -> str:
        whole, real = self.whole(2), self.real(2)
        place = self._any(*"0123")
        return self._any(
            f"{self._any('a', 'b')} = wrap({whole})",
            f"{self._any('x', 'y')} = {real}",
            f"x, a = {real}, wrap(b - w.cells[{place}])",
            f"w.row.real {self._any('', '+', '-', '*')}= {real}",
            f"w.row.whole = wrap({whole})",
            f"w.row.flag = {self.test(2)}",
            f"w.cells[{self._place()}] = ({whole}) % 89",
            f"w.reals[{self._place()}] {self._any('', '+', '-')}= {real}",
            f"w.rows[{self._place()}].real = {real}",
            f"a = bump(w.rows[{self._place()}], wrap(b))",
            f"w.cells[{place}] = bump(w.rows[{place}], 5)",
            "a ^= 5",
            "b //= 3",
        )


def test_random_functions_compute_what_python_computes(tmp_path: Path) -> None:
    names = [f"made_{number}" for number in range(PROGRAMS)]
    text = HEAD + "\n".join(Author(number).function(name) for number, name in enumerate(names))
    module = module_of(tmp_path, "made", text)
    doors = "\n".join(
        f"void run_{name}(i64 *memory, const i64 *directory) "
        f"{{ Work work; open_Work(&work, memory, directory); made_{name}(&work); }}"
        for name in names
    )
    library = compiled(tmp_path, c_of([getattr(module, name) for name in names], doors))
    places = spans(module.Work, dict.fromkeys(("rows", "cells", "reals"), ROWS))
    directory = np.array([each for s in places.values() for each in (s.first, s.rows)], np.int64)
    compared = 0
    for name in names:
        source = Random(name)
        for _ in range(STATES):
            words = state(places, source)
            expected = objects(module.Work, words, places)
            try:
                getattr(module, name)(expected)
            except NOT_IN_C:
                continue
            call = getattr(library, f"run_{name}")
            call(*(ctypes.c_void_p(array.ctypes.data) for array in (words, directory)))
            found = numbers(objects(module.Work, words, places))
            assert all(map(same, numbers(expected), found)), Author(int(name[5:])).function(name)
            compared += 1
    assert compared > PROGRAMS * STATES / 3


def state(places: Any, source: Random) -> Any:
    """Words of a group, with numbers at which something turns."""
    words = np.zeros(max(span.first + span.words for span in places.values()), np.int64)
    real = (0.0, -0.0, 0.5, 1.0, 2.0, -1.5, 1e15)

    def row() -> tuple[float, int, int]:
        return number(), source.randint(-20, 20), source.randint(0, 1)

    def number() -> float:
        return source.choice((*real, source.uniform(-9, 9), source.uniform(-9, 9)))

    view(words, places["row"])[:] = [row()]
    view(words, places["rows"])[:] = [row() for _ in range(ROWS)]
    view(words, places["cells"])[:] = [source.randint(-20, 20) for _ in range(ROWS)]
    view(words, places["reals"])[:] = [number() for _ in range(ROWS)]
    return words


def numbers(work: Any) -> list[float]:
    """Everything that a group holds."""
    rows = [getattr(row, name) for row in (work.row, *work.rows) for name in row.__slots__]
    return [*rows, *work.cells, *work.reals]
