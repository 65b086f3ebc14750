"""A merge patch makes one tree of another, and names what it changes."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ncpcsim.results.merge_patch import changes, difference, patched

KEYS = st.sampled_from(["a", "b", "c"])
TREES: st.SearchStrategy[dict[str, Any]] = st.recursive(
    st.dictionaries(KEYS, st.integers(0, 3) | st.text("xy", max_size=1) | st.lists(st.integers())),
    lambda inner: st.dictionaries(KEYS, inner | st.integers(0, 3)),
    max_leaves=8,
)


@given(TREES, TREES)
def test_a_patch_makes_the_other_and_is_empty_only_for_the_same(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    patch = difference(one, other)
    assert patched(one, patch) == other
    assert (not patch) == (one == other)
    assert bool(list(changes(one, other))) == (one != other)


def test_what_differs_is_named_with_both_values() -> None:
    one = {"costs": {"travel": {"value": 400}, "rent": 1}, "title": "x"}
    other = {"costs": {"travel": {"value": 401}, "rent": 1}, "host": {"kind": "y"}}
    assert set(changes(one, other)) == {
        "costs.travel.value is 400 there and 401 here",
        "title is x there and nothing here",
        "host is nothing there and {'kind': 'y'} here",
    }
