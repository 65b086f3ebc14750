"""What the pictures add up."""

from ncpcsim.accounting.ledger import INCOME, account_names
from ncpcsim.report.pictures import SOURCES


def test_each_source_of_income_is_in_one_bar() -> None:
    names = account_names(["assessment", "training"])
    income = [names[account] for account in INCOME] + ["fees_assessment", "fees_training"]
    for name in names:
        bars = [label for label, (begins, _) in SOURCES.items() if name.startswith(begins)]
        assert len(bars) == (name in income), name


def test_bars_differ_in_colour() -> None:
    assert len({colour for _, colour in SOURCES.values()}) == len(SOURCES)
