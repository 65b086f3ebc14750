"""Expressions of the part of Python that is translated, as C."""

import ast
import math
from collections.abc import Callable
from enum import IntEnum
from types import FunctionType, ModuleType
from typing import Any

from ncpcsim.translate.kinds import (
    BOOL,
    FLOAT,
    INT,
    KEY,
    TranslationError,
    TypeKind,
    field_name,
    fields_of,
    local_name,
)
from ncpcsim.translate.terms import Scope, Signature, Term, fits, worded

_ARITHMETIC = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*"}
_BITS = {ast.LShift: "<<", ast.RShift: ">>", ast.BitOr: "|", ast.BitAnd: "&", ast.BitXor: "^"}
_COMPARED = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}
_MATH = {"exp", "log", "log1p", "sqrt", "erfc"}
_ROUNDED = {"floor", "ceil"}
_BUILT_IN = {"min", "max", "abs", "int", "float", "len"}


class Expressions:
    """Translates the expressions of one function."""

    def __init__(
        self,
        file: str,
        names: Scope,
        signature_of: Callable[[FunctionType], Signature | None],
        *,
        checked: bool,
    ) -> None:
        self._file, self._names = file, names
        self._signature_of, self._checked = signature_of, checked

    def refuse(self, node: ast.AST, what: str) -> TranslationError:
        """What to raise for something that cannot be translated."""
        return TranslationError(f"{self._file}:{getattr(node, 'lineno', 0)}: {what}")

    def term(self, node: ast.expr) -> Term:
        """An expression."""
        translate = getattr(self, f"_{type(node).__name__.lower()}", None)
        if translate is None:
            raise self.refuse(node, f"{type(node).__name__} is outside the part that is translated")
        found: Term = translate(node)
        return found

    def test(self, node: ast.expr) -> Term:
        """A condition."""
        found = self.term(node)
        if found.kind != BOOL:
            raise self.refuse(node, f"is {found.kind.name}, expected a condition")
        return found

    def number(self, node: ast.expr) -> Term:
        """A number that is as_number with."""
        found = self._any_number(node)
        if found.kind == KEY:
            raise self.refuse(node, "computes with the key of a stream")
        return found

    def _any_number(self, node: ast.expr) -> Term:
        found = self.term(node)
        if not found.kind.is_number:
            raise self.refuse(node, f"is {found.kind.name}, expected a number")
        return found

    def _numbers(self, node: ast.AST, *nodes: ast.expr) -> list[Term]:
        """Numbers that are compared or chosen from: keys are only compared with keys."""
        found = [self._any_number(each) for each in nodes]
        if len({term.kind == KEY for term in found}) > 1:
            raise self.refuse(node, "joins the key of a stream with another number")
        return found

    def _whole(self, node: ast.expr) -> Term:
        found = self.term(node)
        if not found.kind.is_whole:
            raise self.refuse(node, f"is {found.kind.name}, expected a whole number")
        return found

    def _joined(self, node: ast.AST, text: str, kind: TypeKind, *parts: Term) -> Term:
        """A term made of others, none of which may change what another one reads."""
        changing = [part for part in parts if part.changes]
        if changing and not all(part.simple for part in parts if part is not changing[0]):
            raise self.refuse(
                node, "calls what changes the state next to what reads it, expected it by itself"
            )
        return Term(text, kind, changes=bool(changing))

    # ------------------------------------------------------------------ names and constants

    def _constant(self, node: ast.Constant) -> Term:
        return self._value(node, node.value)

    def _value(self, node: ast.AST, value: Any) -> Term:
        if isinstance(value, bool):
            return Term(str(int(value)), BOOL, simple=True)
        if isinstance(value, int):
            if not -(2**63) < value < 2**63:
                raise self.refuse(node, f"{value} does not fit 64 bits")
            return Term(f"{int(value)}LL" if value >= 0 else f"({int(value)}LL)", INT, simple=True)
        if isinstance(value, float):
            if math.isnan(value):
                raise self.refuse(node, "is not a number")
            text = repr(abs(value)) if math.isfinite(value) else "INFINITY"
            negative = math.copysign(1.0, value) < 0.0
            return Term(f"(-{text})" if negative else text, FLOAT, simple=True)
        raise self.refuse(node, f"{value!r} is no number")

    def _name(self, node: ast.Name) -> Term:
        names = self._names
        if node.id not in names.own:
            return self._value(node, self._found(node))
        if node.id not in names.sure:
            raise self.refuse(node, f"{node.id} may have no value here")
        return Term(local_name(node.id), names.kinds[node.id], simple=True)

    def _found(self, node: ast.expr) -> Any:
        """What a name of the module stands for."""
        if isinstance(node, ast.Name) and node.id not in self._names.own:
            if node.id in self._names.module:
                return self._names.module[node.id]
            raise self.refuse(node, f"{node.id} is no name of the module")
        if isinstance(node, ast.Attribute):
            owner = self._found_owner(node.value)
            if owner is not None and hasattr(owner, node.attr):
                return getattr(owner, node.attr)
        return None

    def _found_owner(self, node: ast.expr) -> Any:
        """A module or an enumeration that a name stands for, or None."""
        if isinstance(node, ast.Name) and node.id not in self._names.own:
            found = self._names.module.get(node.id)
            enumeration = isinstance(found, type) and issubclass(found, IntEnum)
            return found if isinstance(found, ModuleType) or enumeration else None
        return None

    # ------------------------------------------------------------------ fields and lists

    def _attribute(self, node: ast.Attribute) -> Term:
        if self._found_owner(node.value) is not None:
            return self._value(node, self._found(node))
        owner = self.term(node.value)
        if owner.kind.name not in ("row", "group"):
            raise self.refuse(node, f"{node.attr} is asked of a {owner.kind.name}, expected a row")
        fields = fields_of(owner.kind.of)
        if node.attr not in fields:
            raise self.refuse(node, f"{owner.kind.of.__name__} has no field {node.attr}")
        text = f"{owner.text}->{field_name(node.attr)}"
        return Term(text, fields[node.attr], changes=owner.changes)

    def _subscript(self, node: ast.Subscript) -> Term:
        listed, index = self.term(node.value), self._whole(node.slice)
        if listed.kind.name != "list":
            raise self.refuse(node, f"is {listed.kind.name}, expected a list")
        if index.simple and index.text.startswith("(-"):
            raise self.refuse(node, "counts from the end, expected an index from 0 on")
        member: TypeKind = listed.kind.of
        place = index.text
        if self._checked and isinstance(node.value, ast.Attribute):
            rows = self._rows(node.value).text
            place = f'row_at({place}, {rows}, "{self._file}:{node.lineno}")'
        text = f"{listed.text}[{place}]"
        return self._joined(node, text if member.is_number else f"(&{text})", member, listed, index)

    def _rows(self, node: ast.Attribute) -> Term:
        owner = self.term(node.value)
        return Term(f"{owner.text}->{field_name(node.attr)}_rows", INT)

    # ------------------------------------------------------------------ operators

    def _binop(self, node: ast.BinOp) -> Term:
        left, right = self.number(node.left), self.number(node.right)
        text, kind = self._operation(node, node.op, left, right)
        return self._joined(node, text, kind, left, right)

    def _operation(
        self, node: ast.AST, operator: ast.operator, left: Term, right: Term
    ) -> tuple[str, TypeKind]:
        """The text and kind of two numbers joined by an operator."""
        a, b = as_number(left), as_number(right)
        whole = left.kind.is_whole and right.kind.is_whole
        if isinstance(operator, ast.Div):
            return f"((double)({a}) / (double)({b}))", FLOAT
        if isinstance(operator, ast.Pow) and not whole:
            return f"pow({a}, {b})", FLOAT
        if isinstance(operator, ast.FloorDiv | ast.Mod) and whole:
            function = "floor_div" if isinstance(operator, ast.FloorDiv) else "floor_mod"
            return f"{function}({a}, {b})", INT
        if isinstance(operator, ast.LShift | ast.RShift) and not _shifts(b):
            raise self.refuse(node, f"shifts by {b}, expected a constant from 0 to 63")
        if type(operator) in _BITS and whole:
            return f"({a} {_BITS[type(operator)]} {b})", INT
        if type(operator) in _ARITHMETIC:
            return f"({a} {_ARITHMETIC[type(operator)]} {b})", INT if whole else FLOAT
        name = type(operator).__name__
        raise self.refuse(node, f"{name} of {left.kind.name} and {right.kind.name}")

    def joined_by(self, node: ast.AugAssign, left: Term, right: Term) -> Term:
        """What an augmented assignment assigns."""
        text, kind = self._operation(node, node.op, left, right)
        return self._joined(node, text, kind, left, right)

    def _unaryop(self, node: ast.UnaryOp) -> Term:
        if isinstance(node.op, ast.Not):
            operand = self.test(node.operand)
            return Term(f"(!{operand.text})", BOOL, changes=operand.changes)
        operand = self.number(node.operand)
        if not isinstance(node.op, ast.USub):
            raise self.refuse(node, f"{type(node.op).__name__} is not translated")
        kind = FLOAT if operand.kind == FLOAT else INT
        return Term(f"(-{as_number(operand)})", kind, operand.simple, operand.changes)

    def _boolop(self, node: ast.BoolOp) -> Term:
        parts = [self.test(value) for value in node.values]
        sign = " && " if isinstance(node.op, ast.And) else " || "
        text = f"({sign.join(part.text for part in parts)})"
        return Term(text, BOOL, changes=any(part.changes for part in parts))

    def _compare(self, node: ast.Compare) -> Term:
        terms = self._numbers(node, node.left, *node.comparators)
        if any(term.changes for term in terms[1:-1]):
            raise self.refuse(node, "compares in a chain what changes the state")
        pairs = []
        for operator, left, right in zip(node.ops, terms, terms[1:], strict=False):
            if type(operator) not in _COMPARED:
                raise self.refuse(node, f"{type(operator).__name__} is not translated")
            pairs.append(f"{left.text} {_COMPARED[type(operator)]} {right.text}")
        return self._joined(node, f"({' && '.join(pairs)})", BOOL, *terms)

    def _ifexp(self, node: ast.IfExp) -> Term:
        test = self.test(node.test)
        one, other = self._numbers(node, node.body, node.orelse)
        kind = one.kind if one.kind == other.kind else FLOAT
        if {one.kind, other.kind} == {INT, BOOL}:
            kind = INT
        changes = test.changes or one.changes or other.changes
        return Term(f"({test.text} ? {one.text} : {other.text})", kind, changes=changes)

    # ------------------------------------------------------------------ calls

    def _call(self, node: ast.Call) -> Term:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else None
        name = node.func.id if isinstance(node.func, ast.Name) else name
        known = {*self._names.module, *self._names.own}
        built_in = isinstance(node.func, ast.Name) and name in _BUILT_IN - known
        found = None if built_in else self._found(node.func)
        signature = self._signature_of(found) if isinstance(found, FunctionType) else None
        if signature is not None:
            return self._called(node, signature)
        if node.keywords:
            raise self.refuse(node, "has arguments by name, expected them in order")
        if found is not None and found is getattr(math, str(name), None):
            return self._mathematics(node, str(name))
        if built_in and name == "len":
            return self._length(node)
        if built_in and name is not None:
            return self._built_in(node, name)
        raise self.refuse(node, f"calls {name or 'something'} that is not translated")

    def _called(self, node: ast.Call, signature: Signature) -> Term:
        names = [*signature.parameters][: len(node.args)]
        names += [keyword.arg or "" for keyword in node.keywords]
        values = [*node.args, *(keyword.value for keyword in node.keywords)]
        if len(names) != len(values) or sorted(names) != sorted(signature.parameters):
            expected = ", ".join(signature.parameters)
            raise self.refuse(node, f"{signature.name} is called otherwise than with {expected}")
        given = dict(zip(names, values, strict=True))
        terms = [self.argument(given[name], kind) for name, kind in signature.parameters.items()]
        text = f"{signature.name}({', '.join(term.text for term in terms)})"
        joined = self._joined(node, text, signature.returns, *terms)
        return Term(text, signature.returns, changes=joined.changes or signature.changes)

    def argument(self, node: ast.expr, kind: TypeKind) -> Term:
        """An expression that is given where a kind of value is expected."""
        found = self.term(node)
        if not fits(found.kind, kind):
            raise self.refuse(node, f"is {worded(found.kind)}, expected {worded(kind)}")
        return found

    def _mathematics(self, node: ast.Call, name: str) -> Term:
        if len(node.args) != 1 or name not in _MATH | _ROUNDED:
            raise self.refuse(node, f"{name} is not translated with {len(node.args)} arguments")
        argument = self.number(node.args[0])
        if name in _ROUNDED:
            text = as_number(argument)
            if argument.kind == FLOAT:
                text = f"whole({name}({text}))"
            return Term(text, INT, changes=argument.changes)
        return Term(f"{name}({argument.text})", FLOAT, changes=argument.changes)

    def _length(self, node: ast.Call) -> Term:
        listed = node.args[0] if len(node.args) == 1 else None
        if isinstance(listed, ast.Attribute) and self.term(listed).kind.name == "list":
            return self._rows(listed)
        raise self.refuse(node, "asks for a length, expected that of a list of a group")

    def _built_in(self, node: ast.Call, name: str) -> Term:
        terms = [self.number(argument) for argument in node.args]
        text = ", ".join(term.text for term in terms)
        whole = all(term.kind.is_whole for term in terms)
        if name in ("min", "max") and len(terms) == 2:
            kind = INT if whole else FLOAT
            return self._joined(node, f"{name}_{kind.c}({text})", kind, *terms)
        if len(terms) != 1 or name in ("min", "max"):
            raise self.refuse(node, f"{name} has {len(terms)} arguments")
        kind = (INT if whole else FLOAT) if name == "abs" else INT if name == "int" else FLOAT
        if name == "abs":
            text = f"abs_{kind.c}({text})"
        elif name == "int":
            text = as_number(terms[0]) if whole else f"whole({text})"
        else:
            text = f"((double)({text}))"
        return Term(text, kind, changes=terms[0].changes)


def as_number(term: Term) -> str:
    """A number for arithmetic: a condition of C is narrower than a number of this program."""
    return f"((i64){term.text})" if term.kind == BOOL else term.text


def _shifts(text: str) -> bool:
    """Whether a number is a constant by which C shifts as Python does."""
    digits = text.removesuffix("LL")
    return digits.isdigit() and int(digits) < 64
