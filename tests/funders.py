"""What tests of those who give money share."""

REPLICATIONS = range(40)


def received(tranches: dict[int, int], months: int) -> list[int]:
    """Income of some months in cents, as the books show it."""
    return [-tranches.get(month, 0) for month in range(months)]


EXTENSION = {"credibility": 0.5, "probability": 1, "months": 4, "amount": 4000}
