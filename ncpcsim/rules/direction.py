"""What the director decides."""

from ncpcsim.rules.people import HOURS_PER_DAY


def utilisation(busy_months: float, people_months: float) -> float:
    """Share of their time that people were at work; where there is nobody, nobody is idle."""
    return busy_months / people_months if people_months > 0.0 else 1.0


def mission_first(mission_hours: int, all_hours: int, planned_share: float) -> bool:
    """Whether the mission had less than its planned share of the staff's time."""
    return mission_hours < planned_share * all_hours


def is_above_floor(mission_hours: int, all_hours: int, floor_share: float) -> bool:
    """Whether the mission had more than its least share of the staff's time."""
    return mission_hours > floor_share * all_hours


def lacking_days(mission_hours: int, all_hours: int, floor_share: float, most_days: float) -> float:
    """Days of work, at most so many, that bring the mission to its floor beside all other work.

    Args:
        mission_hours: of the last year, for the mission.
        all_hours: of the last year.
        floor_share: the mission's least share of them.
        most_days: that the director adds in a month.
    """
    lacking = floor_share * all_hours - mission_hours
    if lacking <= 0.0 or floor_share >= 1.0:
        return most_days if lacking > 0.0 else 0.0
    return min(lacking / (1.0 - floor_share) / HOURS_PER_DAY, most_days)


def mission_share(
    planned: float, floor_share: float, own_income_cents: int, spent_cents: int, step: float
) -> float:
    """The share of time planned for the mission after the yearly rewriting.

    More after a year whose own income met its costs, less after one that did not, never below its
    floor.
    """
    moved = planned + (step if own_income_cents >= spent_cents else -step)
    return min(max(moved, floor_share), 1.0)


def repriced(
    factor: float, accepted: int, asked: int, step: float, down_below: float, up_above: float
) -> float:
    """The price factor after the yearly rewriting: up when most accept, down when few do."""
    if asked == 0:
        return factor
    share = accepted / asked
    if share > up_above:
        return factor * (1.0 + step)
    return factor * (1.0 - step) if share < down_below else factor


def ends_fiscal_year(start_month: int, month: int) -> bool:
    """Whether a month of the plan is the last of a calendar year."""
    return (start_month + month) % 12 == 11


def year_of(start_month: int, month: int) -> int:
    """The calendar year of a month of the plan, counted from that of its start."""
    return (start_month + month) // 12
