"""What is fitted is all that was printed, at the precision of print, but what was given."""

import pytest

from ncpcsim.accounting.statements import StatementLine, statement_cents
from ncpcsim.calibrate.problem import CENTRES, FitProblem, learned_from, published_problem, settings
from ncpcsim.calibrate.targets import OPEN, Target, of_accounts
from ncpcsim.experiment.run import Task, run_chunk
from ncpcsim.measures.coverage import by_year, fiscal_years
from ncpcsim.model.record import OPEN as TO_THE_END
from ncpcsim.plan.load import load_plan
from ncpcsim.published.accounts import FIELDS, load_accounts, parse_accounts
from ncpcsim.published.activity import load_activity
from ncpcsim.published.evidence import load_evidence
from ncpcsim.published.reconcile import SumKind, Verdict, identities
from tests.evidence import LINES

PROBLEMS = {name: published_problem(name) for name in CENTRES}
FACTS = {fact.id: fact.value for fact in load_evidence()}
HOW = {fact.id: fact.how for fact in load_evidence()}


def cells(name: str) -> dict[str, Target]:
    return {target.name: target for target in PROBLEMS[name].targets}


@pytest.mark.parametrize("name", CENTRES)
def test_every_printed_number_is_a_target_once(name: str) -> None:
    accounts = load_accounts(name)
    printed = {
        f"{line.name} {year}": line.cell(year).amount
        for line in accounts.lines
        for year in accounts.years
        if line.cell(year).amount is not None
    }
    of_accounts = {t.name: t.published for t in PROBLEMS[name].targets if t.year}
    assert of_accounts == printed


@pytest.mark.parametrize("name", CENTRES)
def test_what_is_not_fitted_says_why_and_no_other(name: str) -> None:
    assert all(target.fitted == (not target.why) for target in PROBLEMS[name].targets)


def test_all_is_fitted_but_what_was_given() -> None:
    # Earmarked money is income when it is spent: of that something is learned.
    given = {
        "hungary": {
            "UNIDO discretionary budget",
            "Domestic tenders",
            "Corporate support",
            "Other support",
        },
        "czech": {"Other Revenues"},
    }
    for name, lines in given.items():
        targets = [t for t in PROBLEMS[name].targets if t.line != OPEN]
        assert {t.line for t in targets if not t.fitted} == lines
        assert {t.line for t in targets if t.fitted}.isdisjoint(lines)
        assert {t.why for t in targets if not t.fitted} == {"given"}


def test_predictions_are_judged_by_each_dollar_of_fees_and_costs_once() -> None:
    for name in CENTRES:
        for year in load_accounts(name).years:
            scored = [t for t in PROBLEMS[name].targets if t.scored and t.year == int(year)]
            whole = cells(name)[f"Expenditures {year}"]
            costs = [t for t in scored if not t.line.lower().startswith(("operat", "revenues"))]
            printed = sum(t.published for t in costs)
            assert printed == pytest.approx(whole.published, abs=1000 * len(costs))
            assert len(scored) == len(costs) + 1


def test_lines_that_contradict_one_another_are_known_to_what_they_miss() -> None:
    """Sub-lines that miss their line: the tables leave a choice, and `fit.toml` makes it."""
    czech = cells("czech")
    failing = {
        (identity.whole, identity.column)
        for identity in identities(load_accounts("czech"))
        if identity.kind is SumKind.SUBLINES and identity.verdict is Verdict.FAILS
    }
    assert failing == {("Service Expenses", "1998"), ("direct", "1998"), ("direct", "1999")}
    # Sums are what their lines make them, and doubted parts what the line above leaves for them.
    found = {t.name: t.otherwise for t in czech.values() if t.otherwise is not None}
    assert found == {
        "Expenditures 1998": 325_000,
        "Service Expenses 1998": 231_000,
        "personnel 1998": 148_000,
        "non-personnel 1998": 82_000,
        "personnel 1999": 110_000,
        "non-personnel 1999": 40_000,
        "Balance 1998": 30_000,
    }
    assert all(czech[name].fitted for name in found)
    # Hungary's years add up within rounding; it is their totals that do not.
    assert all(t.otherwise is None for t in cells("hungary").values())


STATEMENT = """
1998,revenue,Income,0,40000,40000,x
1998,revenue,Fees,1,30000,30000,x
1998,revenue,Grants,1,,,x
1998,expenditure,Spending,0,30000,30000,x
1998,expenditure,Pay,1,20000,20000,x
1998,expenditure,Engineers,2,12000,12000,x
1998,expenditure,Others,2,7000,7000,x
1998,expenditure,Rent,1,10000,10000,x
1998,balance,Result,0,10000,10000,x
1998,balance,Cash,1,90000,90000,x
"""


def statement(chart: dict[str, list[str]], *doubted: str) -> dict[str, Target]:
    """The targets of a small statement, whose lines hold some accounts."""
    rows = [",".join(FIELDS), *STATEMENT.split()]
    accounts = parse_accounts("small", [f"{row}\n" for row in rows])
    lines = [
        StatementLine(one.section, one.name, one.level, tuple(chart.get(one.name, ["fees"])))
        for one in accounts.lines
    ]
    return {target.line: target for target in of_accounts(accounts, lines, doubted)}


def test_sums_are_compared_with_the_lines_without_parts() -> None:
    found = {line: t.otherwise for line, t in statement({}).items() if t.otherwise is not None}
    # 30 + 0, not 40; 12 + 7 + 10 is within rounding of 30, as 12 + 7 is of 20.
    assert found == {"Income": 30_000, "Result": 1000}


def test_doubted_parts_do_not_make_their_line() -> None:
    found = statement({}, "Engineers", "Others")
    assert found["Pay"].otherwise is None
    assert found["Others"].otherwise is None  # 20 less 12, within rounding of 7
    alone = statement({}, "Rent")
    assert alone["Spending"].otherwise == 19_000
    assert alone["Rent"].otherwise is None


def test_a_sum_of_what_the_model_has_nothing_like_is_not_fitted() -> None:
    found = statement({"Rent": [], "Grants": []})
    assert {line for line, t in found.items() if t.fitted} == {
        *("Income", "Fees", "Pay", "Engineers", "Others")
    }
    assert found["Spending"].why == found["Result"].why == "the model has no such number"
    # A line under the balance is no flow of the year.
    assert found["Cash"].why == "neither revenue nor expenditure"


def test_a_reading_moves_what_contradicts() -> None:
    readings = settings()["readings"]
    as_personnel = PROBLEMS["czech"].read(readings["personnel"]["values"], {})
    found = {t.name: t.otherwise for t in as_personnel.targets if t.otherwise is not None}
    # The direct ones would be 66 and 70, and all sums miss what they lost. What was doubted stays.
    assert found["Service Expenses 1998"] == 149_000
    assert found["Expenditures 1999"] == 221_000
    assert found["non-personnel 1998"] == 82_000
    consistent = PROBLEMS["czech"].read(readings["indirect"]["values"], {})
    left = {t.line for t in consistent.targets if t.otherwise is not None}
    assert left == {"personnel", "non-personnel"}
    assert [t.fitted for t in consistent.targets] == [t.fitted for t in PROBLEMS["czech"].targets]


def test_a_thousand_is_rounded_to_a_thousand() -> None:
    assert {t.precision for t in cells("hungary").values() if t.published % 1000 == 0} == {1000}
    # Among thousands, a 40 and an 800 are read as rounded like the rest, and exactly in a reading.
    assert cells("hungary")["Overhead 1997"].precision == 1000
    hundreds = settings()["readings"]["hundreds"]
    exact = PROBLEMS["hungary"].read(hundreds["values"], hundreds["precision"])
    assert {t.name: t.precision for t in exact.targets}["Overhead 1997"] == 10


def test_counts_are_those_of_the_evidence() -> None:
    czech = cells("czech")
    for output, fact in (
        ("people_reached", "people"),
        ("events_held", "events"),
        ("people_trained", "trained"),
        ("person_days_of_training", "person_days"),
        ("plants_assessed", "assessments"),
        ("management_systems", "systems"),
        ("finance_applications", "applications"),
        ("finance_accepted", "accepted"),
        ("institutions_won", "institutions"),
        ("assessors_at_work", "assessors"),
        ("policy_papers", "papers"),
        ("recommendations_adopted", "recommendations"),
    ):
        assert czech[output].published == FACTS[f"fig5.{fact}.czech"]
        assert czech[output].fitted
    assert czech["plants_assessed"].precision == 1
    # A round number is not known to its last digit: 22 applications are, 450 people are not.
    assert czech["people_trained"].precision == 10
    known = {count.indicator for count in load_activity("Czech Republic")}
    assert set(settings()["activity"]["czech"]["counts"]) == known


@pytest.mark.parametrize("figure", LINES)
def test_amounts_are_those_of_the_evidence(figure: str) -> None:
    targets = cells({"fig10": "czech", "fig11": "hungary"}[figure])
    amounts = {
        f"{figure}.{name}.{target.year}": target
        for name, line in LINES[figure].items()
        for target in targets.values()
        if target.line == line and target.year
    }
    # Every printed amount is a fact, and what is called fitted is.
    assert {n for n in FACTS if n.startswith(f"{figure}.")} == set(amounts)
    for name, target in amounts.items():
        assert FACTS[name] == target.published
        assert target.fitted or HOW[name] != "fit", name


def test_readings_name_cells_that_are_there() -> None:
    for reading in settings()["readings"].values():
        assert set(reading["values"]) <= {
            t.name for t in PROBLEMS[reading["centre"]].targets if t.fitted
        }


@pytest.mark.parametrize("name", CENTRES)
def test_the_centre_is_run_to_the_end_of_its_accounts_whatever_its_cash(name: str) -> None:
    problem = PROBLEMS[name]
    numbers = problem.plan.numbers
    last = numbers.start.year + numbers.months // 12 - 1
    assert str(last) == load_accounts(name).years[-1]
    chunk = run_chunk(Task(problem.plan, 1, 0, 12))
    assert (chunk.table["closed_month"] == TO_THE_END).all()
    # Without that, and without credit, some of the same runs end before.
    strict = load_plan(name).variant({"liquidity.credit_line": 0})
    real = run_chunk(Task(strict, 1, 0, 300, engine="compiled"))
    assert (real.table["closed_month"] != TO_THE_END).any()


@pytest.mark.parametrize("name", CENTRES)
def test_results_are_those_of_the_statements(name: str) -> None:
    problem: FitProblem = PROBLEMS[name]
    chunk = run_chunk(Task(problem.plan, 1, 0, 3, keep_records=True))
    assert chunk.records is not None
    results = problem.outcomes(chunk.records)
    assert results.shape == (3, len(problem.targets))
    year_of = fiscal_years(problem.plan.numbers.start, chunk.records.months)
    statement = statement_cents(by_year(chunk.records.net_cents, year_of), name) / 100
    first_year = problem.plan.numbers.start.year
    for i, line in enumerate(problem.lines):
        for j, target in enumerate(problem.targets):
            if target.line == line.name and target.year:
                assert (results[:, j] == statement[:, i, target.year - first_year]).all()
    for j, target in enumerate(problem.targets):
        if target.fitted and target.year is None:
            assert (results[:, j] == chunk.table[f"indicator.{target.line}"]).all()


def test_dropped_cells_are_no_longer_fitted() -> None:
    problem = PROBLEMS["hungary"]
    fewer = problem.without("2000")
    # Its fees, earmarked money, six lines of costs, two totals and the balance.
    assert int(problem.fitted.sum() - fewer.fitted.sum()) == 11
    assert not any(t.fitted for t in problem.without("Salaries").targets if t.line == "Salaries")
    assert [t.published for t in fewer.targets] == [t.published for t in problem.targets]


def test_parameters_are_uncertain_in_their_plan() -> None:
    for problem in PROBLEMS.values():
        assert {*problem.shared, *problem.own} <= set(problem.plan.uncertain)
    stated = {p for problem in PROBLEMS.values() for p in (*problem.shared, *problem.own)}
    assert stated == set(learned_from())
    for centre, paths in settings()["only"].items():
        for other in PROBLEMS.keys() - {centre}:
            assert not set(paths) & {*PROBLEMS[other].shared, *PROBLEMS[other].own}
