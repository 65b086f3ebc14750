"""Luck addressed by name: what differs between two replications of the same plan.

Every source of luck is a *stream* with a name. A draw is addressed by (seed, replication, stream,
entity), never by the order in which it is used: adding a stream, or changing a plan, leaves all
other draws as they were, so that two plans meet the same luck (common random numbers).

The generator is Philox4x64-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"):
key = (seed, hash of the stream's name), counter = (entity's block, 0, 0, replication). It gives
random access, and the same bits in numpy and in compiled code.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import blake2b
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ncpcsim.rules import exponential

WORDS_PER_BLOCK = 4
MAX_SEED = 2**64 - 1
_UNIT = 2.0**-52
_NO_WORDS = (0,) * WORDS_PER_BLOCK


@dataclass(frozen=True)
class Luck:
    """All the luck of one replication.

    Attributes:
        seed: the batch's seed, 0 to 2**64 - 1; 0 is a seed like any other.
        replication: the run's number within the batch.
    """

    seed: int
    replication: int

    def table(self, stream: str, first: int, entities: int, width: int) -> NDArray[np.float64]:
        """Uniform draws of consecutive entities of a stream.

        Args:
            stream: the stream's name.
            first: index of the first entity.
            entities: how many.
            width: draws per entity, a multiple of four, the same for a stream ever after.

        Returns:
            Numbers strictly between 0 and 1, shape (entities, width).
        """
        words = self._bits(stream, first * (width // WORDS_PER_BLOCK)).random_raw(entities * width)
        # 52 bits and a half: never 0 or 1, and exactly representable.
        uniforms = ((words >> np.uint64(12)).astype(np.float64) + 0.5) * _UNIT
        return uniforms.reshape(entities, width)

    def draws(self, stream: str, first: int, entities: int, width: int) -> list[list[float]]:
        """The same as `table`, as plain lists."""
        rows: list[list[float]] = self.table(stream, first, entities, width).tolist()
        return rows

    def one(self, stream: str, entity: int = 0) -> float:
        """The first draw of an entity of width four: one uniform, strictly between 0 and 1."""
        return ((int(self._bits(stream, entity).random_raw()) >> 12) + 0.5) * _UNIT

    def _bits(self, stream: str, block: int) -> np.random.Philox:
        """The generator, about to make a block of a stream."""
        bits = self._generator
        # Moving one is quicker than making one. A used-up buffer: the next word begins a block.
        state: Any = {
            "bit_generator": "Philox",
            "state": {
                "counter": (block, 0, 0, self.replication),
                "key": (self.seed, _stream_key(stream)),
            },
            "buffer": _NO_WORDS,
            "buffer_pos": WORDS_PER_BLOCK,
            "has_uint32": 0,
            "uinteger": 0,
        }
        bits.state = state
        return bits

    @cached_property
    def _generator(self) -> np.random.Philox:
        return np.random.Philox(0)


@lru_cache(maxsize=4096)
def _stream_key(stream: str) -> int:
    return int.from_bytes(blake2b(stream.encode(), digest_size=8).digest(), "little")


class Candidate(NamedTuple):
    """An arrival that may come to something.

    Attributes:
        time: when it comes, in months.
        thinning: the draw that decides, against the state at its time, whether it does.
        row: all its draws; the first made the time since the one before, the second is `thinning`.
    """

    time: float
    thinning: float
    row: NDArray[np.float64]


def candidates(
    luck: Luck, stream: str, rate_month: float, months: float, width: int
) -> Iterator[Candidate]:
    """Arrivals of a Poisson process at its largest possible rate, to be thinned by the state.

    The same candidate meets the same luck under every plan.

    Args:
        luck: the replication's luck.
        stream: the stream's name.
        rate_month: the largest rate, arrivals a month.
        months: no arrivals after this time.
        width: draws per candidate, a multiple of four.
    """
    if not rate_month > 0:
        return
    mean_months = 1 / rate_month
    block = int(rate_month * months * 1.2) + 8
    time, first = 0.0, 0
    while True:
        table = luck.table(stream, first, block, width)
        for arrival, thinning, row in zip(*table[:, :2].T.tolist(), table, strict=True):
            time += exponential(mean_months, arrival)
            if time >= months:
                return
            yield Candidate(time, thinning, row)
        first += block
