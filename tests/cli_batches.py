"""What tests of the batch command share."""

import re
from pathlib import Path

from click.testing import CliRunner, Result

from ncpcsim_cli.main import main
from tests.batches import VARIANTS

RUNS = 12


def ncpcsim(*arguments: str | Path) -> Result:
    """Run the command in this process, on one worker."""
    words = [str(argument) for argument in arguments]
    if words[0] == "batch" and "--workers" not in words:
        words += ["--workers", "1"]
    result = CliRunner().invoke(main, words)
    assert isinstance(result.exception, SystemExit | None), result.exception
    return result


def rows(text: str) -> dict[str, str]:
    """Lines of a table by the variant they begin with."""
    found = {}
    for line in text.splitlines():
        name = next((name for name in VARIANTS if line.startswith(f"{name}  ")), None)
        if name:
            found[name] = re.sub(r"\s+", " ", line)
    return found
