"""What happens at the same instant has a declared order, not an accidental one."""

import math
from collections.abc import Generator, Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from simpy import Event

from ncpcsim.model.order import EventKind, order
from ncpcsim.plan.load import load_plan
from ncpcsim.reference.clock import Appointment, Clock
from tests.plans import run

Note = tuple[float, EventKind, int]
INDEX_LIMIT = 2**24

notes = st.lists(
    st.tuples(
        # Few times, so that many fall together.
        st.sampled_from([0.0, 0.5, 1.0, 3.0]),
        st.sampled_from(list(EventKind)),
        st.one_of(st.integers(0, 3), st.integers(0, 2**56 - 1)),
    ),
    max_size=25,
    unique=True,
)


def order_of(notes: Sequence[Note]) -> list[Note]:
    """In which order processes that wait for these go on, started in the order given."""
    clock = Clock()
    seen: list[Note] = []

    def wait(note: Note) -> Generator[Event]:
        time, kind, number = note
        yield clock.wait(time, kind, number)
        assert clock.now == time
        seen.append(note)

    for note in notes:
        clock.process(wait(note))
    clock.run()
    return seen


@given(notes, st.randoms(use_true_random=False))
def test_kinds_then_entities_decide_whatever_was_planned_first(
    notes: list[Note], random: Random
) -> None:
    shuffled = random.sample(notes, len(notes))
    assert order_of(shuffled) == order_of(notes) == sorted(notes)


def test_the_stroke_of_a_month_s_end_belongs_to_the_month_that_ends() -> None:
    # What comes in, what is done, asked and paid, the review, the closing; then the next month.
    assert sorted(EventKind, key=int) == [
        EventKind.RECEIPT,
        EventKind.COMPLETION,
        EventKind.ENQUIRY,
        EventKind.PAYMENT,
        EventKind.REVIEW,
        EventKind.CLOSING,
        EventKind.OPENING,
        EventKind.DEPARTURE,
    ]


def test_the_largest_entity_of_a_kind_goes_before_the_smallest_of_the_next() -> None:
    largest = (1 << 56) - 1
    assert order_of([(1.0, EventKind.COMPLETION, 0), (1.0, EventKind.RECEIPT, largest)]) == [
        (1.0, EventKind.RECEIPT, largest),
        (1.0, EventKind.COMPLETION, 0),
    ]


def test_a_wait_planned_late_for_the_same_instant_still_has_its_place() -> None:
    # The first process plans its second wait only at 0.5, long after the others planned theirs.
    clock = Clock()
    seen: list[str] = []

    def two_steps() -> Generator[Event]:
        yield clock.wait(0.5, EventKind.OPENING, 0)
        yield clock.wait(0.5, EventKind.RECEIPT, 0)
        seen.append("receipt")

    def one_step(kind: EventKind) -> Generator[Event]:
        yield clock.wait(1, kind, 0)
        seen.append(kind.name.lower())

    clock.process(two_steps())
    clock.process(one_step(EventKind.CLOSING))
    clock.process(one_step(EventKind.COMPLETION))
    clock.run()
    assert seen == ["receipt", "completion", "closing"]


@pytest.mark.parametrize("months", [-1, -1e-300, -math.inf, math.nan])
def test_a_wait_into_the_past_or_for_no_number_is_refused(months: float) -> None:
    with pytest.raises(ValueError, match=f"cannot wait {months} months, expected 0 or more"):
        Clock().wait(months, EventKind.RECEIPT, 0)


def test_a_wait_of_zero_or_for_ever_is_possible() -> None:
    clock = Clock()
    clock.wait(math.inf, EventKind.OPENING, 0)
    clock.wait(0, EventKind.RECEIPT, 0)
    clock.step()
    assert clock.now == 0
    assert clock.peek() == math.inf


@given(st.text(max_size=20), st.integers(0, INDEX_LIMIT - 2))
def test_members_of_a_stream_go_in_the_order_of_their_numbers(stream: str, index: int) -> None:
    assert order(stream, index) + 1 == order(stream, index + 1)
    assert 0 <= order(stream, index) < 1 << 56


def test_members_of_two_streams_do_not_meet() -> None:
    streams = [f"enquiry.service_{i}.segment_{j}" for i in range(30) for j in range(10)]
    numbers = {order(stream, index) for stream in streams for index in (0, INDEX_LIMIT - 1)}
    assert len(numbers) == 2 * len(streams)
    # Far apart, so that all members of one stay on one side of all members of the other.
    assert len({number // INDEX_LIMIT for number in numbers}) == len(streams)


@pytest.mark.parametrize("name", ["generic", "hungary", "five_steps"])
def test_no_two_events_of_a_kind_and_instant_share_an_entity(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Then their order is declared, and not that in which processes happened to be written.
    planned: dict[Note, Appointment] = {}
    until = Clock.until

    def noted(self: Clock, time: float, kind: EventKind, order: int) -> Appointment:
        event = until(self, time, kind, order)
        before = planned.setdefault((time, kind, order), event)
        # One process may go on at the instant to which it waited.
        assert before is event or before.processed or time == math.inf
        planned[time, kind, order] = event
        return event

    monkeypatch.setattr(Clock, "until", noted)
    run(load_plan(name), trace=lambda *_: None)  # a trace is SimPy's
    assert len(planned) > 1000
