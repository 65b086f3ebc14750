"""What stands for words in the tables: payers, origins, categories, and no row at all."""

from enum import IntEnum
from typing import NewType

Key = NewType("Key", int)
"""The key of a stream of random numbers, 0 to 2**64 - 1."""
Month = NewType("Month", int)
"""A month of the plan. In a table it is counted from the first day of the run: the writer sees to
that (`ncpcsim.model.writer`), so that a plan may begin in the middle of its life."""
Moment = NewType("Moment", float)
"""The same where it may be infinite, or a part of a month."""
NONE = -1
"""The index of no row."""


class Payer(IntEnum):
    """Who pays a position; a number from 0 on is the row of a grant."""

    CENTRE = -1
    HOST = -2
    NOBODY = -3


class Variability(IntEnum):
    """How working days vary."""

    FIXED = 0
    EXPONENTIAL = 1
    LOGNORMAL = 2


class Origin(IntEnum):
    """Where engagements come from."""

    ENQUIRY = 0
    OFFER = 1
    FOLLOW_ON = 2
    DEMONSTRATION = 3


class Earmark(IntEnum):
    """The categories of earmarked money, in the order of their accounts."""

    SALARIES = 0
    SUBCONTRACTORS = 1
    TRAVEL = 2
    EQUIPMENT = 3
    MISCELLANEOUS = 4


EARMARKS = len(Earmark)
