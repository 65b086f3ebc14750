"""The declared order of what happens at the same instant."""

from enum import IntEnum
from functools import lru_cache
from hashlib import blake2b

from ncpcsim.faults import Fault, RunError

_INDEX_BITS = 24
_STREAM_BYTES = 4
KIND_SHIFT = _INDEX_BITS + 8 * _STREAM_BYTES
"""Where a kind stands in an event's rank; its order stands below."""
MOST_MEMBERS = 1 << _INDEX_BITS
"""Members that a stream can have."""


class EventKind(IntEnum):
    """What goes first at the same instant.

    The stroke of a month's end belongs to the month that ends: what is received or completed then
    is booked before the closing. The next month opens after it; posts end when all else has opened,
    for an agreement may be extended on the very day.
    """

    RECEIPT = 1
    COMPLETION = 2
    ENQUIRY = 3
    PAYMENT = 4
    REVIEW = 5
    CLOSING = 6
    OPENING = 7
    DEPARTURE = 8


class MonthEnd(IntEnum):
    """What is paid or counted first at a month's end, among `EventKind.PAYMENT`."""

    PAYROLL = 0
    RUNNING_COSTS = 1
    EARMARKED_SPENDING = 2
    DEPRECIATION = 3
    GAINS = 4
    SETTLEMENT = 5


def order(stream: str, index: int = 0) -> int:
    """A number for the `index`-th member of a named stream, to order what falls together.

    It comes from the stream's name, not from its place among others, so that adding a service or a
    grant to a plan leaves the order of the rest as it was.

    Args:
        stream: the stream's name.
        index: 0 to 2**24 - 1.
    """
    return _stream_number(stream) << _INDEX_BITS | index


def member(order_: int, index: int) -> int:
    """The order of the `index`-th member of a stream whose order is known.

    Raises:
        RunError: a stream cannot have so many.
    """
    if index >= MOST_MEMBERS:
        raise RunError(Fault.STREAM)
    return order_ + index


@lru_cache(maxsize=4096)
def _stream_number(stream: str) -> int:
    return int.from_bytes(blake2b(stream.encode(), digest_size=_STREAM_BYTES).digest(), "big")
