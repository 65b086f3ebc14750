"""What the director decides."""

from math import inf


def runway_months(cash_cents: int, paid_cents: int, months: int) -> float:
    """How long cash would carry payments like those of the last `months`: none below zero cash."""
    if cash_cents <= 0:
        return 0.0
    return float(cash_cents) * months / paid_cents if paid_cents > 0 else inf


def utilisation(busy_months: float, people_months: float) -> float:
    """Share of their time that people were at work; where there is nobody, nobody is idle."""
    return busy_months / people_months if people_months > 0.0 else 1.0


def lets_go(
    runway: float, shortest_runway: float, utilised: float, least_utilisation: float
) -> bool:
    """Whether somebody hired is to go: cash is short, or there is too little work."""
    return runway < shortest_runway or utilised < least_utilisation


def gives_up(runway: float, shortest_runway: float, staying: int, fewest: int) -> bool:
    """Whether a post is given up: cash is all but gone, and more than the fewest stay."""
    return runway < shortest_runway and staying > fewest


def fills(runway: float, needed_runway: float) -> bool:
    """Whether a post given up is filled again: cash lasts."""
    return runway >= needed_runway


def hires(waiting: int, above_waiting: int, runway: float, needed_runway: float) -> bool:
    """Whether somebody is hired beyond the posts: much work waits, and cash lasts."""
    return waiting > above_waiting and runway >= needed_runway


def spending_level(runway: float, normal_runway: float, least: float, most: float) -> float:
    """Running costs to those planned: in proportion to how long cash would last, within limits."""
    return min(max(runway / normal_runway, least), most)


def mission_first(mission_hours: int, all_hours: int, planned_share: float) -> bool:
    """Whether the mission had less than its planned share of the staff's time."""
    return mission_hours < planned_share * all_hours


def skips_mission(
    runway: float, needed_runway: float, mission_hours: int, all_hours: int, floor_share: float
) -> bool:
    """Whether the centre leaves out what it offers free, to save its cash.

    Not below the mission's floor: a centre that lives by becoming a consulting firm has failed.
    """
    return runway < needed_runway and mission_hours > floor_share * all_hours


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
