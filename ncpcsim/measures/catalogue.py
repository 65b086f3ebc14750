"""Every measure, named once: what a run says in one number.

Tables, documents, `--measure` and the API read this list; docs/measures.md prints it. A measure
whose `better` is None describes a centre and does not judge it.
"""

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from ncpcsim.measures.judgement import Judgement
from ncpcsim.plan.quantity import MONEY, unit_in
from ncpcsim.rules import CENTS_PER_UNIT

Better = Literal["more", "less"] | None
INDICATOR = "indicator."
"""How the column of an indicator begins; its name follows."""


class Columns(Protocol):
    """Columns of runs that finished, by name."""

    def __getitem__(self, column: str) -> NDArray[Any]: ...


@dataclass(frozen=True)
class Measure:
    """One number a run.

    Attributes:
        name: what the command line and documents call it.
        label: what a reader calls it.
        column: where it stands in a table of runs.
        unit: "share" for what happens or not; "ratio" is shown in percent; "money" is the plan's
            currency; "money/money", "months" and what is counted otherwise.
        definition: what it is, in a sentence.
        formula: how it is computed, in the names of accounts, counts and other measures.
        better: whether a centre is better off with more or with less of it.
        digits: decimals in tables.
    """

    name: str
    label: str
    column: str
    unit: str
    definition: str
    formula: str
    better: Better = "more"
    digits: int = 0
    equals: int | None = None
    """The value of the column of which it is the share, if the column holds one of several."""

    @property
    def is_share(self) -> bool:
        """Whether it is one or zero in a run, and a share over runs."""
        return self.unit == "share"

    @property
    def is_money(self) -> bool:
        """Whether it is an amount of money."""
        return self.unit == MONEY

    def unit_in(self, currency: str) -> str:
        """Its unit as readers of a plan in that currency know it."""
        return unit_in(self.unit, currency)

    @property
    def less_is_better(self) -> bool:
        """Whether a centre is better off with less of it."""
        return self.better == "less"

    def values(self, table: Columns) -> NDArray[np.float64]:
        """One number for each run that finished, in the measure's unit; NaN where it has none."""
        numbers = table[self.column]
        if self.equals is not None:
            numbers = numbers == self.equals
        found: NDArray[np.float64] = numbers.astype(np.float64)
        return found / CENTS_PER_UNIT if self.column.endswith("_cents") else found


def _indicator(
    name: str,
    label: str,
    unit: str,
    definition: str,
    formula: str,
    better: Better = "more",
    digits: int = 0,
) -> Measure:
    return Measure(name, label, f"{INDICATOR}{name}", unit, definition, formula, better, digits)


def _output(name: str, label: str, unit: str, formula: str) -> Measure:
    return _indicator(name, label, unit, f"{label}, in the whole run.", formula)


def _judged(judgement: Judgement, label: str, definition: str, better: Better = "less") -> Measure:
    name = judgement.name.lower()
    formula = f"judgement = {int(judgement)}"
    return Measure(
        name, label, "judgement", "share", definition, formula, better, equals=int(judgement)
    )


OUTCOMES = (
    Measure(
        "sustained",
        "sustained",
        "sustained",
        "share",
        "Active in the month judged, without programme money lately, and its income covers its "
        "full cost or its reserve the deficit.",
        "active; no programme income in thresholds.sustained_months; over them, programme-free "
        "income >= thresholds.sustained_coverage x full cost, or reserve >= last year's deficit",
    ),
    Measure(
        "self_sufficient",
        "commercially self-sufficient",
        "self_sufficient",
        "share",
        "The same from fees alone.",
        "active; no programme income in thresholds.sustained_months; over them, fee income >= "
        "thresholds.sustained_coverage x full cost",
    ),
    _judged(
        Judgement.FUNDED,
        "active and still funded",
        "Active, but programme money came in the last thresholds.sustained_months.",
        None,
    ),
    _judged(
        Judgement.NOT_COVERING,
        "active and not covering its cost",
        "Active without programme money, but neither income nor reserve covers its full cost.",
    ),
    _judged(Judgement.DORMANT, "dormant at the end", "Carried by its host, with nobody paid."),
    _judged(
        Judgement.CLOSED,
        "closed before the end",
        "Closed: its creditors waited no longer, and no host carried it.",
    ),
    Measure(
        "lowest_cash",
        "lowest cash",
        "lowest_cash_cents",
        "money",
        "The least unrestricted cash at any month end while open.",
        "min over open months of the balance of cash",
    ),
    Measure(
        "closing_cash",
        "closing cash",
        "closing_cash_cents",
        "money",
        "Unrestricted cash at the end of the run.",
        "balance of cash at the end",
    ),
)
_OWN = "own expenditure of the last twelve open months"
COVERAGES = (
    Measure(
        "fee_coverage",
        "fee coverage",
        "coverage.fee",
        "ratio",
        "What clients, members and newer centres pay for, of own expenditure.",
        f"fees, membership and work for newer centres / {_OWN}",
    ),
    Measure(
        "domestic_coverage",
        "domestic coverage",
        "coverage.domestic",
        "ratio",
        "The same with domestic public money, companies' support and the host's cash.",
        f"fee income + domestic_public + corporate_support + host_cash / {_OWN}",
    ),
    Measure(
        "programme_free_coverage",
        "programme-free coverage",
        "coverage.programme_free",
        "ratio",
        "The same with all other money but the programme's and earmarked money.",
        f"domestic income + other_support + international_projects / {_OWN}",
    ),
)
FULL_COVERAGES = tuple(
    Measure(
        f"full_{measure.name}",
        f"{measure.label}, full cost",
        f"full_{measure.column}",
        "ratio",
        f"{measure.definition.removesuffix('.')}, earmarked money counted on both sides.",
        measure.formula.replace(_OWN, "own and earmarked expenditure of the last twelve months"),
    )
    for measure in COVERAGES
)
INDICATORS = (
    _indicator(
        "subsidy_adjusted_coverage",
        "coverage with contributions in kind counted as costs",
        "ratio",
        "Programme-free income over expenditure and what is given in kind.",
        "programme-free income / (own expenditure + contributions in kind), last year",
    ),
    _indicator(
        "reserve_months",
        "months of expenditure covered by cash and receivables, less debts",
        "months",
        "How long the centre could go on without any income.",
        "(cash + receivables - payables - loans at the end) / own expenditure a month, last year",
        digits=1,
    ),
    _indicator(
        "largest_source_share",
        "reliance on the largest source of income",
        "ratio",
        "Share of all income from its largest source; clients are one, and so is the programme.",
        "largest source / all income, last year",
        "less",
    ),
    _indicator(
        "committed_share",
        "year after programme money: income agreed, of a year's costs",
        "ratio",
        "At the end of the funding window: tranches due and unpaid invoices, of a year's costs.",
        "(tranches due within a year + receivables) / own expenditure of the year before",
    ),
    _indicator(
        "committed_with_contracts_share",
        "income agreed and contracts in hand, of a year's costs",
        "ratio",
        "The same with what contracts that were won still pay.",
        "(committed + contracts won and not finished, at plan prices) / own expenditure",
    ),
    _indicator(
        "hoped_share",
        "income expected in that year, of a year's costs",
        "ratio",
        "At the end of the funding window: income of the past year again, and extensions.",
        "(operational income and host_cash of the past year + extensions at their chance) / own "
        "expenditure",
    ),
    _indicator(
        "hoped_with_contracts_share",
        "income expected with bids, weighted by chance, of a year's costs",
        "ratio",
        "The same with a year's calls, each at its chance of being won.",
        "(hoped for + calls x chance x amount + contracts in hand x chance of renewal x amount) / "
        "own expenditure",
    ),
    _indicator(
        "passed_through_per_own",
        "earmarked money spent, per unit of own money (whole run)",
        "money/money",
        "What earmarked money paid for, per unit of what the centre's own money paid for.",
        "earmarked expenditure / own expenditure, whole run",
        None,
        2,
    ),
    _indicator(
        "mission_share",
        "staff time for the mission",
        "ratio",
        "Share of staff hours spent on services that the plan marks as the mission.",
        "staff hours on the mission / all staff hours, last year",
    ),
    _indicator(
        "mature_years",
        "years from the fifth on in which earned income could fall",
        "years",
        "Years after a mature one (from the fifth full fiscal year on), active through both, with "
        "income in the first that somebody pays for: neither gifts nor the host or the programme.",
        "fiscal years y with y - 1 >= fifth full one, active in all months of both, earned > 0 in "
        "y - 1; earned = fees + membership + newer_centres + domestic_public + "
        "international_projects",
        None,
    ),
    _indicator(
        "income_fall_share",
        "years in which earned income fell by 30 % or more, of those",
        "ratio",
        "Of a mature centre's years, those with at most 70 % of the earned income of the year "
        "before.",
        "mature years with earned <= 0.7 x earned of the year before / mature_years",
        "less",
    ),
    _indicator(
        "first_covered_month",
        "months until a year was covered without the programme",
        "months",
        "Months until the first full year whose own expenditure programme-free income covered.",
        "first month + 1 whose trailing year has programme-free income >= own expenditure",
        "less",
    ),
    _indicator(
        "first_fully_covered_month",
        "months until a year's full cost was covered without it",
        "months",
        "Months until the first full year whose own and earmarked expenditure it covered.",
        "first month + 1 whose trailing year has programme-free income >= full cost",
        "less",
    ),
    _indicator(
        "last_dependence_month",
        "month of last dependence on the programme (whole run)",
        "months",
        "The last open month whose trailing year of full cost was not covered; -1 if there is "
        "none.",
        "last month whose trailing year has programme-free income < full cost",
        "less",
    ),
    _indicator(
        "client_savings_per_programme",
        "clients' savings per unit of programme money",
        "money/money",
        "What clients saved in the whole run, per unit of the founding programme's money.",
        "clients.savings / programme income, whole run",
        digits=2,
    ),
    _indicator(
        "programme_per_assessment",
        "programme money per assessment (whole run)",
        "money",
        "Programme money of the whole run per piece of work that finds options at a client.",
        "programme income / assessments done, whole run",
        "less",
    ),
    _indicator(
        "net_present_value",
        "net present value of the options implemented (whole run)",
        "money",
        "What all options implemented in the run save over savings.npv_years, discounted, less "
        "what they cost.",
        "clients.implemented_year x (1 - (1 + r) ^ -savings.npv_years) / r - clients.invested; r = "
        "savings.npv_discount_year",
    ),
)
"""Over the last twelve open months of a run unless they say otherwise."""
OUTPUTS = (
    _output("events_held", "awareness events held", "events", "awareness done"),
    _output("people_reached", "people at awareness events", "people", "awareness participants"),
    _output("people_trained", "people trained", "people", "training and assessment participants"),
    _output(
        "person_days_of_training",
        "person-days of training",
        "person-days",
        "training and assessment person_days",
    ),
    _output("plants_assessed", "plants assessed", "plants", "assessment.done"),
    _output(
        "management_systems",
        "plants helped to a management system",
        "plants",
        "management_system.done",
    ),
    _output(
        "finance_applications",
        "applications for finance",
        "applications",
        "investment_proposal.done",
    ),
    _output(
        "finance_accepted",
        "applications accepted",
        "applications",
        "investment_proposal.financed",
    ),
    _output(
        "institutions_won",
        "institutions that took the subject up",
        "institutions",
        "training.institutions",
    ),
    _output(
        "assessors_at_work",
        "assessors it trained who are at work",
        "people",
        "training and assessment assessors",
    ),
    _output("policy_papers", "policy papers", "papers", "policy_advice.done"),
    _output(
        "recommendations_adopted",
        "recommendations adopted",
        "recommendations",
        "policy_advice.adopted",
    ),
    _output("client_savings", "clients' savings", "money", "clients.savings"),
    _output("energy_saved_gj", "energy saved", "GJ", "clients.energy_gj"),
    _output("water_saved_t", "water saved", "t", "clients.water_t"),
    _output("waste_avoided_t", "waste avoided", "t", "clients.waste_t"),
    _output(
        "water_pollutants_avoided_t",
        "water pollutants avoided",
        "t",
        "clients.water_pollutants_t",
    ),
    _output("air_pollutants_avoided_t", "air pollutants avoided", "t", "clients.air_pollutants_t"),
    _output(
        "greenhouse_gases_avoided_t",
        "greenhouse gases avoided",
        "t",
        "clients.greenhouse_gases_t",
    ),
    _output("client_investment", "invested by clients in options", "money", "clients.invested"),
    _output("client_loans", "of that, lent on applications", "money", "clients.borrowed"),
)
"""What a centre reports of its work (003, Figures 5 and 4)."""
_ALL = (*OUTCOMES, *COVERAGES, *FULL_COVERAGES, *INDICATORS, *OUTPUTS)
MEASURES = {measure.name: measure for measure in _ALL}
MAIN = (*OUTCOMES, *COVERAGES, MEASURES["reserve_months"], MEASURES["mission_share"])
"""Those that a table of a few shows."""


def measure_of(name: str) -> Measure:
    """A measure by its name.

    Raises:
        ValueError: there is none; the message names the main ones, and those named alike.
    """
    if name not in MEASURES:
        close = get_close_matches(name, MEASURES, n=1)
        meant = f", did you mean {close[0]!r}?" if close else ""
        main = ", ".join(measure.name for measure in MAIN)
        raise ValueError(f"is {name!r}, expected one of {main} or of docs/measures.md{meant}")
    return MEASURES[name]
