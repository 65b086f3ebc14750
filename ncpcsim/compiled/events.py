"""What may happen, and what a job is: the codes that the event loop works with."""

from enum import IntEnum


class What(IntEnum):
    """What happens at an event."""

    CANDIDATE = 0
    OFFER = 1
    DECISION = 2
    WORK_ENDS = 3
    EXPERTS_END = 4
    PATIENCE_ENDS = 5
    PAID = 6
    WRITTEN_OFF = 7
    RELAPSE_DECIDED = 8
    SUCCESS_FEE = 9
    FEE_PAID = 10
    MEMBER_YEAR = 11
    CALL = 12
    CONTRACT_COSTS = 13
    CONTRACT_WAITED = 14
    TRANCHE_DUE = 15
    TRANCHE_ARRIVES = 16
    EXTENSION_DECIDED = 17
    EXTENSION_ARRIVES = 18
    PAYROLL = 19
    RUNNING_COSTS_BEGIN = 20
    RUNNING_COSTS = 21
    EARMARKED_SPENDING = 22
    EQUIPMENT = 23
    DEPRECIATION = 24
    GAINS = 25
    SETTLEMENT = 26
    HOST_CONTRIBUTION = 27
    HOST_DEFAULT = 28
    HOST_RECOVERY = 29
    HOST_LOSS = 30
    MOVED = 31
    REVIEW = 32
    CLOSING = 33
    POSITION_BEGINS = 34
    POSITION_ENDS = 35
    LEAVING = 36
    RETURN = 37
    HIRED = 38
    LET_GO = 39
    POLICY = 40
    CANDIDATE_AGAIN = 41
    NETWORK = 42
    BOARD_MEETS = 43
    INVESTED = 44


class JobKind(IntEnum):
    """What a job is; engagements, and those that wait for a proposal, come first."""

    ENGAGEMENT = 0
    PROPOSAL = 1
    BID = 2
    CONTRACT = 3
    COSTS = 4
    MEMBER = 5
    SAVING = 6
    NETWORK = 7
    HELD = 8
    INVESTMENT = 9


class Seat(IntEnum):
    """What the absence of a position holds."""

    NONE = 0
    WAITS = 1
    HOLDS = 2


class Return(IntEnum):
    """Why somebody was away, and what follows: was paid meanwhile; a successor comes.

    `REPLACED`: whoever left for late pay, apart from the turnover that the position has.
    """

    REPLACED = -1
    UNPAID = 0
    SUCCESSOR = 1
    PAID = 2
