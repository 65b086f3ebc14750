"""Functions of the part of Python that is translated, as C.

What may be written:

- functions whose parameters and result are annotated: `int`, `float`, `bool`, `Key`, a row (a class
  whose fields are numbers), a group (a class whose fields are rows, groups, or lists of rows or
  numbers), `list[float]`, `list[int]`, a list of rows, or `None`;
- assignment to names, fields and members of lists, several names at once if no value reads one just
  assigned; augmented assignment; `if`, `while`, `for NAME in range(...)` with one or two arguments,
  `break`, `continue`, `return`, `pass`, calls;
- numbers, constants and enumerations of the module; `+ - * / // % **` and operators of bits;
  comparisons, also in chains; `and`, `or`, `not` of conditions; `x if condition else y`; `min` and
  `max` of two, `abs`, `int`, `float`, `len` of a group's list; functions of `math`; other functions
  that are translated, with arguments in order or by name.

A call that may change the state stands by itself, because C leaves open in which order the parts of
an expression are evaluated. A name is used only where it has a value whichever way was taken, and a
function that returns a value does so in the end: C would return an arbitrary one.

Whole numbers have 64 bits, and become floats where floats are expected or compared: the same as in
Python up to 2**53 in size, but for the sign of 0. Lists are read from 0 on; no divisor is 0.
"""

import ast
import inspect
import textwrap
from collections.abc import Callable
from dataclasses import replace
from types import FunctionType
from typing import get_type_hints

from ncpcsim.translate.expressions import Expressions
from ncpcsim.translate.kinds import INT, NONE, TranslationError, TypeKind, kind_of, local_name
from ncpcsim.translate.terms import Scope, Signature, Term, fits

_INDENT = "    "


class Function:
    """A function of Python, about to be translated.

    Attributes:
        python: the function itself.
        file: the file it stands in, and in which it is refused.
        tree: its text.
        signature: how it is called.
    """

    def __init__(self, python: FunctionType) -> None:
        self.python = python
        self.file = inspect.getsourcefile(python) or "?"
        lines, first = inspect.getsourcelines(python)
        tree = ast.parse(textwrap.dedent("".join(lines))).body[0]
        ast.increment_lineno(tree, first - 1)
        plain = isinstance(tree, ast.FunctionDef) and not tree.decorator_list
        if not plain or python.__closure__:
            what = "is no plain function, expected one of a module"
            raise TranslationError(f"{self.file}:{first}: {what}")
        assert isinstance(tree, ast.FunctionDef)  # noqa: S101  just seen
        self.tree = tree
        module = python.__module__.rpartition(".")[2]
        self.signature = Signature(
            f"{module}_{python.__name__}", self._parameters(), self._returned(), changes=True
        )

    def _parameters(self) -> dict[str, TypeKind]:
        arguments, hints = self.tree.args, get_type_hints(self.python)
        extra = (arguments.vararg, arguments.kwarg, *arguments.defaults, *arguments.kw_defaults)
        if any(each is not None for each in extra):
            raise self._refused("has optional arguments, expected all of them to be given")
        found = {}
        for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
            kind = kind_of(hints.get(argument.arg))
            if kind is None or (kind == NONE and argument.arg not in hints):
                raise self._refused(f"{argument.arg} has no annotation that C could have")
            found[argument.arg] = kind
        return found

    def _returned(self) -> TypeKind:
        hints = get_type_hints(self.python)
        kind = kind_of(hints["return"]) if "return" in hints else None
        if kind is None:
            raise self._refused("its result has no annotation that C could have")
        return kind

    def _refused(self, what: str) -> TranslationError:
        return TranslationError(f"{self.file}:{self.tree.lineno}: {self.tree.name}: {what}")

    def calls(self) -> list[FunctionType]:
        """The functions of Python that its text calls by name."""
        found = []
        names = inspect.getclosurevars(self.python).globals
        for node in ast.walk(self.tree):
            if not isinstance(node, ast.Call):
                continue
            called = None
            if isinstance(node.func, ast.Name):
                called = names.get(node.func.id)
            elif isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
                called = getattr(names.get(node.func.value.id), node.func.attr, None)
            if isinstance(called, FunctionType):
                found.append(called)
        return found

    def assigns(self) -> bool:
        """Whether its text assigns to anything but its own names."""
        targets: list[ast.expr] = []
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Assign):
                targets += node.targets
            elif isinstance(node, ast.AugAssign | ast.AnnAssign):
                targets.append(node.target)
        plain = [each for t in targets for each in (t.elts if isinstance(t, ast.Tuple) else [t])]
        return any(not isinstance(target, ast.Name) for target in plain)


class Body:
    """Translates the statements of one function."""

    def __init__(
        self,
        function: Function,
        signature_of: Callable[[FunctionType], Signature | None],
        *,
        checked: bool,
    ) -> None:
        self._function = function
        self._parameters = function.signature.parameters
        self._locals: dict[str, TypeKind] = dict(self._parameters)
        self._sure = set(self._parameters)
        self._own = set(self._parameters) | _assigned_in(function.tree)
        names = Scope(function.python.__globals__, self._own, self._locals, self._sure)
        self._expressions = Expressions(function.file, names, signature_of, checked=checked)

    def text(self) -> str:
        """The function in C."""
        tree = self._function.tree
        lines = self._statements(tree.body, 1)
        if self._function.signature.returns != NONE and not _leaves(tree.body):
            raise self._expressions.refuse(tree.body[-1], "expected a value to be returned here")
        own = [
            f"{_INDENT}{kind.c} {local_name(name)} = 0;".replace("* ", "*")
            for name, kind in self._locals.items()
            if name not in self._parameters
        ]
        return "\n".join([f"{head(self._function.signature)} {{", *own, *lines, "}", ""])

    def _statements(self, statements: list[ast.stmt], depth: int) -> list[str]:
        lines: list[str] = []
        for statement in statements:
            translate = getattr(self, f"_{type(statement).__name__.lower()}", None)
            if translate is None:
                what = f"{type(statement).__name__} is outside the part that is translated"
                raise self._expressions.refuse(statement, what)
            lines += [f"{_INDENT * depth}{line}" for line in translate(statement)]
        return lines

    def _block(self, statements: list[ast.stmt]) -> list[str]:
        """Statements that may not be carried out: what they assign is not sure after them."""
        before = set(self._sure)
        lines = self._statements(statements, 1)
        self._is_sure(before)
        return lines

    def _is_sure(self, names: set[str]) -> None:
        self._sure.clear()
        self._sure.update(names)

    # ------------------------------------------------------------------ assignment

    def _assign(self, node: ast.Assign) -> list[str]:
        target = node.targets[0]
        if len(node.targets) > 1:
            raise self._expressions.refuse(node, "assigns several times, expected once")
        if not isinstance(target, ast.Tuple):
            return [self._assigned(node, target, self._expressions.term(node.value))]
        if not isinstance(node.value, ast.Tuple) or len(node.value.elts) != len(target.elts):
            raise self._expressions.refuse(node, "assigns a tuple, expected as many values")
        self._refuse_overlap(node, target, node.value)
        return [
            self._assigned(node, each, self._expressions.term(value))
            for each, value in zip(target.elts, node.value.elts, strict=True)
        ]

    def _refuse_overlap(self, node: ast.Assign, targets: ast.Tuple, values: ast.Tuple) -> None:
        """Python evaluates all values first; here they are assigned one after the other."""
        for index, target in enumerate(targets.elts):
            if not isinstance(target, ast.Name):
                raise self._expressions.refuse(node, "assigns several, expected names alone")
            read = {
                name.id
                for value in values.elts[index + 1 :]
                for name in ast.walk(value)
                if isinstance(name, ast.Name)
            }
            if target.id in read:
                what = f"reads {target.id} after it was assigned, expected two statements"
                raise self._expressions.refuse(node, what)

    def _annassign(self, node: ast.AnnAssign) -> list[str]:
        if node.value is None:
            raise self._expressions.refuse(node, "has no value")
        stated = kind_of(self._annotation(node.annotation))
        value = self._expressions.term(node.value)
        if stated is None or not fits(value.kind, stated):
            raise self._expressions.refuse(
                node, f"assigns {value.kind.name}, not as it is annotated"
            )
        return [self._assigned(node, node.target, replace(value, kind=stated))]

    def _annotation(self, node: ast.expr) -> object:
        name = node.id if isinstance(node, ast.Name) else ""
        plain = {"int": int, "float": float, "bool": bool}
        return self._function.python.__globals__.get(name, plain.get(name))

    def _assigned(self, node: ast.stmt, target: ast.expr, value: Term) -> str:
        if isinstance(target, ast.Name):
            self._declare(node, target.id, value.kind)
            return f"{local_name(target.id)} = {value.text};"
        place = self._place(node, target, value)
        return f"{place.text} = {value.text};"

    def _place(self, node: ast.stmt, target: ast.expr, value: Term) -> Term:
        """Where a value is put: C leaves open whether that is found before the value is."""
        place = self._expressions.term(target)
        if not place.kind.is_number or not fits(value.kind, place.kind):
            what = f"assigns {value.kind.name} to {place.kind.name}"
            raise self._expressions.refuse(node, what)
        if isinstance(target, ast.Attribute):
            owner = self._expressions.term(target.value).kind.of
            if issubclass(owner, tuple):
                raise self._expressions.refuse(node, f"assigns to {owner.__name__}, a tuple")
        indices = [each.slice for each in ast.walk(target) if isinstance(each, ast.Subscript)]
        moves = value.changes and not all(self._expressions.term(each).simple for each in indices)
        if place.changes or moves:
            what = "changes the state while finding a place, expected two statements"
            raise self._expressions.refuse(node, what)
        return place

    def _declare(self, node: ast.stmt, name: str, kind: TypeKind) -> None:
        known = self._locals.get(name)
        if kind == NONE:
            raise self._expressions.refuse(node, f"{name} is assigned no value")
        if known is None:
            self._locals[name] = kind
        elif not fits(kind, known):
            what = f"{name} is {known.name} first, and {kind.name} here"
            raise self._expressions.refuse(node, what)
        self._sure.add(name)

    def _augassign(self, node: ast.AugAssign) -> list[str]:
        place = self._expressions.number(node.target)
        value = self._expressions.joined_by(node, place, self._expressions.number(node.value))
        if isinstance(node.target, ast.Name):
            return [self._assigned(node, node.target, value)]
        return [f"{self._place(node, node.target, value).text} = {value.text};"]

    # ------------------------------------------------------------------ flow

    def _expr(self, node: ast.Expr) -> list[str]:
        if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            return []
        if not isinstance(node.value, ast.Call):
            raise self._expressions.refuse(node, "does nothing, expected a call")
        return [f"{self._expressions.term(node.value).text};"]

    def _return(self, node: ast.Return) -> list[str]:
        expected = self._function.signature.returns
        if node.value is None:
            return ["return;"]
        return [f"return {self._expressions.argument(node.value, expected).text};"]

    def _if(self, node: ast.If) -> list[str]:
        lines = [f"if ({self._expressions.test(node.test).text}) {{"]
        before, ways = set(self._sure), []
        for statements in (node.body, node.orelse):
            self._is_sure(before)
            lines += self._statements(statements, 1)
            if not _leaves(statements):
                ways.append(set(self._sure))
            lines += ["}", "else {"] if node.orelse and statements is node.body else []
        self._is_sure(set.intersection(*ways) if ways else before)
        return [*lines, "}"]

    def _while(self, node: ast.While) -> list[str]:
        if node.orelse:
            raise self._expressions.refuse(node, "has an else, expected none")
        test = self._expressions.test(node.test).text
        return [f"while ({test}) {{", *self._block(node.body), "}"]

    def _for(self, node: ast.For) -> list[str]:
        call, target = node.iter, node.target
        ranged = isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
        if not (ranged and call.func.id == "range" and isinstance(target, ast.Name)):  # type: ignore[attr-defined]
            raise self._expressions.refuse(node, "loops over no range")
        bounds = [self._expressions.argument(each, INT) for each in call.args]  # type: ignore[attr-defined]
        if node.orelse or len(bounds) not in (1, 2):
            raise self._expressions.refuse(node, "expected range(end) or range(begin, end)")
        begin, end = ("0", bounds[0].text) if len(bounds) == 1 else (b.text for b in bounds)
        assert isinstance(target, ast.Name)  # noqa: S101  just seen
        before = set(self._sure)
        self._declare(node, target.id, INT)
        name = local_name(target.id)
        # The end is fixed at the start, as in Python, and the name keeps its last value.
        at, last = f"{name}_at", f"{name}_end"
        lines = [
            f"for (i64 {at} = {begin}, {last} = {end}; {at} < {last}; {at}++) {{",
            f"{_INDENT}{name} = {at};",
            *self._block(node.body),
            "}",
        ]
        self._is_sure(before)
        return lines

    def _break(self, _: ast.Break) -> list[str]:
        return ["break;"]

    def _continue(self, _: ast.Continue) -> list[str]:
        return ["continue;"]

    def _pass(self, _: ast.Pass) -> list[str]:
        return []


def _assigned_in(tree: ast.AST) -> set[str]:
    names = (node for node in ast.walk(tree) if isinstance(node, ast.Name))
    return {name.id for name in names if isinstance(name.ctx, ast.Store)}


def _leaves(statements: list[ast.stmt]) -> bool:
    """Whether the end of some statements is never reached."""
    last = statements[-1] if statements else None
    if isinstance(last, ast.If):
        return _leaves(last.body) and _leaves(last.orelse)
    if isinstance(last, ast.While):
        endless = isinstance(last.test, ast.Constant) and last.test.value is True
        return endless and not any(isinstance(each, ast.Break) for each in ast.walk(last))
    return isinstance(last, ast.Return | ast.Break | ast.Continue)


def head(signature: Signature) -> str:
    """A function's head in C."""
    listed = ", ".join(
        f"{kind.c} {local_name(name)}".replace("* ", "*")
        for name, kind in signature.parameters.items()
    )
    returned = f"{signature.returns.c} ".replace("* ", "*")
    return f"static {returned}{signature.name}({listed or 'void'})"
