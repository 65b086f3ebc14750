"""One piece of work: what it is, for whom, and its randomness."""

from dataclasses import dataclass
from typing import NamedTuple

from ncpcsim.model.fields import NONE, Source
from ncpcsim.reference.state import Centre

WIDTH = 12
"""Draws of one candidate."""


class EngagementDraws(NamedTuple):
    """The draws of one candidate, each for one thing that may happen to it."""

    arrival: float
    thinning: float
    price: float
    patience: float
    work: float
    payment: float
    default: float
    adoption: float
    follow_on: float
    failure: float
    options: float
    relapse: float


@dataclass(frozen=True)
class Engagement:
    """One piece of work: what it is, for whom, and its randomness.

    Attributes:
        source: the stream that it comes from: the service, and the client's segment.
        index: its number in that stream.
        draws: its draws.
        found: options that were found at the client before.
    """

    source: Source
    index: int
    draws: EngagementDraws
    found: int = 0

    @property
    def order(self) -> int:
        """Orders this engagement among what falls on the same instant."""
        return self.source.order + self.index

    @property
    def for_client(self) -> bool:
        """Whether a client asked for it; else the centre acts on its own initiative."""
        return self.source.segment != NONE


def draws_of(centre: Centre, source: Source, index: int) -> EngagementDraws:
    """The draws of one candidate of a source."""
    return EngagementDraws(*centre.streams.table(source.stream, index, 1, WIDTH)[0].tolist())
