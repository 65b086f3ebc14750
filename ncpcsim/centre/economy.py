"""What surrounds the centre: prices that rise, money that changes its worth, recessions.

All of it is luck drawn up front: a plan's levers do not change the economy it meets.
"""

import math

from ncpcsim import rules
from ncpcsim.luck import WORDS_PER_BLOCK, Luck
from ncpcsim.plan.schema import Exchange, Numbers


class Economy:
    """The economy of one run, by month.

    Attributes:
        costs: what pay and costs of 1 have become, by month.
        prices: what the centre's prices of 1 have become, by month.
        exchange: what foreign money worth 1 at the start is worth, by month.
        recessions: begin and end of each recession, in months.
    """

    def __init__(self, numbers: Numbers, luck: Luck) -> None:
        economy, months = numbers.economy, numbers.horizon.months + 1
        self.recessions: list[tuple[float, float]] = []
        self._recession_demand = 1.0
        self.exchange = _worth(numbers.exchange, luck, months)
        if economy is None:
            self.costs = self.prices = [1.0] * months
            return
        inflation = economy.inflation_year
        self.costs = [rules.level(inflation, m) for m in range(months)]
        follows = inflation * economy.price_follow_share
        self.prices = [rules.level(follows, m) for m in range(months)]
        self._recession_demand = economy.recession_demand
        if economy.recessions_year > 0:
            self._draw_recessions(
                luck, 12 / economy.recessions_year, economy.recession_months, months
            )

    def demand(self, exposure: float | None, time: float) -> float:
        """Share of demand that is there, for a service exposed to the cycle."""
        if not exposure or not any(begin <= time < end for begin, end in self.recessions):
            return 1.0
        return rules.cycle_demand(exposure, self._recession_demand)

    def _draw_recessions(self, luck: Luck, growth: float, recession: float, months: int) -> None:
        time, index = 0.0, 0
        while time < months:
            until_next, length, *_ = luck.draws("economy.cycle", index, 1, WORDS_PER_BLOCK)[0]
            begin = time + rules.exponential(growth, until_next)
            time = begin + rules.exponential(recession, length)
            self.recessions.append((begin, time))
            index += 1


def _worth(exchange: Exchange | None, luck: Luck, months: int) -> list[float]:
    """What foreign money worth 1 at the start is worth, by month."""
    if exchange is None:
        return [1.0] * months
    worth, log_worth = [1.0], 0.0
    for draws in luck.draws("economy.exchange", 0, months - 1, WORDS_PER_BLOCK):
        log_worth = rules.exchange_step(
            log_worth, exchange.drift_year, exchange.volatility_year, draws[0]
        )
        worth.append(math.exp(log_worth))
    return worth
