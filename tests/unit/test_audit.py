"""The audit's statistics and its moves, with a stub in place of runs."""

from pathlib import Path

import numpy as np
import pytest

from ncpcsim.answers.audit import MEASURES, Effect, Finding, Gap, Outcome, gap, judged, sign_wanted
from ncpcsim.answers.audit_runs import AuditFileError, EffectsFile, Pairs, audit
from ncpcsim.answers.moves import UNMOVED, Move, moves
from ncpcsim.answers.signs import SIGNED, UNSTATED, Expected, SignsError, expected, load_signs
from ncpcsim.experiment.posterior import with_parameters
from ncpcsim.plan.fields import allows, field_at
from ncpcsim.plan.load import Plan, load_plan
from ncpcsim.plan.problems import PlanError, steps
from tests.plans import bare_plan

RUNS = 400
PLAN = bare_plan({"opening.cash": 100, "costs.travel_month": 40, "costs.overhead_month": 5})
GENERIC = load_plan("generic")
NOISE = np.random.default_rng(1).normal(size=RUNS)


def runs(plan: Plan) -> Outcome:
    """Cash follows the opening's, sustained the travel; nothing follows overhead."""
    numbers = plan.numbers
    values = {name: np.zeros(RUNS) for name in MEASURES}
    values["cash"] = numbers.opening.cash + NOISE
    values["sustained"] = (numbers.costs.travel_month - 40 < NOISE * 40).astype(float)
    books = np.full(RUNS, round(numbers.opening.cash * 1000 + numbers.costs.travel_month))
    return Outcome(values, books.astype(np.uint64))


def row(keys: str, **signs: str) -> Expected:
    return Expected(keys, "*", {**dict.fromkeys(SIGNED, "?"), **signs}, "003 Funding", "why")


def found(only: str, *signs: Expected) -> list[Finding]:
    chosen = list(moves(PLAN, only))
    return judged(audit(PLAN, chosen, lambda moved: (runs(PLAN), runs(moved))), signs)


# ------------------------------------------------------------------ effects and verdicts


def test_a_known_effect_is_found_both_ways() -> None:
    down, up = found("opening.cash", row("opening.*", cash="+"))
    assert (down.effect.move, up.effect.move) == ("x0.5", "x2")
    assert up.intervals["cash"].estimate == pytest.approx(100)
    assert down.intervals["cash"].estimate == pytest.approx(-50)
    assert (down.verdicts["cash"], up.verdicts["cash"]) == ("agrees", "agrees")
    assert up.verdict("money") == "agrees"
    assert up.moved("money") == ["cash"]
    assert up.verdict("survival") == "no claim"


def test_a_number_that_moves_nothing_is_named() -> None:
    for each in found("costs.overhead_month", row("costs.*", survival="-")):
        assert each.effect.moves_nothing
        assert each.verdict("survival") == "cannot tell"


def test_a_sign_that_contradicts_is_named() -> None:
    down, up = found("costs.travel_month", row("costs.*", survival="+"))
    assert up.intervals["sustained"].high < 0 < down.intervals["sustained"].low
    assert (down.verdict("survival"), up.verdict("survival")) == ("contradicts", "contradicts")
    down, up = found("costs.travel_month", row("costs.*", survival="-"))
    assert (down.verdict("survival"), up.verdict("survival")) == ("agrees", "agrees")


def test_nothing_expected_is_contradicted_by_what_moves() -> None:
    down, _ = found("opening.cash", row("*", cash="0", fees="0"))
    assert (down.verdicts["cash"], down.verdicts["fees"]) == ("contradicts", "agrees")


def test_more_comparisons_make_wider_intervals() -> None:
    one = Gap(RUNS, 1.0, 2.0, 250, 150)
    widths = [one.interval(m, share=False).half_width for m in (1, 10, 1000)]
    assert widths[0] == pytest.approx(1.966 * 2 / 20, rel=1e-3)
    assert widths[1] == pytest.approx(2.823 * 2 / 20, rel=1e-3)
    assert widths == sorted(widths)
    share = Gap(RUNS, 0.02, 0.3, 20, 12)
    # Nobody may say that eight pairs in four hundred are more than chance among a thousand.
    assert share.interval(1000, share=True).low < 0 < share.interval(1000, share=True).high


def test_all_intervals_of_a_family_hold_together() -> None:
    """Of forty families of fifty numbers without effect, few have one that seems to have one."""
    draw = np.random.default_rng(2)
    wrong = 0
    for _ in range(40):
        gaps = [gap(draw.normal(size=100), np.zeros(100)) for _ in range(50)]
        intervals = [each.interval(50, share=False) for each in gaps]
        wrong += any(each.low > 0 or each.high < 0 for each in intervals)
    assert wrong <= 6


def test_pairs_without_a_value_are_left_out() -> None:
    each = gap(np.array([1.0, np.nan, 4.0]), np.array([0.0, 1.0, np.nan]))
    assert (each.pairs, each.mean, each.up, each.down) == (1, 1.0, 1, 0)


def test_a_sign_is_of_what_is_raised_or_there() -> None:
    stated = row("*", cash="+")
    assert [sign_wanted(stated, "cash", d) for d in (1, -1, 0)] == ["+", "-", "?"]
    assert sign_wanted(row("*", survival="-"), "open", -1) == "+"
    assert sign_wanted(stated, "options", 1) == "?"
    half = Expected("*", "x0.5", {**stated.signs, "fees": "-"}, "identity", "why")
    assert sign_wanted(half, "fees", -1) == "-"


# ------------------------------------------------------------------ signs


def test_the_row_that_fits_most_closely_counts() -> None:
    rows = (row("posts.*.people"), row("posts.chief.people"), row("*"), row("posts.chief*"))
    assert expected(rows, "posts.chief.people", "+1") is rows[1]
    assert expected(rows, "posts.other.people", "+1") is rows[0]
    assert expected(rows, "posts.chief", "off") is rows[3]
    assert expected((), "posts.other.people", "+1") is UNSTATED


@pytest.mark.parametrize("name", ["generic", "hungary", "czech"])
def test_every_number_of_the_shipped_plans_has_a_sign_stated(name: str) -> None:
    signs = load_signs()
    unstated = {
        move.path
        for move in moves(load_plan(name))
        if move.kind != "section" and expected(signs, move.path, move.name) is UNSTATED
    }
    assert not unstated


def test_a_broken_file_of_signs_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "signs.csv"
    file.write_text("keys,move\n")
    with pytest.raises(SignsError, match="expected the columns"):
        load_signs(file)
    file.write_text(f"keys,move,{','.join(SIGNED)},source,reason\na,*,+,+,up,+,+,+,s,r\n")
    with pytest.raises(SignsError, match="cash is 'up'"):
        load_signs(file)


# ------------------------------------------------------------------ moves


def by_name(plan: Plan, path: str) -> dict[str, Move]:
    return {move.name: move for move in moves(plan, path)}


@pytest.mark.parametrize("name", ["generic", "hungary"])
def test_moves_stay_within_bounds_and_are_moves(name: str) -> None:
    """Whatever the plan allows keeps every number and every draw within its field."""
    plan = with_parameters(load_plan(name))
    chosen = [m for m in moves(plan) if hash(m.path) % 4 == 0 or "share" in m.path]
    refused = 0
    for move in chosen:
        try:
            made = move.plan(plan)
        except PlanError as error:
            assert move.path.startswith(("grants", "programme", "posts", "services", "segments"))
            assert error.lines  # noqa: PT017
            refused += 1
            continue
        assert made.as_json() != plan.as_json(), move.path
        field = field_at(steps(move.path))
        known = made.quantities.get(move.path)
        if field is not None and known is not None:
            assert all(allows(field, known.quantile(u)) for u in (1e-6, 0.5, 1 - 1e-6))
    assert refused < len(chosen) / 20


def test_distributions_are_scaled_and_counts_go_by_one() -> None:
    draws = {
        name: move.plan(GENERIC).uncertain["market.decision_months"].quantile(0.3)
        for name, move in by_name(GENERIC, "market.decision_months").items()
    }
    stands = GENERIC.uncertain["market.decision_months"].quantile(0.3)
    assert draws == pytest.approx({"x0.5": stands / 2, "x2": stands * 2})
    people = by_name(GENERIC, "posts.technical.people")
    assert {n: m.plan(GENERIC).numbers.posts["technical"].people for n, m in people.items()} == {
        "-1": 1,
        "+1": 3,
    }
    # Nobody holds fewer than one; a share of one is not doubled.
    assert set(by_name(GENERIC, "posts.director.people")) == {"+1"}
    assert set(by_name(GENERIC, "host.premises_share")) == {"x0.5"}


def test_learned_draws_are_scaled_in_place() -> None:
    plan = with_parameters(GENERIC)
    assert plan.ensemble is not None
    path = "market.word_of_mouth_clients"
    moved = by_name(plan, path)["x2"].plan(plan)
    assert moved.ensemble is not None
    assert set(moved.ensemble.values) == set(plan.ensemble.values)
    assert moved.ensemble.values[path] == pytest.approx(2 * plan.ensemble.values[path])
    other = "market.awareness_fade_month"
    assert np.array_equal(moved.ensemble.values[other], plan.ensemble.values[other])


def test_shares_of_one_whole_still_sum_to_one() -> None:
    path = "grants.programme_direct.earmarks.travel"
    earmarks = (
        by_name(GENERIC, path)["x2"].plan(GENERIC).numbers.grants["programme_direct"].earmarks
    )
    assert earmarks is not None
    assert earmarks.travel == pytest.approx(0.4)
    assert earmarks.salaries == pytest.approx(0.34 * 0.6 / 0.8)
    moved = by_name(GENERIC, "grants.programme_discretionary.programme_share")["x2"].plan(GENERIC)
    shares = [grant.programme_share or 0 for grant in moved.numbers.grants.values()]
    assert shares == pytest.approx([0.328, 0.672])


def test_switches_and_optional_sections_are_left_out() -> None:
    off = {move.path for move in moves(GENERIC) if move.name == "off"}
    assert {"learning", "contracts.domestic_tender", "services.awareness", "host"} <= off
    assert {"services.awareness.mission", "segments.public.public"} <= off
    assert not {"liquidity", "market", "costs"} & off
    (host,) = moves(GENERIC, "host")
    alone = host.plan(GENERIC).numbers
    assert alone.host is None
    assert {post.payer for post in alone.posts.values()} == {"programme_direct", "centre"}
    assert not any(move.path.startswith("horizon") for move in moves(GENERIC))
    assert all(UNMOVED.values())


# ------------------------------------------------------------------ runs, and files of effects


def test_pairs_are_judged_in_one_month() -> None:
    pairs = Pairs(PLAN, 3, seed=1)
    stands, same = pairs(PLAN)
    assert np.array_equal(stands.books, same.books)
    assert all(np.array_equal(stands.values[n], same.values[n], equal_nan=True) for n in MEASURES)
    longer = PLAN.variant({"horizon.judged_month": PLAN.numbers.months + 12})
    later, moved = pairs(longer)
    assert np.array_equal(later.books, moved.books)
    assert not np.array_equal(later.books, stands.books)


def test_an_audit_goes_on_where_it_stopped(tmp_path: Path) -> None:
    file, about = tmp_path / "kept.jsonl", {"plan": "bare", "seed": 1}
    chosen = list(moves(PLAN, "costs.*"))
    made: list[Effect] = []

    def pairs(moved: Plan) -> tuple[Outcome, Outcome]:
        made.append(moved)  # type: ignore[arg-type]
        return runs(PLAN), runs(moved)

    first = audit(PLAN, chosen[:3], pairs, kept=EffectsFile(file, about))
    file.write_text(file.read_text() + '{"path": "cut sh')
    again = audit(PLAN, chosen, pairs, kept=EffectsFile(file, about), workers=2)
    assert len(made) == len(chosen)
    assert again[:3] == first
    assert [(e.path, e.move) for e in again] == [(m.path, m.name) for m in chosen]
    assert len(EffectsFile(file, about).effects) == len(chosen)
    with pytest.raises(AuditFileError, match="seed is 1, expected 2"):
        EffectsFile(file, {**about, "seed": 2})
    file.write_text("nothing of the kind\n")
    with pytest.raises(AuditFileError, match="no file of an audit"):
        EffectsFile(file, about)


def test_a_move_that_the_plan_does_not_allow_says_why() -> None:
    (effect,) = audit(GENERIC, list(moves(GENERIC, "programme"))[:1], lambda p: (runs(p), runs(p)))
    assert "programme_share" in effect.refused
    assert not effect.moves_nothing
    (finding,) = judged([effect], load_signs())
    assert finding.verdict("survival") == "no claim"
