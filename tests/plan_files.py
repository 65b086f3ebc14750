"""What tests of plan files share."""

from pathlib import Path

from ncpcsim.plan.files import shipped_plans
from ncpcsim.plan.load import Plan, load_plan

SHIPPED = tuple(shipped_plans())


def plan_of(folder: Path, text: str, name: str = "mine.toml") -> Plan:
    (folder / name).write_text(text, encoding="utf-8")
    return load_plan(folder / name)
