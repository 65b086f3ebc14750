"""Why a run may end without a result, in the same words whichever engine ran it."""

from enum import IntEnum


class Fault(IntEnum):
    """What stops a run."""

    NONE = 0
    MONEY = 1
    COUNT = 2
    STREAM = 3
    RECESSIONS = 4
    CALENDAR = 5
    QUEUE = 6
    JOBS = 7
    INSTALMENTS = 8
    CUTS = 9
    SHIFTS = 10


MOST_COUNTED = 9_007_199_254_740_992
"""The most that can be counted of anything in a month: 2**53."""

WORDS = {
    Fault.MONEY: "an amount or a balance is negative or above 90,071,992,547,409.92",
    Fault.COUNT: "something is counted more than 9,007,199,254,740,992 times in a month",
    Fault.STREAM: "a stream has more than 16,777,216 members",
    Fault.RECESSIONS: "there are more than two recessions a month",
    Fault.CALENDAR: "too many events lie ahead at once",
    Fault.QUEUE: "too many engagements wait for staff at once",
    Fault.JOBS: "too many engagements are under way at once",
    Fault.INSTALMENTS: "too many tranches are being spent at once",
    Fault.CUTS: "there are more than two cuts of the public budget a month",
    Fault.SHIFTS: "a segment's demand shifts more than twice a month",
}
"""What a reader is told."""


class RunError(ArithmeticError):
    """A run that cannot be carried to its end.

    Attributes:
        fault: what stopped it.
    """

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault

    def __str__(self) -> str:
        return WORDS[self.fault]
