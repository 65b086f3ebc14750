"""How a run ends: in which state, since when, and why."""

from enum import IntEnum

NEVER = -1
"""A month in which something that never happened did."""


class State(IntEnum):
    """What a centre is at a month's end."""

    ACTIVE = 0
    DORMANT = 1
    CLOSED = 2


class Cause(IntEnum):
    """Why bills were paid late for the first time, in the spell that led to the end."""

    NONE = 0
    DONOR_LEFT = 1
    TRANCHE_LATE = 2
    CLIENTS_LATE = 3
    HOST_FAILED = 4
    PROGRAMME_OVER = 5
    COSTS_TOO_HIGH = 6
    LATE_AT_FIRST = 7


CAUSES = {
    Cause.DONOR_LEFT: "a donor left its agreement",
    Cause.TRANCHE_LATE: "a signed tranche was late",
    Cause.CLIENTS_LATE: "clients paid late",
    Cause.HOST_FAILED: "the host did not deliver",
    Cause.PROGRAMME_OVER: "the programme had ended, and income did not meet costs",
    Cause.COSTS_TOO_HIGH: "costs ran ahead of income while the programme paid",
    Cause.LATE_AT_FIRST: "bills were overdue on the first day",
}
"""Every cause in words."""
