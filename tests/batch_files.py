"""What tests of batch files share."""

from pathlib import Path

from ncpcsim.plan.variants import Batch, read_batch

SHORT = """\
extends = "hungary"
[horizon]
judged_month = 7
"""


def read(text: str, head: str = 'base = "short.toml"\n') -> Batch:
    Path("mixes.toml").write_text(head + text)
    return read_batch("mixes.toml")


DESIGN = """
seed = {seed}
[design]
points = {points}
method = "{method}"
[design.over]
"costs.equipment_month" = [6, 9]
"costs.travel_month" = [100, 300]
"host.delivered_share" = "prior"
"""
