"""The names that a plan gives to the rows of its tables, for words and not for numbers."""

from typing import NamedTuple

from ncpcsim.model.writer import Writer


class Names(NamedTuple):
    """Names by row.

    Attributes:
        services, segments, grants, contracts, events: as the plan has them.
        positions: a post's name and the person's number there, such as "engineer.0".
        currency: of every amount.
    """

    services: tuple[str, ...]
    segments: tuple[str, ...]
    grants: tuple[str, ...]
    contracts: tuple[str, ...]
    events: tuple[str, ...]
    positions: tuple[str, ...]
    currency: str


def names_of(written: Writer) -> Names:
    """The names of a plan whose tables are written."""
    numbers = written.numbers
    return Names(
        tuple(numbers.services),
        tuple(numbers.segments),
        tuple(numbers.grants),
        tuple(written.contracts),
        tuple(written.events),
        tuple(written.positions),
        numbers.currency,
    )
