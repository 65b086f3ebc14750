"""Fields of the tables of people, and of the director's rules."""

from typing import NamedTuple

from ncpcsim.model.codes import Key, Moment


class Staff(NamedTuple):
    """Terms of work."""

    working_days_month: float
    social_security_share: float
    outside_day_rate: float


class Learning(NamedTuple):
    """How newcomers learn; a productivity of 1 on the first day where they need not.

    `counterpart_fits_months`: from the plan's start, not from the run's.
    """

    months: float
    productivity_at_start: float
    counterpart_until_month: Moment
    counterpart_speed: float
    counterpart_cost_month: float
    counterpart_fits_months: float


class Ability(NamedTuple):
    """What earmarked money buys of training abroad and of consultants; prices of 0: nothing."""

    abroad_month_cost: float
    abroad_worth_months: float
    services_months: float
    counterpart_worth_months: float
    day_rate: float
    carried_share: float
    beside_speed: float


class Turnover(NamedTuple):
    """How people leave; a rate of 0 where they stay."""

    leaves_year: float
    recruit_months: float
    leaves_year_late: float


class Overflow(NamedTuple):
    """Outside experts for what staff cannot do."""

    above_waiting: int
    days_month: float


class Leadership(NamedTuple):
    """What those who lead do; `team` and `office` are -1 where the plan does not say."""

    team: int
    office: int
    direction_share: float
    office_share: float
    unknown_share: float
    respect_months: float


class AdvisoryBoard(NamedTuple):
    """Who speaks for the centre; no meetings where nobody does."""

    members: int
    meetings_year: float
    meeting_days: float
    manageable_members: float
    credibility_gain: float
    members_tell: float
    order: int


class ExecutiveBoard(NamedTuple):
    """Who decides with the director; no meetings where nobody does."""

    members: int
    meetings_year: float
    meeting_days: float
    agreeing_members: float
    reserve_asked_months: float


class Management(NamedTuple):
    """The director's rules. `present`: there is one who reviews. `team`: which one hires.

    `plans_posts`: posts are given up and filled again.
    """

    present: bool
    team: int
    hire_above_waiting: int
    recruit_months: int
    let_go_below_utilisation: float
    notice_months: int
    board_delay_months: int
    mission_floor_share: float
    more_mission_days: float
    mission_step: float
    reprice_step: float
    reprice_up_above: float
    reprice_down_below: float
    reserve_months: float
    cut_ahead_months: int
    hoped_share: float
    bid_up_to_waiting: int
    plans_posts: bool
    fewest_people: int
    short_time_share: float
    least_share: float
    most_share: float
    review_order: int
    offers_order: int


class Team(NamedTuple):
    """The people of one role: their positions stand together."""

    first_position: int
    positions: int


class Position(NamedTuple):
    """A place for one person.

    `person`: number among those of its post. `name_rank`: rank of its name among all. `hired`: the
    director may fill it; it is none of the plan's posts. `since`: when whoever holds it on the
    first day came.
    """

    team: int
    payer: int
    then_ends: bool
    from_month: Moment
    until_month: Moment
    since: Moment
    salary_month: float
    respected: float
    hired: bool
    person: int
    name_rank: int
    seconded_stream: Key
    turnover_stream: Key
    late_stream: Key
    order: int
    turnover_order: int
    late_order: int
    hire_order: int
    let_go_order: int
    default_order: int
    loss_order: int
    move_order: int
