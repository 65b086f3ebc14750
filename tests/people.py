"""What tests of the staff and the director share."""

from typing import Any

from tests.full_centre import (
    MANAGEMENT,
)
from tests.plans import (
    service,
)

BACKLOG = service(staff_days=20, offered_year=24)
"""Twice as much work as one person can do: the queue grows by one a month."""


# ------------------------------------------------------------------ hiring and letting go


HIRES: dict[str, Any] = {
    **MANAGEMENT,
    "most_hired": 1,
    "hire_above_waiting": 3,
    "hire_salary_month": 100,
    "recruit_months": 2,
    "board_delay_months": 3,
    "notice_months": 4,
}
