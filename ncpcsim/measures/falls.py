"""How often the earned income of a mature centre falls by a third or so from one year to the next.

*Earned* is what somebody pays for: fees, membership, work for newer centres, public money at home
(tenders, and what a ministry pays) and international projects. Companies' gifts, the host's cash,
other support and the programme's money are left out. A centre is *mature* from its fifth full
fiscal year on.
"""

import numpy as np
from numpy.typing import NDArray

from ncpcsim.accounting.ledger import OPERATIONAL, Account
from ncpcsim.measures.coverage import by_year, fiscal_years, ratio
from ncpcsim.model.ending import State
from ncpcsim.model.record import Records
from ncpcsim.plan.schema import Numbers

FALL = 0.3
"""Part of a year's earned income that is lost in a fall."""
MATURE_FROM = 5
"""The full fiscal year from which on a centre is mature."""
_EARNED = (*OPERATIONAL, Account.DOMESTIC_PUBLIC, Account.INTERNATIONAL_PROJECTS)
_YEAR = 12


def falls(records: Records, numbers: Numbers) -> dict[str, NDArray[np.float64]]:
    """Years that could tell, and the share of them with a fall, shape (runs,) each."""
    earned, there = mature_years(records, numbers)
    before, after = earned[:, :-1], earned[:, 1:]
    watched = there[:, :-1] & there[:, 1:] & (before > 0)
    fallen = watched & (after <= (1 - FALL) * before)
    years = watched.sum(axis=1)
    return {
        "mature_years": years.astype(np.float64),
        "income_fall_share": ratio(fallen.sum(axis=1), years),
    }


def mature_years(records: Records, numbers: Numbers) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Earned income in cents of each mature year, and whether the centre was active all through it.

    Returns:
        Both of shape (runs, years).
    """
    year_of = fiscal_years(numbers.start, records.months)
    net = records.net_cents
    monthly = -net[:, Account.FEES :].sum(axis=1) - net[:, list(_EARNED)].sum(axis=1)
    active = by_year((records.states() == State.ACTIVE).astype(np.int64), year_of) == _YEAR
    mature = places_of_mature_years(numbers)
    return by_year(monthly, year_of)[:, mature], active[:, mature]


def places_of_mature_years(numbers: Numbers) -> NDArray[np.intp]:
    """Which of the fiscal years of a plan's run are mature ones, all of whose months it has."""
    year_of = fiscal_years(numbers.start, numbers.months)
    full = np.flatnonzero(by_year(np.ones_like(year_of), year_of) == _YEAR)
    return full[MATURE_FROM - 1 :]
