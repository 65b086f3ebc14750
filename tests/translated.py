"""Functions of Python translated to C, compiled, and called beside the originals."""

import ctypes
import importlib.util
import math
import struct
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any, get_type_hints

from ncpcsim.compiled import build
from ncpcsim.compiled.build import HERE, compiler
from ncpcsim.model.streams import block, one
from ncpcsim.translate.functions import head
from ncpcsim.translate.kinds import kind_of
from ncpcsim.translate.program import translate

NOT_IN_C = (ZeroDivisionError, OverflowError, ValueError)
"""What Python raises where C goes on: neither engine lets a run come there."""
GIVEN = {block: True, one: False}
_NUMBERS = {
    "int": ctypes.c_int64,
    "bool": ctypes.c_int64,
    "float": ctypes.c_double,
    "key": ctypes.c_uint64,
    "none": None,
}


def module_of(folder: Path, name: str, text: str) -> ModuleType:
    """A module of a text, as if it had been imported from a file."""
    file = folder / f"{name}.py"
    file.write_text(text)
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def functions_of(module: ModuleType) -> list[FunctionType]:
    """The functions that a module defines, or a package of such modules."""
    everything = vars(module).values()
    return [
        each
        for each in everything
        if isinstance(each, FunctionType)
        and f"{each.__module__}.".startswith(f"{module.__name__}.")
    ]


def c_of(functions: Sequence[Callable[..., Any]], more: str = "", *, checked: bool = False) -> str:
    """Functions in C, each to be called from outside by its own name, and more C after them."""
    structures, bodies = translate(functions, GIVEN, checked=checked).split("\f")
    prelude, philox = ((HERE / f"{name}.c").read_text() for name in ("prelude", "philox"))
    if "} Streams;" not in structures:
        philox = ""
    defined = "#define NCPCSIM_CHECKED\n" * checked
    doors = [_door(function) for function in functions]
    return "\n".join([defined, prelude, structures, philox, bodies, *doors, more])


def compiled(folder: Path, text: str, *options: str) -> ctypes.CDLL:
    """C as a library."""
    cc = compiler()
    assert cc is not None
    source, library = folder / "tried.c", folder / "tried.so"
    source.write_text(text)
    # As the library is compiled, but quickly, and with every function to be called from outside.
    flags = [flag for flag in build._FLAGS if not flag.startswith("-fvisibility")]
    flags = ["-shared", "-fPIC", "-O1", *flags, *options]
    subprocess.run([*cc, *flags, source, "-o", library, "-lm"], check=True)
    return ctypes.CDLL(str(library))


def twin(library: ctypes.CDLL, function: Callable[..., Any]) -> Callable[..., Any]:
    """A function as it is in the library; lists are given as arrays of ctypes."""
    found = getattr(library, f"try_{function.__name__}")
    hints = get_type_hints(function)
    kinds = {name: kind_of(hint) for name, hint in hints.items()}
    types = {name: _NUMBERS.get(kind.name if kind else "") for name, kind in kinds.items()}
    found.restype = types.pop("return")
    found.argtypes = [each or ctypes.c_void_p for each in types.values()]
    return found  # type: ignore[no-any-return]


def same(one_value: float, other: float) -> bool:
    """Whether two numbers are the same bit for bit, one of Python's whole numbers as a float."""
    if isinstance(one_value, int) and isinstance(other, int):
        return one_value == other
    nothing = math.isnan(one_value) and math.isnan(other)
    return nothing or struct.pack("d", one_value) == struct.pack("d", other)


def _door(function: Callable[..., Any]) -> str:
    from ncpcsim.translate.functions import Function

    assert isinstance(function, FunctionType)
    signature = Function(function).signature
    inner = head(signature).removeprefix("static ")
    outer = inner.replace(f"{signature.name}(", f"try_{function.__name__}(", 1)
    given = ", ".join(f"{name}_" for name in signature.parameters)
    returned = "" if signature.returns.name == "none" else "return "
    return f"{outer} {{ {returned}{signature.name}({given}); }}"
