"""Ship fits: `python docs/ship.py BOTH HUNGARY CZECH`, folders of `ncpcsim calibrate --out`.

Puts their posteriors into calibration/posteriors and the report of BOTH, if there is one, into
calibration/report; marks in the plans which parameters stay where their priors put them; writes
calibration/priors.txt.
"""

import json
import re
import subprocess
import sys
from pathlib import Path
from shutil import copytree

ROOT = Path(__file__).parents[1]
SHIPPED = ROOT / "calibration"
MARK = ", prior_driven = true"
SECTION = re.compile(r"\[(.+)\]")
TRANCHE = re.compile(r"(.+\.tranches)\[(\d+)\]\.(.+)")


def main() -> None:
    """Copy, mark and list."""
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    for name, folder in zip(("both", "hungary", "czech"), map(Path, sys.argv[1:]), strict=True):
        copytree(folder / "posterior", SHIPPED / "posteriors" / name, dirs_exist_ok=True)
    if (report := Path(sys.argv[1]) / "report").is_dir():
        copytree(report, SHIPPED / "report", dirs_exist_ok=True)
    manifest = json.loads((SHIPPED / "posteriors" / "both" / "manifest.json").read_text("utf-8"))
    for name, one in manifest["parameters"].items():
        centre, _, path = name.rpartition(":")
        mark(centre or "generic", path, driven=one["prior_driven"])
    command = ["ncpcsim", "calibrate", "both", "--priors"]
    listed = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    (SHIPPED / "priors.txt").write_text(listed.stdout, encoding="utf-8")


def mark(plan: str, path: str, *, driven: bool) -> None:
    """Mark a parameter in the plan that states it, or take the mark away.

    A centre's own prior that only `generic` states is marked there: if two centres differ in what
    they learn of it, one of them must state it itself, and a test says which.
    """
    for name in dict.fromkeys((plan, "generic")):
        file = ROOT / "scenarios" / f"{name}.toml"
        lines = file.read_text(encoding="utf-8").splitlines()
        place = stated_at(lines, path)
        if place is None:
            continue
        # By hand: tomlkit does not keep the spaces inside an inline table.
        key = path.rpartition(".")[2]
        table = re.compile(rf"\b({key} = {{ [^{{}}]*?)({MARK})?( }})")
        marked, found = table.subn(rf"\1{MARK if driven else ''}\3", lines[place], count=1)
        if not found:
            break
        if marked != lines[place]:
            print(f"{name}: {path}: {'marked' if driven else 'no longer marked'}")
            lines[place] = marked
            file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return
    sys.exit(f"{plan}: {path}: no plan states it on a line of its own")


def stated_at(lines: list[str], path: str) -> int | None:
    """The number of the line on which a plan states a value, if it does."""
    tranche = TRANCHE.fullmatch(path)
    inside, _, key = (tranche[1] if tranche else path).rpartition(".")
    section = ""
    for number, line in enumerate(lines):
        if found := SECTION.fullmatch(line.strip()):
            section = found[1]
        if section == inside and line.startswith(f"{key} = "):
            return number + 1 + int(tranche[2]) if tranche else number
    return None


if __name__ == "__main__":
    main()
