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
from functools import lru_cache
from hashlib import blake2b

import numpy as np

from ncpcsim.rules import exponential

WORDS_PER_BLOCK = 4
MAX_SEED = 2**64 - 1
_UNIT = 2.0**-52


@dataclass(frozen=True)
class Luck:
    """All the luck of one replication.

    Attributes:
        seed: the batch's seed, 0 to 2**64 - 1; 0 is a seed like any other.
        replication: the run's number within the batch.
    """

    seed: int
    replication: int

    def draws(self, stream: str, first: int, entities: int, width: int) -> list[list[float]]:
        """Uniform draws of consecutive entities of a stream.

        Args:
            stream: the stream's name.
            first: index of the first entity.
            entities: how many.
            width: draws per entity, a multiple of four, the same for a stream ever after.

        Returns:
            `entities` lists of `width` numbers, each strictly between 0 and 1.
        """
        # Arrays of their own type: numpy would turn a tuple of large integers into floats.
        key = np.array([self.seed, _stream_key(stream)], dtype=np.uint64)
        block = first * (width // WORDS_PER_BLOCK)
        counter = np.array([block, 0, 0, self.replication], dtype=np.uint64)
        bits = np.random.Philox(key=key, counter=counter)
        words = bits.random_raw(entities * width)
        # 52 bits and a half: never 0 or 1, and exactly representable.
        uniforms = ((words >> np.uint64(12)) + 0.5) * _UNIT
        table: list[list[float]] = uniforms.reshape(entities, width).tolist()
        return table

    def one(self, stream: str, entity: int = 0) -> float:
        """A single uniform draw, strictly between 0 and 1."""
        return self.draws(stream, entity, 1, WORDS_PER_BLOCK)[0][0]


@lru_cache(maxsize=4096)
def _stream_key(stream: str) -> int:
    return int.from_bytes(blake2b(stream.encode(), digest_size=8).digest(), "little")


def candidates(
    luck: Luck, stream: str, rate_month: float, months: float, width: int
) -> Iterator[tuple[float, list[float]]]:
    """Arrivals of a Poisson process at its largest possible rate, to be thinned by the state.

    The first draw of a candidate makes the time since the one before; the others are its own, for
    whatever happens to it. The same candidate meets the same luck under every plan.

    Args:
        luck: the replication's luck.
        stream: the stream's name.
        rate_month: the largest rate, arrivals a month.
        months: no arrivals after this time.
        width: draws per candidate, a multiple of four.

    Yields:
        Time of arrival in months, and the candidate's `width` draws.
    """
    if not rate_month > 0:
        return
    block = int(rate_month * months * 1.2) + 8
    time, first = 0.0, 0
    while True:
        for draws in luck.draws(stream, first, block, width):
            time += exponential(1 / rate_month, draws[0])
            if time >= months:
                return
            yield time, draws
        first += block
