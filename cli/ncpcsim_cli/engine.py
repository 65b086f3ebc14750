"""`ncpcsim engine`: which engines are here, and the one for a browser."""

from pathlib import Path

import click

from ncpcsim_cli.console import RUNS_FAILED, console, refuse


@click.command("engine")
@click.option(
    "--wasm",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the engine for a browser (WebAssembly) to a file; building one needs ziglang.",
)
def command(wasm: Path | None) -> None:
    """Say which engines are available.

    The compiled engine is made from the same text as the reference engine's rules when ncpcsim is
    installed, and is rebuilt in a checkout whose text has changed. Where there is none, SimPy
    simulates.
    """
    from ncpcsim.compiled.build import source_hash
    from ncpcsim.compiled.library import EngineError, load
    from ncpcsim.compiled.wasm import packaged, write

    if wasm is not None:
        try:
            write(wasm)
        except EngineError as error:
            refuse(f"--wasm: {error}", code=RUNS_FAILED)
        except OSError as error:
            refuse(f"{wasm}: cannot be written ({error.strerror})")
        console().print(f"The engine for a browser is {wasm}", soft_wrap=True)
        return
    states = {}
    for name, look in (("compiled", load), ("for a browser", packaged)):
        try:
            look()
            states[name] = "available"
        except EngineError as error:
            states[name] = str(error)
    screen = console()
    screen.print("reference: available (SimPy)", highlight=False)
    for name, what in states.items():
        screen.print(f"{name}: {what}", highlight=False, soft_wrap=True)
    screen.print(f"source text: {source_hash()[:12]}", highlight=False)
