"""The engine for a browser: the same C, compiled to WebAssembly."""

from pathlib import Path

from ncpcsim.compiled.build import HERE, WASM, BuildError, build_wasm, source_hash
from ncpcsim.compiled.library import EngineError

COMMAND = "ncpcsim engine --wasm FILE"
"""What builds it, where there is a compiler for it."""


def packaged() -> bytes:
    """The engine that was packaged at installation.

    Raises:
        EngineError: there is none, or it was made from another text.
    """
    file = HERE / WASM
    if not file.exists():
        what = "there is no engine for browsers here, since gcc alone makes none"
        raise EngineError(f"{what}; with ziglang from PyPI, `{COMMAND}` builds one")
    return _fresh(file)


def write(target: Path) -> None:
    """Write the engine for a browser to a file: the packaged one, or one built now.

    Raises:
        EngineError: there is none, and none can be built.
        OSError: the file cannot be written.
    """
    try:
        target.write_bytes(packaged())
    except EngineError:
        try:
            build_wasm(target)
        except BuildError as error:
            raise EngineError(f"the engine for browsers cannot be built: {error}") from None


def _fresh(file: Path) -> bytes:
    """The content of a file that was made from the texts as they are now: it names their hash."""
    content = file.read_bytes()
    if source_hash().encode() not in content:
        what = "was made from another text, expected to be built anew"
        raise EngineError(f"{file.name} {what}: `{COMMAND}`")
    return content
