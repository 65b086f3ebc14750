"""What money makes the centre able to do: experience, services, options, days, time kept."""

from collections.abc import Mapping

from ncpcsim import rules
from ncpcsim.accounting.ledger import Account
from ncpcsim.model.fields import Inputs


class AbilityState:
    """What has been bought with money for consultants, training and equipment.

    Attributes:
        trained: how far the centre can do what needs somebody trained abroad, 0 to 1.
        found_share: share of options that are found with its measuring kits.
        supported_until: month until which a counterpart is of use.
        time_kept: share of their time that people keep with what was last spent on running costs.
    """

    def __init__(self, inputs: Inputs) -> None:
        self._terms, self._savings = inputs.ability, inputs.savings
        self._days_month, learning = inputs.staff.working_days_month, inputs.learning
        self.supported_until = rules.supported_until(
            learning.counterpart_until_month,
            learning.counterpart_fits_months,
            inputs.horizon.elapsed_months,
        )
        self.time_kept = 1.0
        self._abroad_months = inputs.opening.abroad_months
        self._kits, self._days_left = inputs.opening.kits, 0.0
        # Experience of those who are there from the first day on, beyond their time, by month.
        self._experience = [0.0]
        self._see()

    def _see(self) -> None:
        terms = self._savings
        self.trained = rules.trained(self._abroad_months, self._terms.services_months)
        self.found_share = rules.found_share(terms.unmeasured_share, self._kits, terms.kits_cost)

    def experience(self, since: float) -> float:
        """Months of experience, beyond their time, of whoever came at `since`."""
        gained = self._experience
        return gained[-1] - gained[rules.month_before(since, len(gained) - 1)]

    def buy_kits(self, cents: int, level: float) -> None:
        """Buy equipment at some level of costs."""
        self._kits += rules.bought(cents, level, 1.0)
        self._see()

    def end_month(self, spent: Mapping[int, int], level: float, people: int) -> None:
        """Count what a month's earmarked money has brought to those at work.

        Args:
            spent: in cents, by account.
            level: what costs of 1 have become.
            people: how many are at work.
        """
        terms = self._terms
        travel = spent.get(Account.EARMARKED_TRAVEL, 0)
        months = rules.bought(travel, level, terms.abroad_month_cost)
        abroad = rules.with_people(months, people)
        supported = rules.part_of_month(len(self._experience) - 1, self.supported_until)
        self._abroad_months += abroad * people + supported * terms.counterpart_worth_months
        consultants = spent.get(Account.EARMARKED_SUBCONTRACTORS, 0)
        self._days_left = rules.bought(consultants, level, terms.day_rate)
        beside = rules.with_people(self._days_left / self._days_month, people)
        worth, speed = terms.abroad_worth_months, terms.beside_speed
        gained = rules.experience(abroad, worth, beside, speed)
        self._experience.append(self._experience[-1] + gained)
        self.buy_kits(spent.get(Account.EARMARKED_EQUIPMENT, 0), level)

    def carry(self, days: float) -> float:
        """Let consultants carry what they can of a project's days, and say how much that is."""
        carried = rules.carried(days, self._terms.carried_share, self._days_left)
        self._days_left -= carried
        return carried
