"""Boards: how far an advisory one is heard, how long an executive one takes."""

from math import floor

MOST_IN_MEETINGS = 0.9
"""Of the time of somebody who leads, at most."""


def voices(members: float, manageable: float) -> float:
    """How many members of an advisory board are heard: of a large one, fewer."""
    if members <= manageable:
        return members
    return manageable * manageable / members


def board_months(members: float, meetings_year: float, agreeing: float) -> int:
    """Whole months from a decision of the director to that of a board.

    Half of the time between two meetings; as many times longer as it has more members than can
    agree in one.
    """
    return floor(6.0 / meetings_year * max(members / agreeing, 1.0) + 0.5)


def meetings_share(days_year: float, working_days_month: float) -> float:
    """Share of one person's time that so many days of meetings a year take."""
    return min(days_year / (12.0 * working_days_month), MOST_IN_MEETINGS)
