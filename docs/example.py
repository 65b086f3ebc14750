"""The example of README.md: `python docs/example.py` runs it and puts what it prints there.

Its picture goes to docs/hungary_cash.png.
"""

import re
import subprocess
import tempfile
from pathlib import Path
from shutil import copyfile

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"```text\n.*?```", re.DOTALL)
LAST = "percentile) of the runs in which the centre spent anything that year.\n"


def main() -> None:
    """Run the first command of the README, and keep what it says of coverage."""
    readme = ROOT / "README.md"
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "hungary"
        command = ["ncpcsim", "run", "hungary", "--out", str(out)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
        copyfile(out / "cash.png", ROOT / "docs" / "hungary_cash.png")
    before, there, _ = done.stdout.partition(LAST)
    block = f"```text\n{before}{there}```"
    text, found = BLOCK.subn(lambda _: block, readme.read_text(encoding="utf-8"))
    assert found == 1, f"{readme} has {found} such blocks, expected one"  # noqa: S101
    readme.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
