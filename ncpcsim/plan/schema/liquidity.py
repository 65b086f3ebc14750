"""How a centre bridges months without cash, and when it becomes dormant or closes."""

from ncpcsim.plan.quantity import Frozen, Share, lever, uncertain


class Liquidity(Frozen):
    """Who waits for a centre's money, who lends, and how long.

    What is short at a month's end is lent by the host, then by a bank against signed agreements,
    then by overdraft; bills beyond that are paid late. A centre whose creditors wait no longer
    becomes dormant if its host carries it (nobody is paid by the centre, nothing is taken on), and
    closes if it does not.
    """

    credit_line: float = lever(
        "money", "how far below zero the bank lets the centre's cash fall", ge=0
    )
    advanced_share: Share | None = uncertain(
        "share",
        "part of signed money still to come that its donors advance, without interest",
        default=None,
    )
    advance_probability: Share | None = uncertain(
        "probability", "chance that they do when they are asked", default=None
    )
    bridged_share: Share = uncertain(
        "share", "part of signed money still to come that a bank lends against the agreement"
    )
    refused_probability: Share | None = uncertain(
        "probability",
        "chance that the bank refuses to lend against agreements when it is asked",
        default=None,
    )
    bridged_months: int = lever("months", "how far ahead signed money counts for that", ge=0)
    interest_year: float = uncertain(
        "share/year", "interest on overdraft and bridging", ge=0, le=10
    )
    creditors_bear_months: float = uncertain(
        "months", "how long staff and suppliers accept late payment", ge=0
    )
    dormant_months: int = lever(
        "months", "how long a dormant centre lasts when no host carries it", ge=0
    )
    wakes_months: float = lever(
        "months", "months of its costs for which a dormant centre needs cash to open again", ge=0
    )
