"""Makes the library: from the texts of the model to C, and from C to machine code."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from importlib.util import find_spec
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
HERE = PACKAGE / "compiled"
_TRANSLATED = (
    "rules/*.py",
    "faults.py",
    "accounting/ledger.py",
    "model/*.py",
    "compiled/*.py",
    "compiled/*.c",
)
_TRANSLATOR = "translate/*.py"
_NOT_TRANSLATED = frozenset(
    PACKAGE / file
    for file in (
        "compiled/library.py",
        "compiled/memory.py",
        "compiled/run.py",
        "model/centre_tables.py",
        "model/client_tables.py",
        "model/funding_tables.py",
        "model/inputs.py",
        "model/names.py",
        "model/record.py",
        "model/staff_tables.py",
        "model/tables.py",
        "model/writer.py",
    )
)
_OPTIMISED = ("-O3",)
_LIBM = ("exp", "log", "log1p", "erfc", "pow")
_FLAGS = (
    "-std=c11",
    "-ffp-contract=off",
    "-fno-math-errno",
    *(f"-fno-builtin-{name}" for name in _LIBM),
    "-fno-strict-aliasing",
    "-fvisibility=hidden",
    "-w",
)
"""No product and sum are contracted into one rounding, and no compiler knows better than libm what
its functions come to: Python rounds twice, and asks libm."""
WASM = "engine.wasm"
_WASM_EXPORTS = ("ncpcsim_source", "ncpcsim_draw", "ncpcsim_simulate", "__heap_base")


class BuildError(Exception):
    """There is no library; the message says why in one line."""


@cache
def source_hash() -> str:
    """SHA-256 of all texts that the library is made from, in hexadecimal."""
    digest = hashlib.sha256()
    for pattern in (*_TRANSLATED, _TRANSLATOR):
        for file in sorted(PACKAGE.glob(pattern)):
            if file not in _NOT_TRANSLATED:
                digest.update(file.relative_to(PACKAGE).as_posix().encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()


def library_name() -> str:
    """The library's file: a new name for a new text, since a loaded library is not loaded again."""
    suffix = {"win32": "dll", "darwin": "dylib"}.get(sys.platform, "so")
    return f"_engine_{source_hash()[:12]}.{suffix}"


def c_text(*, checked: bool = False) -> str:
    """The engine in C.

    Args:
        checked: check every index, for tests under sanitizers.
    """
    from ncpcsim import rules
    from ncpcsim.compiled.engine import simulate
    from ncpcsim.model.streams import block, one
    from ncpcsim.translate.program import translate

    roots = (simulate, rules.quantile)
    translated = translate(roots, {block: True, one: False}, checked=checked)
    structures, bodies = translated.split("\f")
    prelude, philox, entry = (
        (HERE / f"{name}.c").read_text(encoding="utf-8") for name in ("prelude", "philox", "entry")
    )
    defined = f'#define SOURCE "{source_hash()}"\n' + "#define NCPCSIM_CHECKED\n" * checked
    return f"{defined}\n{prelude}\n{structures}\n{philox}\n{bodies}\n{entry}"


def compiler() -> list[str] | None:
    """The machine's C compiler, or that of PyPI's ziglang, or None."""
    cc = shutil.which("cc")
    if cc is not None:
        return [cc]
    if find_spec("ziglang") is not None:
        return [sys.executable, "-m", "ziglang", "cc", "-mcpu=baseline"]
    return None


def build(target: Path, *options: str, checked: bool = False) -> None:
    """Build the library.

    Args:
        target: where it is put, at once and whole.
        options: of the compiler, in place of optimisation.
        checked: check every index.

    Raises:
        BuildError: there is no compiler, or it fails.
    """
    cc = compiler()
    if cc is None:
        raise BuildError("there is no C compiler, expected cc, or ziglang from PyPI")
    linked = ["-Wl,-z,defs"] if sys.platform == "linux" else []
    chosen = options or (*_OPTIMISED, "-s")
    _compile([*cc, "-shared", "-fPIC", *chosen, *linked], target, checked=checked)


def build_anew(folder: Path) -> None:
    """Build the library in a process of its own: modules of this one may be older than their files.

    Args:
        folder: where it is put, under its name.

    Raises:
        BuildError: there is no compiler, or it fails.
    """
    command = [sys.executable, "-m", "ncpcsim.compiled.build", str(folder)]
    # The package is found in the folder where the process starts.
    ended = subprocess.run(  # noqa: S603
        command, cwd=PACKAGE.parent, capture_output=True, text=True, check=False
    )
    if ended.returncode:
        raise BuildError((ended.stderr.strip().splitlines() or ["it said nothing"])[-1])


def build_wasm(target: Path) -> None:
    """Build the engine for a browser.

    Raises:
        BuildError: there is no compiler for WebAssembly, or it fails.
    """
    exports = [f"-Wl,--export={name}" for name in _WASM_EXPORTS]
    plain = ["-mbulk-memory", "-Wl,--no-entry", "-Wl,--strip-all"]
    if find_spec("ziglang") is None:
        raise BuildError("there is no compiler for WebAssembly, expected ziglang from PyPI")
    zig = [sys.executable, "-m", "ziglang", "cc", "-target", "wasm32-wasi", "-mexec-model=reactor"]
    _compile([*zig, *plain, *_OPTIMISED, *exports], target, checked=False)


def _compile(command: list[str], target: Path, *, checked: bool) -> None:
    from ncpcsim.translate.kinds import TranslationError

    try:
        text = c_text(checked=checked)
    except TranslationError as error:
        raise BuildError(str(error)) from None
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / "engine.c"
        source.write_text(text, encoding="utf-8")
        made = target.with_name(f"{target.name}.{os.getpid()}.part")
        whole = [*command, *_FLAGS, str(source), "-o", str(made), "-lm"]
        try:
            subprocess.run(whole, check=True, capture_output=True, text=True)  # noqa: S603
            made.replace(target)
        except subprocess.CalledProcessError as error:
            said = (error.stderr.strip().splitlines() or ["it said nothing"])[0]
            raise BuildError(f"{Path(command[0]).name} failed: {said}") from None
        except OSError as error:
            raise BuildError(f"{target} cannot be made ({error.strerror})") from None
        finally:
            made.unlink(missing_ok=True)


if __name__ == "__main__":
    try:
        build(Path(sys.argv[1]) / library_name())
    except BuildError as error:
        sys.exit(str(error))
