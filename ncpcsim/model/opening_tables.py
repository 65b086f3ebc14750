"""Rows of a plan's tables that say where the centre stands on the first day of the run."""

import math
from typing import Any

from ncpcsim.model.writer import At, Writer, all_of

_STREAM = "opening.invoices"


def opening(tables: Writer) -> None:
    """What the centre owns and owes, and who gave it money lately."""
    stands, path = tables.numbers.opening, ("opening",)
    given: dict[str, Any] = dict.fromkeys(
        ("receivables", "delay_months", "bad_debt_probability", "payables", "equipment"), 0.0
    )
    given |= dict.fromkeys(("invoices", "late_months", "equipment_months"), 0)
    if stands.receivables is not None:
        given |= all_of(stands.receivables, (*path, "receivables"))
        given["receivables"] = given.pop("amount")
    if stands.payables is not None:
        given |= all_of(stands.payables, (*path, "payables"))
        given["payables"] = given.pop("amount")
    if stands.equipment is not None:
        value = At((*path, "equipment", "net_value"), stands.equipment.net_value)
        given |= {"equipment": value, "equipment_months": stands.equipment.months_left}
    if stands.net_fees_month is None:
        given["net_fees_month"] = -1.0
    tables.add(
        "opening",
        stands,
        path,
        invoices_stream=tables.key(_STREAM),
        invoices_order=tables.order(_STREAM),
        **given,
    )
    for name in tables.givers:
        gave = stands.sources.get(name)
        tables.add_number("last_gave", -math.inf if gave is None else float(-gave.months_ago))
